"""PR and abscisse: the place names of the trade, derived from cumul and never stored alone.

A position is written from the last PR at or before it. The distance between two PR is not
1,000 m, so an abscisse may exceed 999. A point before the first PR is written with the
localising point that starts the section (``DS``); no PR number is invented for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gis.network.network import Network
from voirie.arrays import Floats
from voirie.errors import ConfigurationError, NotFound
from voirie.places import ROUTE_KEY, RouteKey, Sens

PR_KINDS_READ = ("PR0", "PR", "PRF")
"""Kinds that may stand as the PR of ``PR n + abs``; DS, FS, C and CS never do."""

SECTION_START = "DS"


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
        ``plo`` (text of the localising point), ``num`` (its number, NULL at ``DS``) and
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
    table = network.pr[Network.of_route(network.pr, route)]
    table = table.sort_values("cumul_m", kind="stable")
    used = table[table["kind"].isin(PR_KINDS_READ)]
    at = used["cumul_m"].to_numpy(dtype=float)
    sections = table[table["kind"] == SECTION_START]["cumul_m"].to_numpy(dtype=float)
    sections = np.sort(np.append(sections, start))
    section = np.maximum(np.searchsorted(sections, cumul, side="right") - 1, 0)
    index = np.searchsorted(at, cumul, side="right") - 1
    origin = np.where(index < 0, sections[section], np.append(at, 0.0)[index])
    # Half a metre before a PR the abscisse rounds to the whole interval: write the PR itself.
    following = np.append(at, np.inf)[index + 1]
    index = index + (np.floor(cumul - origin + 0.5) >= following - origin)
    first = index < 0
    origin = np.where(first, sections[section], np.append(at, 0.0)[index])
    metres = np.maximum(np.floor(cumul - origin + 0.5), 0.0)
    plo = np.append(used["plo"].to_numpy(dtype=object), SECTION_START)[np.where(first, -1, index)]
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
    known = places[["route", "cote", "sens"]].assign(num=names["num"], abs_m=names["abs_m"])
    known = known.dropna(subset=["route", "abs_m"])
    known = known.astype(object).where(known.notna(), None)
    columns = (known[name].tolist() for name in ("num", "abs_m", "route", "cote", "sens"))
    texts = [
        str(PrText(num, abs_m, route, cote=cote, sens=sens))
        for num, abs_m, route, cote, sens in zip(*columns, strict=True)
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
        Number of a PR, the text of a localising point (``31PR12``), or ``DS``.
    abs_m
        Metres after it, scalar or (N,).

    Returns
    -------
    numpy.ndarray
        Metres from the start of the route, (N,).

    Raises
    ------
    NotFound
        When the route or the PR does not exist. Points DS, FS, C and CS that carry a number
        are never taken for a PR.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> cumul_of(network, RouteKey("CD31", "031", "D741"), 2, [75, 100]).tolist()
    [1300.0, 1325.0]
    """
    start, _ = network.cumul_range_m(route)
    table = network.pr[Network.of_route(network.pr, route)]
    metres = np.atleast_1d(np.asarray(abs_m, dtype=float))
    if reference == SECTION_START:
        # Of several, the one before the first PR: elsewhere a PR is the nearer reference.
        sections = table[table["kind"] == SECTION_START]["cumul_m"]
        return np.asarray((sections.min() if len(sections) else start) + metres)
    used = table[table["kind"].isin(PR_KINDS_READ)]
    same = used["num"] == reference if isinstance(reference, int) else used["plo"] == reference
    found = used[same.fillna(False)]
    if found.empty:
        raise NotFound(f"{route} has no PR {reference}", None, f"its PR run from {_range(used)}")
    return np.asarray(float(found["cumul_m"].iloc[0]) + metres)


def _range(used: pd.DataFrame) -> str:
    if used.empty:
        return "none to none: the network gives it no PR"
    return f"{used['num'].min()} to {used['num'].max()}"


@dataclass(frozen=True, slots=True)
class PrText:
    """A position as people write it.

    Attributes
    ----------
    num
        Number of the PR; None for a position after another localising point.
    abs_m
        Metres after it.
    route, dep, cote, sens
        What the text says beside it, None where it does not.
    other
        Name of the localising point that is no PR.
    """

    num: int | None
    abs_m: int
    route: str | None = None
    dep: str | None = None
    cote: str | None = None
    sens: Sens | None = None
    other: str = SECTION_START

    @classmethod
    def after(cls, plo: str, abs_m: int = 0) -> Self:
        """Position after a localising point that a table names; its department is not said again.

        Parameters
        ----------
        plo
            Text of the point: of a PR (``31PR12``, ``PR12``, ``12``), or of another, which
            keeps its name.
        abs_m
            Metres after it.

        Examples
        --------
        >>> str(PrText.after("31PR12", 400)), str(PrText.after("DS", 120))
        ('PR 12+0400', 'DS+0120')
        """
        try:
            read = parse_pr(f"{plo}+0")
        except ConfigurationError:
            return cls(None, abs_m, other=plo)
        return cls(read.num, abs_m, cote=read.cote)

    @property
    def point(self) -> str:
        """Name of the localising point alone, as in ``PR 12``.

        Examples
        --------
        >>> PrText.after("31PR12", 400).point, PrText.after("22PR1D").point
        ('PR 12', 'PR 1D')
        """
        name = self.other if self.num is None else f"{self.dep or ''}PR {self.num}"
        return name if self.route else name + self._side

    @property
    def _side(self) -> str:
        """The carriageway where there are two."""
        return self.cote if self.cote in ("D", "G") else ""

    def __str__(self) -> str:
        """Long form, as in ``D108 PR 12+0564 (+)``.

        Examples
        --------
        >>> str(PrText(12, 564, route="D108", sens="+"))
        'D108 PR 12+0564 (+)'
        >>> str(PrText(None, 120, route="D108"))
        'D108 DS+0120'
        """
        side = f"{self._side} " if self._side else ""
        road = f"{self.route} {side}" if self.route else ""
        way = f" ({self.sens})" if self.sens else ""
        return f"{road}{self.point}+{self.abs_m:04d}{way}"

    @property
    def short(self) -> str:
        """Short form, as in ``PR12+564``.

        Examples
        --------
        >>> PrText(12, 564, route="D108").short
        'PR12+564'
        """
        return f"{self.other if self.num is None else f'PR{self.num}'}+{self.abs_m}"


_FORM = re.compile(
    r"""^\s*
    (?:(?P<route>[A-Z]{1,4}\s?\d[\dA-Z]*(?:-[\dA-Z]+)?)\s+)?
    (?:(?P<before>[DGUI])\s+)?
    (?:
      (?P<ds>DS)
      | (?P<dep>\d{2,3}|2[AB])\s?PR\s?(?P<national>\d{1,3})
      | (?:PR\s?)?(?P<num>\d{1,3})
    )
    (?P<cote>[DGUI])?
    (?:\s?\+\s?(?P<abs>\d+) | (?P<point>[.,])(?P<decimals>\d+))?
    (?:\s*\((?P<sens>[+-])\))?
    \s*$""",
    re.VERBOSE | re.IGNORECASE,
)


def parse_pr(text: str) -> PrText:
    """Read a position as people write it.

    Accepted: ``12+564`` (one to four digits), ``PR12+564``, ``31PR12`` (abscisse 0),
    ``12.564`` (exactly three decimals, the style of Calvados), ``D108 PR 12+0564 (+)``,
    ``D108 DS+0120``. Side ``I`` of the national files is read as ``U``.

    Parameters
    ----------
    text
        What the user wrote.

    Raises
    ------
    ConfigurationError
        When it can be read in two ways, saying both, or in none.

    Examples
    --------
    >>> parse_pr("12.564") == parse_pr("PR12+0564")
    True
    """
    found = _FORM.match(text)
    if not found:
        raise ConfigurationError(
            f"{text!r} is no position by PR", None, "write it as PR12+564 or D108 PR 12+0564 (+)"
        )
    part = found.groupdict()
    written = part["num"] or part["national"]
    number = None if part["ds"] else int(written)
    start = "DS" if number is None else f"PR{number}"
    bare = number is not None and not (part["abs"] or part["decimals"])
    if bare and not part["national"] and "PR" not in text.upper():
        raise ConfigurationError(
            f"{text!r} is only a number", None, f"write {start}+0 if that is meant"
        )
    if part["decimals"] and (len(part["decimals"]) != 3 or number is None):
        _refuse_decimals(text, start, part["decimals"])
    if part["abs"] and len(part["abs"]) > 4:
        raise ConfigurationError(
            f"{text!r} has an abscisse of {len(part['abs'])} digits: {start}+{part['abs'][:4]} or "
            f"{start}+{part['abs'][-4:]}",
            None,
            "give it in one to four digits, in metres",
        )
    side = (part["before"] or part["cote"] or "").upper() or None
    sens: Sens | None = None if part["sens"] is None else ("+" if part["sens"] == "+" else "-")
    route = part["route"]
    return PrText(
        number,
        int(part["abs"] or part["decimals"] or 0),
        None if route is None else route.upper().replace(" ", ""),
        None if part["dep"] is None else part["dep"].upper(),
        "U" if side == "I" else side,
        sens,
    )


def _refuse_decimals(text: str, start: str, decimals: str) -> None:
    """Say both readings of a decimal form: metres as written, or a share of a kilometre."""
    metres = int(decimals)
    kilometre = round(float(f"0.{decimals}") * 1000)
    raise ConfigurationError(
        f"{text!r} can be read as {start}+{metres} or as {start}+{kilometre}",
        None,
        "write metres after a +, or exactly three decimals",
    )
