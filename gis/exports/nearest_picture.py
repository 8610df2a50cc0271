"""The kept picture nearest to a place of a road."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.scoring.cells import SectionIndex
from voirie.arrays import Bools, Floats, Ints

_ROUTE_SPAN_M = 1e7
"""Routes are laid end to end on one axis, this far apart, so that one search serves them all."""


class PictureIndex:
    """Finds pictures by route and cumul.

    Parameters
    ----------
    index
        The sections, which number the routes.
    frames
        The table of that name.
    """

    def __init__(self, index: SectionIndex, frames: pd.DataFrame) -> None:
        route = index.route_of(frames)
        kept = frames["picture_id"].notna() & frames["cumul_m"].notna() & (route >= 0)
        own = frames[kept]
        self._at_m = route[kept.to_numpy()] * _ROUTE_SPAN_M + own["cumul_m"].to_numpy(float)
        self._path = self.path(own["picture_id"])
        self._sens = own["sens"].astype("string").fillna("").to_numpy(dtype=object)

    @staticmethod
    def path(picture_id: pd.Series) -> pd.Series:
        """Path inside the survey folder, NULL without a picture."""
        return "pictures/" + picture_id.astype("string") + ".jpg"

    def nearest(
        self, route: Ints, at_m: Floats, within_m: Floats, sens: pd.Series | None = None
    ) -> pd.Series:
        """Path of the picture nearest to each place, NULL where none is near enough.

        Parameters
        ----------
        route
            Number of the route of each place, -1 where it lies on none, ``(N,)``.
        at_m
            Cumul, ``(N,)``.
        within_m
            How far along the road it may have been taken, ``(N,)``.
        sens
            Direction of each place: pictures of the other direction look at another lane. NULL,
            or None, takes any.
        """
        out = np.full(len(at_m), None, dtype=object)
        asked = np.full(len(at_m), "", dtype=object)
        if sens is not None:
            asked = sens.astype("string").fillna("").to_numpy(dtype=object)
        known = (route >= 0) & np.isfinite(at_m)
        for way in ("", "+", "-"):
            rows = np.flatnonzero(known & (asked == way))
            own = np.ones(len(self._at_m), dtype=bool) if way == "" else self._sens == way
            out[rows] = self._of(own, route[rows] * _ROUTE_SPAN_M + at_m[rows], within_m[rows])
        return pd.Series(out, dtype="string")

    def _of(self, own: Bools, place_m: Floats, within_m: Floats) -> np.ndarray:
        order = np.flatnonzero(own)[np.argsort(self._at_m[own], kind="stable")]
        out = np.full(len(place_m), None, dtype=object)
        if not len(order) or not len(place_m):
            return out
        at_m = self._at_m[order]
        after = np.clip(np.searchsorted(at_m, place_m), 1, max(len(at_m) - 1, 1))
        before, after = after - 1, np.minimum(after, len(at_m) - 1)
        nearer = np.abs(at_m[before] - place_m) <= np.abs(at_m[after] - place_m)
        found = np.where(nearer, before, after)
        close = np.abs(at_m[found] - place_m) <= within_m
        out[close] = self._path.to_numpy(dtype=object)[order[found[close]]]
        return out
