"""The best of all lawful sequences of works of a section, without any rounding.

Found by dynamic programming over the exact states of `planning.optimise.state_graph` (note,
years since works, last treatment): the best sequence at given prices is the best of all
sequences, and a bound that rests on it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.deterioration import DeteriorationModel, State, step
from planning.optimise.state_graph import Graph, grow
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE


@dataclass(frozen=True)
class Best:
    """Best sequences at given prices.

    Attributes
    ----------
    value
        ``(S,)`` sum of the notes at the end of the years, less what the works cost at the
        prices, in note-years.
    works
        ``(S, T)`` the sequence.
    """

    value: Floats
    works: NDArray[np.int8]


@dataclass(frozen=True)
class _Chunk:
    """Sections priced together: their first states, and the class of each."""

    sections: slice
    graph: Graph


@dataclass(frozen=True)
class StateValues:
    """Worth of every state at given prices.

    Attributes
    ----------
    graphs
        Graph by renewal, `NONE` for sections not yet renewed.
    worths
        ``(M, C)`` by renewal and year in which the graph's root stands.
    after
        ``(K, T, G)`` worth of a renewal, the note of its own year included.
    price
        ``(K, T, G)`` price of each treatment.
    """

    graphs: dict[int, Graph]
    worths: dict[tuple[int, int], Floats]
    after: Floats
    price: Floats


class Pricer:
    """Finds the best sequence of every section at given prices, exactly.

    Parameters
    ----------
    model
        Price list.
    category, note
        ``(S,)`` sections at the start.
    access
        ``(S, K, T)`` who can pay each work (any code), -1 where it costs more than every envelope
        that may pay it holds: such a work can stand in no plan. Sections of one category and one
        access form a group, which shares prices.
    apart
        Give every section a group, and so a price, of its own; groups then stand in the order of
        the sections.
    chunk
        Sections handled together: bounds the memory, does not change the result.
    """

    def __init__(
        self,
        model: DeteriorationModel,
        category: Ints,
        note: Floats,
        access: NDArray[np.int8],
        *,
        apart: bool = False,
        chunk: int = 4096,
    ) -> None:
        self.model = model
        self.years = access.shape[2]
        self.renewals = np.flatnonzero(~np.isnan(model.set_note)).tolist()
        # Sections of one category that can afford the same works share their fate once renewed.
        own = np.arange(len(note)) if apart else np.zeros(len(note), dtype=np.int64)
        flat = access.reshape(len(note), -1)
        key = np.concatenate([own[:, None], category[:, None], flat], axis=1)
        rows, first, self.group = np.unique(key, axis=0, return_index=True, return_inverse=True)
        self.group = self.group.reshape(-1)
        self.group_category = category[first]
        self.group_access = access[first]
        self.group_affordable = self.group_access >= 0
        self._renewed: dict[int, tuple[Floats, Graph]] = {}
        for k in self.renewals:
            state = State.start(np.zeros(len(rows)))
            state = step(model, model.rates(self.group_category), state, np.full(len(rows), k))
            if self.years > 0:
                graph = grow(model, self.group_category, state, self.years - 1)
                self._renewed[k] = (state.note, graph)
        self._chunks = [
            _Chunk(
                slice(low, min(low + chunk, len(note))),
                grow(
                    model,
                    category[low : low + chunk],
                    State.start(note[low : low + chunk]),
                    self.years,
                ),
            )
            for low in range(0, len(note), chunk)
        ]

    @property
    def states(self) -> int:
        """States kept, summed over the graphs: how large the search is."""
        graphs = [c.graph for c in self._chunks] + [g for _, g in self._renewed.values()]
        return sum(len(g.age) for g in graphs)

    def worths(self, price: Floats) -> StateValues:
        """Worth of every state of every section, for `near_best`; for one chunk of sections.

        Parameters
        ----------
        price
            As in `best`.
        """
        affordable = np.moveaxis(self.group_affordable, 0, 2)
        after = np.full(price.shape, -np.inf)
        (chunk,) = self._chunks
        graphs = {NONE: chunk.graph}
        worths: dict[tuple[int, int], Floats] = {}
        for year in range(self.years - 1, -1, -1):
            for k in self.renewals:
                note, graph = self._renewed[k]
                graphs[k] = graph
                after[k, year] = note
                if year + 1 < self.years:
                    worth, _ = _solve(graph, year + 1, self.years, price, after, affordable)
                    worths[k, year + 1] = worth
                    after[k, year] = note + worth[0]
        g = self.group
        worths[NONE, 0], _ = _solve(
            chunk.graph, 0, self.years, price[:, :, g], after[:, :, g], affordable[:, :, g]
        )
        return StateValues(graphs, worths, after, price)

    def best(self, price: Floats) -> Best:
        """Best sequence of every section.

        Parameters
        ----------
        price
            ``(K, T, G)`` price of treating 1 m2 in note-years per weighted m2, by treatment,
            year and group.

        Returns
        -------
        Best
            Doing nothing is always among the choices.
        """
        groups = len(self.group_category)
        after = np.full(price.shape, -np.inf)
        tails = np.full((*price.shape, self.years), NONE, dtype=np.int8)
        everyone = np.arange(groups)
        afford_group = np.moveaxis(self.group_affordable, 0, 2)
        for year in range(self.years - 1, -1, -1):
            for k in self.renewals:
                note, graph = self._renewed[k]
                tails[k, year, :, year] = k
                if year + 1 == self.years:
                    after[k, year] = note
                    continue
                worth, choice = _solve(graph, year + 1, self.years, price, after, afford_group)
                after[k, year] = note + worth[0]
                _trace(graph, choice, year + 1, tails[k, year], tails, everyone)
        values, works = [], []
        for part in self._chunks:
            group = self.group[part.sections]
            worth, choice = _solve(
                part.graph,
                0,
                self.years,
                price[:, :, group],
                after[:, :, group],
                afford_group[:, :, group],
            )
            plan = np.full((len(group), self.years), NONE, dtype=np.int8)
            _trace(part.graph, choice, 0, plan, tails, group)
            values.append(worth[0])
            works.append(plan)
        return Best(np.concatenate(values), np.concatenate(works))


@dataclass(frozen=True)
class _Part:
    """A sequence half written: where it stands and what it brought so far."""

    renewal: int
    renewed_in: int
    node: int
    year: int
    brought: float
    works: tuple[int, ...]


def near_best(
    pricer: Pricer, worths: StateValues, section: int, loss: float, limit: int
) -> NDArray[np.int8] | None:
    """Every sequence of one section that loses little against its best one.

    Parameters
    ----------
    pricer, worths
        A pricer and the worths it found at some prices.
    section
        Position of the section.
    loss
        Note-years that a sequence may lose at these prices.
    limit
        Number of sequences beyond which the search is given up.

    Returns
    -------
    numpy.ndarray or None
        ``(P, T)`` sequences, None when there are more than `limit`.
    """
    years, group = pricer.years, int(pricer.group[section])
    floor = float(worths.worths[NONE, 0][0, section]) - loss
    found: list[tuple[int, ...]] = []
    stack = [_Part(NONE, 0, 0, 0, 0.0, ())]
    while stack:
        part = stack.pop()
        if part.year == years:
            found.append(part.works)
            if len(found) > limit:
                return None
            continue
        graph = worths.graphs[part.renewal]
        column = section if part.renewal == NONE else group
        bits, year = int(graph.allowed[part.node, column]), part.year + 1
        for k in (NONE, *graph.options[part.node]):
            if k != NONE and not ((bits >> k) & 1 and pricer.group_affordable[group, k, part.year]):
                continue
            brought = part.brought - (
                0.0 if k == NONE else float(worths.price[k, part.year, group])
            )
            child = int(graph.child[part.node, k + 1])
            if child < 0:  # renewed: the note of the year is in `after` with all that follows
                onward = float(worths.worths[k, year][0, group]) if year < years else 0.0
                brought += float(worths.after[k, part.year, group]) - onward
                state = (k, year, 0)
            else:
                root = (part.renewal, part.renewed_in)
                onward = float(worths.worths[root][child, column]) if year < years else 0.0
                brought += float(graph.note[child, column])
                state = (*root, child)
            if brought + onward >= floor:
                stack.append(_Part(*state, year, brought, (*part.works, k)))
    return np.array(found, dtype=np.int8).reshape(len(found), years)


def _solve(
    graph: Graph,
    start: int,
    years: int,
    price: Floats,
    after: Floats,
    affordable: Bools,
) -> tuple[Floats, NDArray[np.int8]]:
    """Dynamic programming backwards over a graph whose root stands at year `start`.

    `price`, `after` (worth of a renewal from the end of its year on) and `affordable` are
    ``(K, T, C)``. Returns the worth of every state and the choice in it, ``(M, C)`` each.
    """
    nodes = int(np.searchsorted(graph.age, years - start))
    columns = graph.note.shape[1]
    worth = np.zeros((nodes, columns))
    choice = np.full((nodes, columns), NONE, dtype=np.int8)
    for m in range(nodes - 1, -1, -1):
        year = start + int(graph.age[m])
        last = year + 1 == years

        def onward(state: int, last: bool = last) -> Floats:
            note: Floats = graph.note[state]
            return note if last else note + worth[state]

        best = onward(int(graph.child[m, 0]))
        for k in graph.options[m]:
            can = (graph.allowed[m] >> np.uint32(k)) & np.uint32(1) != 0
            can &= affordable[k, year]
            child = int(graph.child[m, k + 1])
            value = (after[k, year] if child < 0 else onward(child)) - price[k, year]
            better = can & (value > best)
            best = np.where(better, value, best)
            choice[m, better] = k
        worth[m] = best
    return worth, choice


def _trace(
    graph: Graph,
    choice: NDArray[np.int8],
    start: int,
    plan: NDArray[np.int8],
    tails: NDArray[np.int8],
    group: Ints,
) -> None:
    """Write the chosen sequences into `plan`, ``(C, T)``, from year `start` on."""
    columns = np.arange(len(group))
    here = np.zeros(len(group), dtype=np.int64)
    running = np.ones(len(group), dtype=bool)
    years = plan.shape[1]
    for year in range(start, years):
        chosen = np.where(running, choice[here, columns], NONE).astype(np.int64)
        following = graph.child[here, chosen + 1]
        renewed = running & (following < 0)
        if renewed.any():
            who = np.flatnonzero(renewed)
            plan[who, year:] = tails[chosen[who], year, group[who], year:]
        plan[running & ~renewed, year] = chosen[running & ~renewed]
        running &= ~renewed
        here = np.where(running, following, 0)
        if not running.any():
            return
