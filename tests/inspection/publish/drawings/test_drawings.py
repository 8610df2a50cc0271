"""Map, strips and charts: what they hold, whatever the shape of the data."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.publish.bundle import Bundle
from inspection.publish.drawings import charts, map_svg, strip_svg, svg
from inspection.publish.drawings.map_sheet import (
    MARGIN,
    MAX_HEIGHT,
    MIN_HEIGHT,
    WIDTH,
    Labels,
    Sheet,
)
from inspection.publish.drawings.map_svg import Ground
from inspection.publish.report.facts import MOST_LISTED, Facts
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
from voirie.tables import CRS, empty
from voirie.wording import Wording

FR = Wording("fr")
metres = st.floats(0, 1_000_000)


@pytest.fixture(scope="module")
def facts(made: Path) -> Facts:
    return Facts(Bundle(SurveyFolder(made)))


def titles(drawing: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(drawing).iter("title")]


@given(metres, metres, metres, metres)
def test_a_sheet_holds_its_bounds_and_keeps_the_scale(
    x: float, y: float, wide: float, tall: float
) -> None:
    sheet = Sheet.around((x, y, x + wide, y + tall))
    corners = sheet.xy(np.array([(x, y), (x + wide, y + tall)]))
    assert (corners > MARGIN - 1).all()
    assert (corners[:, 0] < WIDTH - MARGIN + 1).all()
    assert (corners[:, 1] < sheet.height - MARGIN + 1).all()
    assert MIN_HEIGHT <= sheet.height <= MAX_HEIGHT
    assert corners[1, 0] - corners[0, 0] == pytest.approx(wide * sheet.scale, abs=1e-3)


@given(st.lists(st.tuples(st.floats(10, 900), st.floats(10, 600)), max_size=12))
def test_labels_never_overlap(corners: list[tuple[float, float]]) -> None:
    labels = Labels(700.0, shapely.get_coordinates(shapely.points([[1.0, 1.0]])), [])
    for x, y in corners:
        labels.place([(x, y, x + 60, y + 14), (x, y + 20, x + 60, y + 34)])
    boxes = shapely.box(*zip(*labels.taken, strict=True)) if labels.taken else []
    union = shapely.union_all(boxes) if len(boxes) else None
    assert union is None or union.area == pytest.approx(sum(shapely.area(boxes)))


def test_the_map_names_every_section(facts: Facts) -> None:
    bundle = facts.bundle
    ground = Ground.of(bundle.sections, bundle.findings, bundle.table("track"), facts.places)
    assert ground is not None
    drawing = map_svg.draw_map(ground, FR)
    told = titles(drawing)
    assert sum("PR 12+0400 → PR 12+0600" in text for text in told) == 1
    assert sum("\u00a0: note " in text for text in told) == len(bundle.sections)
    texts = [node.text for node in ElementTree.fromstring(drawing).iter("text")]
    assert {"D108", "D23", "PR 12", "PR 13", "PR 1", "DS", "N", "0"} <= set(texts)


def test_the_map_of_one_point_and_of_nothing(facts: Facts) -> None:
    nothing, track = empty("sections"), empty("track")
    one = facts.bundle.findings.iloc[:1]
    ground = Ground.of(nothing, one, track, facts.places)
    assert ground is not None and len(titles(map_svg.draw_map(ground, FR))) == 2
    none = one.assign(geometry=gpd.GeoSeries([None], index=one.index, crs=CRS))
    assert Ground.of(nothing, none, track, facts.places) is None


def test_roads_of_a_large_network_stand_once_a_page(facts: Facts) -> None:
    sections = facts.bundle.sections
    copies = 1 + MOST_LISTED // len(sections)
    many = gpd.GeoDataFrame(pd.concat([sections] * copies, ignore_index=True), crs=CRS)
    ground = Ground.of(many, empty("findings"), empty("track"), facts.places)
    assert ground is not None
    drawing, roads = map_svg.draw_map(ground, FR), ground.definitions()
    assert sum("\u00a0: note " in text for text in titles(drawing)) == 0
    assert len(drawing) < 10_000 < len(roads)
    for state in svg.CLASSES:
        assert f'id="roads-{state}"' in roads and f'href="#roads-{state}"' in drawing


def test_strips_cover_each_route_once(facts: Facts) -> None:
    ranges = facts.route_ranges
    pieces = strip_svg.stretches(ranges)
    for route, (start, end) in ranges.items():
        own = [piece for piece in pieces if piece.route == route]
        assert own[0].from_m == start and own[-1].to_m == end
        assert all(a.to_m == b.from_m for a, b in pairwise(own))


@settings(max_examples=30)
@given(st.lists(st.floats(30, 200_000), min_size=1, max_size=60))
def test_strips_are_never_too_many_nor_too_wide(lengths: list[float]) -> None:
    ranges = {("x", "031", f"D{k}", "U"): (0.0, length) for k, length in enumerate(lengths)}
    pieces = strip_svg.stretches(ranges)
    assert 1 <= len(pieces) <= strip_svg.MOST_STRIPS
    assert all(piece.x(piece.to_m) <= strip_svg.GUTTER + strip_svg.PLOT + 1e-6 for piece in pieces)


def test_a_strip_shows_class_defects_gaps_and_works(facts: Facts) -> None:
    bundle = facts.bundle
    order = bundle.scenarios["scenario"].tolist()
    tables = strip_svg.StripTables.of(
        facts.places, bundle.findings, bundle.coverage, bundle.works, order
    )
    (piece,) = [p for p in strip_svg.stretches(facts.route_ranges) if p.route[2] == "D108"]
    drawing = strip_svg.draw_strip(piece, tables, FR)
    told = " | ".join(titles(drawing))
    assert "non vu (chaussée cachée par la circulation)" in told
    assert "ESU 20" in told and "gravité 3" in told and "mauvais état" in told


def test_curves_of_eleven_scenarios_are_named_without_overlap(facts: Facts) -> None:
    years = facts.bundle.plan_years
    base = years[years["scenario"] == "Équilibre"]
    order = [f"#{k:02d}" for k in range(1, 12)]
    many = pd.concat(
        [base.assign(scenario=name, note=base["note"] + k * 0.001) for k, name in enumerate(order)]
    )
    drawing = charts.note_curves(many, order, load_treatments().thresholds, FR)
    nodes = [n for n in ElementTree.fromstring(drawing).iter("text") if "#" in (n.text or "")]
    tops = sorted(float(node.get("y", "0")) for node in nodes)
    assert len(tops) == 11
    assert all(b - a >= charts.LABEL_GAP - 0.2 for a, b in pairwise(tops))


def test_curves_of_a_flat_plan(facts: Facts) -> None:
    years = facts.bundle.plan_years.assign(note=20.0)
    assert "seuil" not in charts.note_curves(years, ["Reprise"], load_treatments().thresholds, FR)


@pytest.mark.parametrize(("value", "text"), [(3.04, "3"), (-0.01, "0"), (12.26, "12.3")])
def test_drawing_figures_are_short(value: float, text: str) -> None:
    assert svg.num(value) == text
