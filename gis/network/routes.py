"""Rows of a table route by route."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from voirie.arrays import Ints
from voirie.places import ROUTE_KEY, RouteKey


def by_route(table: pd.DataFrame) -> Iterator[tuple[RouteKey, Ints]]:
    """Each route of a table with the positions of its rows, in the order of the keys.

    Rows without a route belong to none.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"gestionnaire": "CD31", "dep": "031", "route": ["D752", "D741", "D752"], "cote": "U"}
    ... )
    >>> [(str(route), rows.tolist()) for route, rows in by_route(table)]
    [('D741 (CD31, 031)', [1]), ('D752 (CD31, 031)', [0, 2])]
    """
    groups = table.groupby(list(ROUTE_KEY), sort=True, dropna=True).indices
    for key in sorted(groups, key=str):
        parts = key if isinstance(key, tuple) else (key,)
        yield RouteKey(*map(str, parts)), np.asarray(groups[key], dtype=np.int64)
