"""The page of faults: everything told, in both languages, and a map that leads to it."""

from __future__ import annotations

import re
from pathlib import Path

import shapely

from gis.imports.faults import Fault
from gis.imports.page import GENERATOR, MOST_LISTED, page, write_page
from tests.gis.network.made_network import ORIGIN, axis, build
from voirie.messages import message

ROAD = build([axis([(0, 0), (1000, 0)], 0.0, 1000.0), axis([(0, 0), (0, 700)], 0, 700, route="D9")])


def fault(kind: str, n: int, at: tuple[float, float] | None = (0.0, 0.0)) -> Fault:
    place = None if at is None else shapely.Point(ORIGIN + at)
    return Fault(kind, "D108", message("severity {n}", n=n), place)


def test_every_fault_is_told_twice_and_marked_where_it_has_a_place(tmp_path: Path) -> None:
    line = Fault(
        "gap", "D9", message("severity {n}", n=3), shapely.LineString([ORIGIN, ORIGIN + 9])
    )
    out = tmp_path / "faults.html"
    write_page(ROAD, [fault("wide", 1), fault("commune", 2, None), line], out, "a<b>.gpkg", ("X",))
    told = out.read_text("utf-8")
    assert GENERATOR in told and "a&lt;b&gt;.gpkg" in told and "<b>.gpkg" not in told
    for n in (1, 2, 3):
        assert f"gravité {n}" in told and f"severity {n}" in told
    marks = re.findall(r'href="#(fr|en)-(\d)"', told)
    assert sorted(marks) == [("en", "1"), ("en", "2"), ("fr", "1"), ("fr", "2")]
    ids = re.findall(r'id="((?:fr|en)-\d+)"', told)
    assert len(ids) == len(set(ids)) == 6 and {"fr-1", "en-2"} <= set(ids)
    assert "D9 (CD31, 031)" in told and "Columns that were not read" in told
    assert "http" not in told.replace("http-equiv", "") and "<script" not in told


def test_of_many_places_the_first_are_listed() -> None:
    told = page(ROAD, [fault("wide", 4)] * (MOST_LISTED + 7), "n.gpkg")
    assert told.count("severity 4") == MOST_LISTED and "and 7 more" in told
    assert "Nothing to report" in page(ROAD, [], "n.gpkg")
