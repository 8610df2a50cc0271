"""Why a work stands where and when it does: one sentence each, from figures that are stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.deterioration import DeteriorationModel, evolve
from planning.sections import Sections
from planning.simulate import Plan, cost_eur
from voirie.arrays import Floats, Ints
from voirie.catalogue.treatments import NONE, Tax


@dataclass(frozen=True)
class Work:
    """One planned work.

    Attributes
    ----------
    section, year
        Positions of the section and of the year.
    treatment
        Index in the price list.
    from_operation
        True where the operation envelope pays.
    cost_eur
        Its cost.
    note_before, note_after
        Note at the start of the year, and with the work done.
    assumed
        True where the note that the plan starts from is not surveyed.
    benefit_per_eur
        Weighted m2 x note-years up to the horizon, against leaving the section alone from that
        year on, for each euro.
    leaves_in
        Years until the section, left alone, would fall under its trigger; None when it would
        not before the horizon.
    """

    section: int
    year: int
    treatment: int
    from_operation: bool
    cost_eur: float
    note_before: float
    note_after: float
    assumed: bool
    benefit_per_eur: float
    leaves_in: int | None


def list_works(
    sections: Sections, model: DeteriorationModel, plan: Plan, notes: Floats
) -> list[Work]:
    """Works of a plan by year, then section, with what explains them.

    Parameters
    ----------
    notes
        ``(S, T + 1)`` notes of the plan, from `planning.simulate.simulate`.
    """
    year, section = np.nonzero(plan.works.T != NONE)
    if len(section) == 0:
        return []
    kind = plan.works[section, year].astype(np.int64)
    cost = cost_eur(sections, model, plan.works)[section, year]
    before = notes[section, year]
    after = np.where(
        np.isnan(model.set_note[kind]),
        np.minimum(20.0, before + np.nan_to_num(model.gain[kind])),
        model.set_note[kind],
    )
    with_it, without = _with_and_without(sections, model, plan, section, year)
    gain = (with_it - without)[:, 1:].sum(axis=1) * sections.weight_m2[section]
    lower = np.array([t.note_min for t in model.treatments.treatments])[kind]
    under = without < lower[:, None]
    under[np.arange(under.shape[1])[None, :] <= year[:, None]] = False
    leaves = np.where(under.any(axis=1), under.argmax(axis=1) - year, -1)
    return [
        Work(
            int(section[i]),
            int(year[i]),
            int(kind[i]),
            bool(plan.from_operation[section[i], year[i]]),
            float(cost[i]),
            float(before[i]),
            float(after[i]),
            bool(sections.assumed[section[i]]),
            float(gain[i] / cost[i]),
            int(leaves[i]) if leaves[i] > 0 else None,
        )
        for i in range(len(section))
    ]


def _with_and_without(
    sections: Sections, model: DeteriorationModel, plan: Plan, section: Ints, year: Ints
) -> tuple[Floats, Floats]:
    """Notes with the works up to and including each one, and up to but without it."""
    years = np.arange(plan.works.shape[1])
    rows = plan.works[section]
    upto = np.where(years[None, :] <= year[:, None], rows, NONE).astype(np.int8)
    short = np.where(years[None, :] < year[:, None], rows, NONE).astype(np.int8)
    category, note = sections.category[section], sections.note[section]
    return evolve(model, category, note, upto), evolve(model, category, note, short)


def reason(work: Work, model: DeteriorationModel, tax: Tax, first_year: int, dual: Floats) -> str:
    """One sentence: trigger, note and whether it is assumed, price, benefit, who pays, why then.

    Parameters
    ----------
    dual
        ``(2, T)`` worth of one more euro of investment and of operation, in weighted m2 x
        note-years.
    """
    line = model.treatments.treatments[work.treatment]
    limits = model.treatments.thresholds
    named = {limits.surface: " (surface)", limits.structure: " (structure)"}
    year = first_year + work.year
    envelope = "operation" if work.from_operation else "investment"
    worth = float(dual[int(work.from_operation), work.year])
    price = (
        f"where the last euro of {envelope} in {year} brings {worth:.2f}"
        if worth > 0.005
        else f"and {envelope} in {year} is not scarce"
    )
    left = (
        ""
        if work.leaves_in is None or line.note_min <= 0.0
        else f"; left alone it would be under {line.note_min:g} by {year + work.leaves_in}"
    )
    assumed = " (assumed)" if work.assumed else ""
    return (
        f"note {work.note_before:.2f}{assumed} under {line.note_max:g}"
        f"{named.get(line.note_max, '')}: "
        f"{line.code} at {line.cost_eur_per_m2:.2f} EUR/m2 {tax} lifts it by "
        f"{work.note_after - work.note_before:.2f} and brings {work.benefit_per_eur:.2f} "
        f"m2.note.years a euro, {price}{left}"
    )
