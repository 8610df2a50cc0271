"""Which metres of lane were really seen.

A metre is surveyed when the near band of an accepted picture showed at least 60 % of it: what
the anonymiser destroyed there was not seen. A picture surveys the metres just ahead of the
camera; between two pictures that are farther apart than that, nobody looked.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from voirie.places import LANE_KEY
from voirie.tables import conform

HIDDEN_PCT = 40.0
NEAR_M, FAR_M = 3.5, 11.5
"""Metres ahead of a known camera in which a defect is found."""
TOUCH_M = 0.5


def coverage_of(frames: pd.DataFrame, step_m: float) -> pd.DataFrame:
    """Stretches seen, and stretches that were driven but not seen, with the reason.

    Parameters
    ----------
    frames
        Table ``frames`` with places.
    step_m
        Metres for which a picture without camera parameters stands.

    Returns
    -------
    pandas.DataFrame
        Table ``coverage``; stretches of a lane do not overlap.
    """
    placed = pd.DataFrame(frames)[frames["route"].notna() & frames["cumul_m"].notna()]
    rows: list[dict[str, Any]] = []
    groups = placed.groupby(["pass_id", *LANE_KEY], sort=True)
    for key, part in groups:
        rows += _of_lane(dict(zip(["pass_id", *LANE_KEY], key, strict=True)), part, step_m)
    return conform("coverage", pd.DataFrame(rows)) if rows else conform("coverage", _none())


def _none() -> pd.DataFrame:
    from voirie.tables import TABLES

    return pd.DataFrame({name: [] for name in TABLES["coverage"].names})


def _of_lane(key: dict[str, Any], part: pd.DataFrame, step_m: float) -> list[dict[str, Any]]:
    direction = -1.0 if key["sens"] == "-" else 1.0
    camera = part["camera_source"].notna().to_numpy()
    near, far = np.where(camera, NEAR_M, 0.0), np.where(camera, FAR_M, step_m)
    at = part["cumul_m"].to_numpy(float)
    ends = np.sort(np.stack([at + direction * near, at + direction * far]), axis=0)
    start, end = np.maximum(ends[0], 0.0), np.maximum(ends[1], 0.0)
    refused = part["picture_id"].isna().to_numpy()
    hidden = part["near_masked_pct"].fillna(0).to_numpy(float) > HIDDEN_PCT
    seen = _union(start[~refused & ~hidden], end[~refused & ~hidden])
    rows = [_row(key, a, b, True, None) for a, b in seen]
    for where, reason in ((refused, "not sealed"), (hidden & ~refused, "hidden by traffic")):
        for a, b in _minus(_union(start[where], end[where]), seen):
            rows.append(_row(key, a, b, False, reason))
            seen = _union(np.r_[[s for s, _ in seen], a], np.r_[[e for _, e in seen], b])
    between = _minus([(float(start.min()), float(end.max()))], seen)
    rows += [_row(key, a, b, False, "no picture") for a, b in between]
    return sorted(rows, key=lambda row: (row["cumul_from_m"], row["surveyed"]))


def _row(
    key: dict[str, Any], a: float, b: float, surveyed: bool, reason: str | None
) -> dict[str, Any]:
    return {
        **key,
        "cumul_from_m": round(a, 2),
        "cumul_to_m": round(b, 2),
        "surveyed": surveyed,
        "reason": reason,
    }


def _union(start: Any, end: Any) -> list[tuple[float, float]]:
    """Disjoint intervals in order; those that nearly touch become one.

    Examples
    --------
    >>> _union([0.0, 3.0, 9.0], [4.0, 6.0, 10.0])
    [(0.0, 6.0), (9.0, 10.0)]
    """
    out: list[tuple[float, float]] = []
    for a, b in sorted(zip(map(float, start), map(float, end), strict=True)):
        if out and a <= out[-1][1] + TOUCH_M:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _minus(
    whole: list[tuple[float, float]], taken: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What of disjoint intervals is not in others.

    Examples
    --------
    >>> _minus([(0.0, 10.0)], [(2.0, 3.0), (9.0, 12.0)])
    [(0.0, 2.0), (3.0, 9.0)]
    """
    out = []
    for low, high in whole:
        at = low
        for a, b in taken:
            if a > at and a < high:
                out.append((at, a))
            if b > at and a < high:
                at = max(at, b)
        if at < high - 1e-9:
            out.append((at, high))
    return [(a, b) for a, b in out if b - a > 1e-6]
