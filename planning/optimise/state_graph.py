"""The states a section can be in without a renewal, year by year, kept exactly.

A renewal sets the note to a constant, so what follows it depends on the category, the treatment
and the year alone; only upkeep leaves a trace of the note before. The states of a section are
therefore few: some hundreds over 15 years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.deterioration import DeteriorationModel, State, step
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE
from voirie.errors import ConfigurationError

MAX_NODES = 20_000
"""States of one section beyond which a price list is refused."""


@dataclass(frozen=True)
class Graph:
    """States reachable without a renewal, from one root; columns are sections or categories.

    Attributes
    ----------
    age
        ``(M,)`` years since the root.
    child
        ``(M, K + 1)`` state a year later after treatment k (first column: nothing), -1 where
        there is none: renewals, and upkeep that no column may do.
    note
        ``(M, C)`` note at the start of the year.
    allowed
        ``(M, C)`` bit k set where treatment k is a candidate.
    options
        For each state, treatments that some column may do.
    """

    age: Ints
    child: Ints
    note: Floats
    allowed: NDArray[np.uint32]
    options: tuple[tuple[int, ...], ...]


def grow(model: DeteriorationModel, category: Ints, root: State, years: int) -> Graph:
    """Unfold the states that upkeep (or nothing) leads to, year by year.

    Parameters
    ----------
    category
        ``(C,)`` category of each column.
    root
        State of the columns at age 0. All columns share their history.
    years
        Age of the last states.

    Raises
    ------
    ConfigurationError
        When the states are more than `MAX_NODES`.
    """
    rate = model.rates(category)
    renewal = ~np.isnan(model.set_note)
    count = len(renewal)
    states, alive = [root], [np.ones(len(category), dtype=bool)]
    age, child, allowed, options = [0], [], [], []
    index = 0
    while index < len(states):
        state = states[index]
        row = [-1] * (count + 1)
        bits = np.zeros(len(category), dtype=np.uint32)
        some: list[int] = []
        if age[index] < years:
            row[0] = _append(
                states, age, alive, step(model, rate, state, _work(state, NONE)), index
            )
            open_now = int(state.locked_left[0]) == 0
            holds = model.treatments.candidates(state.note, category)
            for k in range(count):
                can = holds[k] & alive[index]
                if not (open_now and can.any()):
                    continue
                bits |= can.astype(np.uint32) << np.uint32(k)
                some.append(k)
                if not renewal[k]:
                    after = step(model, rate, state, _work(state, k))
                    row[k + 1] = _append(states, age, alive, after, index, can)
        child.append(row)
        allowed.append(bits)
        options.append(tuple(some))
        index += 1
        if len(states) > MAX_NODES:
            raise ConfigurationError(
                "the price list allows too many sequences of upkeep",
                remedy="give treatments with a gain a longer moratorium or a narrower trigger",
            )
    return Graph(
        np.array(age, dtype=np.int64),
        np.array(child, dtype=np.int64),
        np.stack([s.note for s in states]),
        np.stack(allowed),
        tuple(options),
    )


def _work(state: State, kind: int) -> Ints:
    return np.full(len(state.note), kind, dtype=np.int64)


def _append(
    states: list[State],
    age: list[int],
    alive: list[Bools],
    state: State,
    parent: int,
    can: Bools | None = None,
) -> int:
    states.append(state)
    age.append(age[parent] + 1)
    alive.append(alive[parent] if can is None else alive[parent] & can)
    return len(states) - 1
