"""Sections that a network was cut into before, and that stay as they are.

A newer version of a network has sections of its own in its layer ``sections``: those of the older
one, where they lie on its axes. They are not cut again, so that a series of notes goes on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.network.network import Network
from voirie.arrays import Floats, Ints
from voirie.places import ROUTE_KEY

_ROUTE_SPAN_M = 1e7
_TOUCH_M = 0.01


def held_sections(network: Network) -> pd.DataFrame:
    """Rows of the layer ``sections`` that were cut of this very version, none twice on one metre.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> len(held_sections(read_network(Path("samples/drive/network.gpkg"))))
    0
    """
    own = network.sections[(network.sections["network_version"] == network.version).fillna(False)]
    if own.empty:
        return own
    end = own.groupby(list(ROUTE_KEY), sort=False)["cumul_to_m"].transform(
        lambda metres: metres.cummax().shift()
    )
    clear = end.isna() | (own["cumul_from_m"] >= end - _TOUCH_M)
    return own[clear & (own["cumul_to_m"] - own["cumul_from_m"] > _TOUCH_M)]


def without_held(
    axes: pd.DataFrame, held: pd.DataFrame, run_from: Floats, run_to: Floats, run_row: Ints
) -> tuple[Floats, Floats, Ints]:
    """Runs without the metres of sections that stay: from, to, and first row of what is left.

    Parameters
    ----------
    axes
        Rows that are cut, sorted by route and cumul.
    held
        As `held_sections` gives them.
    run_from, run_to
        Cumul of both ends of each run, (n,), sorted as `axes`.
    run_row
        First row of each run, (n,).
    """
    if held.empty:
        return run_from, run_to, run_row
    shift = _numbers(axes)[run_row] * _ROUTE_SPAN_M
    at = _numbers_of(held, axes) * _ROUTE_SPAN_M
    low, high = shift + run_from, shift + run_to
    start, end = at + held["cumul_from_m"].to_numpy(), at + held["cumul_to_m"].to_numpy()
    order = np.argsort(start)
    start, end = start[order], end[order]
    bounds = np.unique(np.r_[low, high, start, end])
    middle = (bounds[1:] + bounds[:-1]) / 2
    run = np.searchsorted(low, middle, side="right") - 1
    taken = np.searchsorted(start, middle, side="right") - 1
    free = (run >= 0) & (middle < high[np.maximum(run, 0)])
    free &= ~((taken >= 0) & (middle < end[np.maximum(taken, 0)]))
    free &= np.diff(bounds) > _TOUCH_M
    run = run[free]
    return bounds[:-1][free] - shift[run], bounds[1:][free] - shift[run], run_row[run]


def with_held(
    axes: pd.DataFrame, held: pd.DataFrame, row: Ints, low: Floats, high: Floats
) -> tuple[Ints, Floats, Floats, pd.Series]:
    """Sections that were cut together with those that stay, sorted by route and cumul.

    Returns
    -------
    row, low, high
        Row of `axes` in the middle of each section, and its ends, (n,).
    name
        Identifier of those that stay, NULL of the others.
    """
    if held.empty:
        return row, low, high, pd.Series([pd.NA] * len(row), dtype="string")
    held = held[_numbers_of(held, axes) >= 0]
    number = _numbers(axes)
    start, end = held["cumul_from_m"].to_numpy(float), held["cumul_to_m"].to_numpy(float)
    edges = number * _ROUTE_SPAN_M + axes["cumul_to_m"].to_numpy(float)
    middle = _numbers_of(held, axes) * _ROUTE_SPAN_M + (start + end) / 2
    own = np.minimum(np.searchsorted(edges, middle, side="left"), len(axes) - 1)
    row, low, high = np.r_[row, own], np.r_[low, start], np.r_[high, end]
    name = pd.Series([pd.NA] * (len(row) - len(held)) + held["section_id"].tolist(), dtype="string")
    order = np.lexsort((low, number[row]))
    return row[order], low[order], high[order], name.iloc[order].reset_index(drop=True)


def mean_width(axes: pd.DataFrame, low: Floats, high: Floats, row: Ints) -> pd.Series:
    """Mean of the known widths along each section; NULL where none is known.

    Parameters
    ----------
    axes
        Rows that are cut, sorted by route and cumul.
    low, high
        Ends of the sections, (n,).
    row
        A row of `axes` in each section, (n,).
    """
    number = _numbers(axes)
    start = number * _ROUTE_SPAN_M + axes["cumul_from_m"].to_numpy(float)
    end = number * _ROUTE_SPAN_M + axes["cumul_to_m"].to_numpy(float)
    width = pd.to_numeric(axes["width_m"]).to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(width)
    edges = np.stack([start, end], axis=1).ravel()

    def summed(each: Floats) -> Floats:
        run = np.cumsum(each * (end - start))
        total = np.stack([np.r_[0.0, run][:-1], run], axis=1).ravel()
        shift = number[row] * _ROUTE_SPAN_M
        at = (np.interp(shift + end_m, edges, total) for end_m in (high, low))
        return np.asarray(np.subtract(*at))

    metres = summed(known.astype(np.float64))
    area = summed(np.where(known, width, 0.0))
    mean = np.where(metres > _TOUCH_M, area / np.maximum(metres, _TOUCH_M), np.nan)
    return pd.Series(np.round(mean, 3))


def _numbers(axes: pd.DataFrame) -> Ints:
    return np.asarray(axes.groupby(list(ROUTE_KEY), sort=False).ngroup(), dtype=np.int64)


def _numbers_of(held: pd.DataFrame, axes: pd.DataFrame) -> Ints:
    """Number of the route of each section among those of the axes, -1 where there is none."""
    keys = pd.MultiIndex.from_frame(axes[list(ROUTE_KEY)].astype("string")).unique()
    own = pd.MultiIndex.from_frame(held[list(ROUTE_KEY)].astype("string"))
    return keys.get_indexer(own).astype(np.int64)
