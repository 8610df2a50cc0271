"""From shares to whole sections: a plan that can be carried out, and for small networks a proof.

Exchanges (`planning.optimise.local_search`) make a good plan at any size. On a small network one
work is a large part of an envelope and the LP bound is far off: there every sequence that
could still stand in a better plan is written out, and a binary programme over all of
them gives both the plan and a bound that counts indivisible works.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.optimise.column_generation import Linear
from planning.optimise.diving import dive
from planning.optimise.local_search import Exchange, paid_use, paid_variants, pooled_use
from planning.optimise.master import Columns, choose_whole
from planning.optimise.pricing import near_best
from planning.optimise.problem import Problem, invest_first, pay
from planning.simulate import Plan
from voirie.arrays import Floats
from voirie.catalogue.treatments import NONE

POOL = 20_000
"""Sequences that exchanges choose from: those that lose least at the final prices."""

SMALL = 250
"""Sections up to which a dive makes the first plan and near-best sequences are written out for
the exchanges, instead of sought at shaken dual values."""

WRITTEN_COLUMNS = 8_000
SHAKES: tuple[float, ...] = (0.15,) * 12 + (0.5,) * 24
"""How much (log-normal) dual values are shaken for alternatives, shake by shake."""

SHAKEN_SECTIONS = 1_000
"""Sections up to which they are; a larger network has choice enough among the columns found."""
PROVEN_SECTIONS = 40
"""Sections up to which all sequences are written out."""

PROVEN_COLUMNS = 3_000
PROVEN_GAP = 1e-3
PROVEN_NODES = 200
"""Where branch and bound stops. There is no limit in time: the result must not hang
on the load of the machine."""


@dataclass(frozen=True)
class Rounded:
    """A plan of whole sections, its value and a bound on the value of every plan."""

    plan: Plan
    value: float
    bound: float


def round_plan(problem: Problem, linear: Linear, rule: Plan) -> Rounded:
    """Round the LP optimum to a plan; it is at least as good as the rule's.

    Parameters
    ----------
    problem, linear
        What is planned, and its LP optimum.
    rule
        A plan that is possible.
    """
    best = Rounded(rule, problem.value(rule.works), linear.bound)
    if problem.size <= SMALL:
        best = _better(problem, best, dive(problem.sections, problem.model, problem.budget))
        pool = _near_best(problem, linear, linear.bound - best.value)
    else:
        pool = _perturbed(problem, linear) if problem.size <= SHAKEN_SECTIONS else linear.columns
    best = _better(problem, best, _exchanged(problem, linear, pool, best.plan))
    return _prove(problem, best, linear) if problem.size <= PROVEN_SECTIONS else best


def _better(problem: Problem, best: Rounded, plan: Plan) -> Rounded:
    """The better of two plans."""
    value = problem.value(plan.works)
    return Rounded(plan, value, best.bound) if value > best.value else best


def _perturbed(problem: Problem, linear: Linear) -> Columns:
    """Good sequences that the LP had no use for: the best ones at shaken dual values."""
    found, dual = linear.columns, linear.dual
    known = problem.keys(found)
    rng = np.random.default_rng(0)
    for spread in SHAKES:
        shaken = dual * rng.lognormal(0.0, spread, dual.shape)
        found = found.join(problem.unknown(problem.price(shaken)[2], known))
    return found


def _near_best(problem: Problem, linear: Linear, slack: float) -> Columns:
    """All sequences that lose least, as many as `WRITTEN_COLUMNS` allows."""
    written = None
    while written is None:
        written = _written_out(problem, linear, slack, WRITTEN_COLUMNS)
        slack *= 0.7
    known = problem.keys(linear.columns)
    keys = zip(written.section.tolist(), written.works, strict=True)
    fresh = [i for i, (s, works) in enumerate(keys) if (s, works.tobytes()) not in known]
    return linear.columns.join(written.take(np.array(fresh, dtype=np.int64)))


def _exchanged(problem: Problem, linear: Linear, pool: Columns, known: Plan) -> Plan:
    """A plan by local search, with pooled envelopes and then with each work paid by one.

    The second search starts from the plan of the first with its works laid whole in one envelope
    each, or from the known plan where that is better; it is left out where all works of the first
    could be laid.
    """
    share = np.append(linear.share, np.zeros(len(pool) - len(linear.share)))
    loss = problem.loss(pool, problem.price(linear.dual)[1], linear.dual)
    keep = share > 1e-6
    keep[np.lexsort((np.arange(len(pool)), loss))[:POOL]] = True
    here, share, loss = pool.take(keep), share[keep], loss[keep]
    plan, placed = _pooled(problem, here, share, loss)
    if problem.value(known.works) > problem.value(plan.works):
        plan = known
    elif placed:
        return plan
    return _paid(problem, here, loss, plan)


def _pooled(problem: Problem, pool: Columns, share: Floats, loss: Floats) -> tuple[Plan, bool]:
    """A plan as if a work could be paid from both envelopes, and whether it can be paid whole.

    Starts from the sequences that the LP relaxation does not split.
    """
    budget = problem.budget
    investment, operation = budget.investment_eur, budget.operation_eur
    limits = np.concatenate([investment, operation, investment + operation])
    search = Exchange(pool, problem.size, pooled_use(pool), limits, loss)
    order = np.argsort(-share, kind="stable")
    search.start(order[share[order] >= 0.5])
    search.improve()
    return pay(problem, pool.take(search.chosen))


def _paid(problem: Problem, pool: Columns, loss: Floats, plan: Plan) -> Plan:
    """A plan bettered with every way to pay a sequence as a choice of its own."""
    active = np.flatnonzero((plan.works != NONE).any(axis=1))
    own = problem.columns(active, plan.works[active])
    every, loss = own.join(pool), np.append(np.zeros(len(own)), loss)
    parent, from_operation = paid_variants(every)
    ways = every.take(parent)
    limits = np.concatenate([problem.budget.investment_eur, problem.budget.operation_eur])
    search = Exchange(ways, problem.size, paid_use(ways, from_operation), limits, loss[parent])
    same = parent < len(own)
    same &= (from_operation == plan.from_operation[ways.section]).all(axis=1)
    search.start(np.flatnonzero(same))
    search.improve()
    works = np.full((problem.size, problem.years), NONE, dtype=np.int8)
    operation = np.zeros(works.shape, dtype=bool)
    works[ways.section[search.chosen]] = ways.works[search.chosen]
    operation[ways.section[search.chosen]] = from_operation[search.chosen]
    return invest_first(problem, Plan(works, operation))


def _prove(problem: Problem, best: Rounded, linear: Linear) -> Rounded:
    """Search all sequences that a better plan could hold, by branch and bound."""
    slack = best.bound - best.value
    if slack <= PROVEN_GAP * best.bound:
        return best
    written = _written_out(problem, linear, slack, PROVEN_COLUMNS)
    if written is None:
        return best
    chosen, from_operation, bound = choose_whole(
        written, problem.budget, problem.cover, relative_gap=PROVEN_GAP, nodes=PROVEN_NODES
    )
    works = np.full((problem.size, problem.years), NONE, dtype=np.int8)
    works[written.section[chosen]] = written.works[chosen]
    operation = np.zeros(works.shape, dtype=bool)
    operation[written.section[chosen]] = from_operation[chosen]
    plan = invest_first(problem, Plan(works, operation))
    found = _better(problem, best, plan)
    return Rounded(found.plan, found.value, min(best.bound, max(bound, found.value)))


def _written_out(problem: Problem, linear: Linear, slack: float, limit: int) -> Columns | None:
    """Every sequence whose loss at the dual values is within the slack, or None if too many.

    A plan that holds a sequence with a loss is worth at most the bound less that loss: beyond
    the slack it cannot beat the plan in hand.
    """
    worths = problem.pricer.worths(problem.unit_price(linear.dual))
    section, works, room = [], [], limit
    for s in range(problem.size):
        allowed = (slack * (1.0 + 1e-9) + 1e-6) / float(problem.sections.weight_m2[s])
        rows = near_best(problem.pricer, worths, s, allowed, room)
        if rows is None:
            return None
        rows = rows[(rows != NONE).any(axis=1)]
        room -= len(rows)
        section.append(np.full(len(rows), s, dtype=np.int64))
        works.append(rows)
    return problem.columns(np.concatenate(section), np.concatenate(works))
