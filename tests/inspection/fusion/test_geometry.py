"""Objects of findings: an outline for what lies in the road, a point for what stands beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.network import Network, read_network
from inspection.fusion.geometry import ACROSS_SD_M, shapes_of
from tests.inspection.stages.made_drive import KEY, LENGTH_M, at, straight_road
from voirie.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read_network(straight_road(tmp_path_factory.mktemp("road")))


def finding(code: str = "NDP", family: str = "pavement", **values: float) -> pd.DataFrame:
    """One finding at 100 m, one metre right of the axis."""
    x, y = at(1.0, 100.0)
    place = {"cumul_m": 100.0, "cumul_from_m": 99.0, "cumul_to_m": 101.0, "offset_m": 1.0}
    row = {"code": code, "family": family, "x": x, "y": y, "width_m": 0.8} | KEY | place | values
    return pd.DataFrame([row])


@given(st.floats(10, 400), st.floats(0.5, 60), st.floats(-2.5, 2.5), st.floats(0.2, 3.0))
def test_an_outline_is_as_long_and_as_wide_as_the_finding(
    road: Network, start: float, length: float, offset: float, width: float
) -> None:
    end = start + length
    (shape,) = shapes_of(
        finding(cumul_from_m=start, cumul_to_m=end, offset_m=offset, width_m=width), road, TAXONOMY
    )
    # To the centimetre on every side.
    expected = (*at(offset - width / 2, start), *at(offset + width / 2, end))
    assert shape.is_valid and shape.bounds == pytest.approx(expected, abs=0.011)
    assert shape.area == pytest.approx(shape.envelope.area, rel=0.02)


def test_a_crack_along_the_road_is_narrow_and_one_of_unknown_width_too(road: Network) -> None:
    for row in (finding("FLB", width_m=2.0), finding(width_m=np.nan)):
        left, _, right, _ = shapes_of(row, road, TAXONOMY)[0].bounds
        assert right - left == pytest.approx(2 * ACROSS_SD_M)


def test_what_stands_beside_the_road_is_a_point(road: Network) -> None:
    (shape,) = shapes_of(finding("AB4", "sign"), road, TAXONOMY)
    assert shape == shapely.Point(at(1.0, 100.0))


def test_a_finding_is_a_point_without_axis_and_nothing_without_a_place(road: Network) -> None:
    (alone,) = shapes_of(finding(), None, TAXONOMY)
    assert alone == shapely.Point(at(1.0, 100.0))
    (without_offset,) = shapes_of(finding(offset_m=np.nan), road, TAXONOMY)
    assert without_offset == shapely.Point(at(1.0, 100.0))
    (nowhere,) = shapes_of(finding(x=np.nan, offset_m=np.nan), road, TAXONOMY)
    assert nowhere is None


def test_beyond_the_end_of_the_axis_there_is_no_outline(road: Network) -> None:
    beyond = LENGTH_M + 50.0
    row = finding(cumul_m=beyond, cumul_from_m=beyond - 1, cumul_to_m=beyond + 1)
    (shape,) = shapes_of(row, road, TAXONOMY)
    assert shape is None or shape.geom_type == "Point"
