"""PR and abscisse: the place names of the trade, derived from cumul and never stored alone.

A position is written from the last PR at or before it. The distance between two PR is not
1,000 m, so an abscisse may exceed 999. A point before the first PR is written with the
localising point that starts the section (``DS``); no PR number is invented for it. Of several DS
before it the first one counts, and the start of the route where that comes earlier: a text with
DS alone could not say which, and is read back as the place it was written for. On a route
that has no PR at all a position is metres from its start: ``D67 +1234``.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gis.network.network import Network
from gis.network.pr_text import ROUTE_START, SECTION_START, PrText
from voirie.arrays import Floats
from voirie.errors import NotFound
from voirie.places import ROUTE_KEY, RouteKey

PR_KINDS_READ = ("PR0", "PR", "PRF")
"""Kinds that may stand as the PR of ``PR n + abs``; DS, FS, C and CS never do."""

WHOLE_M = 1.0


def pr_of(network: Network, route: RouteKey, cumul_m: ArrayLike) -> pd.DataFrame:
    """PR and abscisse of cumuls on one route.

    Parameters
    ----------
    network
        The network that holds the PR.
    route
        The route.
    cumul_m
        Calibrated metres from the start of the route, (N,).

    Returns
    -------
    pandas.DataFrame
        ``plo`` (text of the localising point; ``+`` on a route without PR), ``num`` (its number,
        NULL at ``DS`` and ``+``) and
        ``abs_m`` (integer metres after it, >= 0), N rows; NULL where the cumul is NaN.

    Raises
    ------
    NotFound
        When the network has no such route.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> pr_of(network, RouteKey("CD31", "031", "D741"), [40.0, 1300.0]).values.tolist()
    [['DS', <NA>, 40], ['31PR2', 2, 75]]
    """
    cumul = np.atleast_1d(np.asarray(cumul_m, dtype=float))
    start, _ = network.cumul_range_m(route)
    table = network.pr_of(route)
    table = table.sort_values("cumul_m", kind="stable")
    used = table[table["kind"].isin(PR_KINDS_READ)]
    at = used["cumul_m"].to_numpy(dtype=float)
    begin = _section_start(table, start)
    index = np.searchsorted(at, cumul, side="right") - 1
    origin = np.where(index < 0, begin, np.append(at, 0.0)[index])
    # Half a metre before a PR the abscisse rounds to the whole interval: write the PR itself.
    following = np.append(at, np.inf)[index + 1]
    index = index + (np.floor(cumul - origin + 0.5) >= following - origin)
    first = index < 0
    origin = np.where(first, begin, np.append(at, 0.0)[index])
    metres = np.maximum(np.floor(cumul - origin + 0.5), 0.0)
    before = SECTION_START if len(table) else ROUTE_START
    plo = np.append(used["plo"].to_numpy(dtype=object), before)[np.where(first, -1, index)]
    num = np.append(used["num"].to_numpy(dtype=float), np.nan)[np.where(first, -1, index)]
    out = pd.DataFrame(
        {
            "plo": pd.Series(plo, dtype="string"),
            "num": pd.Series(num).astype("Int64"),
            "abs_m": pd.Series(np.where(np.isnan(cumul), np.nan, metres)).astype("Int64"),
        }
    )
    out.loc[np.isnan(cumul)] = None
    return out


def pr_of_places(network: Network, places: pd.DataFrame, cumul: str = "cumul_m") -> pd.DataFrame:
    """PR and abscisse of places on many routes, in bulk.

    Parameters
    ----------
    network
        The network that holds the PR.
    places
        Rows with the route key (`voirie.places.ROUTE_KEY`) and a cumul; both may be NULL.
    cumul
        Name of the column with the cumul.

    Returns
    -------
    pandas.DataFrame
        As `pr_of`, on the index of `places`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> places = pd.DataFrame(
    ...     {"gestionnaire": "CD31", "dep": "031", "route": ["D741", "D752"], "cote": "U",
    ...      "cumul_m": [1300.0, 500.0]}
    ... )
    >>> pr_of_places(network, places).values.tolist()
    [['31PR2', 2, 75], ['31PR1', 1, 85]]
    """
    out = pd.DataFrame(
        {
            "plo": pd.Series(None, index=places.index, dtype="string"),
            "num": pd.Series(None, index=places.index, dtype="Int64"),
            "abs_m": pd.Series(None, index=places.index, dtype="Int64"),
        }
    )
    keys = places[list(ROUTE_KEY)].reset_index(drop=True)
    at = places[cumul].to_numpy(dtype=float)
    parts = []
    for _, group in keys.dropna().groupby(list(ROUTE_KEY), sort=False):
        rows = group.index.to_numpy()
        route = RouteKey(*(str(value) for value in group.iloc[0]))
        parts.append(pr_of(network, route, at[rows]).set_axis(rows))
    if parts:
        out = pd.concat(parts).reindex(range(len(places))).set_axis(places.index)
    return out


def written(places: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Long text of places, as in ``D108 PR 12+0564 (+)``, in bulk.

    Parameters
    ----------
    places
        Columns ``route``, ``cote`` and ``sens``; all may be NULL.
    names
        Their PR and abscisse from `pr_of_places`, on the same index.

    Returns
    -------
    pandas.Series
        Texts that `parse_pr` reads; NULL where there is no place.

    Examples
    --------
    >>> places = pd.DataFrame({"route": ["D741", None], "cote": ["U", None], "sens": ["+", None]})
    >>> names = pd.DataFrame({"num": [2, None], "abs_m": [75, None]}, dtype="Int64")
    >>> written(places, names).tolist()
    ['D741 PR 2+0075 (+)', <NA>]
    """
    known = places[["route", "cote", "sens"]].assign(
        num=names["num"], abs_m=names["abs_m"], start=names["plo"] if "plo" in names else None
    )
    known = known.dropna(subset=["route", "abs_m"])
    known = known.astype(object).where(known.notna(), None)
    columns = (known[name].tolist() for name in ("num", "abs_m", "route", "cote", "sens", "start"))
    texts = [
        str(
            PrText(
                num,
                abs_m,
                route,
                cote=cote,
                sens=sens,
                other=ROUTE_START if start == ROUTE_START else SECTION_START,
            )
        )
        for num, abs_m, route, cote, sens, start in zip(*columns, strict=True)
    ]
    return pd.Series(texts, index=known.index, dtype="string").reindex(places.index)


def cumul_of(network: Network, route: RouteKey, reference: int | str, abs_m: ArrayLike) -> Floats:
    """Cumul of PR + abscisse, the inverse of `pr_of`.

    Parameters
    ----------
    network
        The network that holds the PR.
    route
        The route; PR numbers repeat across departments and carriageways.
    reference
        Number of a PR, the text of a localising point (``31PR12``), ``DS``, or ``+`` for the start
        of the route.
    abs_m
        Metres after it, scalar or (N,).

    Returns
    -------
    numpy.ndarray
        Metres from the start of the route, (N,).

    Raises
    ------
    NotFound
        When the route or the PR does not exist, or the place lies beyond the end of the route.
        Points DS, FS, C and CS that carry a number are never taken for a PR.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> cumul_of(network, RouteKey("CD31", "031", "D741"), 2, [75, 100]).tolist()
    [1300.0, 1325.0]
    """
    start, end = network.cumul_range_m(route)
    table = network.pr_of(route)
    metres = np.atleast_1d(np.asarray(abs_m, dtype=float))
    if reference == ROUTE_START:
        origin = start
    elif reference == SECTION_START:
        origin = _section_start(table, start)
    else:
        used = table[table["kind"].isin(PR_KINDS_READ)]
        same = used["num"] == reference if isinstance(reference, int) else used["plo"] == reference
        found = used[same.fillna(False)]
        if found.empty:
            raise NotFound(
                f"{route} has no PR {reference}", None, f"its PR run from {_range(used)}"
            )
        origin = float(found["cumul_m"].iloc[0])
    at = np.asarray(origin + metres)
    # Abscisses are whole metres: the very end may be written a metre after it.
    if (at > end + WHOLE_M).any():
        most = max(math.floor(end - origin), 0)
        raise NotFound(
            f"{route} ends {most} m after {_named(reference)}",
            None,
            "give a smaller abscisse, or a PR farther on",
        )
    return at


def _section_start(table: pd.DataFrame, start: float) -> float:
    """Cumul from which places before the first PR are counted."""
    sections = table.loc[table["kind"] == SECTION_START, "cumul_m"]
    return min(start, float(sections.min())) if len(sections) else start


def _named(reference: int | str) -> str:
    if reference == ROUTE_START:
        return "its start"
    return f"PR {reference}" if isinstance(reference, int) else reference


def _range(used: pd.DataFrame) -> str:
    if used.empty:
        return "none to none: the network gives it no PR"
    return f"{used['num'].min()} to {used['num'].max()}"
