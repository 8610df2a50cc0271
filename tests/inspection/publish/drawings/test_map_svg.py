"""The map: what it names, and what it refers to."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString

from inspection.publish.drawings import map_svg, svg
from inspection.publish.drawings.map_svg import MapContent
from inspection.publish.report.facts import MOST_LISTED, Facts
from tests.inspection.publish.drawings.reading import texts, titles
from voirie.tables import CRS, empty
from voirie.taxonomy import load_taxonomy
from voirie.wording import Wording

FR = Wording("fr")


def test_the_map_names_every_section(facts: Facts) -> None:
    bundle = facts.bundle
    ground = MapContent.of(
        bundle.sections, bundle.findings, bundle.table("track"), facts.places, facts.bundle.taxonomy
    )
    assert ground is not None
    drawing = map_svg.draw_map(ground, FR)
    told = titles(drawing)
    assert sum("PR 12+0400 → PR 12+0600" in text for text in told) == 1
    assert sum("\u00a0: note " in text for text in told) == len(bundle.sections)
    assert {"D108", "D23", "PR 12", "PR 13", "PR 1", "DS", "N", "0"} <= set(texts(drawing))


def test_the_map_of_one_point_and_of_nothing(facts: Facts) -> None:
    nothing, track = empty("sections"), empty("track")
    one = facts.bundle.findings.iloc[:1]
    ground = MapContent.of(nothing, one, track, facts.places, facts.bundle.taxonomy)
    assert ground is not None and len(titles(map_svg.draw_map(ground, FR))) == 2
    none = one.assign(geometry=gpd.GeoSeries([None], index=one.index, crs=CRS))
    assert MapContent.of(nothing, none, track, facts.places, facts.bundle.taxonomy) is None


def test_roads_of_a_large_network_stand_once_a_page(facts: Facts) -> None:
    sections = facts.bundle.sections
    copies = 1 + MOST_LISTED // len(sections)
    many = gpd.GeoDataFrame(pd.concat([sections] * copies, ignore_index=True), crs=CRS)
    ground = MapContent.of(
        many, empty("findings"), empty("track"), facts.places, facts.bundle.taxonomy
    )
    assert ground is not None
    drawing, roads = map_svg.draw_map(ground, FR), ground.definitions()
    assert sum("\u00a0: note " in text for text in titles(drawing)) == 0
    assert len(drawing) < 10_000 < len(roads)
    for state in svg.CLASSES:
        assert f'id="roads-{state}"' in roads and f'href="#roads-{state}"' in drawing


@pytest.mark.parametrize("family", sorted(load_taxonomy().families))
def test_a_graver_defect_never_looks_like_a_lighter_one(family: str) -> None:
    symbol = load_taxonomy().families[family].symbol
    looks = {map_svg.legend_symbol(symbol, grade) for grade in (1, 2, 3)}
    told_apart = symbol.fill is None
    assert len(looks) == (3 if told_apart else 1)


def test_what_was_found_leaves_the_colour_of_the_road_in_sight(facts: Facts) -> None:
    """Beside the road, each on its own side, wherever on it a thing lies."""
    road = gpd.GeoSeries([LineString([(0, 0), (100, 0)])])
    points = np.array([[10.0, 1.0], [50.0, -0.2], [99.5, 0.0], [120.0, 3.0]])
    moved = map_svg.beside(points, road, 12.0)
    assert moved[:, 1].tolist() == [12.0, -12.0, 12.0, 12.0]
    assert moved[:, 0].tolist() == pytest.approx([10.0, 50.0, 99.5, 100.0])
    assert map_svg.beside(points, road.iloc[:0], 12.0) is points


def test_the_map_names_communes_and_a_symbol_opens_its_picture(facts: Facts) -> None:
    bundle = facts.bundle
    named = bundle.sections.assign(commune="Saint-Aubrac")
    ground = MapContent.of(
        named, bundle.findings, bundle.table("track"), facts.places, bundle.taxonomy
    )
    assert ground is not None
    picture = bundle.findings["picture_id"].dropna().iloc[0]
    drawing = map_svg.draw_map(ground, FR, {picture: "fr-picture-0"})
    assert texts(drawing).count("Saint-Aubrac") == 1
    assert 'href="#fr-picture-0"' in drawing
