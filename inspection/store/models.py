"""What the database holds: bodies, networks and surveys, and each table of a survey as declared.

A row of a survey's table carries the columns that `voirie.tables` declares, the number of its
survey and of the body whose survey it is. A body sees its own rows only: every query names it, and
the database itself refuses a row whose survey is of another body.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from inspection.store.columns import NUMBER, UtcTime, type_of
from voirie.tables import TABLES
from voirie.tables.schema import Table as Declared

AT_WORK = {"captures", "clocks", "detections", "placements"}
"""Tables that a run needs on its way only; all that counts of them stands in later ones."""

STORED: dict[str, Declared] = {name: table for name, table in TABLES.items() if name not in AT_WORK}
"""Tables of a survey that the store keeps."""

IN_SPACE = ("findings", "sections", "frames")
"""Tables that are asked for by place, and have a spatial index."""

BOX = ("min_x_m", "min_y_m", "max_x_m", "max_y_m")
"""Columns of the box round a geometry, exact where an R*Tree is not."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

bodies = Table(
    "bodies",
    metadata,
    Column("body_no", NUMBER, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("added_at", UtcTime, nullable=False),
)
"""Who the surveys are of: a department, a town."""

networks = Table(
    "networks",
    metadata,
    Column("network_no", NUMBER, primary_key=True),
    Column("body_no", NUMBER, nullable=False),
    Column("version", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    UniqueConstraint("body_no", "version"),
    ForeignKeyConstraint(["body_no"], ["bodies.body_no"]),
)
"""Versions of a body's network that sections were cut of."""

surveys = Table(
    "surveys",
    metadata,
    Column("survey_no", NUMBER, primary_key=True),
    Column("body_no", NUMBER, nullable=False),
    Column("network_no", NUMBER),
    Column("survey_id", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("controller", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("surveyed_from", UtcTime),
    Column("surveyed_to", UtcTime),
    Column("n_passes", Integer, nullable=False),
    Column("n_findings", Integer, nullable=False),
    Column("n_pictures", Integer, nullable=False),
    Column("run_sheet", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    UniqueConstraint("body_no", "survey_id"),
    UniqueConstraint("body_no", "survey_no"),
    ForeignKeyConstraint(["body_no"], ["bodies.body_no"]),
    ForeignKeyConstraint(["network_no"], ["networks.network_no"]),
)
"""Survey folders that were taken in, each whole."""


def _table_of(declared: Declared) -> Table:
    """A table of the database from a declared one."""
    table = Table(
        declared.name,
        metadata,
        Column("row_no", NUMBER, primary_key=True),
        Column("body_no", NUMBER, nullable=False),
        Column("survey_no", NUMBER, nullable=False),
        *(Column(c.name, type_of(c.kind), nullable=c.nullable) for c in declared.columns),
        UniqueConstraint("survey_no", *declared.key, name=f"uq_{declared.name}_key"),
        ForeignKeyConstraint(
            ["body_no", "survey_no"],
            ["surveys.body_no", "surveys.survey_no"],
            name=f"fk_{declared.name}_survey",
        ),
    )
    if declared.name in IN_SPACE:
        for name in BOX:
            table.append_column(Column(name, Double))
        Index(f"ix_{declared.name}_body", table.c.body_no, table.c.row_no)
    return table


rows: dict[str, Table] = {name: _table_of(declared) for name, declared in STORED.items()}
"""Tables of a survey's rows, by the name that `voirie.tables` gives them."""

Index("ix_certificate_sha256", rows["certificate"].c.sha256)
Index("ix_findings_place", *(rows["findings"].c[c] for c in ("survey_no", "route", "cumul_m")))
Index(
    "ix_section_notes_lane",
    *(rows["section_notes"].c[c] for c in ("body_no", "section_id", "sens", "voie")),
)
