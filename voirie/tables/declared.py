"""Every declared table by name, in the order of the chain."""

from __future__ import annotations

from typing import Literal

from voirie.tables.plans import PLAN_TABLES
from voirie.tables.schema import Table
from voirie.tables.sections import SECTION_TABLES
from voirie.tables.survey import SURVEY_TABLES
from voirie.tables.things import THING_TABLES

GeoTableName = Literal["track", "frames", "placements", "views", "findings", "sections"]
"""Tables that carry geometry: reading one gives a GeoDataFrame, and mypy knows it."""

TABLES: dict[str, Table] = {
    table.name: table for table in (*SURVEY_TABLES, *THING_TABLES, *SECTION_TABLES, *PLAN_TABLES)
}

ATTRIBUTE_TABLES = tuple(
    name
    for name, table in TABLES.items()
    if table.key == ("finding_id",) and any(key.table == "findings" for key in table.foreign_keys)
)
"""Tables with a row for each finding of a family, which a taxonomy may name."""
