"""Where the lanes of a road lie: how wide one is, and how far its middle is from the axis.

A single carriageway (cote ``U``) has both directions, one on each side of its axis. Of two
carriageways, ``D`` and ``G`` each carry one direction and have an axis of their own in their
middle. Lanes of a direction lie side by side, each 3 m or wider; none is wider than 3.5 m: what
is left over is shoulder. Lane 1 is the rightmost in the direction of travel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gis.network.network import Network
from gis.network.routes import by_route
from voirie.arrays import Bools, Floats, Ints, Objects, Words

SINGLE = "U"
"""Side of a road with one carriageway."""

WIDEST_LANE_M = 3.5
"""Widest that a lane is taken to be: the usual width on a main road."""

LEAST_LANE_M = 3.0
"""A direction has several lanes only where each gets this much."""

LEAST_CARRIAGEWAY_M = 2.0
"""A carriageway no wider than this is a mistake of the network: its width is unknown."""

ASSUMED_CARRIAGEWAY_M = 5.5
"""Where the network gives no width: a secondary departmental road."""

Names = pd.Series | Sequence[str] | Objects | Words


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """The lane of each of N places.

    Attributes
    ----------
    width_m
        ``(N,)``.
    centre_m
        Offset of the middle of the lane from the axis, positive to the right of increasing PR
        whatever the direction of travel; NaN where direction or lane is unknown, ``(N,)``.
    """

    width_m: Floats
    centre_m: Floats


def is_single(cote: Names) -> Bools:
    """Whether each carriageway carries both directions, ``(N,)``.

    Examples
    --------
    >>> is_single(["U", "D", "G"]).tolist()
    [True, False, False]
    """
    return _equal(cote, SINGLE)


def directions_of(cote: Names) -> Ints:
    """Directions of travel on each carriageway: two on a single one, else one, ``(N,)``.

    Examples
    --------
    >>> directions_of(["U", "D"]).tolist()
    [2, 1]
    """
    return np.where(is_single(cote), 2, 1).astype(np.int64)


def direction_of(sens: Names) -> Floats:
    """+1 where a lane runs with increasing PR, -1 against it, NaN where unknown, ``(N,)``.

    Examples
    --------
    >>> direction_of(["+", "-"]).tolist()
    [1.0, -1.0]
    """
    return np.select([_equal(sens, "+"), _equal(sens, "-")], [1.0, -1.0], default=np.nan)


def known_width(carriageway_m: ArrayLike) -> Bools:
    """Whether a width of the network can be believed, ``(N,)``.

    Examples
    --------
    >>> known_width([5.5, 0.0, np.nan]).tolist()
    [True, False, False]
    """
    return np.asarray(np.asarray(carriageway_m, dtype=float) > LEAST_CARRIAGEWAY_M)


def lane_count(carriageway_m: ArrayLike, cote: Names) -> Ints:
    """Lanes of one direction, one at least, ``(N,)``.

    Examples
    --------
    >>> lane_count([5.5, 7.0, 14.0], ["U", "D", "U"]).tolist()
    [1, 2, 2]
    """
    own = _of_direction_m(carriageway_m, cote)
    return np.maximum(np.floor(own / LEAST_LANE_M + 1e-9), 1.0).astype(np.int64)


def lane_width_m(carriageway_m: ArrayLike, cote: Names) -> Floats:
    """Width of one lane of a carriageway, ``(N,)``.

    Parameters
    ----------
    carriageway_m
        Width of the carriageway, ``(N,)``; unknown where `known_width` says so, then it is taken
        for `ASSUMED_CARRIAGEWAY_M`.
    cote
        Side of each, ``(N,)``.

    Examples
    --------
    >>> lane_width_m([5.5, 9.0, 7.0, 4.0, np.nan], ["U", "U", "D", "G", "U"]).tolist()
    [2.75, 3.5, 3.5, 3.5, 2.75]
    """
    own = _of_direction_m(carriageway_m, cote)
    return np.asarray(np.minimum(own / lane_count(carriageway_m, cote), WIDEST_LANE_M))


def lane_centre_m(carriageway_m: ArrayLike, cote: Names, sens: Names, voie: ArrayLike) -> Floats:
    """Offset of the middle of a lane from the axis, to the right of increasing PR, ``(N,)``.

    Parameters
    ----------
    carriageway_m, cote
        As in `lane_width_m`.
    sens, voie
        Direction and number of the lane, ``(N,)`` each; the offset is NaN where one is unknown.

    Examples
    --------
    On a single carriageway lane 1 lies beside the axis, on the side of its direction:

    >>> lane_centre_m([6.0, 6.0], ["U", "U"], ["+", "-"], [1, 1]).tolist()
    [1.5, -1.5]

    A carriageway of its own has its axis in the middle: two lanes of 3.5 m lie on both sides of
    it, a single one on it.

    >>> lane_centre_m([7.0, 7.0, 4.0], ["D", "D", "D"], ["+", "+", "+"], [1, 2, 1]).tolist()
    [1.75, -1.75, 0.0]
    """
    width, count = lane_width_m(carriageway_m, cote), lane_count(carriageway_m, cote)
    right_edge = width * np.where(is_single(cote), count, count / 2.0)
    number = pd.Series(voie).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(direction_of(sens) * (right_edge - (number - 0.5) * width))


def carriageway_m(network: Network, places: pd.DataFrame) -> Floats:
    """Width that the network gives at places, NaN where it gives none, ``(N,)``.

    Parameters
    ----------
    network
        The network.
    places
        Rows with the route key and ``cumul_m``; both may be NULL, and routes may be unknown.
    """
    out = np.full(len(places), np.nan)
    widths = network.axes["width_m"].to_numpy(dtype=float)
    known = set(network.routes())
    at = places["cumul_m"].to_numpy(dtype=float, na_value=np.nan)
    for route, rows in by_route(places):
        if route in known:
            row = network.row_at(route, at[rows])
            out[rows] = np.where(row >= 0, widths[np.maximum(row, 0)], np.nan)
    return out


def lanes_at(network: Network | None, places: pd.DataFrame) -> Lanes:
    """The lanes of places of a network.

    Parameters
    ----------
    network
        The network; without one every width is assumed.
    places
        Rows with the route key, ``sens``, ``voie`` and ``cumul_m``; all may be NULL.

    Examples
    --------
    >>> places = pd.DataFrame({"cote": ["U"], "sens": ["-"], "voie": [1], "cumul_m": [0.0]})
    >>> lanes = lanes_at(None, places)
    >>> lanes.width_m.tolist(), lanes.centre_m.tolist()
    ([2.75], [-1.375])
    """
    width = np.full(len(places), np.nan) if network is None else carriageway_m(network, places)
    return Lanes(
        lane_width_m(width, places["cote"]),
        lane_centre_m(width, places["cote"], places["sens"], places["voie"]),
    )


def _of_direction_m(carriageway_m: ArrayLike, cote: Names) -> Floats:
    """Metres of carriageway that one direction has."""
    width = np.asarray(carriageway_m, dtype=float)
    width = np.where(known_width(width), width, ASSUMED_CARRIAGEWAY_M)
    return np.asarray(width / directions_of(cote))


def _equal(values: Names, word: str) -> Bools:
    same = pd.Series(values).astype("string") == word
    return np.asarray(same.fillna(False).to_numpy(dtype=bool))
