"""Column generation: dual values from the master problem, new sequences from the pricing one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from planning.optimise.master import Columns, Master
from planning.optimise.problem import Problem
from voirie.arrays import Floats

TOLERANCE = 1e-6
"""Where column generation stops: bound less LP optimum, as a share of the bound."""

MAX_ROUNDS = 200


@dataclass(frozen=True)
class Linear:
    """Optimum of the LP relaxation.

    Attributes
    ----------
    columns, share
        Sequences generated, and the share of each ``(P,)``.
    dual
        Dual values that give the bound, as `Problem.euro` takes them.
    bound
        Upper bound on the value of every plan.
    rounds
        Rounds it took.
    """

    columns: Columns
    share: Floats
    dual: Floats
    bound: float
    rounds: int


def generate(problem: Problem, found: Columns) -> Linear:
    """Solve the LP relaxation over all sequences, from some known ones.

    Parameters
    ----------
    problem
        What is planned.
    found
        Sequences to start from; none is possible.
    """
    master = Master(problem.size, problem.budget, problem.cover)
    master.add(found)
    known = problem.keys(found)
    bound, best_dual = np.inf, np.zeros(3 * problem.years + len(problem.cover))
    for rounds in itertools.count(1):
        value, share, dual = master.solve()
        limit, _, works = problem.price(dual)
        if limit < bound:
            bound, best_dual = limit, dual
        fresh = problem.unknown(works, known)
        if bound - value <= TOLERANCE * bound or rounds >= MAX_ROUNDS or len(fresh) == 0:
            break
        master.add(fresh)
        found = found.join(fresh)
    return Linear(found, share, best_dual, bound, rounds)
