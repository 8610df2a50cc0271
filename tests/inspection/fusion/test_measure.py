"""One row a thing: what several views together say of place, size, class and existence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.measure import covered_m, first_rows, measured, weighted_means
from voirie.arrays import Ints
from voirie.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
GROUPS = st.lists(
    st.lists(
        st.tuples(st.floats(-1e4, 1e4) | st.just(np.nan), st.floats(0.01, 100.0)),
        min_size=1,
        max_size=12,
    ),
    min_size=1,
    max_size=6,
)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=30)


def shuffled(count: list[int], seed: int) -> tuple[Ints, Ints]:
    """Groups of so many rows each in no order, and the order that sorts them."""
    group = np.repeat(np.arange(len(count)), count)
    mixed = np.random.default_rng(seed).permutation(len(group))
    return group[mixed], np.argsort(mixed)


@given(GROUPS, st.integers(0, 99))
def test_each_group_has_the_weighted_mean_of_the_values_it_has(
    parts: list[list[tuple[float, float]]], seed: int
) -> None:
    group, order = shuffled([len(part) for part in parts], seed)
    pairs = np.concatenate([np.array(part) for part in parts])[np.argsort(order)]
    found = weighted_means(pd.DataFrame({"at": pairs[:, 0]}), pairs[:, 1], group)["at"]
    for part, mean in zip(parts, found, strict=True):
        known = [(value, weight) for value, weight in part if not np.isnan(value)]
        values, weights = np.array(known).reshape(-1, 2).T
        expected = np.average(values, weights=weights) if known else np.nan
        assert mean == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


@given(st.lists(SPANS, min_size=1, max_size=5), st.integers(0, 99))
def test_what_views_cover_is_counted_once(parts: list[list[tuple[int, int]]], seed: int) -> None:
    group, order = shuffled([len(part) for part in parts], seed)
    spans = np.concatenate([np.array(part, dtype=float) for part in parts])[np.argsort(order)]
    found = covered_m(spans[:, 0], spans.sum(axis=1), group)
    metres = [{m for start, n in part for m in range(start, start + n)} for part in parts]
    assert found.tolist() == [len(covered) for covered in metres]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1))
def test_the_first_row_of_a_group_is_its_smallest_and_the_earliest_of_equals(
    rows: list[tuple[int, int]],
) -> None:
    group, key = np.array(rows).T
    first = first_rows(group, key)
    assert group[first].tolist() == sorted(set(group.tolist()))
    for row in first:
        own = np.flatnonzero(group == group[row])
        assert row == min(own, key=lambda k: (key[k], k))


def seen(score: list[float], width_m: list[float], **more: object) -> pd.DataFrame:
    """Views of potholes, all in one place of one lane unless said."""
    n = len(score)
    at = np.full(n, 100.0)
    return pd.DataFrame(
        {
            "view_id": [f"v{k}" for k in range(n)],
            "family": "pavement",
            "kind": "NDP",
            "model_class": "pothole",
            "model_sha256": "0" * 64,
            "score": score,
            "experimental": False,
            "gestionnaire": "CD",
            "dep": "031",
            "route": "D1",
            "cote": "U",
            "sens": "+",
            "voie": 1,
            "cumul_m": at,
            "offset_m": 1.5,
            "cumul_from_m": at - 0.5,
            "cumul_to_m": at + 0.5,
            "length_m": 1.0,
            "width_m": width_m,
            "area_m2": width_m,
            "accuracy_m": 1.0,
            "scale_assumed": False,
            "dark_pct": np.nan,
            "pass_id": "a",
            "captured_at": pd.Timestamp("2026-05-01", tz="UTC"),
            "picture_id": [f"a/{k}" for k in range(n)],
            "frame_offset_m": 1.5,
            "frame": np.arange(n),
            "x": 0.0,
            "y": 0.0,
            "sd_m": 0.1,
        }
        | more
    )


def one(views: pd.DataFrame) -> pd.Series:
    """The one finding of all views."""
    group: Ints = np.zeros(len(views), dtype=np.int64)
    ((_, row),) = measured(views, group, "s", None, TAXONOMY, {}).iterrows()
    return row


def test_a_pothole_covers_an_ellipse() -> None:
    found = one(seen([0.5, 0.5], [0.4, 0.4]))
    assert found["area_m2"] == round(np.pi / 4 * 1.0 * 0.4, 3)


def test_what_lies_across_the_lane_has_the_width_of_its_widest_view_and_no_area() -> None:
    across = {"kind": "FTR", "model_class": "transverse_crack"}
    found = one(seen([0.5, 0.5], [0.9, 2.1], **across))
    assert found["width_m"] == 2.1 and np.isnan(found["area_m2"])


def test_a_net_is_as_dark_as_the_middle_one_of_its_views() -> None:
    net = {"kind": "FA", "model_class": "alligator_crack"}
    assert one(seen([0.5] * 3, [0.9] * 3, dark_pct=[31.0, 34.0, 60.0], **net))["dark_pct"] == 34.0
    assert np.isnan(one(seen([0.5] * 3, [0.9] * 3, **net))["dark_pct"])


def test_a_surer_view_draws_the_place_towards_itself() -> None:
    near = seen([0.5, 0.5], [0.4, 0.4], cumul_m=[100.0, 101.0], sd_m=[0.1, 0.3])
    assert one(near)["cumul_m"] == 100.1


def test_each_view_but_the_best_counts_for_half() -> None:
    found = one(seen([0.2, 0.6], [0.4, 0.4], pass_id=["a", "b"]))
    assert found["existence"] == round(1 - (1 - 0.6) * (1 - 0.2 / 2), 4)
    assert found["confidence"] == 0.4
    assert found["picture_id"] == "a/1"
    assert (found["n_views"], found["n_passes"]) == (2, 2)


def test_a_type_of_sign_stands_over_a_mere_group_with_more_votes() -> None:
    mere = next(name for name, own in TAXONOMY.classes.items() if own.is_mere_group)
    views = seen(
        [0.9, 0.9, 0.3], [0.4] * 3, family="sign", kind="sign", model_class=[mere, mere, "stop"]
    )
    assert one(views)["model_class"] == "stop"
    assert one(views.iloc[:2])["model_class"] == mere


def test_an_assumed_scale_gives_no_size() -> None:
    found = one(seen([0.5, 0.5], [0.4, 0.4], scale_assumed=[True, True]))
    assert found["scale_assumed"] and np.isnan(found["width_m"]) and np.isnan(found["area_m2"])
    # One view whose scale is known is enough.
    assert not one(seen([0.5, 0.5], [0.4, 0.4], scale_assumed=[True, False]))["scale_assumed"]


def test_a_finding_is_named_after_its_first_view_whatever_the_order() -> None:
    views = seen([0.5, 0.9, 0.4], [0.4] * 3, frame=[3, 3, 5])
    ids = {
        one(views.iloc[list(order)])["finding_id"] for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0))
    }
    assert len(ids) == 1
    assert ids != {one(views.iloc[1:])["finding_id"]}
