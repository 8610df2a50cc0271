"""How large and how grave what was found is said to be, against what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SIZES = {
    "longitudinal crack": {"length": "length_m"},
    "transverse crack": {"length": "width_m"},
    "alligator crack": {"length": "length_m", "width": "width_m", "area": "area_m2"},
    "pothole": {"length": "length_m", "width": "width_m", "area": "area_m2"},
}
"""Sizes of a class that mean something, and the column of `findings` that holds each.

A crack has no area, and nobody sees how far it gapes. The length of a transverse crack lies
across the lane, which the table calls its width.
"""
TRUE = {"length": "length_m", "width": "width_m", "area": "area_m2"}


@dataclass(frozen=True)
class Size:
    """One size of one class over the matched findings that have it.

    Attributes
    ----------
    group, size
        Class, and which of its sizes.
    n
        Findings.
    ratio
        Median of found / true.
    inside
        Share of stated intervals that hold the true value.
    width
        Median width of the interval, in parts of the value.
    """

    group: str
    size: str
    n: int
    ratio: float
    inside: float
    width: float


def sizes_of(pairs: pd.DataFrame) -> list[Size]:
    """A row for each size of each class, with NaN where nothing was measured."""
    rows = []
    for group, columns in SIZES.items():
        own = pairs[pairs["group"] == group]
        for size, column in columns.items():
            stem, unit = column.rsplit("_", 1)
            names = [column, f"{stem}_low_{unit}", f"{stem}_high_{unit}"]
            found, low, high = (own[f"{name}_found"].to_numpy(float) for name in names)
            true = own[TRUE[size]].to_numpy(float)
            known = np.isfinite(found) & np.isfinite(true) & (true > 0) & (found > 0)
            found, low, high, true = found[known], low[known], high[known], true[known]
            rows.append(
                Size(
                    group,
                    size,
                    int(known.sum()),
                    median(found / true),
                    mean((low <= true) & (true <= high)),
                    median((high - low) / found),
                )
            )
    return rows


def severities_of(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """True severity (rows) against the one given (columns, 0 where none), by class."""
    grades = [1, 2, 3]
    own = pairs[pairs["family"] == "pavement"]
    return {
        str(group): pd.crosstab(
            part["severity"], part["severity_found"].fillna(0).astype(int)
        ).reindex(index=grades, columns=[0, *grades], fill_value=0)
        for group, part in own.groupby("group")
    }


def right_share(confusion: pd.DataFrame) -> float:
    """Share of the graded findings that have the true grade, NaN where none is graded."""
    graded = confusion[[1, 2, 3]].to_numpy()
    return float(np.trace(graded) / graded.sum()) if graded.sum() else float("nan")


@dataclass(frozen=True)
class Values:
    """Values read on signs that have one (speed limits): how many, given, and right."""

    there: int
    given: int
    right: int


def values_of(pairs: pd.DataFrame, signs: pd.DataFrame) -> Values:
    """Values of matched signs whose truth has one."""
    if "value" not in pairs:
        return Values(0, 0, 0)
    own = pairs[(pairs["family"] == "sign") & pairs["value"].notna()]
    read = own["finding_id_found"].map(signs.set_index("finding_id")["value"]).astype("string")
    true = own["value"].astype(float).astype(int).astype("string")
    return Values(len(own), int(read.notna().sum()), int((read == true).fillna(False).sum()))


def median(values: np.ndarray) -> float:
    """Median, NaN of nothing."""
    return float(np.median(values)) if len(values) else float("nan")


def mean(values: np.ndarray) -> float:
    """Mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")
