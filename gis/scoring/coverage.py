"""Which metres of lane were really seen.

A metre is surveyed when an accepted picture showed it: bright, sharp and clear enough, and with
most of the lane's own width free, by the bounds of the rating scheme. A picture surveys the
metres just ahead of the camera; between two pictures that are farther apart than that, nobody
looked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.network.lane_geometry import direction_of
from gis.scoring.cells import repeated
from voirie.arrays import Bools, Floats, Objects
from voirie.catalogue.scheme import PictureRule
from voirie.places import LANE_KEY
from voirie.tables import conform, empty

NEAR_M, FAR_M = 3.5, 11.5
"""Metres ahead of a known camera in which a defect is found."""
TOUCH_M = 0.5

_LEAST_M = 1e-6
"""A stretch shorter than this is a rounding, not a stretch."""

NOT_SEALED, NO_PICTURE = "not sealed", "no picture"
DARK, BLURRED, VEILED = "too dark", "blurred", "veiled"
HIDDEN, OWN_VEHICLE, BLANK = "hidden by traffic", "hidden by own vehicle", "nothing to see"
NO_POSITION = "position not known"
REASONS = (NOT_SEALED, NO_POSITION, DARK, VEILED, BLURRED, OWN_VEHICLE, HIDDEN, BLANK)
"""Why a metre that was driven was not seen; where pictures disagree the first one is told."""


@dataclass(frozen=True, slots=True)
class SurveyedLength:
    """How much of the network that was to be seen was seen, in metres of axis."""

    surveyed_m: float
    length_m: float

    @property
    def pct(self) -> float:
        """Share that was seen, NaN of nothing.

        Examples
        --------
        >>> SurveyedLength(150.0, 200.0).pct
        75.0
        """
        return 100.0 * self.surveyed_m / self.length_m if self.length_m else float("nan")


def surveyed_length(sections: pd.DataFrame, coverage: pd.DataFrame) -> SurveyedLength:
    """How much of the driven routes was seen: what the run sheet and the report both state.

    Each metre of axis counts once, with the share of its lanes that the section states; sections
    without a note count in the length.

    Parameters
    ----------
    sections
        Table ``sections``, scored: ``length_m`` and ``coverage_pct``.
    coverage
        Table ``coverage``; it stands in, in metres of lane, where no route has a section.

    Examples
    --------
    >>> sections = pd.DataFrame({"length_m": [200.0, 100.0], "coverage_pct": [90.0, 0.0]})
    >>> surveyed_length(sections, empty("coverage"))
    SurveyedLength(surveyed_m=180.0, length_m=300.0)
    """
    if len(sections):
        seen_m = (sections["length_m"] * sections["coverage_pct"] / 100.0).sum()
        return SurveyedLength(float(seen_m), float(sections["length_m"].sum()))
    metres = (coverage["cumul_to_m"] - coverage["cumul_from_m"]).to_numpy(dtype=float)
    seen = coverage["surveyed"].to_numpy(dtype=bool, na_value=False)
    return SurveyedLength(float(metres[seen].sum()), float(metres.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Disjoint intervals in order, farther apart than `TOUCH_M` unless cut from each other.

    Attributes
    ----------
    low, high
        Ends, ``(n,)`` each.
    """

    low: Floats
    high: Floats

    @classmethod
    def union(cls, low: Floats, high: Floats) -> Intervals:
        """What is covered by any interval; those that nearly touch become one.

        Examples
        --------
        >>> found = Intervals.union(np.array([0.0, 9.0, 3.0]), np.array([4.0, 10.0, 6.0]))
        >>> found.low.tolist(), found.high.tolist()
        ([0.0, 9.0], [6.0, 10.0])
        """
        order = np.lexsort((high, low))
        low, high = low[order], np.maximum.accumulate(high[order])
        opens = np.r_[True, low[1:] > high[:-1] + TOUCH_M][: len(low)]
        closes = np.r_[opens[1:], True][: len(low)]
        return cls(low[opens], high[closes])

    def minus(self, taken: Intervals) -> Intervals:
        """What lies in these and not in others.

        Examples
        --------
        >>> whole = Intervals(np.array([0.0]), np.array([10.0]))
        >>> left = whole.minus(Intervals(np.array([2.0, 9.0]), np.array([3.0, 12.0])))
        >>> left.low.tolist(), left.high.tolist()
        ([0.0, 3.0], [2.0, 9.0])
        """
        # The gaps between the others, and the endless ones on both sides.
        gap_low, gap_high = np.r_[-np.inf, taken.high], np.r_[taken.low, np.inf]
        first = np.searchsorted(gap_high, self.low, side="right")
        last = np.searchsorted(gap_low, self.high, side="left")
        own, inner = repeated(np.maximum(last - first, 0))
        gap = first[own] + inner
        low = np.maximum(self.low[own], gap_low[gap])
        high = np.minimum(self.high[own], gap_high[gap])
        real = high - low > _LEAST_M
        return Intervals(low[real], high[real])

    def plus(self, more: Intervals) -> Intervals:
        """These and others together."""
        return Intervals.union(np.r_[self.low, more.low], np.r_[self.high, more.high])

    def __len__(self) -> int:
        return len(self.low)


def refusals(frames: pd.DataFrame, rule: PictureRule) -> Objects:
    """Why each picture surveys nothing, None for one that does, ``(n,)``.

    Parameters
    ----------
    frames
        Table ``frames``. What was not measured refuses nothing.
    rule
        Bounds of the rating scheme.
    """

    def of(name: str) -> Floats:
        return frames[name].to_numpy(dtype=np.float64, na_value=np.nan)

    # A comparison with NaN is false.
    hidden, own = of("near_masked_pct"), of("own_masked_pct")
    over = hidden > rule.most_hidden_pct
    found: dict[str, Bools] = {
        NOT_SEALED: frames["picture_id"].isna().to_numpy(dtype=bool),
        NO_POSITION: of("accuracy_m") > rule.most_position_sd_m,
        DARK: (of("luma") < rule.least_luma) | (of("near_luma") < rule.least_near_luma),
        VEILED: of("darkest_luma") > rule.most_darkest_luma,
        BLURRED: of("sharpness") < rule.least_sharpness,
        OWN_VEHICLE: over & (2 * own > hidden),
        HIDDEN: over,
        BLANK: of("blank_pct") > rule.most_blank_pct,
    }
    why = np.full(len(frames), None, dtype=object)
    for reason in reversed(REASONS):
        why[found[reason]] = reason
    return why


def coverage_of(frames: pd.DataFrame, spacing_m: float | Floats, rule: PictureRule) -> pd.DataFrame:
    """Stretches seen, and stretches that were driven but not seen, with the reason.

    Parameters
    ----------
    frames
        Table ``frames`` with places.
    spacing_m
        Metres for which a picture without camera parameters stands: one for all, or one each.
    rule
        What a picture must fulfil.

    Returns
    -------
    pandas.DataFrame
        Table ``coverage``; stretches of a lane do not overlap.
    """
    has_place = (frames["route"].notna() & frames["cumul_m"].notna()).to_numpy(dtype=bool)
    placed = pd.DataFrame(frames)[has_place]
    stands_for = np.broadcast_to(spacing_m, len(frames))[has_place]
    direction = direction_of(placed["sens"])
    camera = placed["camera_source"].notna().to_numpy()
    near, far = np.where(camera, NEAR_M, 0.0), np.where(camera, FAR_M, stands_for)
    at = placed["cumul_m"].to_numpy(dtype=float)
    ends = np.sort(np.stack([at + direction * near, at + direction * far]), axis=0)
    low, high = np.maximum(ends, 0.0)
    why = refusals(placed, rule)
    columns = ["pass_id", *LANE_KEY]
    lanes = placed.groupby(columns, sort=True).indices
    found = [
        (lane, reason, stretches)
        for lane, rows in enumerate(lanes.values())
        for reason, stretches in _of_lane(low[rows], high[rows], why[rows])
    ]
    if not found:
        return conform("coverage", empty("coverage"))
    count = [len(stretches) for _, _, stretches in found]
    lane_of = np.repeat([lane for lane, _, _ in found], count)
    table = pd.DataFrame(list(lanes), columns=columns).iloc[lane_of].reset_index(drop=True)
    reason = np.repeat(np.array([reason for _, reason, _ in found], dtype=object), count)
    table["cumul_from_m"] = np.round(np.concatenate([part.low for _, _, part in found]), 2)
    table["cumul_to_m"] = np.round(np.concatenate([part.high for _, _, part in found]), 2)
    table["surveyed"] = pd.isna(reason)
    table["reason"] = reason
    order = np.lexsort((table["surveyed"], table["cumul_from_m"], lane_of))
    return conform("coverage", table.iloc[order].reset_index(drop=True))


def _of_lane(low: Floats, high: Floats, why: Objects) -> Iterator[tuple[str | None, Intervals]]:
    """Stretches of one lane by one pass: seen (no reason), then the others by reason."""

    def of(which: Bools) -> Intervals:
        return Intervals.union(low[which], high[which])

    told = of(pd.isna(why))
    yield None, told
    for reason in REASONS:
        unseen = of(why == reason).minus(told)
        yield reason, unseen
        told = told.plus(unseen)
    whole = Intervals(low.min(keepdims=True), high.max(keepdims=True))
    yield NO_PICTURE, whole.minus(told)
