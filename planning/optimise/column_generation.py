"""Column generation: prices from shares, new sequences from prices, until none is better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.optimise.master import Columns, Master
from planning.optimise.problem import Problem
from voirie.arrays import Floats

TOLERANCE = 1e-6
"""Where column generation stops: bound less linear optimum, as a share of the bound."""

MAX_ROUNDS = 200
SMOOTHING = 0.7
"""Weight of the best prices so far when asking for new sequences (Wentges 1997): it keeps the
first rounds from chasing wild prices."""


@dataclass(frozen=True)
class Linear:
    """The linear optimum.

    Attributes
    ----------
    columns, share
        Sequences generated, and the share of each ``(P,)``.
    dual
        Prices that give the bound, as `Problem.euro` takes them.
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
    """Solve the linear programme over all sequences, from some known ones."""
    master = Master(problem.size, problem.usable, problem.cover)
    master.add(found)
    known = problem.keys(found)
    bound, centre = np.inf, np.zeros(3 * problem.years + len(problem.cover))
    smoothing, rounds = 0.0, 0
    while True:
        rounds += 1
        value, share, dual = master.solve()
        fresh = found.take(np.zeros(0, dtype=np.int64))
        for weight in (smoothing, 0.0) if smoothing > 0.0 else (0.0,):
            asked = weight * centre + (1.0 - weight) * dual
            limit, _, works = problem.price(asked)
            if limit < bound:
                bound, centre = limit, asked
            if bound - value <= TOLERANCE * bound or rounds >= MAX_ROUNDS:
                return Linear(found, share, centre, bound, rounds)
            fresh = problem.unknown(works, known)
            if len(fresh):
                break
        if len(fresh) == 0:
            return Linear(found, share, centre, bound, rounds)
        master.add(fresh)
        found = found.join(fresh)
        smoothing = SMOOTHING
