"""However often a road is driven, what lies on it is there once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.fusion.passes import SIZES, UNLIKELY, joined, unlikely
from voirie.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
LANE = {"gestionnaire": "CD", "dep": "031", "route": "D1", "cote": "U", "sens": "+", "voie": 1}
DAY = pd.Timestamp("2026-05-01T08:00Z")
LONG_M = 600.0


def finding(at_m: float, across_m: float = 1.2, **own: object) -> dict[str, object]:
    """What one pass made of a pothole."""
    row: dict[str, object] = LANE | {
        "finding_id": "f", "survey_id": "s", "family": "pavement", "code": "NDP", "kind": "NDP",
        "model_class": "pothole", "confidence": 0.6, "existence": 0.8, "cumul_m": at_m,
        "offset_m": across_m, "cumul_from_m": at_m - 0.3, "cumul_to_m": at_m + 0.3,
        "accuracy_m": 2.5, "x": 0.0, "y": at_m, "scale_assumed": False, "by_camera": True,
        "picture_id": "p/1", "dark_pct": np.nan,
        "n_views": 3, "n_passes": 1, "pass_id": "a", "first_seen_at": DAY,
        "last_seen_at": DAY, "origin": "machine", "review_state": "proposed",
        "experimental": False, "flags": None,
    }  # fmt: skip
    return row | dict.fromkeys(SIZES, 0.6) | own


def crack(low_m: float, high_m: float, **own: object) -> dict[str, object]:
    middle = {"cumul_from_m": low_m, "cumul_to_m": high_m, "length_m": high_m - low_m}
    named = {"code": "FLB", "kind": "FL", "model_class": "longitudinal_crack"}
    return finding((low_m + high_m) / 2, **named, **middle) | own


def table(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(finding_id=[f"f{k}" for k in range(len(rows))])


def frames(*passes: str, step_m: float = 5.0) -> pd.DataFrame:
    """Pictures all along the lane, for each pass."""
    at = np.arange(0.0, LONG_M, step_m)
    return pd.concat(
        [
            pd.DataFrame({"cumul_m": at, "pass_id": name, "picture_id": "p", **LANE})
            for name in passes
        ]
    )


def test_two_passes_that_differ_by_metres_see_one_road() -> None:
    places = [20.0, 41.0, 48.0, 90.0, 91.2, 130.0]
    rows = [finding(at, pass_id="a") for at in places]
    rows += [finding(at + 5.5, pass_id="b", n_views=2) for at in places]
    out, of = joined(table(rows), frames("a", "b"), TAXONOMY)
    assert len(out) == len(places), "1.2 m apart stay two"
    assert of.tolist() == [*range(6), *range(6)]
    assert (out["n_passes"] == 2).all() and (out["n_looked"] == 2).all()
    assert (out["n_views"] == 5).all()
    assert out["cumul_m"].to_numpy() == pytest.approx(np.array(places) + 2.75, abs=0.01)
    assert (out["existence"] > 0.8).all()


def test_what_one_of_three_passes_saw_is_unlikely_and_said_to_be() -> None:
    rows = [finding(50.0, pass_id="a", existence=0.6)]
    out, _ = joined(table(rows), frames("a", "b", "c"), TAXONOMY)
    assert out[["n_passes", "n_looked"]].to_numpy().tolist() == [[1, 3]]
    assert out["existence"].iloc[0] < UNLIKELY and unlikely(out).tolist() == [True]
    alone, _ = joined(table(rows), frames("a"), TAXONOMY)
    assert alone["existence"].iloc[0] == 0.6 and unlikely(alone).tolist() == [False]


def test_a_crack_in_pieces_is_as_long_as_its_passes_say_on_average() -> None:
    rows = [
        crack(100.0, 120.0, pass_id="a"),
        crack(101.0, 109.0, pass_id="b"),
        crack(112.0, 120.0, pass_id="b"),
    ]
    out, of = joined(table(rows), frames("a", "b"), TAXONOMY)
    assert of.tolist() == [0, 0, 0]
    assert out["length_m"].iloc[0] == pytest.approx((20.0 + 16.0) / 2)
    assert out["cumul_to_m"].iloc[0] - out["cumul_from_m"].iloc[0] == pytest.approx(19.5, abs=0.01)


def test_other_lanes_and_other_kinds_stay_apart() -> None:
    rows = [
        finding(50.0, pass_id="a"),
        finding(50.0, pass_id="b", sens="-"),
        finding(50.0, pass_id="b", code="FTR", kind="FTR"),
    ]
    assert len(joined(table(rows), frames("a", "b"), TAXONOMY)[0]) == 3


def heap(at_m: float, across_m: float, **own: object) -> dict[str, object]:
    named = {"family": "dumping", "code": "dumping", "kind": "dumping", "model_class": "rubble"}
    return finding(at_m, across_m, **named) | own


def test_a_heap_seen_both_ways_is_one_and_one_across_the_road_is_another() -> None:
    back = {"pass_id": "b", "sens": "-"}
    rows = [
        heap(100.0, 4.5, pass_id="a"),
        heap(103.0, 5.5, **back),
        heap(101.0, -5.0, **back),
        heap(300.0, 4.0, pass_id="a"),
    ]
    both = pd.concat([frames("a"), frames("b").assign(sens="-")])
    out, of = joined(table(rows), both, TAXONOMY)
    assert of.tolist() == [0, 0, 1, 2]
    assert out["n_passes"].tolist() == [2, 1, 1]
    assert out["n_looked"].tolist() == [2, 1, 1]
    assert 4.5 < out["offset_m"].iloc[0] < 5.5


def test_a_pothole_of_the_opposite_lane_is_another() -> None:
    rows = [finding(100.0, 0.4, pass_id="a"), finding(100.2, -0.4, pass_id="b", sens="-")]
    both = pd.concat([frames("a"), frames("b").assign(sens="-")])
    _, of = joined(table(rows), both, TAXONOMY)
    assert of.tolist() == [0, 1]


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_a_note_does_not_depend_on_how_often_one_drives(seed: int, times: int) -> None:
    """Potholes counted, and metres cracked, by any number of passes with noise and misses."""
    rng = np.random.default_rng(seed)
    there = np.sort(rng.uniform(20.0, LONG_M - 20.0, 30))
    across = rng.uniform(0.4, 2.4, len(there))
    counts, metres = [], []
    rows: list[dict[str, object]] = []
    names = [f"p{k}" for k in range(times)]
    for name in names:
        drift = rng.normal(0, 2.0) + 1.5 * np.sin(there / 200.0 + rng.uniform(0, 6))
        seen = rng.random(len(there)) < 0.75
        for at, aside, off in zip(
            (there + drift + rng.normal(0, 0.4, len(there)))[seen],
            (across + rng.normal(0, 0.15, len(there)))[seen],
            there[seen], strict=True,
        ):  # fmt: skip
            rows.append(finding(float(at), float(aside), pass_id=name, y=float(off)))
        rows += [
            finding(float(at), float(rng.uniform(0, 3)), pass_id=name, existence=0.5)
            for at in rng.uniform(0, LONG_M, 4)
        ]
        rows.append(crack(200.0 + drift[0], 230.0 + drift[0], pass_id=name, offset_m=-0.8))
        out, _ = joined(table(rows), frames(*names[: names.index(name) + 1]), TAXONOMY)
        sure = out[~unlikely(out)]
        counts.append(int((sure["code"] == "NDP").sum()))
        metres.append(float(sure.loc[sure["code"] == "FLB", "length_m"].sum()))
    # One pass alone sees three quarters of 30 and makes up 4; many see all 30, and hardly more.
    assert counts[-1] <= 36
    assert counts[-1] >= counts[0] - 6
    assert metres == pytest.approx([30.0] * times, abs=0.5)
