"""The figure of a sign: the views of the reader and of the naming network, voted.

A figure is given where both agree, or where the reader alone is sure over several views; else it
stays empty, for a person to read. The naming network knows eight limits and no other, so it never
decides alone: on roads unlike its own it is sure and wrong.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from voirie.arrays import Floats, Ints, Objects
from voirie.taxonomy import Taxonomy

LEAST_READ = 0.1
"""Sum of likelihoods over the views that confirms what the naming network says."""
SURE_READ = 0.9
"""Sum of likelihoods over the views from which the reader needs no confirmation."""
SURE_SHARE = 0.75
"""Share of all that was read that the figure must have."""


def voted_values(views: pd.DataFrame, of_view: Ints, count: int, taxonomy: Taxonomy) -> Objects:
    """Figure of each finding, (count,), None where its views do not settle one.

    Parameters
    ----------
    views
        ``model_class``, ``score``, ``value_read`` and ``value_score`` of each view, (n,).
    of_view
        Finding of each view, (n,).
    count
        Findings.
    taxonomy
        What the classes tell.

    Examples
    --------
    Two views read 90, one of them barely; the naming network, which knows no 90, says 80:

    >>> from voirie.taxonomy import load_taxonomy
    >>> views = pd.DataFrame({
    ...     "model_class": ["speed_limit_80", "speed_limit"], "score": [0.8, 0.6],
    ...     "value_read": ["90", "90"], "value_score": [0.9, 0.3]})
    >>> voted_values(views, np.array([0, 0]), 2, load_taxonomy()).tolist()
    ['90', None]
    """
    told = views["model_class"].map(
        lambda name: taxonomy.model_class(str(name)).attributes.get("value")
    )
    read = _sums(of_view, views["value_read"], views["value_score"].to_numpy(float))
    best = _best(read)
    share = best["weight"] / read.groupby("of")["weight"].sum()
    named = _best(_sums(of_view, told, views["score"].to_numpy(float)))["value"]
    agreed = best["value"] == named.reindex(best.index)
    needed = np.where(agreed, LEAST_READ, SURE_READ)
    given = best[(share >= SURE_SHARE) & (best["weight"] >= needed)]
    out = np.full(count, None, dtype=object)
    out[given.index.to_numpy()] = given["value"].to_numpy(object)
    return out


def _sums(of_view: Ints, value: pd.Series, weight: Floats) -> pd.DataFrame:
    """Sum of weights by finding and figure: columns ``of``, ``value``, ``weight``."""
    all_views = pd.DataFrame({"of": of_view, "value": value.to_numpy(object), "weight": weight})
    known = all_views[all_views["value"].notna()]
    return known.groupby(["of", "value"], sort=True)["weight"].sum().reset_index()


def _best(sums: pd.DataFrame) -> pd.DataFrame:
    """The figure with the most weight of each finding, by finding."""
    order = sums.sort_values(["of", "weight", "value"], ascending=[True, False, True])
    return order.drop_duplicates("of").set_index("of")
