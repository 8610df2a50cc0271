"""How a section's note goes from one year to the next, with or without a work.

    loss a year = rate[category] x min(cap, base + slope x (20 - note)) x pace

where *pace* is the ageing factor of the last renewal (1 when never treated), times a slowing
for a few years after upkeep; in the year of a work the loss is multiplied by
`works_year_factor` instead of the slowing. The constants are the price list's `ageing`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voirie.arrays import Floats, Ints
from voirie.catalogue.treatments import NONE, Treatments

NOTE_MAX = 20.0


@dataclass(frozen=True)
class DeteriorationModel:
    """The price list as arrays, one entry a treatment, for vectorised use.

    Attributes
    ----------
    treatments
        The price list it was made from.
    set_note, gain, ageing_factor
        ``(K,)``, NaN where the effect is of the other kind.
    slowed_factor, slowed_years, moratorium_years
        ``(K,)``.
    cost_eur_per_m2
        ``(K,)`` in the tax of the price list.
    """

    treatments: Treatments
    set_note: Floats
    gain: Floats
    ageing_factor: Floats
    slowed_factor: Floats
    slowed_years: Ints
    moratorium_years: Ints
    cost_eur_per_m2: Floats

    @classmethod
    def of(cls, treatments: Treatments) -> DeteriorationModel:
        """Make the arrays from a price list."""
        lines = treatments.treatments

        def floats(values: list[float | None]) -> Floats:
            return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

        return cls(
            treatments=treatments,
            set_note=floats([t.effect.set_note for t in lines]),
            gain=floats([t.effect.gain for t in lines]),
            ageing_factor=floats([t.effect.ageing_factor for t in lines]),
            slowed_factor=floats([t.effect.slowed_factor for t in lines]),
            slowed_years=np.array([t.effect.slowed_years for t in lines], dtype=np.int64),
            moratorium_years=np.array([t.moratorium_years for t in lines], dtype=np.int64),
            cost_eur_per_m2=floats([t.cost_eur_per_m2 for t in lines]),
        )

    def rates(self, category: Ints) -> Floats:
        """Rate of ageing of each section, ``(S,)``."""
        by_category = self.treatments.ageing.rate_by_category
        table = np.zeros(max(by_category) + 1)
        for number, rate in by_category.items():
            table[number] = rate
        return table[category]


@dataclass
class State:
    """Where S sections stand at the start of a year (arrays of shape ``(S,)``).

    Attributes
    ----------
    note
        Note /20.
    pace
        Ageing factor of the last renewal, 1 when never treated.
    slowing, slowed_left
        Factor of the last upkeep and the years in which it still holds.
    locked_left
        Years of moratorium left; 0 = may be treated.
    last
        Index of the last treatment, `NONE` when never treated.
    """

    note: Floats
    pace: Floats
    slowing: Floats
    slowed_left: Ints
    locked_left: Ints
    last: Ints

    @classmethod
    def start(cls, note: Floats) -> State:
        """Sections never treated."""
        size = len(note)
        return cls(
            note=np.asarray(note, dtype=np.float64).copy(),
            pace=np.ones(size),
            slowing=np.ones(size),
            slowed_left=np.zeros(size, dtype=np.int64),
            locked_left=np.zeros(size, dtype=np.int64),
            last=np.full(size, NONE, dtype=np.int64),
        )


def yearly_loss(model: DeteriorationModel, rate: Floats, note: Floats) -> Floats:
    """Points lost in a year at pace 1 (the formula at the head of the module)."""
    a = model.treatments.ageing
    return rate * np.minimum(a.cap, a.base + a.slope * (NOTE_MAX - note))


def step(model: DeteriorationModel, rate: Floats, state: State, work: Ints) -> State:
    """One year: the works first, then the ageing of the year.

    Parameters
    ----------
    model
        The price list.
    rate
        ``(S,)`` rate of ageing, from `DeteriorationModel.rates`.
    state
        Start of the year.
    work
        ``(S,)`` index of the treatment done this year, `NONE` for nothing.

    Returns
    -------
    State
        End of the year, which is the start of the next.
    """
    treated = work != NONE
    k = np.where(treated, work, 0)
    renewed = treated & ~np.isnan(model.set_note[k])
    upkept = treated & ~renewed
    note = np.where(renewed, model.set_note[k], state.note)
    note = np.where(upkept, np.minimum(NOTE_MAX, note + np.nan_to_num(model.gain[k])), note)
    pace = np.where(renewed, model.ageing_factor[k], state.pace)
    slowing = np.where(treated, model.slowed_factor[k], state.slowing)
    slow_now = np.where(state.slowed_left > 0, state.slowing, 1.0)
    of_year = np.where(treated, model.treatments.ageing.works_year_factor, slow_now)
    note = np.maximum(0.0, note - yearly_loss(model, rate, note) * pace * of_year)
    slowed_left = np.where(treated, model.slowed_years[k], np.maximum(0, state.slowed_left - 1))
    locked = np.where(treated, model.moratorium_years[k] - 1, np.maximum(0, state.locked_left - 1))
    return State(note, pace, slowing, slowed_left, locked, np.where(treated, work, state.last))


def evolve(
    model: DeteriorationModel, category: Ints, note: Floats, works: NDArray[np.int8]
) -> Floats:
    """Notes of S sections over T years of given works.

    Parameters
    ----------
    category, note
        ``(S,)`` category and note at the start.
    works
        ``(S, T)`` index of the treatment of each year, `NONE` for nothing.

    Returns
    -------
    numpy.ndarray
        ``(S, T + 1)`` note at the start and at the end of each year.
    """
    rate = model.rates(category)
    state = State.start(note)
    years = works.shape[1]
    notes = np.empty((len(note), years + 1))
    notes[:, 0] = state.note
    for year in range(years):
        state = step(model, rate, state, works[:, year].astype(np.int64))
        notes[:, year + 1] = state.note
    return notes
