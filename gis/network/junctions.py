"""Where one axis meets another: the places at which a drive may change route."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely

from gis.network.network import Network
from voirie.arrays import Bools, Floats, Ints, Objects

END_GAP_M = 25.0
"""An axis that ends this near to another meets it: roundabouts are often not drawn."""

_TOUCH_M = 3.0  # elsewhere axes meet only where they touch


@dataclass(frozen=True, slots=True)
class Junctions:
    """Meetings of axes, each seen from both sides.

    Attributes
    ----------
    by_pair
        For two chains (`gis.network.segments.Segments.chain`): cumul on the first, cumul on the
        second, and metres between, three arrays of equal length.
    """

    by_pair: dict[tuple[int, int], tuple[Floats, Floats, Floats]]

    def distance_m(self, chain_a: int, cumul_a: Floats, chain_b: int, cumul_b: Floats) -> Floats:
        """Shortest way from places on one chain to places on another, through one junction.

        Parameters
        ----------
        chain_a, chain_b
            The chains.
        cumul_a, cumul_b
            Places on them, (n,) and (m,).

        Returns
        -------
        numpy.ndarray
            Metres, (n, m); infinite where the chains do not meet.
        """
        found = self.by_pair.get((chain_a, chain_b))
        if found is None:
            return np.full((len(cumul_a), len(cumul_b)), np.inf)
        at_a, at_b, gap = found
        leave = np.abs(cumul_a[:, None] - at_a) + gap
        enter = np.abs(cumul_b[:, None] - at_b)
        return np.asarray((leave[:, None, :] + enter[None, :, :]).min(axis=2))


@lru_cache(maxsize=4)
def junctions_of(network: Network) -> Junctions:
    """Find all junctions: ends near another axis, points where axes touch or cross.

    A bridge looks like a crossing from above; it costs nothing to believe in it, because a car
    that stays on its road never uses it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> junctions = junctions_of(read_network(Path("samples/drive/network.gpkg")))
    >>> at_first_m, at_second_m, between_m = junctions.by_pair[0, 3]
    >>> at_first_m.round().tolist(), at_second_m.round().tolist(), between_m.round().tolist()
    ([1125.0], [1710.0], [0.0])
    """
    axes, seg = network.carriers(), network.segments
    lines = axes.geometry.to_numpy()
    rows = axes.index.to_numpy()
    chain_of_row = np.zeros(len(network.axes), dtype=np.intp)
    chain_of_row[seg.row] = seg.chain
    tips = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    tip_chain = np.tile(chain_of_row[rows], 2)
    tip_cumul = np.concatenate([axes["cumul_from_m"], axes["cumul_to_m"]])
    reach = np.where(_is_chain_end(network, tip_chain, tip_cumul), END_GAP_M, _TOUCH_M)
    crossing, ours = _crossings(lines, chain_of_row[rows])
    points = np.concatenate([shapely.get_coordinates(tips), crossing])
    chain_a = np.concatenate([tip_chain, ours])
    reach = np.concatenate([reach, np.full(len(ours), _TOUCH_M)])
    near = network.nearest(points, END_GAP_M)
    on_own = near[chain_a[near["point"]] == near["chain"]]
    own = on_own.sort_values("dist_m", kind="stable").drop_duplicates("point")
    own_cumul = np.full(len(points), np.nan)
    own_cumul[own["point"].to_numpy()] = own["cumul_m"].to_numpy()
    point = near["point"].to_numpy()
    other = (chain_a[point] != near["chain"]) & (near["dist_m"] <= reach[point])
    met = near[other & ~np.isnan(own_cumul[point])]
    first, second = chain_a[met["point"]], met["chain"].to_numpy()
    m_first, m_second = own_cumul[met["point"]], met["cumul_m"].to_numpy()
    gap = met["dist_m"].to_numpy()
    both = (
        np.concatenate([first, second]),
        np.concatenate([second, first]),
        np.concatenate([m_first, m_second]),
        np.concatenate([m_second, m_first]),
        np.concatenate([gap, gap]),
    )
    order = np.lexsort((both[1], both[0]))
    a, b, m_a, m_b, between = (part[order] for part in both)
    new = (np.diff(a) != 0) | (np.diff(b) != 0)
    edges = [0, *(np.flatnonzero(new) + 1).tolist(), len(a)] if len(a) else []
    return Junctions(
        {(int(a[i]), int(b[i])): (m_a[i:j], m_b[i:j], between[i:j]) for i, j in pairwise(edges)}
    )


def _is_chain_end(network: Network, chain: Ints, cumul: Floats) -> Bools:
    seg = network.segments
    low = np.full(int(seg.chain.max()) + 1, np.inf)
    high = -low
    np.minimum.at(low, seg.chain, seg.cumul_from_m)
    np.maximum.at(high, seg.chain, seg.cumul_to_m)
    return np.asarray((cumul <= low[chain] + 0.01) | (cumul >= high[chain] - 0.01))


def _crossings(lines: Objects, chain: Ints) -> tuple[Floats, Ints]:
    """Points where axes of different chains cross or touch, and the first of the two chains."""
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    keep = (a < b) & (chain[a] != chain[b])
    shared = shapely.intersection(lines[a[keep]], lines[b[keep]])
    # Two axes drawn one on the other meet at both ends of the shared stretch.
    xy, index = shapely.get_coordinates(shared, return_index=True)
    return xy, chain[a[keep]][index]
