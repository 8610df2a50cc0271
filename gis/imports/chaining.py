"""Stretches of one road, joined end to end into chains.

A file of roads holds stretches in any order, digitised either way, with gaps, arcs of roundabouts
and both carriageways of a divided road. A chain is the longest way from one end of the road to the
other that traffic may take; what it leaves is chained in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from numpy.typing import ArrayLike

from voirie.arrays import Bools, Floats, Ints, Objects

MEET_M = 1.0
"""Ends nearer than this are one place: as `gis.network.axes.JOINT_M`."""

OPPOSED_M = 80.0
"""Two carriageways of one road lie nearer than this."""

CUT_OFF = 1.3
"""A way that signs allow and that is shorter by this factor than one against them was cut off."""

_SAMPLE_M = 25.0

MOST_ENDS = 40
"""Ends of one road between which all ways are tried; of more, those farthest from the middle."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Stretches in the order of a drive.

    Attributes
    ----------
    rows
        Positions of the stretches, (n,).
    turned
        Which of them are driven against their drawing, (n,).
    length_m
        Drawn length of all.
    start, end
        First and last point, metres in EPSG:2154.
    """

    rows: Ints
    turned: Bools
    length_m: float
    start: tuple[float, float]
    end: tuple[float, float]

    def reversed(self) -> Chain:
        """The same chain from its other end.

        Examples
        --------
        >>> chain = Chain(np.array([0, 1]), np.array([False, True]), 30.0, (0.0, 0.0), (30.0, 0.0))
        >>> chain.reversed().rows.tolist(), chain.reversed().turned.tolist()
        ([1, 0], [False, True])
        """
        return Chain(self.rows[::-1], ~self.turned[::-1], self.length_m, self.end, self.start)


def chains_of(
    lines: Objects, way: ArrayLike, first: tuple[float, float] | None = None
) -> tuple[list[Chain], list[Chain]]:
    """Join the stretches of one road into chains.

    Parameters
    ----------
    lines
        Single lines in metres, (n,), shapely.
    way
        +1 where traffic runs as the line is drawn only, -1 against it only, 0 both ways, (n,).
    first
        A point near which the road begins; without it the road runs as most of its metres are
        drawn, and where that says nothing from the south-west.

    Returns
    -------
    main
        A chain for each part that touches no other, from the beginning of the road on.
    beside
        What these leave, the longest first: the other carriageway of a divided road, arcs of
        roundabouts, branches. Each stretch is in one chain of the two lists.

    Examples
    --------
    >>> drawn = [[(10, 0), (20, 0)], [(10, 0), (0, 0)], [(50, 0), (60, 0)]]
    >>> lines = np.array([shapely.LineString(line) for line in drawn])
    >>> main, beside = chains_of(lines, [0, 0, 0])
    >>> [(chain.rows.tolist(), chain.turned.tolist()) for chain in main]
    [([1, 0], [True, False]), ([2], [False])]
    """
    graph = _Graph.of(lines, np.asarray(way, dtype=np.int64))
    left = np.ones(len(lines), dtype=bool)
    main = [graph.longest(rows, first) for rows in graph.groups(left)]
    for chain in main:
        left[chain.rows] = False
    rest: list[Chain] = []
    while left.any():
        found = [graph.longest(rows, first) for rows in graph.groups(left)]
        for chain in found:
            left[chain.rows] = False
        rest += found
    rest.sort(key=lambda chain: (-chain.length_m, chain.start))
    return _in_order(main, first), rest


@dataclass(frozen=True, slots=True)
class _Graph:
    """Places where stretches meet (nodes) and the stretches between them."""

    xy: Floats
    node: Ints  # (n, 2): node of the first and of the last point of each stretch
    length: Floats
    way: Ints
    opposed: dict[int, set[int]]  # one-way stretches, and those that run beside them the other way

    @classmethod
    def of(cls, lines: Objects, way: Ints) -> _Graph:
        ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
        pairs = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=MEET_M)
        near: nx.Graph[int] = nx.Graph()
        near.add_nodes_from(range(len(ends)))
        near.add_edges_from(pairs.T.tolist())
        node, coordinates = np.zeros(len(ends), dtype=np.int64), shapely.get_coordinates(ends)
        groups = [sorted(group) for group in nx.connected_components(near)]
        for number, group in enumerate(groups):
            node[group] = number
        xy = np.array([coordinates[group[0]] for group in groups])
        opposed = _opposed(lines, way)
        return cls(xy, node.reshape(2, -1).T, shapely.length(lines), way, opposed)

    def groups(self, left: Bools) -> list[Ints]:
        """Rows of each connected group of the stretches that are left."""
        links: nx.MultiGraph[int] = nx.MultiGraph()
        for row in np.flatnonzero(left).tolist():
            links.add_edge(*self.node[row].tolist(), row)
        groups = [
            sorted({row for _, _, row in links.edges(nodes, keys=True)})
            for nodes in nx.connected_components(links)
        ]
        return [np.array(rows) for rows in sorted(groups)]

    def longest(self, rows: Ints, first: tuple[float, float] | None) -> Chain:
        """The longest way through a group that traffic may take, from the right end."""
        nodes, times = np.unique(self.node[rows], return_counts=True)
        ends = nodes[times == 1]
        if len(ends) == 0:
            return self._round(rows, nodes, first)
        # A road may end in a roundabout: the farthest place is an end as well.
        any_way = self._links(rows, np.zeros(len(rows), dtype=np.int64))
        far = self._farthest_place(any_way, int(ends[0]))
        ends = np.unique([*ends, far, self._farthest_place(any_way, far)])
        if len(ends) > MOST_ENDS:
            away = np.linalg.norm(self.xy[ends] - self.xy[nodes].mean(axis=0), axis=1)
            ends = np.sort(ends[np.argsort(-away, kind="stable")[:MOST_ENDS]])
        # Where one-way signs are wrong, or a way is cut by the edge of the file, traffic gets
        # nowhere: then as if all went both ways.
        as_signed, free = (
            self._farthest(self._links(rows, way), ends.tolist())
            for way in (self.way[rows], np.zeros(len(rows), dtype=np.int64))
        )
        _, links, there = as_signed if as_signed[0] * CUT_OFF > free[0] else free
        both = [there]
        # The way back may be another: by the other carriageway of a divided road.
        if there[0] in links and there[-1] in links and nx.has_path(links, there[-1], there[0]):
            both.append(nx.dijkstra_path(links, there[-1], there[0], weight="length_m"))
        chains = [self._walk(links, path) for path in both]
        return min(chains, key=lambda chain: self._preference(chain, first))

    def _farthest_place(self, links: nx.DiGraph[int], start: int) -> int:
        metres = nx.single_source_dijkstra_path_length(links, start, weight="length_m")
        return int(max(metres, key=lambda node: (metres[node], -node)))

    def _farthest(
        self, links: nx.DiGraph[int], ends: list[int]
    ) -> tuple[float, nx.DiGraph[int], list[int]]:
        """The way between two ends that reaches farthest."""
        ways = [(self._reach(links, path), path) for path in self._ways(links, ends)]
        reach_m, there = max(
            ways, default=(0.0, []), key=lambda way: (way[0], [-n for n in way[1]])
        )
        return reach_m, links, there

    def _ways(self, links: nx.DiGraph[int], ends: list[int]) -> list[list[int]]:
        """Shortest ways between all ends that traffic may go between."""
        found = []
        for start in ends:
            if start in links:
                paths = nx.single_source_dijkstra_path(links, start, weight="length_m")
                found += [paths[end] for end in ends if end in paths and end != start]
        return found

    def _reach(self, links: nx.DiGraph[int], path: list[int]) -> float:
        """Length of a way; out on one carriageway and back on the other counts once."""
        rows = [links.edges[pair]["row"] for pair in pairwise(path)]
        taken = set(rows)
        back = [bool(taken & self.opposed[row]) if row in self.opposed else False for row in rows]
        return float((self.length[rows] * np.where(back, 0.5, 1.0)).sum())

    def _links(self, rows: Ints, way: Ints) -> nx.DiGraph[int]:
        """What traffic may take; of several stretches between two places the shortest."""
        links: nx.DiGraph[int] = nx.DiGraph()
        for row, sign in zip(rows.tolist(), way.tolist(), strict=True):
            a, b = self.node[row].tolist()
            for start, end, allowed in ((a, b, sign >= 0), (b, a, sign <= 0)):
                known = links.get_edge_data(start, end)
                length = float(self.length[row])
                if allowed and start != end and (known is None or length < known["length_m"]):
                    links.add_edge(start, end, length_m=length, row=row, turned=start != a)
        return links

    def _walk(self, links: nx.DiGraph[int], path: list[int]) -> Chain:
        steps = [links.edges[pair] for pair in pairwise(path)]
        return self._chain([step["row"] for step in steps], [step["turned"] for step in steps])

    def _round(self, rows: Ints, nodes: Ints, first: tuple[float, float] | None) -> Chain:
        """A way round a group without ends, cut where it begins."""
        aim = self.xy[nodes].min(axis=0) if first is None else np.asarray(first)
        begin = int(nodes[np.argmin(np.linalg.norm(self.xy[nodes] - aim, axis=1))])
        there = rows[(self.node[rows] == begin).any(axis=1)]
        # Out by a stretch that may be left that way, back to it by the others.
        leaves = np.where(self.node[there, 0] == begin, self.way[there] >= 0, self.way[there] <= 0)
        able = there[leaves] if leaves.any() else there
        out = int(able[np.argmax(self.length[able])])
        turned = bool(self.node[out, 0] != begin)
        far = int(self.node[out, 0 if turned else 1])
        others = rows[rows != out]
        links = self._links(others, self.way[others])
        known = far in links and begin in links and nx.has_path(links, far, begin)
        if far == begin or not known:
            return self._chain([out], [turned])
        back = self._walk(links, nx.dijkstra_path(links, far, begin, weight="length_m"))
        return self._chain([out, *back.rows.tolist()], [turned, *back.turned.tolist()])

    def _chain(self, rows: list[int], turned: list[bool]) -> Chain:
        first = self.xy[self.node[rows[0], int(turned[0])]]
        last = self.xy[self.node[rows[-1], int(not turned[-1])]]
        return Chain(
            np.array(rows),
            np.array(turned),
            float(self.length[rows].sum()),
            (float(first[0]), float(first[1])),
            (float(last[0]), float(last[1])),
        )

    def _preference(self, chain: Chain, first: tuple[float, float] | None) -> tuple[float, ...]:
        """What is least is the better of two ends to begin at."""
        if first is not None:
            return (float(np.hypot(chain.start[0] - first[0], chain.start[1] - first[1])),)
        against = float((self.length[chain.rows] * chain.turned).sum()) / chain.length_m
        drawn = 0.0 if against < 0.4 else 1.0 if against > 0.6 else 0.5
        return (drawn, chain.start[0] + chain.start[1], *chain.start)


def _opposed(lines: Objects, way: Ints) -> dict[int, set[int]]:
    """For each one-way stretch, those beside most of it whose traffic runs the other way."""
    rows = np.flatnonzero(way != 0)
    if len(rows) < 2:
        return {}
    cells = np.maximum(np.ceil(shapely.length(lines[rows]) / _SAMPLE_M).astype(int), 1)
    row = np.repeat(rows, cells)
    share = (np.arange(len(row)) - np.repeat(np.cumsum(cells) - cells, cells) + 0.5) / cells.repeat(
        cells
    )
    at = shapely.line_interpolate_point(lines[row], share, normalized=True)
    before = shapely.line_interpolate_point(
        lines[row], np.maximum(share - 0.01, 0), normalized=True
    )
    after = shapely.line_interpolate_point(lines[row], np.minimum(share + 0.01, 1), normalized=True)
    step = shapely.get_coordinates(after) - shapely.get_coordinates(before)
    step = way[row][:, None] * step / np.maximum(np.linalg.norm(step, axis=1), 1e-9)[:, None]
    a, b = shapely.STRtree(at).query(at, predicate="dwithin", distance=OPPOSED_M)
    against = (step[a] * step[b]).sum(axis=1) < -0.5
    pairs = np.unique(np.stack([a[against], row[b[against]]]), axis=1)
    beside, count = np.unique(np.stack([row[pairs[0]], pairs[1]]), axis=1, return_counts=True)
    number = dict(zip(rows.tolist(), cells.tolist(), strict=True))
    found: dict[int, set[int]] = {}
    for one, other, times in zip(*beside.tolist(), count.tolist(), strict=True):
        if times >= 0.2 * number[one]:
            found.setdefault(one, set()).add(other)
    return found


def _in_order(chains: list[Chain], first: tuple[float, float] | None) -> list[Chain]:
    """Parts of a road one after the other, each from the end that the one before leads to."""
    if len(chains) < 2:
        return chains
    ends = np.array([[chain.start, chain.end] for chain in chains])
    if first is None:
        flat = ends.reshape(-1, 2)
        apart = np.linalg.norm(flat[:, None] - flat[None, :], axis=-1)
        pair = np.array(np.unravel_index(int(np.argmax(apart)), apart.shape))
        # Of the two ends that lie farthest apart, the one at which its own chain begins.
        begins = [end % 2 for end in pair]
        at = pair[0] if begins[0] <= begins[1] else pair[1]
        place = flat[at]
    else:
        place = np.asarray(first, dtype=float)
    left, out = list(range(len(chains))), []
    while left:
        gap = np.linalg.norm(ends[left] - place, axis=-1)
        which, side = np.unravel_index(int(np.argmin(gap)), gap.shape)
        chain = chains[left.pop(int(which))]
        out.append(chain if side == 0 else chain.reversed())
        place = np.asarray(out[-1].end)
    return out
