"""French and English: sentences from the catalogue, figures, dates and lists as each writes them.

The code holds every sentence in English; ``locale/fr/LC_MESSAGES/voirie.po`` holds the French
ones (gettext). The catalogue is compiled when it is first used, so that a clone and a wheel need
no built file. ``make texts`` brings it up to date with the code.
"""

from __future__ import annotations

import gettext
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Literal, SupportsFloat

from babel import Locale, dates, lists, numbers, units
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from voirie.messages import Message
from voirie.session import session_language

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
NONE = "–"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
MILLION = 1_000_000
REFUSAL = "refusal"
"""Context of the clauses of errors in the catalogue."""

# Days before months and no comma before "and", as an English reader in Europe expects.
_LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}


def N_(message: str) -> str:
    """Mark a sentence of a table for the catalogue; it is translated where it is shown.

    Examples
    --------
    >>> Wording("fr").text(N_("good"))
    'bon état'
    """
    return message


TAXES = {"HT": N_("excl. VAT"), "TTC": N_("incl. VAT")}
"""Codes of the tax in tables and files, and their names."""


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """Sentences of a language; the English ones are those of the code."""
    path = resources.files("voirie") / "locale" / language / "LC_MESSAGES" / "voirie.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def refusals(language: Language) -> dict[str, str]:
    """Clauses of errors by their English template: they have a context of their own."""
    path = resources.files("voirie") / "locale" / language / "LC_MESSAGES" / "voirie.po"
    if not path.is_file():
        return {}
    with path.open("rb") as source:
        found = read_po(source, locale=language)
    return {
        str(one.id): str(one.string)
        for one in found
        if one.context == REFUSAL and one.id and one.string
    }


def session() -> Wording:
    """Wording of who sits before the terminal.

    Examples
    --------
    >>> from voirie.session import speaking
    >>> with speaking("fr"):
    ...     session().text("good")
    'bon état'
    """
    return Wording(session_language())


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(_LOCALES[language])


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things.

    Parameters
    ----------
    language
        ``fr`` or ``en``.
    """

    language: Language

    @property
    def locale(self) -> Locale:
        """What Babel knows of the language."""
        return _locale(self.language)

    def text(self, message: str, /, **values: object) -> str:
        """A sentence with its places filled.

        Examples
        --------
        >>> Wording("fr").text("severity {n}", n=2)
        'gravité 2'
        """
        return translations(self.language).gettext(message).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """A sentence that depends on how many; ``{n}`` is that number.

        Examples
        --------
        >>> Wording("fr").plural("{n} road", "{n} roads", 0)
        '0 route'
        >>> Wording("en").plural("{n} road", "{n} roads", 0)
        '0 roads'
        """
        message = translations(self.language).ngettext(one, many, int(n))
        return message.format(n=self.number(n), **values)

    def say(self, kept: Message) -> str:
        """A sentence that was kept with what fills it.

        Examples
        --------
        >>> Wording("fr").say(Message(text="severity {n}", values={"n": 2}))
        'gravité 2'
        """
        values = {name: self._filled(value) for name, value in kept.values.items()}
        if kept.many is None or kept.n is None:
            return self.text(kept.text, **values)
        return self.plural(kept.text, kept.many, kept.n, **values)

    def _filled(self, value: str | int | float | Message | tuple[Message, ...]) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, tuple):
            return self.listed([self.say(part) for part in value])
        return numbers.format_decimal(value, "#,##0.######", self.locale).replace("-", MINUS)

    def html(self, message: str, /, **values: object) -> Markup:
        """A sentence that holds markup of ours; what fills it is escaped."""
        return Markup(translations(self.language).gettext(message)).format(
            **{name: escape(str(value)) for name, value in values.items()}
        )

    def number(self, value: SupportsFloat | None, digits: int = 0) -> str:
        r"""Figure with the separators of the language; a dash where there is none.

        Examples
        --------
        >>> Wording("fr").number(-1234.56, 1)
        '−1\u202f234,6'
        >>> Wording("en").number(1234.56, 1)
        '1,234.6'
        """
        known = _known(value)
        if known is None:
            return NONE
        # Adding zero turns -0.0 into 0.0.
        rounded = round(known, digits) + 0.0
        text = numbers.format_decimal(rounded, _pattern(digits), self.locale)
        return text.replace("-", MINUS)

    def note(self, value: SupportsFloat | None) -> str:
        """Note out of 20, to a tenth."""
        return self.number(value, 1)

    def percent(self, value: SupportsFloat | None, digits: int = 0) -> str:
        r"""Percentage, the sign spaced as the language wants.

        Examples
        --------
        >>> Wording("fr").percent(12.4), Wording("en").percent(12.4, 1)
        ('12\xa0%', '12.4%')
        """
        text = self.number(value, digits)
        sign = self.locale.percent_formats[None].pattern.removeprefix("#,##0")
        return text if text == NONE else text + sign

    def euro(self, value: SupportsFloat | None) -> str:
        r"""Amount in euros, to the euro.

        Examples
        --------
        >>> Wording("fr").euro(1234.4), Wording("en").euro(1234.4)
        ('1\u202f234\xa0€', '€1,234')
        """
        known = _known(value)
        if known is None:
            return NONE
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "")
        return numbers.format_currency(
            round(known), "EUR", pattern, self.locale, currency_digits=False
        ).replace("-", MINUS)

    def money(self, value: SupportsFloat | None) -> str:
        """Amount in a form to be read aloud: millions from a million on, else rounded.

        Examples
        --------
        >>> Wording("fr").money(13_500_000), Wording("fr").money(1_500_000)
        ('13,5 millions d’euros', '1,5 million d’euros')
        """
        known = _known(value)
        if known is None:
            return NONE
        if abs(known) >= MILLION:
            message = translations(self.language).ngettext(
                "{value} million euros", "{value} million euros", int(abs(known) / MILLION)
            )
            return message.format(value=self.number(known / MILLION, 1))
        step = 1000 if abs(known) >= 10 * 1000 else 100
        return self.text("{value} euros", value=self.number(round(known / step) * step))

    @property
    def decimal(self) -> str:
        """What stands between the units and the tenths."""
        return numbers.get_decimal_symbol(self.locale)

    def tax(self, code: str) -> str:
        """What HT and TTC are called.

        Examples
        --------
        >>> FRENCH.tax("TTC"), ENGLISH.tax("TTC")
        ('TTC', 'incl. VAT')
        """
        return self.text(TAXES[code])

    def length(self, metres: SupportsFloat | None) -> str:
        r"""Length for a reader: kilometres to a tenth from one kilometre on, else metres.

        Examples
        --------
        >>> Wording("en").length(1840), Wording("en").length(820)
        ('1.8\xa0km', '820\xa0m')
        """
        known = _known(metres)
        if known is None:
            return NONE
        if known >= 1000:
            return self._measure(known / 1000, "length-kilometer", 1)
        return self._measure(known, "length-meter", 0)

    def _measure(self, value: float, unit: str, digits: int) -> str:
        rounded = round(value, digits) + 0.0
        text = units.format_unit(rounded, unit, "short", _pattern(digits), self.locale)
        return text.replace(" ", NO_BREAK).replace("-", MINUS)

    def span(self, low: SupportsFloat | None, high: SupportsFloat | None, digits: int = 1) -> str:
        """Interval from a low to a high bound."""
        if _known(low) is None or _known(high) is None:
            return NONE
        return self.text(
            "{low} to {high}", low=self.number(low, digits), high=self.number(high, digits)
        )

    def day(self, when: date | None) -> str:
        """Day written out.

        Examples
        --------
        >>> Wording("fr").day(date(2026, 3, 1)), Wording("en").day(date(2026, 3, 1))
        ('1er mars 2026', '1 March 2026')
        """
        if when is None or str(when) == "NaT":
            return NONE
        day = when.date() if isinstance(when, datetime) else when
        text = dates.format_date(day, "long", self.locale)
        # CLDR has no ordinal in dates; French printers want one on the first of a month.
        return f"1er{text[1:]}" if self.language == "fr" and day.day == 1 else text

    def duration(self, seconds: SupportsFloat | None) -> str:
        r"""Time spent: seconds to a tenth, then minutes, then hours, by their SI symbols.

        Examples
        --------
        >>> Wording("fr").duration(3.21), Wording("en").duration(3720)
        ('3,2\xa0s', '1\xa0h\xa002')
        """
        known = _known(seconds)
        if known is None:
            return NONE
        if known < 60:
            return f"{self.number(known, 1)}{NO_BREAK}s"
        minutes, rest = divmod(round(known), 60)
        if minutes < 60:
            return f"{minutes}{NO_BREAK}min{NO_BREAK}{rest:02d}{NO_BREAK}s"
        return f"{minutes // 60}{NO_BREAK}h{NO_BREAK}{minutes % 60:02d}"

    def listed(self, words: Sequence[str]) -> str:
        """Words in a row.

        Examples
        --------
        >>> Wording("fr").listed(["a", "b", "c"]), Wording("en").listed(["a", "b"])
        ('a, b et c', 'a and b')
        """
        return lists.format_list(list(words), locale=self.locale)


FRENCH, ENGLISH = Wording("fr"), Wording("en")


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _known(value: SupportsFloat | None) -> float | None:
    """The number; None where a table has NULL, whichever way it says so."""
    try:
        number = math.nan if value is None else float(value)
    except TypeError:  # pandas.NA
        return None
    return None if math.isnan(number) else number
