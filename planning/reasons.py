"""Why a work stands where and when it does: one sentence each, from figures that are stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.deterioration import DeteriorationModel, evolve
from planning.sections import Sections
from planning.simulate import Plan, cost_eur
from voirie.arrays import Floats, Ints
from voirie.catalogue.treatments import NONE, Tax
from voirie.wording import N_, Wording


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


def reason(
    work: Work,
    model: DeteriorationModel,
    tax: Tax,
    first_year: int,
    dual: Floats,
    wording: Wording,
) -> str:
    """One sentence: trigger, note, price, benefit, who pays, why then.

    Where the note is assumed nothing that follows from it is stated as a fact: no note, no gain
    and no year, only that the work stands for roads that nobody saw, and its price.

    Parameters
    ----------
    dual
        ``(2, T)`` worth of one more euro of investment and of operation, in weighted m2 x
        note-years.
    wording
        Language.
    """
    w, line = wording, model.treatments.treatments[work.treatment]
    limits = model.treatments.thresholds
    year = first_year + work.year
    if work.assumed:
        return w.text(
            "not surveyed: {code} at {price} €/m² {tax} stands here for what the roads that were "
            "measured lead to expect, not for what this one needs; survey it before {year}",
            code=line.code,
            price=two_decimals(line.cost_eur_per_m2, w),
            tax=w.tax(tax),
            year=year,
        )
    worth = float(dual[int(work.from_operation), work.year])
    of = w.text(N_("operation") if work.from_operation else N_("investment"))
    trigger = w.text(
        "score {note} under {limit}",
        note=two_decimals(work.note_before, w),
        limit=two_decimals(line.note_max, w),
    )
    if line.note_max in (limits.surface, limits.structure):
        is_surface = line.note_max == limits.surface
        trigger += f" ({w.text(N_('surface') if is_surface else N_('structure'))})"
    said = w.text(
        "{trigger}: {code} at {price} €/m² {tax} lifts it by {gain} and brings {benefit} "
        "m²·points·years a euro",
        trigger=trigger,
        code=line.code,
        price=two_decimals(line.cost_eur_per_m2, w),
        tax=w.tax(tax),
        gain=two_decimals(work.note_after - work.note_before, w),
        benefit=two_decimals(work.benefit_per_eur, w),
    )
    said += (
        w.text(
            ", where the last euro of {envelope} in {year} brings {worth}",
            envelope=of,
            year=year,
            worth=two_decimals(worth, w),
        )
        if worth > 0.005
        else w.text("; the budget of {envelope} in {year} is not used up", envelope=of, year=year)
    )
    if work.leaves_in is not None and line.note_min > 0.0:
        said += w.text(
            "; left alone it would be under {limit} by {year}",
            limit=two_decimals(line.note_min, w),
            year=year + work.leaves_in,
        )
    return said


def two_decimals(value: float, w: Wording) -> str:
    """To the hundredth, with no thousands: there may be many such figures.

    Examples
    --------
    >>> from voirie.wording import FRENCH
    >>> two_decimals(17.456, FRENCH)
    '17,46'
    """
    return f"{value:.2f}".replace(".", w.decimal)
