"""Networks made of stretches: joined, merged where they agree, doubles left out, PR put on."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest

from gis.imports.make import make_network
from gis.imports.mapping import LayerMapping
from gis.imports.markers import clean_points
from gis.network import pr_of, written
from gis.scoring.sections import cut
from tests.gis.imports.made_roads import ORIGIN, line, point, roads, straight
from voirie.places import RouteKey

D67 = RouteKey("CD12", "012", "D67", "U")


def pr(*rows: tuple[int, float]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(
        {"route": ["D67"] * len(rows), "num": [n for n, _ in rows]},
        geometry=[point(x, 2) for _, x in rows],
        crs=2154,
    )
    mapping = LayerMapping.model_validate({"columns": {"route": "route", "num": "num"}})
    return clean_points(table, mapping, []).assign(gestionnaire="CD12", dep="012")


def three(**last: Any) -> gpd.GeoDataFrame:
    return roads(
        [
            {"at": straight(400)},
            {"at": straight(300, 400)[::-1]},
            {"at": straight(500, 700), **last},
        ]
    )


def test_neighbours_that_agree_are_one_stretch() -> None:
    made = make_network(three())
    assert made.faults == [] and len(made.network.axes) == 1
    assert made.network.cumul_range_m(D67) == (0.0, 1200.0)
    assert len(make_network(three(width_m=9)).network.axes) == 2


def test_a_road_without_pr_is_written_in_metres() -> None:
    network = make_network(three()).network
    sections = cut(network)
    assert sections["plod"].unique().tolist() == ["+"]
    names = pr_of(network, D67, [1034.0])
    places = sections[["route", "cote"]].iloc[:1].assign(sens=None)
    assert written(places, names).tolist() == ["D67 +1034"]


def test_pr_that_come_later_turn_the_road_round() -> None:
    network = make_network(three(), pr((0, 1150), (1, 150))).network
    assert network.pr.sort_values("num")["cumul_m"].round().tolist() == [50, 1050]
    assert network.locate(D67, 0.0)[0].round().tolist() == [ORIGIN[0] + 1200, ORIGIN[1]]


def test_a_pr_of_a_route_that_is_not_there_is_told() -> None:
    strays = pr((1, 100), (2, 500)).assign(route="D68")
    assert [fault.kind for fault in make_network(three(), strays).faults] == ["pr_route"] * 2


@pytest.mark.parametrize(
    ("first", "second", "left"), [("2015", "2023", 9.0), ("2023", "2015", 5.0)]
)
def test_of_two_lines_on_one_another_the_newest_is_kept(
    first: str, second: str, left: float
) -> None:
    rows = [
        {"at": straight(400), "made_on": first, "width_m": 5},
        {"at": straight(400)[::-1], "made_on": second, "width_m": 9},
    ]
    made = make_network(roads(rows))
    assert [fault.kind for fault in made.faults] == ["duplicate"]
    assert made.network.axes["width_m"].tolist() == [left]


def test_a_gap_is_told_with_its_place() -> None:
    made = make_network(roads([{"at": straight(400)}, {"at": straight(300, 900)}]))
    gap = next(fault for fault in made.faults if fault.kind == "gap")
    assert gap.told.values == {"route": "D67", "n": 500, "cumul": 400}
    assert gap.geometry is not None and gap.geometry.equals(line(straight(500, 400)))


@pytest.mark.parametrize("last", [{}, {"cumul_from_m": 900, "cumul_to_m": 900}])
def test_a_route_whose_cumul_has_holes_is_measured_anew(last: dict[str, float]) -> None:
    first = {"at": straight(400), "cumul_from_m": 500, "cumul_to_m": 900}
    made = make_network(roads([first, {"at": straight(300, 400), **last}]))
    assert made.network.cumul_range_m(D67) == (0.0, 700.0)
    (fault,) = made.faults
    assert (fault.kind, fault.told.values["n"], fault.told.values["all"]) == ("holes", 1, 2)


def test_a_shared_stretch_is_counted_once() -> None:
    rows = roads([{"at": straight(400)}, {"at": straight(300, 400), "route": "D67;D9"}])
    network = make_network(rows).network
    lengths = {key.route: network.length_m(key) for key in network.routes()}
    assert lengths == {"D67": 700.0, "D9": 0.0}


def test_progress_is_told_route_by_route() -> None:
    told: list[tuple[int, int]] = []
    make_network(roads([{"at": straight(400)}, {"at": straight(90, 400), "route": "D9"}]), None,
                 lambda done, of: told.append((done, of)))  # fmt: skip
    assert told == [(1, 2), (2, 2)]
