"""Two versions of a small network, and what must hold of every history between two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.imports.writing import as_written
from gis.network import Network
from gis.scoring import cut
from gis.versions.updating import Updated, update
from tests.gis.network.made_network import axis, build

CD12: dict[str, Any] = {"gestionnaire": "CD12", "dep": "012"}


def road(
    points: list[tuple[float, float]], start: float, end: float, route: str = "D67", **more: Any
) -> dict[str, Any]:
    return axis(points, start, end, **{**CD12, "route": route, **more})


def straight(low: float, high: float, route: str = "D67", **more: Any) -> dict[str, Any]:
    """A road along the east whose cumul is its easting."""
    return road([(low, 0.0), (high, 0.0)], low, high, route, **more)


def network(*axes: dict[str, Any], pr: list[dict[str, Any]] | None = None) -> Network:
    return as_written(build(list(axes), pr))


def updated(old: Network, new: Network, **more: Any) -> Updated:
    """An update, held against what every update must keep."""
    done = update(old, new, **more)
    each_metre_once(old, done)
    return done


def each_metre_once(old: Network, done: Updated) -> None:
    """Every metre of the old sections, and of the new ones, stands in one row of the history."""
    for sections, side, names in (
        (cut(old), "", ["section_id", "cumul_from_m", "cumul_to_m"]),
        (done.sections, "to_", ["to_section_id", "to_cumul_from_m", "to_cumul_to_m"]),
    ):
        rows = done.history[names].dropna().set_axis(["id", "a", "b"], axis=1)
        low, high = rows[["a", "b"]].min(axis=1), rows[["a", "b"]].max(axis=1)
        told = pd.DataFrame({"id": rows["id"], "low": low, "high": high}).sort_values("low")
        length = sections.set_index("section_id")["length_m"]
        sums = (told["high"] - told["low"]).groupby(told["id"]).sum()
        assert set(sums.index) == set(length.index), side
        assert sums.reindex(length.index).to_numpy() == pytest.approx(length.to_numpy(), abs=0.1)
        for _, own in told.groupby("id"):
            assert (own["low"].to_numpy()[1:] >= own["high"].to_numpy()[:-1] - 0.06).all()
    assert done.sections["section_id"].is_unique and done.axes["axis_id"].is_unique
    carried = done.network.carriers()
    metres = float((carried["cumul_to_m"] - carried["cumul_from_m"]).sum())
    assert float(done.sections["length_m"].sum()) == pytest.approx(metres, abs=0.1)


def kinds(done: Updated) -> set[str]:
    return set(done.history["kind"])


def metres(done: Updated, kind: str) -> float:
    """Metres that a history tells of one kind, old ones unless it has none."""
    rows = done.history[done.history["kind"] == kind]
    column = "to_length_m" if kind == "new" else "length_m"
    return float(np.round(rows[column].sum(), 2))
