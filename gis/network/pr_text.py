"""How people write a position on a road: ``D108 PR 12+0564 (+)``, ``PR12+564``, ``D67 +1234``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from voirie.errors import ConfigurationError
from voirie.places import Sens

SECTION_START = "DS"
"""Localising point of what lies before the first PR."""

ROUTE_START = "+"
"""Localising point of a route without any PR: metres from its start, as in ``D67 +1234``."""


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
        if self.num is None:
            name = "" if self.other == ROUTE_START else self.other
        else:
            name = f"{self.dep or ''}PR {self.num}"
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
        >>> str(PrText(None, 120, route="D108")), str(PrText(None, 1234, "D67", other=ROUTE_START))
        ('D108 DS+0120', 'D67 +1234')
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
        name = self.point if self.num is None else f"PR{self.num}"
        return f"{name}+{self.abs_m}"


_FORM = re.compile(
    r"""^\s*
    (?:(?P<route>(?!PR\s?\d)[A-Z]{1,4}\s?\d[\dA-Z]*(?:-[\dA-Z]+)?)\s+)?
    (?:(?P<before>[DGUI])\s+)?
    (?:
      (?P<ds>DS)
      | (?P<start>(?(route)(?=\+)|(?!)))
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
    ``D108 DS+0120``, and ``D67 +1234`` on a route without PR. Side ``I`` of the national files
    is read as ``U``.

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
    number = int(written) if written else None
    other = SECTION_START if part["ds"] else ROUTE_START
    start = f"PR{number}" if number is not None else other if part["ds"] else ""
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
        other if number is None else SECTION_START,
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
