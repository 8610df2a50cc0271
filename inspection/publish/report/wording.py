"""French and English: texts from the catalogue, figures, dates and places as each writes them."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

import pandas as pd
from markupsafe import Markup, escape

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
THIN = "\u202f"
NONE = "–"
MILLION = 1_000_000
_STONE = re.compile(r"(?:\w{2,3}(?=PR))?(?:PR)?\s*(\d+\w?)")

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Texts by key, then by language."""
    text = resources.files(__package__).joinpath("templates/texts.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things.

    Parameters
    ----------
    language
        ``fr`` or ``en``.
    """

    language: Language

    def text(self, key: str, **values: object) -> str:
        """Text of the catalogue with its places filled.

        Raises
        ------
        KeyError
            When the catalogue lacks the key or the language: a mistake of the program.
        """
        return catalogue()[key][self.language].format(**values)

    def html(self, key: str, **values: object) -> Markup:
        """Text of the catalogue that holds markup of ours; what fills it is escaped."""
        return Markup(catalogue()[key][self.language]).format(
            **{name: escape(str(value)) for name, value in values.items()}
        )

    def known(self, key: str, otherwise: str) -> str:
        """Text of the catalogue, or the word itself where the catalogue has none."""
        entry = catalogue().get(key)
        return otherwise if entry is None else entry[self.language]

    def number(self, value: float | None, digits: int = 0) -> str:
        """Figure with the separators of the language; a dash where there is none.

        Examples
        --------
        >>> Wording("fr").number(1234.56, 1).replace(THIN, " ")
        '1 234,6'
        >>> Wording("en").number(1234.56, 1)
        '1,234.6'
        """
        if value is None or pd.isna(value):
            return NONE
        text = f"{round(float(value), digits) + 0.0:,.{digits}f}"
        if self.language == "fr":
            text = text.replace(",", THIN).replace(".", ",")
        return text.replace("-", "\u2212")

    def note(self, value: float | None) -> str:
        """Note out of 20, to a tenth."""
        return self.number(value, 1)

    def percent(self, value: float | None, digits: int = 0) -> str:
        """Percentage, the sign spaced as the language wants."""
        text = self.number(value, digits)
        return text if text == NONE else f"{text}{THIN if self.language == 'fr' else ''}%"

    def euro(self, value: float | None) -> str:
        """Amount in euros, to the euro."""
        text = self.number(value)
        if text == NONE:
            return text
        return f"{text}{THIN}€" if self.language == "fr" else f"€{text}"

    def money(self, value: float | None) -> str:
        """Amount in a form to be read aloud: millions from a million on, else rounded.

        Examples
        --------
        >>> Wording("fr").money(13_500_000).replace(THIN, " ")
        '13,5 millions d’euros'
        """
        if value is None or math.isnan(value):
            return NONE
        if abs(value) >= MILLION:
            return self.text("unit.million_eur", value=self.number(value / MILLION, 1))
        step = 1000 if abs(value) >= 10 * 1000 else 100
        return self.text("unit.eur", value=self.number(round(value / step) * step))

    def length(self, metres: float | None) -> str:
        """Length for a reader: kilometres to a tenth from one kilometre on, else metres."""
        if metres is None or math.isnan(metres):
            return NONE
        if metres >= 1000:
            return f"{self.number(metres / 1000, 1)}{THIN}km"
        return f"{self.number(metres)}{THIN}m"

    def span(self, low: float | None, high: float | None, digits: int = 1) -> str:
        """Interval from a low to a high bound."""
        if low is None or high is None or math.isnan(low) or math.isnan(high):
            return NONE
        return self.text("unit.span", low=self.number(low, digits), high=self.number(high, digits))

    def day(self, when: Any) -> str:
        """Day written out."""
        if pd.isna(when):
            return NONE
        moment: date = pd.Timestamp(when).date()
        month = _MONTHS[self.language].split()[moment.month - 1]
        first = "1er" if self.language == "fr" and moment.day == 1 else str(moment.day)
        return f"{first} {month} {moment.year}"

    def duration(self, seconds: float | None) -> str:
        """Time spent: seconds to a tenth, then minutes, then hours."""
        if seconds is None or math.isnan(seconds):
            return NONE
        if seconds < 60:
            return f"{self.number(seconds, 1)}{THIN}s"
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return f"{minutes}{THIN}min{THIN}{rest:02d}{THIN}s"
        return f"{minutes // 60}{THIN}h{THIN}{minutes % 60:02d}"

    def listed(self, words: list[str]) -> str:
        """Words in a row: ``a, b et c``."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.text('unit.and')} {words[-1]}"


def stone_name(point: str) -> str:
    """Name of a localising point as it is said: the department is not repeated before a PR.

    Examples
    --------
    >>> stone_name("31PR12"), stone_name("12"), stone_name("2APR3"), stone_name("DS")
    ('PR 12', 'PR 12', 'PR 3', 'DS')
    """
    found = _STONE.fullmatch(point)
    return point if found is None else f"PR {found[1]}"


def pr_text(point: str | None, abscissa_m: float | int | None) -> str:
    """Place on a route as the trade writes it, abscissa on four digits.

    Examples
    --------
    >>> pr_text("12", 400), pr_text("DS", 120)
    ('PR 12+0400', 'DS+0120')
    """
    if point is None or pd.isna(point) or abscissa_m is None or pd.isna(abscissa_m):
        return NONE
    return f"{stone_name(str(point))}+{int(abscissa_m):04d}"
