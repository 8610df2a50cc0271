"""Network: orientation, places, projections, refusals."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from gis.network.network import Network, read_network
from tests.gis.network.made_network import D108, ORIGIN, axis, build, frame, mark
from voirie.errors import NetworkUnusable, NotDecodable, NotFound
from voirie.places import RouteKey

D7 = RouteKey("CD31", "031", "D7", "U")
EAST = [axis([(0, 0), (1000, 0)], 0, 1000)]


def test_places_on_a_straight_axis() -> None:
    network = build(EAST)
    assert network.routes() == [D108]
    assert network.length_m(D108) == 1000
    assert network.heading_deg(D108, [10.0, 990.0]) == pytest.approx([90, 90])
    right = network.locate(D108, [100.0], 3.0) - ORIGIN
    assert right == pytest.approx(np.array([[100.0, -3.0]]))  # right of east is south
    cumul, offset = network.project(D108, right + ORIGIN)
    assert (cumul[0], offset[0]) == pytest.approx((100, 3))


def test_cumul_is_calibrated_not_measured() -> None:
    network = build([axis([(0, 0), (1000, 0)], 500, 1600)])
    assert network.locate(D108, 1050.0)[0] - ORIGIN == pytest.approx([500, 0])
    assert network.length_m(D108) == pytest.approx(1100)


@pytest.mark.parametrize("cumul", [-2.0, 1002.0, np.nan])
def test_no_axis_no_point(cumul: float) -> None:
    network = build(EAST)
    assert np.isnan(network.locate(D108, [cumul])).all()
    assert np.isnan(network.heading_deg(D108, [cumul])).all()
    assert network.row_at(D108, [cumul]).tolist() == [-1]


def test_rounding_beyond_the_end_is_forgiven() -> None:
    assert build(EAST).locate(D108, 1000.3)[0] - ORIGIN == pytest.approx([1000, 0])


def test_a_route_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="D7"):
        build(EAST).locate(D7, 1.0)


def test_lines_are_turned_by_their_pr() -> None:
    network = build(
        [axis([(1000, 0), (0, 0)], 0, 1000)],
        [mark("PR", 1, 100, (100, 0)), mark("PR", 2, 900, (900, 0))],
    )
    assert network.heading_deg(D108, 500.0) == pytest.approx([90])


def test_lines_are_turned_by_their_neighbours() -> None:
    network = build(
        [
            axis([(0, 0), (300, 0)], 0, 300),
            axis([(700, 0), (300, 0)], 300, 700),
            axis([(1000, 0), (700, 0)], 700, 1000),
        ]
    )
    at = np.array([150.0, 400.0, 800.0])
    assert network.heading_deg(D108, at) == pytest.approx([90, 90, 90])
    assert (network.locate(D108, at) - ORIGIN)[:, 0] == pytest.approx(at)


def test_one_pr_off_centre_turns_a_whole_route() -> None:
    network = build(
        [
            axis([(300, 0), (0, 0)], 0, 300),
            axis([(300, 0), (1000, 0)], 300, 1000),
        ],
        [mark("PR", 1, 900, (900, 0))],
    )
    assert network.locate(D108, 100.0)[0] - ORIGIN == pytest.approx([100, 0])


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(20, 200), st.floats(-0.9, 0.9)), min_size=4, max_size=12),
    cuts=st.sets(st.integers(1, 11), max_size=4),
    flips=st.lists(st.booleans(), min_size=12, max_size=12),
    stretch=st.floats(0.95, 1.05),
)
def test_orientation_survives_any_digitising(
    steps: list[tuple[float, float]], cuts: set[int], flips: list[bool], stretch: float
) -> None:
    headings = np.cumsum([turn for _, turn in steps]) * 0.5
    lengths = np.array([length for length, _ in steps])
    xy = np.vstack(
        [[0, 0], np.cumsum(lengths[:, None] * np.c_[np.cos(headings), np.sin(headings)], 0)]
    )
    cumul = np.r_[0, np.cumsum(lengths)] * stretch
    edges = [0, *sorted(c for c in cuts if c < len(steps)), len(steps)]
    rows = []
    for i, (a, b) in enumerate(itertools.pairwise(edges)):
        points = [tuple(p) for p in xy[a : b + 1]]
        rows.append(axis(points[::-1] if flips[i] else points, cumul[a], cumul[b]))
    quarter = cumul[-1] / 4
    at = [float(np.interp(quarter, cumul, xy[:, i])) for i in (0, 1)]
    network = build(rows[::-1], [mark("PR", 1, quarter, (at[0], at[1]))])
    found = network.locate(D108, cumul) - ORIGIN
    assert found == pytest.approx(xy, abs=1e-6)
    # Cumul and offset come back from the point they give, near the axis.
    query = np.linspace(1, cumul[-1] - 1, 40)
    offset = np.where(np.arange(40) % 2, 2.0, -2.0)
    points = network.locate(D108, query, offset)
    back, side = network.project(D108, points, near_cumul_m=query, within_m=15.0)
    clear = np.abs(query[:, None] - cumul[None]).min(axis=1) > 8
    assert back[clear] == pytest.approx(query[clear], abs=1e-6)
    assert side[clear] == pytest.approx(offset[clear], abs=1e-6)
    line = network.line(D108, 0, cumul[-1])
    assert line.length * stretch == pytest.approx(cumul[-1])


def test_hairpin_stays_on_its_leg() -> None:
    network = build([axis([(0, 0), (300, 0), (300, 20), (0, 20)], 0, 620)])
    point = [ORIGIN + np.array([100, 12])]
    assert network.project(D108, point)[0][0] == pytest.approx(520)
    cumul, offset = network.project(D108, point, near_cumul_m=95.0)
    assert (cumul[0], offset[0]) == pytest.approx((100, -12))
    near = network.nearest(point, 30.0)
    assert near["cumul_m"].tolist() == pytest.approx([100, 520])
    assert near["offset_m"].tolist() == pytest.approx([-12, -8 * -1 * -1])


def test_baionnette_is_no_jump_and_no_straight_line() -> None:
    network = build(
        [
            axis([(0, 0), (500, 0)], 0, 500),
            axis([(900, 400), (1400, 400)], 700, 1200, part=2),
        ]
    )
    assert np.isnan(network.locate(D108, 600.0)).all()
    assert isinstance(network.line(D108, 400, 800), MultiLineString)
    cumul, _ = network.project(D108, [ORIGIN + np.array([560, 0])], near_cumul_m=490.0)
    assert cumul[0] == 500
    assert network.length_m(D108) == 1000


def test_a_shared_stretch_counts_once_and_belongs_to_its_carrier() -> None:
    shared = [(400, 0), (600, 0)]
    network = build(
        [
            axis([(0, 0), (1000, 0)], 0, 1000),
            axis([(400, -300), (400, 0)], 0, 300, route="D7"),
            axis(shared, 300, 500, route="D7", carried_by="D108"),
            axis([(600, 0), (600, 300)], 500, 800, route="D7"),
        ]
    )
    assert network.length_m(D7) == 600
    assert sum(map(network.length_m, network.routes())) == 1600
    assert network.locate(D7, 400.0)[0] - ORIGIN == pytest.approx([500, 0])
    near = network.nearest([ORIGIN + np.array([500, 2])], 10.0)
    assert network.axes["route"].iloc[near["row"]].tolist() == ["D108"]
    assert len(network.carriers()) == 3


def test_offset_line_runs_beside_the_axis() -> None:
    network = build([axis([(0, 0), (100, 0), (100, 100)], 0, 200)])
    line = network.line(D108, 50, 150, offset_m=2.0)
    points = np.asarray(line.coords)[:, :2] - ORIGIN
    assert points == pytest.approx(np.array([[50, -2], [102, -2], [102, 50]]))


def test_lines_drawn_together_are_those_drawn_alone() -> None:
    network = build(
        [
            axis([(0, 0), (100, 0), (100, 100)], 0, 210),
            axis([(100, 100), (180, 160), (200, 300)], 210, 450),
            axis([(500, 400), (900, 400)], 600, 1000, part=2),
        ]
    )
    rng = np.random.default_rng(2)
    low = np.r_[rng.uniform(-20, 1050, 300), 450.0, 2000.0, 430.0]
    high = np.r_[low[:300] + rng.exponential(40, 300), 600.0, 2100.0, 650.0]
    offset = rng.choice([0.0, 2.0, -3.5], len(low))
    lines = network.lines(D108, low, high, offset)
    turned = network.lines(D108, high, low, offset)
    for line, back, *place in zip(lines, turned, low, high, offset, strict=True):
        alone = network.line(D108, *place)
        assert line.wkb == back.wkb == alone.wkb
    assert lines[-2].is_empty and isinstance(lines[-1], MultiLineString)
    # On the axis itself a line joins the places of its two ends.
    whole = (offset == 0) & [isinstance(k, LineString) and not k.is_empty for k in lines]
    inside = whole & (low >= 0) & (high <= 1000)
    ends = np.array([[k.coords[0], k.coords[-1]] for k in lines[inside]])
    expected = [network.locate(D108, cumul[inside]) for cumul in (low, high)]
    known = np.isfinite(expected).all(axis=(0, 2))
    assert known.sum() > 50
    assert ends[known] == pytest.approx(np.stack(expected, axis=1)[known], abs=1e-6)


def test_lines_of_nothing() -> None:
    assert len(build(EAST).lines(D108, [], [])) == 0
    with pytest.raises(NotFound, match="D7"):
        build(EAST).lines(D7, [0.0], [1.0])


def write(path: Path, axes: Any = None, pr: Any = None) -> Path:
    (frame(EAST) if axes is None else axes).to_file(path, layer="axes", driver="GPKG")
    pr = frame([mark("PR", 1, 100, (100, 0)), mark("DS", None, 0, (0, 0))]) if pr is None else pr
    pr.to_file(path, layer="pr", driver="GPKG")
    return path


def test_reads_what_it_is_given_in_another_crs(tmp_path: Path) -> None:
    lambert = read_network(write(tmp_path / "a.gpkg"))
    degrees = read_network(write(tmp_path / "b.gpkg", frame(EAST).to_crs(4326)))
    there = degrees.locate(D108, [0.0, 500.0, 1000.0])
    assert there == pytest.approx(lambert.locate(D108, [0.0, 500.0, 1000.0]), abs=0.01)
    assert lambert.pr["num"].isna().tolist() == [True, False]
    assert lambert.version != degrees.version or len(lambert.version) == 16
    assert lambert.version == read_network(write(tmp_path / "c.gpkg")).version


def test_missing_optional_columns_are_null(tmp_path: Path) -> None:
    axes = read_network(write(tmp_path / "a.gpkg")).axes
    assert axes[["category", "width_m", "traffic", "carried_by"]].isna().all().all()
    assert axes["agglo"].tolist() == [False]


@pytest.mark.parametrize(
    "column", ["gestionnaire", "dep", "route", "cote", "part", "cumul_from_m", "cumul_to_m"]
)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    path = write(tmp_path / "a.gpkg", frame(EAST).drop(columns=column))
    with pytest.raises(NetworkUnusable, match=column) as caught:
        read_network(path)
    assert str(path) in str(caught.value)


def test_other_refusals(tmp_path: Path) -> None:
    bare = pd.DataFrame(frame(EAST).drop(columns="geometry"))
    cases: list[tuple[str, Any]] = [
        ("empty", frame(EAST).iloc[:0]),
        ("no coordinate reference system", frame(EAST).set_crs(None, allow_override=True)),
        ("no length", frame([axis([(0, 0), (10, 0)], 5, 5)])),
        ("twice", frame([*EAST, axis([(0, 9), (1000, 9)], 500, 1500)])),
        ("not one line", frame(EAST).assign(geometry=[Point(0, 0)])),
    ]
    for i, (words, axes) in enumerate(cases):
        with pytest.raises(NetworkUnusable, match=words):
            Network.of(axes, frame([]), tmp_path / f"{i}.gpkg")
    assert "geometry" not in bare


def test_refused_files(tmp_path: Path) -> None:
    with pytest.raises(NotDecodable, match="no such file"):
        read_network(tmp_path / "nothing.gpkg")
    (tmp_path / "text.gpkg").write_text("not a database")
    with pytest.raises(NotDecodable):
        read_network(tmp_path / "text.gpkg")
    (tmp_path / "zero.gpkg").touch()
    with pytest.raises((NotDecodable, NetworkUnusable)):
        read_network(tmp_path / "zero.gpkg")
    frame(EAST).to_file(tmp_path / "axes.gpkg", layer="axes", driver="GPKG")
    with pytest.raises(NetworkUnusable, match="layer pr is missing"):
        read_network(tmp_path / "axes.gpkg")


def test_pr_without_number_or_of_unknown_kind() -> None:
    with pytest.raises(NetworkUnusable, match="no number"):
        build(EAST, [mark("PR", None, 100, (100, 0))])
    with pytest.raises(NetworkUnusable, match="BORNE"):
        build(EAST, [mark("BORNE", 3, 100, (100, 0))])
