"""Unbroken stretches of a network: where a section may lie, and what two versions are laid on."""

from __future__ import annotations

import numpy as np
import shapely

from gis.network.network import Network
from voirie.arrays import Floats, Ints
from voirie.places import ROUTE_KEY, RouteKey

HOLE_M = 0.01
_SAME_M = 1e-3


class Stretches:
    """Stretches of one route and part without a hole in the cumul that nobody else carries.

    Parameters
    ----------
    network
        The network.

    Attributes
    ----------
    of_row
        Stretch of each row of its axes, -1 where another route carries it, (rows,).
    from_m, to_m
        Cumul of both ends, (n,).
    route
        Position of the route in `keys`, (n,).
    keys
        Routes, sorted.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> stretches = Stretches(read_network(Path("samples/drive/network.gpkg")))
    >>> [(stretches.keys[route].route, end) for route, end in
    ...  zip(stretches.route.tolist()[:2], stretches.to_m.round().tolist()[:2])]
    [('D741', 2086.0), ('D752', 640.0)]
    """

    def __init__(self, network: Network) -> None:
        axes = network.axes
        self.keys: list[RouteKey] = network.routes()
        number = {key: at for at, key in enumerate(self.keys)}
        names = axes[list(ROUTE_KEY)].astype(str).itertuples(index=False, name=None)
        route = np.array([number[RouteKey(*name)] for name in names], dtype=np.int64)
        low = axes["cumul_from_m"].to_numpy(dtype=np.float64)
        high = axes["cumul_to_m"].to_numpy(dtype=np.float64)
        part = axes["part"].to_numpy()
        own = axes["carried_by"].isna().to_numpy()
        rows = np.flatnonzero(own)
        begins = np.ones(len(rows), dtype=bool)
        begins[1:] = (
            (np.diff(route[rows]) != 0)
            | (np.diff(part[rows]) != 0)
            | (low[rows][1:] - high[rows][:-1] > HOLE_M)
        )
        self.of_row: Ints = np.full(len(axes), -1, dtype=np.int64)
        self.of_row[rows] = np.cumsum(begins) - 1
        first = np.flatnonzero(begins)
        self.from_m: Floats = low[rows][first]
        self.to_m: Floats = (
            np.maximum.reduceat(high[rows], first) if len(first) else np.empty(0, dtype=np.float64)
        )
        self.route: Ints = route[rows][first]


def unchanged_routes(old: Network, new: Network) -> set[RouteKey]:
    """Routes whose line, parts and cumul are the same in both, to the millimetre.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> len(unchanged_routes(network, network))
    5
    """
    there = dict(iter(new.axes.groupby(list(ROUTE_KEY), sort=False).indices.items()))
    found = set()
    for key, rows in old.axes.groupby(list(ROUTE_KEY), sort=False).indices.items():
        others = there.get(key)
        if others is None or len(others) != len(rows):
            continue
        a, b = old.axes.iloc[rows], new.axes.iloc[others]
        metres = [axes[["part", "cumul_from_m", "cumul_to_m"]].to_numpy(float) for axes in (a, b)]
        carried = [axes["carried_by"].fillna("").to_numpy() for axes in (a, b)]
        same_lines = shapely.equals_exact(
            a.geometry.to_numpy(), b.geometry.to_numpy(), tolerance=_SAME_M
        )
        if (
            np.abs(metres[0] - metres[1]).max() < _SAME_M
            and (carried[0] == carried[1]).all()
            and same_lines.all()
        ):
            found.add(RouteKey(*map(str, key if isinstance(key, tuple) else (key,))))
    return found
