"""Budget scenarios: phases of years, two envelopes each, as `scenarios.toml` says them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from voirie.arrays import Floats
from voirie.catalogue.treatments import Tax
from voirie.documents import Strict, checked, read_mapping
from voirie.messages import Message, message
from voirie.wording import N_

_PRINTED = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*[x×]\s*(\d+(?:[.,]\d+)?)\s*$")

MOST_EUR = 1e12
Amount = Annotated[float, Field(ge=0.0, le=MOST_EUR)]
LONGEST_YEARS = 60


def parse_envelopes(text: str) -> tuple[float, float]:
    """Read ``13,5x2``: investment and operation, in millions of euros a year; no product.

    Raises
    ------
    ValueError
        When the text has another form.

    Examples
    --------
    >>> parse_envelopes("13,5x2")
    (13500000.0, 2000000.0)
    """
    match = _PRINTED.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not of the form 13,5x2 (investment x operation, in MEUR)")
    investment, operation = (float(part.replace(",", ".")) * 1e6 for part in match.groups())
    if max(investment, operation) > MOST_EUR:
        raise ValueError(f"more than {MOST_EUR:.0f} EUR a year")
    return investment, operation


class Phase(Strict):
    """Some years with the same envelopes.

    Attributes
    ----------
    years
        How many.
    investment_eur, operation_eur
        Envelopes of each year, or
    envelopes_meur
        both at once in the French notation, ``"13,5x2"`` in millions.
    """

    years: int = Field(
        description=N_("how many years these envelopes hold"), ge=1, le=LONGEST_YEARS
    )
    investment_eur: Amount | None = Field(
        default=None, description=N_("euros of investment in each of these years")
    )
    operation_eur: Amount | None = Field(
        default=None, description=N_("euros of operation in each of these years")
    )
    envelopes_meur: str | None = Field(
        default=None,
        description=N_("instead: both in millions, investment x operation, as 13,5x2 in quotes"),
    )

    @model_validator(mode="after")
    def _one_notation(self) -> Self:
        amounts = (self.investment_eur, self.operation_eur)
        if self.envelopes_meur is not None:
            if amounts != (None, None):
                raise ValueError("give envelopes_meur or the two amounts, not both")
            parse_envelopes(self.envelopes_meur)
        elif None in amounts:
            raise ValueError("give investment_eur and operation_eur, or envelopes_meur")
        return self

    @property
    def envelopes_eur(self) -> tuple[float, float]:
        """Investment and operation of a year, EUR."""
        if self.envelopes_meur is not None:
            return parse_envelopes(self.envelopes_meur)
        return float(self.investment_eur or 0.0), float(self.operation_eur or 0.0)


class Scenario(Strict):
    """One line of the comparison.

    Attributes
    ----------
    name
        Its name, unique in the file.
    tax
        Whether the envelopes are ``HT`` or ``TTC``: required, never guessed.
    phases
        Years in order.
    remark
        Free words; made from the phases where none are given.
    name_en, remark_en
        Both in English, for the English report; the others stand there too where none are given.
    """

    name: str = Field(description=N_("name of the scenario, unique in the file"), min_length=1)
    tax: Tax = Field(description=N_("whether its euros are without (HT) or with VAT (TTC)"))
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    remark: str = Field(default="", description=N_("free words; made from the phases if none"))
    name_en: str = Field(default="", description=N_("its name in the English report"))
    remark_en: str = Field(default="", description=N_("free words in the English report"))

    @property
    def years(self) -> int:
        """Length of the horizon."""
        return sum(phase.years for phase in self.phases)

    @property
    def observations(self) -> str:
        """What the budget is, in words."""
        return self.remark or ", then ".join(_words(phase) for phase in self.phases)

    def envelopes_eur(self) -> tuple[Floats, Floats]:
        """Investment and operation of each year, EUR, ``(T,)`` each."""
        pairs = [phase.envelopes_eur for phase in self.phases for _ in range(phase.years)]
        return np.array([i for i, _ in pairs]), np.array([o for _, o in pairs])


class Scenarios(Strict):
    """The content of `scenarios.toml`: scenarios over one and the same horizon.

    Attributes
    ----------
    scenarios
        In the order of the file.
    first_year
        First year with works; None where the file states none (see `start`).
    """

    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    first_year: Annotated[int, Field(ge=1900, le=2200)] | None = Field(
        default=None,
        description=N_("first year with works; the year after the survey if none"),
        examples=[2027],
    )

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        names = [s.name for s in self.scenarios]
        if len(set(names)) != len(names):
            raise ValueError("two scenarios have the same name")
        lengths = sorted({s.years for s in self.scenarios})
        if len(lengths) > 1:
            raise ValueError(f"the horizons differ ({lengths[0]} and {lengths[-1]} years)")
        if lengths[0] > LONGEST_YEARS:
            raise ValueError(f"the horizon is {lengths[0]} years, at most {LONGEST_YEARS}")
        if len({s.tax for s in self.scenarios}) > 1:
            raise ValueError("the scenarios mix HT and TTC and could not be compared")
        return self

    @property
    def years(self) -> int:
        """Length of the horizon."""
        return self.scenarios[0].years

    def start(self, surveyed_in: int | None) -> tuple[int, list[Message]]:
        """First year with works, and a sentence where the scenarios do not state it.

        Never the year of the clock, so that the same files give the same plan.

        Parameters
        ----------
        surveyed_in
            Year of the survey, None where nothing tells it.

        Examples
        --------
        >>> phases = ({"years": 15, "envelopes_meur": "13,5x2"},)
        >>> given = {"scenarios": ({"name": "a", "tax": "TTC", "phases": phases},)}
        >>> Scenarios.model_validate({**given, "first_year": 2030}).start(2026)
        (2030, [])
        >>> Scenarios.model_validate(given).start(2026)[0]
        2027
        >>> Scenarios.model_validate(given).start(None)[0]
        1
        """
        if self.first_year is not None:
            return self.first_year, []
        if surveyed_in is not None:
            year = surveyed_in + 1
            return year, [
                message(
                    "the scenarios state no first_year: the works begin in {year}, the year after "
                    "the survey",
                    year=str(year),
                )
            ]
        return 1, [
            message(
                "neither the scenarios nor the survey have a date: the years are numbered from 1"
            )
        ]


def _words(phase: Phase) -> str:
    if phase.envelopes_meur is not None:
        return f"{phase.envelopes_meur} MEUR ({phase.years} y)"
    investment, operation = phase.envelopes_eur
    return f"{investment:.0f} + {operation:.0f} EUR ({phase.years} y)"


def load_scenarios(path: Path) -> Scenarios:
    r"""Read `scenarios.toml`.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is no TOML, or says something impossible.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "[[scenarios]]\nname = 'current'\ntax = 'TTC'\n"
    >>> text += "phases = [{ years = 15, envelopes_meur = '13,5x2' }]\n"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "scenarios.toml"
    ...     _ = path.write_text(text)
    ...     scenarios = load_scenarios(path)
    >>> scenarios.years, scenarios.scenarios[0].observations
    (15, '13,5x2 MEUR (15 y)')
    """
    return checked(
        Scenarios,
        read_mapping(path, "the list of scenarios"),
        path,
        "the list of scenarios",
        "each scenario needs name, tax and phases of years, investment_eur and operation_eur",
    )
