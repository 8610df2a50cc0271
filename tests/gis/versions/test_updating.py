"""Sections go on where their road does: recalibrated, bypassed, transferred, split and merged."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network import Network
from gis.scoring import cut
from gis.versions.updating import axis_ids, update
from tests.gis.network.made_network import mark
from tests.gis.versions.made_versions import (
    CD12,
    kinds,
    metres,
    network,
    road,
    straight,
    updated,
)


def ids(of: Network) -> list[str]:
    return cut(of)["section_id"].tolist()


def test_the_same_file_changes_nothing() -> None:
    old = network(straight(0, 900), straight(0, 500, "D9"))
    done = updated(old, old)
    assert kinds(done) == {"kept"} and done.network.version == old.version
    assert done.sections["section_id"].tolist() == ids(old) == ids(done.network)
    assert done.axes["axis_id"].tolist() == axis_ids(old)["axis_id"].tolist()


def test_a_recalibrated_route_keeps_its_sections() -> None:
    old = network(straight(0, 1000))
    new = network(road([(0, 0), (1000, 0)], 37.0, 1062.0))
    done = updated(old, new)
    assert kinds(done) == {"kept"} and done.network.version != old.version
    assert done.sections["section_id"].tolist() == ids(old)
    assert done.sections["cumul_from_m"].tolist() == pytest.approx([37, 242, 447, 652, 857])
    # Read again, the file is cut as it says.
    assert ids(done.network) == ids(old)


def test_pr_that_come_later_change_no_section() -> None:
    old = network(straight(0, 1000))
    pr = [
        mark("PR", n, cumul, (at, 0.0), **CD12, route="D67", plo=f"12PR{n}")
        for n, cumul, at in ((1, 0.0, 130.0), (2, 500.0, 620.0))
    ]
    new = network(road([(0, 0), (1000, 0)], -130.0, 880.0), pr=pr)
    done = updated(old, new)
    assert kinds(done) == {"kept"} and done.sections["section_id"].tolist() == ids(old)
    assert set(done.sections["plod"]) == {"DS", "12PR1", "12PR2"}


@pytest.mark.parametrize(
    "change",
    [
        {"traffic": 900},
        {"width_m": 7.0},
        {"commune": "Olemps"},
        {"category": 2},
        {"agglo": True},
        {"surface": "ESU"},
    ],
)
@pytest.mark.parametrize("cut_at", [0.0, 130.0, 600.0])
def test_an_attribute_changes_no_identifier(change: dict[str, Any], cut_at: float) -> None:
    old = network(straight(0, 1000))
    rows = [straight(cut_at, 1000, **change)]
    new = network(*([straight(0, cut_at)] if cut_at else []), *rows)
    done = updated(old, new)
    assert kinds(done) == {"kept"} and done.sections["section_id"].tolist() == ids(old)


def test_the_width_of_a_section_that_goes_on_is_the_mean() -> None:
    old = network(straight(0, 400, width_m=5.0))
    done = updated(old, network(straight(0, 150, width_m=5.0), straight(150, 400, width_m=7.0)))
    assert done.sections["width_m"].tolist() == pytest.approx([5.5, 7.0])
    assert float(done.sections["area_m2"].sum()) == pytest.approx(150 * 5 + 250 * 7)


def test_a_bypass() -> None:
    """The road goes round the village; the old way is no longer of the department."""
    old = network(straight(0, 2000))
    round_it = [(0, 0), (800, 0), (900, 300), (1100, 300), (1200, 0), (2000, 0)]
    length = 800 + 2 * float(np.hypot(100, 300)) + 200 + 800
    done = updated(old, network(road(round_it, 0.0, length)))
    assert {"kept", "realigned"} <= kinds(done)
    assert metres(done, "realigned") == pytest.approx(400, abs=20)
    before, after = ids(old), done.sections["section_id"].tolist()
    assert after[:4] == before[:4] and after[-4:] == before[-4:]
    assert set(after[4:-4]).isdisjoint(before)


def test_a_bypass_whose_old_way_stays_under_another_name() -> None:
    old = network(straight(0, 2000))
    round_it = [(0, 0), (800, 0), (900, 300), (1100, 300), (1200, 0), (2000, 0)]
    length = 800 + 2 * float(np.hypot(100, 300)) + 200 + 800
    new = network(road(round_it, 0.0, length), road([(800, 0), (1200, 0)], 0.0, 400.0, "D67A"))
    done = updated(old, new)
    way = done.sections[done.sections["route"] == "D67A"]
    assert way["section_id"].tolist() == ids(old)[4:6]
    told = done.history[done.history["to_route"] == "D67A"]
    assert set(told["kind"]) == {"transferred"}
    assert metres(done, "new") == pytest.approx(2 * float(np.hypot(100, 300)) + 200, abs=40)


def test_a_transfer_to_another_manager() -> None:
    old = network(straight(0, 1000, "N88", gestionnaire="État"))
    done = updated(old, network(straight(0, 1000, "D888")))
    assert kinds(done) == {"transferred"}
    assert done.sections["section_id"].tolist() == ids(old)
    assert set(done.sections["gestionnaire"]) == {"CD12"}
    assert done.axes["axis_id"].tolist() == axis_ids(old)["axis_id"].tolist()


def test_a_transfer_in_the_middle_of_a_section_splits_it() -> None:
    old = network(straight(0, 600))
    new = network(straight(0, 300), road([(300, 0), (600, 0)], 0.0, 300.0, "C5"))
    done = updated(old, new)
    before = ids(old)
    split = done.history[done.history["kind"] == "split"]
    assert set(split["section_id"]) == {before[1]} and len(split) == 2
    assert split["to_cumul_to_m"].tolist() == pytest.approx([300.0, 100.0], abs=0.01)
    assert before[1] not in set(done.sections["section_id"])
    assert {before[0], before[2]} <= set(done.sections["section_id"])


def test_sections_merge_where_all_are_cut_anew() -> None:
    old = network(straight(0, 100, commune="Olemps"), straight(100, 400, commune="Luc"))
    new = network(straight(0, 400, commune="Olemps"))
    assert kinds(updated(old, new)) == {"kept"}
    done = updated(old, new, recut=True)
    assert done.sections["length_m"].tolist() == [200.0, 200.0]
    merged = done.history[done.history["kind"] == "merged"]
    assert merged["section_id"].tolist() == [ids(old)[0], ids(old)[2]]
    # And back: what is cut again as it was has the identifiers that it had.
    again = updated(done.network, old, recut=True)
    assert again.sections["section_id"].tolist() == ids(old)


def test_an_axis_that_runs_the_other_way_now() -> None:
    old = network(straight(0, 1000))
    done = updated(old, network(road([(1000, 0), (0, 0)], 0.0, 1000.0)))
    assert kinds(done) == {"kept"}
    assert done.sections["section_id"].tolist() == ids(old)[::-1]
    assert (done.history["to_cumul_from_m"] > done.history["to_cumul_to_m"]).all()


def test_a_road_drawn_anew_some_metres_off() -> None:
    old = network(straight(0, 1000), straight(0, 800, "D9", part=1) | {
        "geometry": straight(0, 800)["geometry"].offset_curve(30.0)
    })  # fmt: skip
    points = [(float(x), 4.0 * np.sin(x / 90)) for x in range(-3, 1006, 12)]
    shapes = network(road(points, 0.0, 1010.0), straight(0, 800, "D9") | {
        "geometry": straight(0, 800)["geometry"].offset_curve(27.0)
    })  # fmt: skip
    done = updated(old, shapes)
    assert kinds(done) == {"kept"} and set(done.sections["section_id"]) == set(ids(old))


def test_roads_that_come_and_go() -> None:
    old = network(straight(0, 400), straight(0, 600, "D9") | {
        "geometry": straight(0, 600)["geometry"].offset_curve(500.0)
    })  # fmt: skip
    new = network(straight(0, 1000))
    done = updated(old, new)
    assert kinds(done) == {"kept", "removed", "new"}
    assert metres(done, "removed") == 600.0 and metres(done, "new") == 600.0


def test_a_carriageway_that_is_doubled() -> None:
    old = network(straight(0, 1000))
    line = straight(0, 1000)["geometry"]
    new = network(
        straight(0, 1000, cote="D") | {"geometry": line.offset_curve(-6.0)},
        straight(0, 1000, cote="G") | {"geometry": line.offset_curve(6.0)},
    )
    done = updated(old, new)
    assert kinds(done) == {"kept", "new"} and metres(done, "kept") == 1000.0
    assert set(ids(old)) < set(done.sections["section_id"])


def test_a_cross_road_and_a_parallel_one_are_not_taken() -> None:
    old = network(straight(0, 600))
    new = network(
        road([(300, -300), (300, 300)], 0.0, 600.0, "D9"),
        straight(0, 600, "D5") | {"geometry": straight(0, 600)["geometry"].offset_curve(25.0)},
    )
    done = updated(old, new)
    assert kinds(done) == {"removed", "new"}


def test_what_a_new_file_was_cut_into_is_taken_as_it_is() -> None:
    old = network(straight(0, 900))
    shifted = updated(network(straight(-70, 900)), network(straight(-70, 900))).network
    done = updated(old, shifted)
    assert done.sections["cumul_from_m"].tolist() == cut(shifted)["cumul_from_m"].tolist()


lengths = st.lists(st.integers(30, 420), min_size=1, max_size=5)


@st.composite
def chained(draw: st.DrawFn) -> tuple[Network, Network]:
    """A road cut into stretches, then recalibrated, renamed, moved and shortened here and there."""
    at, rows, others = 0.0, [], []
    north = draw(st.floats(-6, 6))
    for n, length in enumerate(draw(lengths)):
        end = at + length
        rows.append(road([(at, 0), (end, 0)], at, end, part=n + 1))
        change = draw(st.sampled_from(["same", "renamed", "gone", "recalibrated", "cut"]))
        points = [(at, north), (end, north)]
        if change == "renamed":
            others.append(road(points, 0.0, float(length), f"C{n}"))
        elif change == "cut" and length > 100:
            points = [(at, north), (end - 60, north)]
            others.append(road(points, at, end - 60, part=n + 1))
        elif change != "gone":
            scale = 0.9 if change == "recalibrated" else 1.0
            others.append(road(points, at, at + scale * length, part=n + 1))
        at = end + draw(st.sampled_from([0.0, 40.0]))
    others.append(road([(0, 700), (333, 700)], 0.0, 333.0, "D1"))
    return network(*rows), network(*others)


@settings(deadline=None, max_examples=10)
@given(chained())
def test_every_metre_stands_in_a_history_once(versions: tuple[Network, Network]) -> None:
    old, new = versions
    done = updated(old, new)
    back = updated(done.network, old)
    # What goes on both ways is the same section; what was kept leads back to where it was.
    there = done.history[done.history["kind"].isin(["kept", "transferred"])]
    again = back.history[back.history["kind"].isin(["kept", "transferred"])]
    for row in there.itertuples():
        own = again[again["to_section_id"] == row.section_id]
        if len(own):
            assert own["to_cumul_from_m"].min() <= row.cumul_to_m + 0.1
            assert own["to_cumul_to_m"].max() >= row.cumul_from_m - 0.1


@settings(deadline=None, max_examples=10)
@given(lengths, st.floats(-200, 200), st.booleans())
def test_where_lengths_are_equal_a_history_can_be_read_backwards(
    stretches: list[int], shift_m: float, turned: bool
) -> None:
    ends = np.cumsum([0.0, *stretches]).tolist()
    old = network(
        *(straight(a, b, commune=str(n)) for n, (a, b) in enumerate(itertools.pairwise(ends)))
    )
    points = [(0.0, 0.0), (ends[-1], 0.0)]
    new = network(road(points[::-1] if turned else points, shift_m, shift_m + ends[-1]))
    there = updated(old, new)
    back = update(there.network, old)
    assert there.history["kind"].eq("kept").all() and back.history["kind"].eq("kept").all()
    names = ["section_id", "cumul_from_m", "cumul_to_m"]
    forth = there.history[[*names, *(f"to_{name}" for name in names)]].set_index("section_id")
    other = back.history.set_index("to_section_id").loc[forth.index]
    ends_old = np.sort(forth[["cumul_from_m", "cumul_to_m"]].to_numpy(), axis=1)
    ends_back = np.sort(other[["to_cumul_from_m", "to_cumul_to_m"]].to_numpy(), axis=1)
    assert ends_back == pytest.approx(ends_old, abs=0.01)
    assert back.sections["section_id"].tolist() == ids(old)


@settings(deadline=None, max_examples=5)
@given(st.lists(st.integers(40, 700), min_size=1, max_size=4, unique=True))
def test_the_same_network_is_kept_whole(stretches: list[int]) -> None:
    rows = [straight(0, length, f"D{length}") | {
        "geometry": straight(0, length)["geometry"].offset_curve(100.0 * n + 50.0)
    } for n, length in enumerate(stretches)]  # fmt: skip
    old = network(*rows)
    done = updated(old, old)
    assert done.history["kind"].eq("kept").all()
    assert done.history["section_id"].equals(done.history["to_section_id"])
