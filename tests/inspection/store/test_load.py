"""Rows on their way in: NULL stays NULL, a geometry has its box, and the index follows."""

from __future__ import annotations

from pathlib import Path

import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from sqlalchemy import delete, select, text, update

from inspection.store.database import Store
from inspection.store.ingest import add_survey
from inspection.store.load import ewkb, records
from inspection.store.models import rows
from voirie.folder import SurveyFolder

NUMBERS = st.floats(-1e7, 1e7)


def test_a_missing_geometry_has_no_box(bare: Path) -> None:
    found = records("findings", SurveyFolder(bare).read("findings"), 1, 2)
    assert {(row["geometry"], row["min_x_m"], row["body_no"]) for row in found} == {(None, None, 1)}


def test_boxes_are_those_of_the_shapes(made: Path) -> None:
    frame = SurveyFolder(made).read("sections")
    for row, shape in zip(records("sections", frame, 1, 2), frame.geometry, strict=True):
        assert tuple(row[f"{end}_{axis}_m"] for end in ("min", "max") for axis in "xy") == (
            shape.bounds
        )
        assert row["traffic"] == 1800 and row["note_patrimoine"] is None


@given(x=NUMBERS, y=NUMBERS)
def test_a_stream_of_postgis_gets_the_shape_that_it_was(x: float, y: float) -> None:
    text = ewkb(Point(x, y).wkb)
    assert text is not None
    read = shapely.from_wkb(text)
    assert (read.x, read.y, shapely.get_srid(read)) == (x, y, 2154)


def test_the_index_of_boxes_follows_each_change(store: Store, made: Path) -> None:
    add_survey(store, made, "Ariège")
    findings = rows["findings"]
    if store.engine.dialect.name == "sqlite":
        near = "select count(*) from findings_box where max_x > {} and min_x < {}"
    else:
        near = (
            "select count(*) from findings where geometry && "
            "ST_MakeEnvelope({}, 0, {}, 9000000, 2154)"
        )
    far = text(near.format(799_999, 800_001))
    everywhere = text(near.format(0, 2_000_000))
    with store.writing() as connection:
        total = connection.scalar(everywhere)
        assert total == len(SurveyFolder(made).read("findings"))
        first = connection.scalar(select(findings.c.row_no).limit(1))
        moved = {"min_x_m": 800_000.0, "max_x_m": 800_000.0, "geometry": Point(800_000, 6e6).wkb}
        connection.execute(update(findings).where(findings.c.row_no == first).values(moved))
        assert connection.scalar(far) == 1 and connection.scalar(everywhere) == total
        for table in ("signs", "dumping"):
            connection.execute(delete(rows[table]))
        connection.execute(delete(findings).where(findings.c.row_no == first))
        assert connection.scalar(far) == 0 and connection.scalar(everywhere) == total - 1
