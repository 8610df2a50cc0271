"""The price list: treatments with trigger, price, effect and envelope, and the law of ageing.

Both `gis` (proposed work and its cost) and `planning` read it, so that one price list gives one
answer. Defaults and their source: `treatments.yaml` beside this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
import yaml
from pydantic import Field, model_validator

from voirie.arrays import Bools, Floats, Ints
from voirie.documents import Strict, checked, read_mapping

Tax = Literal["HT", "TTC"]
Envelope = Literal["investment", "operation", "either"]

Note = Annotated[float, Field(ge=0.0, le=20.0)]
Positive = Annotated[float, Field(gt=0.0, le=1e6)]
Category = Annotated[int, Field(ge=0, le=1000)]
Rate = Annotated[float, Field(ge=0.0, lt=1.0)]

NONE = -1
"""Index that stands for "no treatment"."""


class Effect(Strict):
    """What a treatment does to the note and to the ageing that follows.

    Exactly one of `set_note` and `gain` is given. A treatment that sets the note is a
    *renewal*: from then on the section ages `ageing_factor` times as fast as one never treated.
    One that adds a gain is *upkeep*: the section keeps its pace, slowed for a few years.

    Attributes
    ----------
    set_note
        Note after the work, /20.
    gain
        Points added to the note, never above 20.
    ageing_factor
        Pace of ageing after a renewal, 1 = never treated.
    slowed_factor, slowed_years
        Factor on the yearly loss, and the years after the year of works in which it holds.
    """

    set_note: Note | None = None
    gain: Positive | None = None
    ageing_factor: Positive | None = None
    slowed_factor: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    slowed_years: Annotated[int, Field(ge=0, le=30)] = 0

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.set_note is None) == (self.gain is None):
            raise ValueError("give exactly one of set_note and gain")
        if (self.set_note is None) != (self.ageing_factor is None):
            raise ValueError("ageing_factor goes with set_note, and only with it")
        return self


class Treatment(Strict):
    """One line of the price list.

    Attributes
    ----------
    code, label_fr, label_en
        Short code and names.
    note_min, note_max
        Trigger: the note is in ``[note_min, note_max)``.
    categories
        Categories of road it is for.
    cost_eur_per_m2
        Unit price in the tax of the price list.
    effect
        See `Effect`.
    envelope
        Which budget may pay. ``either``: investment first (renewal of the wearing course alone
        is *fonctionnement*, thickening is *investissement*: circulaire of 26 February 2002).
    moratorium_years
        A section is not treated again before this many years.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    label_fr: str
    label_en: str
    note_min: Note
    note_max: Annotated[float, Field(gt=0.0, le=20.0)]
    categories: tuple[Category, ...]
    cost_eur_per_m2: Positive
    effect: Effect
    envelope: Envelope
    moratorium_years: Annotated[int, Field(ge=1, le=30)]

    @model_validator(mode="after")
    def _lifts(self) -> Self:
        if self.note_min >= self.note_max:
            raise ValueError(f"{self.code}: note_min must be under note_max")
        if self.effect.set_note is not None and self.effect.set_note < self.note_max:
            raise ValueError(f"{self.code}: set_note must not be under note_max")
        return self

    @property
    def is_renewal(self) -> bool:
        """Whether it sets the note, against upkeep that adds to it."""
        return self.effect.set_note is not None


class Ageing(Strict):
    """Constants of the yearly loss ``rate x min(cap, base + slope x (20 - note)) x factor``."""

    rate_by_category: dict[Category, Positive]
    base: Annotated[float, Field(ge=0.0, le=1e6)]
    slope: Annotated[float, Field(ge=0.0, le=1e6)]
    cap: Positive
    works_year_factor: Annotated[float, Field(ge=0.0, le=1.0)]


class Thresholds(Strict):
    """Notes under which kilometres are counted."""

    surface: Note
    structure: Note
    alert: Note


class Treatments(Strict):
    """A whole price list.

    Attributes
    ----------
    version
        Name of the list, printed with every plan.
    tax
        Whether its prices are ``HT`` or ``TTC``: required, never guessed.
    vat_rate, fctva_rate
        VAT, and share of a TTC amount given back through the FCTVA.
    treatments
        Lines, in the order of the file.
    rebuild_eur_per_m2
        Price of building anew, for the value of the works a section needs.
    ageing, category_weights, thresholds
        Law of ageing, weight of a category in priorities, notes to count under.
    """

    version: str
    tax: Tax
    vat_rate: Rate
    fctva_rate: Rate
    treatments: Annotated[tuple[Treatment, ...], Field(min_length=1)]
    rebuild_eur_per_m2: Positive
    ageing: Ageing
    category_weights: dict[Category, Positive]
    thresholds: Thresholds

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        codes = [t.code for t in self.treatments]
        if len(set(codes)) != len(codes):
            raise ValueError("a treatment code stands twice")
        known = set(self.ageing.rate_by_category)
        if known != set(self.category_weights):
            raise ValueError("rate_by_category and category_weights must name the same categories")
        for treatment in self.treatments:
            if not set(treatment.categories) <= known:
                raise ValueError(f"{treatment.code} names a category without a rate of ageing")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in the order of the list."""
        return tuple(t.code for t in self.treatments)

    @property
    def categories(self) -> tuple[int, ...]:
        """Categories of road that the list knows, in order."""
        return tuple(sorted(self.ageing.rate_by_category))

    def in_tax(self, tax: Tax) -> Treatments:
        """The same list with its prices in another tax.

        Examples
        --------
        >>> ttc = load_treatments()
        >>> round(ttc.in_tax("HT").treatments[0].cost_eur_per_m2, 4)
        0.75
        """
        if tax == self.tax:
            return self
        factor = convert_eur(1.0, self.tax, tax, self.vat_rate)
        lines = tuple(
            t.model_copy(update={"cost_eur_per_m2": t.cost_eur_per_m2 * factor})
            for t in self.treatments
        )
        return self.model_copy(
            update={
                "tax": tax,
                "treatments": lines,
                "rebuild_eur_per_m2": self.rebuild_eur_per_m2 * factor,
            }
        )

    def triggered(self, note: Floats, category: Ints) -> Bools:
        """Which triggers hold, ``(K, S)`` for K treatments and S sections; NaN triggers none."""
        holds = np.zeros((len(self.treatments), len(note)), dtype=bool)
        for k, t in enumerate(self.treatments):
            holds[k] = (note >= t.note_min) & (note < t.note_max) & np.isin(category, t.categories)
        return holds

    def adequate(self, note: Floats, category: Ints) -> Ints:
        """Cheapest adequate treatment of each section.

        Upkeep is adequate only where no renewal is called for; among several the cheapest, then
        the first of the list.

        Parameters
        ----------
        note, category
            Note /20 (NaN = unknown) and category of S sections.

        Returns
        -------
        numpy.ndarray
            ``(S,)`` index in `treatments`, `NONE` where nothing is called for.

        Examples
        --------
        >>> prices = load_treatments()
        >>> found = prices.adequate(np.array([16.0, 17.8, 19.0]), np.array([3, 3, 3]))
        >>> [prices.codes[k] if k != NONE else None for k in found]
        ['ESU', 'PAT', None]
        """
        holds = self.triggered(note, category)
        best = np.full(len(note), NONE, dtype=np.int64)
        best_key = np.full(len(note), np.inf)
        upkeep_penalty = 1.0 + max(t.cost_eur_per_m2 for t in self.treatments)
        for k, t in enumerate(self.treatments):
            key = t.cost_eur_per_m2 + (0.0 if t.is_renewal else upkeep_penalty)
            better = holds[k] & (key < best_key)
            best[better] = k
            best_key[better] = key
        return best

    def candidates(self, note: Floats, category: Ints) -> Bools:
        """Treatments that may be chosen, ``(K, S)``.

        Those whose trigger holds and which cost no more than the adequate one: so that what is
        spent in a year never exceeds its need.
        """
        best = self.adequate(note, category)
        cost = np.array([t.cost_eur_per_m2 for t in self.treatments])
        limit = np.where(best == NONE, 0.0, cost[best])
        return self.triggered(note, category) & (cost[:, None] <= limit[None, :])


def convert_eur(amount_eur: float, tax: Tax, to: Tax, vat_rate: float) -> float:
    """Convert an amount between HT and TTC.

    Examples
    --------
    >>> convert_eur(100.0, "HT", "TTC", 0.20)
    120.0
    """
    if tax == to:
        return amount_eur
    return amount_eur * (1.0 + vat_rate) if to == "TTC" else amount_eur / (1.0 + vat_rate)


def parse_treatments(data: Mapping[str, object], path: Path | None = None) -> Treatments:
    """Check the content of a price list.

    Raises
    ------
    ConfigurationError
        When a key is missing, unknown or impossible; the message names the first one.
    """
    return checked(
        Treatments,
        data,
        path,
        "the price list",
        "correct it after the shipped voirie/catalogue/treatments.yaml",
    )


def load_treatments(path: Path | None = None) -> Treatments:
    """Read a price list.

    Parameters
    ----------
    path
        A YAML file, None for the default that ships with the product.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is no YAML mapping, or says something impossible.

    Examples
    --------
    >>> load_treatments().codes
    ('PAT', 'ESU', 'BBTM', 'BBSG', 'RET', 'REN')
    """
    if path is not None:
        return parse_treatments(read_mapping(path, "the price list"), path)
    text = resources.files("voirie.catalogue").joinpath("treatments.yaml").read_text("utf-8")
    return parse_treatments(yaml.safe_load(text))
