"""Histories: pieces cut where sections end, identifiers that go on, sums that are told."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.versions.history import carried_ids, contiguous, history_of, overlaid, summary
from voirie.places import ROUTE_KEY, RouteKey

KEY = RouteKey("CD12", "012", "D67")


def sections(*ends: float) -> pd.DataFrame:
    n = len(ends) - 1
    table: dict[str, Any] = dict(zip(ROUTE_KEY, ("CD12", "012", "D67", "U"), strict=True))
    table["section_id"] = [f"{a:g}-{b:g}" for a, b in itertools.pairwise(ends)]
    return pd.DataFrame(table, index=range(n)).assign(cumul_from_m=ends[:-1], cumul_to_m=ends[1:])


def laid(*pieces: tuple[int, float, float, float, float]) -> pd.DataFrame:
    names = ["section", "old_from_m", "old_to_m", "new_from_m", "new_to_m"]
    return pd.DataFrame(pieces, columns=names).assign(route=0, stretch=0, laid=True)


def told(old: pd.DataFrame, new: pd.DataFrame, pieces: pd.DataFrame) -> pd.DataFrame:
    parts = overlaid(old, new, pieces, [KEY])
    new = new.assign(section_id=carried_ids(old, new, parts, "n" + new["section_id"], "v2"))
    return history_of(old, new, parts, ("v1", "v2"))


def test_a_shift_of_all_ends() -> None:
    old, new = sections(0, 200, 400), sections(0, 190, 400)
    rows = told(old, new, laid((0, 0, 200, 0, 200), (1, 200, 400, 200, 400)))
    assert rows["kind"].tolist() == ["kept", "merged", "kept"]
    assert rows["cumul_to_m"].tolist() == [190.0, 200.0, 400.0]
    assert rows["to_section_id"].tolist() == ["0-200", "200-400", "200-400"]


def test_what_is_gone_and_what_is_new() -> None:
    rows = told(sections(0, 200, 300), sections(0, 200, 500), laid((0, 0, 200, 0, 200)))
    assert rows["kind"].tolist() == ["kept", "removed", "new"]
    assert rows["length_m"].tolist() == [200, 100, 0]
    assert rows["to_length_m"].tolist() == [200, 0, 300]
    assert list(summary(rows)) == [("kept", 1, 0.2), ("removed", 1, 0.1), ("new", 1, 0.3)]


def test_less_than_most_of_a_section_is_another_section() -> None:
    rows = told(sections(0, 200), sections(0, 150), laid((0, 0, 150, 0, 150)))
    assert rows["kind"].tolist() == ["split", "removed"]
    assert rows["to_section_id"].tolist()[0] == "n0-150"


def test_two_are_merged_and_no_identifier_is_given_twice() -> None:
    old, new = sections(0, 100, 200), sections(0, 200)
    parts = overlaid(old, new, laid((0, 0, 100, 0, 100), (1, 100, 200, 100, 200)), [KEY])
    assert set(history_of(old, new, parts, ("v1", "v2"))["kind"]) == {"merged"}
    fresh = pd.Series(["x", "x"])
    ids = carried_ids(old, sections(0, 300, 600), parts.iloc[:0], fresh, "v2")
    assert ids[0] == "x" and ids[1] != "x"


@pytest.mark.parametrize(
    ("second", "groups"),
    [
        ((0, 100, 200, 100, 200), [0, 0]),
        ((0, 100, 200, 200, 100), [0, 1]),
        ((0, 100, 200, 150, 250), [0, 1]),
        ((1, 100, 200, 100, 200), [0, 1]),
    ],
)
def test_what_goes_on_in_both_is_one_group(
    second: tuple[int, float, float, float, float], groups: list[int]
) -> None:
    assert np.array_equal(contiguous(laid((0, 0, 100, 0, 100), second)), groups)
