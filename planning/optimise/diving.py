"""A plan of whole sections for small networks: keep what is nearly whole, plan the rest anew.

Each step solves the LP relaxation, keeps the sequences of the sections that it shares out
least, pays them, and plans the other sections with what is left. Where one work is a large part
of an envelope this is far better than rounding one LP optimum.
"""

from __future__ import annotations

import math

import numpy as np

from planning.deterioration import DeteriorationModel
from planning.envelopes import INVESTMENT, OPERATION
from planning.greedy import plan_by_rule
from planning.optimise.column_generation import Linear, generate
from planning.optimise.problem import Problem
from planning.sections import Sections
from planning.simulate import CENT_EUR, Budget, Plan
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE

STEP_SHARE = 0.02
"""Share of the sections that a step keeps, beside those that the LP optimum leaves whole."""

WHOLE = 1.0 - 1e-6
PART = 1e-6


def dive(sections: Sections, model: DeteriorationModel, budget: Budget) -> Plan:
    """Make a plan step by step."""
    works = np.full((len(sections), budget.years), NONE, dtype=np.int8)
    from_operation = np.zeros(works.shape, dtype=bool)
    room = np.stack([budget.investment_eur, budget.operation_eur])
    rest = np.arange(len(sections))
    at_least = math.ceil(STEP_SHARE * len(sections))
    while len(rest):
        problem = Problem(sections.take(rest), model, Budget(room[0], room[1]))
        rule = plan_by_rule(problem.sections, model, problem.budget)
        active = np.flatnonzero((rule.works != NONE).any(axis=1))
        linear = generate(problem, problem.columns(active, rule.works[active]))
        kept = _keep(linear, room, at_least)
        if not kept:
            break
        for section, (column, operation) in kept.items():
            works[rest[section]] = linear.columns.works[column]
            from_operation[rest[section]] = operation
        rest = np.delete(rest, list(kept))
    return Plan(works, from_operation)


def _keep(linear: Linear, room: Floats, at_least: int) -> dict[int, tuple[int, Bools]]:
    """Columns to keep by section, each with who pays; `room` ``(2, T)`` is lowered."""
    columns, share = linear.columns, linear.share
    kept: dict[int, tuple[int, Bools]] = {}
    for column in np.lexsort((-columns.value, -share.round(6))).tolist():
        if share[column] < PART or (len(kept) >= at_least and share[column] < WHOLE):
            break
        section = int(columns.section[column])
        if section in kept:
            continue
        operation = _paid(columns.cost_eur[column], columns.payer[column], room)
        if operation is not None:
            kept[section] = (column, operation)
    return kept


def _paid(cost_eur: Floats, payer: Ints, room: Floats) -> Bools | None:
    """Pay one sequence, investment first; None, and nothing paid, where a work does not fit."""
    operation = np.zeros(len(cost_eur), dtype=bool)
    left = room.copy()
    for year in np.flatnonzero(cost_eur > 0.0).tolist():
        cost = cost_eur[year]
        if payer[year] != OPERATION and cost <= left[INVESTMENT, year] + CENT_EUR:
            left[INVESTMENT, year] -= cost
        elif payer[year] != INVESTMENT and cost <= left[OPERATION, year] + CENT_EUR:
            left[OPERATION, year] -= cost
            operation[year] = True
        else:
            return None
    room[:] = np.maximum(0.0, left)
    return operation
