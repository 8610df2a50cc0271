"""Pieces of axes: what is measured on them, and the lines drawn along them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString
from shapely.ops import substring

from gis.network.segments import Segments, segments_of, shifted
from tests.gis.network.made_network import axis, frame
from voirie.arrays import Floats

steps = st.lists(st.tuples(st.floats(1.0, 200.0), st.floats(-1.0, 1.0)), min_size=1, max_size=6)


def path(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Corners of a line given by lengths and turns."""
    headings = np.cumsum([turn for _, turn in steps])
    lengths = np.array([length for length, _ in steps])
    moves = lengths[:, None] * np.c_[np.cos(headings), np.sin(headings)]
    return [(float(x), float(y)) for x, y in np.vstack([[0.0, 0.0], np.cumsum(moves, axis=0)])]


def cut(*lines: tuple[list[tuple[float, float]], float, float]) -> Segments:
    """Pieces of lines that are sorted and turned already."""
    return segments_of(frame([axis(points, start, end) for points, start, end in lines]))


@settings(max_examples=30, deadline=None)
@given(steps, st.floats(0.0, 5000.0), st.floats(0.8, 1.25))
def test_pieces_follow_each_other_in_place_and_in_cumul(
    drawn: list[tuple[float, float]], start: float, stretch: float
) -> None:
    length = sum(length for length, _ in drawn)
    seg = cut((path(drawn), start, start + length * stretch))
    assert len(seg.row) == len(drawn)
    assert seg.length_m == pytest.approx([length for length, _ in drawn], rel=1e-6)
    assert (seg.start + seg.step)[:-1] == pytest.approx(seg.start[1:])
    assert seg.cumul_to_m[:-1].tolist() == seg.cumul_from_m[1:].tolist()
    assert (seg.cumul_from_m[0], seg.cumul_to_m[-1]) == pytest.approx(
        (start, start + length * stretch)
    )
    # The calibration is even: every piece is stretched alike.
    assert seg.cumul_to_m - seg.cumul_from_m == pytest.approx(seg.length_m * stretch, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(steps, st.floats(0.0, 1.0), st.floats(-50.0, 50.0))
def test_a_point_beside_a_piece_is_measured_back(
    drawn: list[tuple[float, float]], share: float, offset: float
) -> None:
    seg = cut((path(drawn), 0.0, 1000.0))
    index = np.arange(len(seg.row))
    right = np.stack([seg.step[:, 1], -seg.step[:, 0]], axis=1) / seg.length_m[:, None]
    points = seg.start + share * seg.step + offset * right
    cumul, side, distance = seg.measure(points, index)
    expected = seg.cumul_from_m + share * (seg.cumul_to_m - seg.cumul_from_m)
    assert cumul == pytest.approx(expected, abs=1e-4)
    assert side == pytest.approx(np.full(len(index), offset), abs=1e-6)
    assert distance == pytest.approx(np.full(len(index), abs(offset)), abs=1e-6)


def test_beyond_a_free_end_only_the_distance_across_is_offset() -> None:
    seg = cut(([(0, 0), (100, 0), (100, 100)], 0.0, 200.0))
    origin = seg.start[0]
    beyond = origin + np.array([[-30.0, -4.0], [120.0, -15.0]])
    cumul, offset, distance = seg.measure(beyond, np.array([0, 0]))
    assert cumul.tolist() == [0.0, 100.0]
    assert offset[0] == pytest.approx(4.0)
    # At the corner inside the line it is the distance to the corner.
    assert offset[1] == pytest.approx(25.0)
    assert distance == pytest.approx([np.hypot(30, 4), 25.0])


def test_an_axis_is_one_chain_until_it_is_broken() -> None:
    seg = cut(
        ([(0, 0), (100, 0)], 0.0, 100.0),
        ([(100.9, 0), (200, 0)], 100.0, 200.0),  # under a metre: joined
        ([(205, 0), (300, 0)], 200.0, 300.0),
    )
    assert seg.chain.tolist() == [0, 0, 1]
    part = [axis([(0, 0), (9, 0)], 0, 9), axis([(9, 0), (20, 0)], 9, 20, part=2)]
    assert segments_of(frame(part)).chain.tolist() == [0, 1]


@settings(max_examples=30, deadline=None)
@given(steps, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_line_on_the_axis_is_the_piece_cut_out_of_it(
    drawn: list[tuple[float, float]], one: float, other: float
) -> None:
    seg = cut((path(drawn), 0.0, 1000.0))
    low, high = sorted((1000.0 * one, 1000.0 * other))
    if high - low < 0.01:
        high = low
    line = seg.between(slice(0, len(seg.row)), np.array([low]), np.array([high]), np.zeros(1))[0]
    whole = LineString(np.vstack([seg.start, seg.start[-1] + seg.step[-1]]))
    expected = substring(whole, low / 1000.0, high / 1000.0, normalized=True)
    if low == high:
        assert line.length == pytest.approx(0.0, abs=1e-6)
    else:
        assert line.length == pytest.approx(expected.length, abs=1e-6)
        assert shapely.hausdorff_distance(line, expected) < 1e-5


def test_a_line_over_a_break_has_two_parts_and_none_where_no_axis_is() -> None:
    seg = cut(([(0, 0), (100, 0)], 0.0, 100.0), ([(150, 0), (250, 0)], 150.0, 250.0))
    low, high = np.array([50.0, 110.0, 160.0]), np.array([200.0, 140.0, 170.0])
    lines = seg.between(slice(0, 2), low, high, np.full(3, 2.0))
    assert [line.geom_type for line in lines] == ["MultiLineString", "LineString", "LineString"]
    assert [part.length for part in lines[0].geoms] == pytest.approx([50.0, 50.0])
    assert lines[1].is_empty
    there = shapely.get_coordinates(lines[2]) - seg.start[0]
    assert there == pytest.approx(np.array([[160.0, -2.0], [170.0, -2.0]]))


def right_of(angle: float) -> Floats:
    return np.array([[np.sin(angle), -np.cos(angle)]])


@given(st.floats(-3.1, 3.1), st.floats(-3.0, 3.0), st.floats(-10.0, 10.0))
def test_a_corner_keeps_its_distance_from_both_sides_unless_it_is_sharp(
    angle: float, turn: float, offset: float
) -> None:
    before, after = right_of(angle), right_of(angle + turn)
    moved = shifted(np.zeros((1, 2)), before, after, np.array([offset]))
    assert np.hypot(*moved[0]) <= 2.0 * abs(offset) + 1e-9
    if abs(turn) < 2.0:  # sharper than 120 degrees the corner is cut off
        assert (moved * before).sum() == pytest.approx(offset, abs=1e-9)
        assert (moved * after).sum() == pytest.approx(offset, abs=1e-9)
