"""From shares to whole sections: a plan that can be carried out, and for small networks a proof.

Exchanges (`planning.exchange`) make a good plan at any size. On a small network one work is a
large part of an envelope and the linear bound is far off: there every sequence that could still
stand in a better plan is written out, and a programme in whole numbers over all of them gives
both the plan and a bound that counts indivisible works.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.ageing import Floats
from planning.exchange import Exchange, paid_use, paid_variants, pooled_use
from planning.master import Columns, choose_whole
from planning.problem import Problem, invest_first, pay
from planning.simulate import Plan
from planning.strategies import near_best
from voirie.catalogue.treatments import NONE

POOL = 20_000
"""Sequences that exchanges choose from: those that lose least at the final prices."""

SMALL = 250
"""Sections up to which near-best sequences are written out instead of sought by shaken prices,
and the plan is kicked to leave a local optimum."""

WRITTEN_COLUMNS = 8_000
KICKED_SECTIONS, KICKS, KICK_SHARE = 600, 6, 0.15
"""Kicks: at most `KICKS`, fewer where their number times the sections would exceed the first;
share of the sections that each sets back to nothing."""

SHAKES, SHAKE_SPREAD = 12, 0.15
"""How often and how much (log-normal) prices are shaken for alternatives."""

PROVEN_SECTIONS = 40
"""Sections up to which all sequences are written out."""

PROVEN_COLUMNS = 6_000
PROVEN_GAP = 1e-3
PROVEN_NODES = 500
"""Where the search in whole numbers stops. There is no limit in time: the result must not hang
on the load of the machine."""


@dataclass(frozen=True)
class Whole:
    """A plan of whole sections, its value and a bound on the value of every plan."""

    plan: Plan
    value: float
    bound: float


def make_whole(
    problem: Problem,
    found: Columns,
    share: Floats,
    dual: Floats,
    linear_bound: float,
    rule: Plan,
) -> Whole:
    """Make a plan from the linear optimum; it is at least as good as the rule's.

    Parameters
    ----------
    found, share
        Sequences generated and their share in the linear optimum.
    dual
        Prices of the linear bound.
    linear_bound
        The bound.
    rule
        A plan that is possible.
    """
    best = Whole(rule, problem.value(rule.works), linear_bound)
    small = problem.size <= SMALL
    if small:
        pool = _near_best(problem, found, dual, max(0.0, linear_bound - best.value))
    else:
        pool = _shaken(problem, found, dual)
    share = np.append(share, np.zeros(len(pool) - len(share)))
    _, worth, _ = problem.price(dual)
    plan = _exchanged(problem, pool, share, problem.loss(pool, worth, dual), rule)
    value = problem.value(plan.works)
    if value > best.value:
        best = Whole(plan, value, linear_bound)
    if problem.size <= PROVEN_SECTIONS:
        best = _prove(problem, best, dual)
    return best


def _shaken(problem: Problem, found: Columns, dual: Floats) -> Columns:
    """Good sequences that the linear programme had no use for: the best ones at shaken prices."""
    known = problem.keys(found)
    rng = np.random.default_rng(0)
    for _ in range(SHAKES):
        shaken = dual * rng.lognormal(0.0, SHAKE_SPREAD, dual.shape)
        found = found.join(problem.unknown(problem.price(shaken)[2], known))
    return found


def _near_best(problem: Problem, found: Columns, dual: Floats, slack: float) -> Columns:
    """All sequences that lose least, as many as `WRITTEN_COLUMNS` allows."""
    while True:
        written = _written_out(problem, dual, slack, WRITTEN_COLUMNS)
        if written is not None:
            break
        slack *= 0.7
    known = problem.keys(found)
    fresh = [
        i
        for i, key in enumerate(zip(written.section.tolist(), written.works, strict=True))
        if (key[0], key[1].tobytes()) not in known
    ]
    return found.join(written.take(np.array(fresh, dtype=np.int64)))


def _exchanged(problem: Problem, pool: Columns, share: Floats, loss: Floats, rule: Plan) -> Plan:
    """A plan by exchanges, from the sequences that the linear optimum does not split.

    First under the pooled envelopes, as if a work could be paid from both; then, its works laid
    whole in one envelope each, once more with every way to pay as a choice of its own.
    """
    keep = share > 1e-6
    keep |= (pool.works == rule.works[pool.section]).all(axis=1)
    keep[np.lexsort((np.arange(len(pool)), loss))[:POOL]] = True
    here, share, loss = pool.take(keep), share[keep], loss[keep]
    budget, size = problem.budget, problem.size
    two = np.concatenate([budget.investment_eur, budget.operation_eur])
    three = np.concatenate([two, budget.investment_eur + budget.operation_eur])
    pooled = Exchange(here, size, pooled_use(here), three, loss)
    order = np.argsort(-share, kind="stable")
    pooled.start(order[share[order] >= 0.5])
    pooled.improve()
    plan, placed = pay(problem, here.take(pooled.chosen))
    kicks = min(KICKS, KICKED_SECTIONS // size) if size <= SMALL else 0
    if placed and kicks == 0:
        return plan
    if problem.value(rule.works) > problem.value(plan.works):
        plan = rule
    parent, from_operation = paid_variants(here)
    ways = here.take(parent)
    paid = Exchange(ways, size, paid_use(ways, from_operation), two, loss[parent])
    same = (ways.works == plan.works[ways.section]).all(axis=1)
    same &= (from_operation == plan.from_operation[ways.section]).all(axis=1)
    paid.start(np.flatnonzero(same))
    paid.improve()
    paid.kick(kicks, KICK_SHARE)
    works = np.full((size, problem.years), NONE, dtype=np.int8)
    operation = np.zeros(works.shape, dtype=bool)
    works[ways.section[paid.chosen]] = ways.works[paid.chosen]
    operation[ways.section[paid.chosen]] = from_operation[paid.chosen]
    return invest_first(problem, Plan(works, operation))


def _prove(problem: Problem, best: Whole, dual: Floats) -> Whole:
    """Search all sequences that a better plan could hold, in whole numbers."""
    slack = best.bound - best.value
    if slack <= PROVEN_GAP * best.bound:
        return best
    written = _written_out(problem, dual, slack, PROVEN_COLUMNS)
    if written is None:
        return best
    chosen, from_operation, bound = choose_whole(
        written, problem.usable, problem.counts, relative_gap=PROVEN_GAP, nodes=PROVEN_NODES
    )
    works = np.full((problem.size, problem.years), NONE, dtype=np.int8)
    works[written.section[chosen]] = written.works[chosen]
    operation = np.zeros(works.shape, dtype=bool)
    operation[written.section[chosen]] = from_operation[chosen]
    plan = invest_first(problem, Plan(works, operation))
    value = problem.value(plan.works)
    bound = min(best.bound, max(bound, value, best.value))
    return Whole(plan, value, bound) if value > best.value else Whole(best.plan, best.value, bound)


def _written_out(problem: Problem, dual: Floats, slack: float, limit: int) -> Columns | None:
    """Every sequence whose loss at the dual prices is within the slack, or None if too many.

    A plan that holds a sequence with a loss is worth at most the bound less that loss: beyond
    the slack it cannot beat the plan in hand.
    """
    worths = problem.pricer.worths(problem.unit_price(dual))
    section, works, room = [], [], limit
    for s in range(problem.size):
        allowed = (slack * (1.0 + 1e-9) + 1e-6) / float(problem.network.weight_m2[s])
        rows = near_best(problem.pricer, worths, s, allowed, room)
        if rows is None:
            return None
        rows = rows[(rows != NONE).any(axis=1)]
        room -= len(rows)
        section.append(np.full(len(rows), s, dtype=np.int64))
        works.append(rows)
    return problem.columns(np.concatenate(section), np.concatenate(works))
