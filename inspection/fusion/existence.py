"""How often things like this one exist: what the views make of it, held against a truth.

The scores of a network say which of two things is surer, not how sure. What was measured of its
file turns them into a chance that is right seven times in ten where it says 0.7; of a network that
nobody held against a truth the scores stand as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voirie.arrays import Bools, Floats, Ints, Objects
from voirie.nets import Existence, Measures

SUREST = 0.98
"""Log odds are taken between this and its opposite: beyond it scores say nothing more."""


def log_odds(existence: Floats) -> Floats:
    """Logarithm of the odds, of what is neither sure nor impossible.

    Examples
    --------
    >>> import numpy as np
    >>> log_odds(np.array([0.5, 1.0])).round(2).tolist()
    [0.0, 3.89]
    """
    share = np.clip(existence, 1.0 - SUREST, SUREST)
    return np.asarray(np.log(share / (1.0 - share)), dtype=np.float64)


def terms(existence: Floats, n_views: Ints) -> Floats:
    """What the coefficients of `Existence` multiply, in their order, (n, 3)."""
    return np.stack([np.ones(len(existence)), log_odds(existence), np.log(n_views)], axis=1)


def calibrated(
    existence: Floats,
    n_views: Ints,
    names: Sequence[str],
    sha256: Objects,
    measures: Measures,
) -> tuple[Floats, Bools]:
    """Chance that each thing exists.

    Parameters
    ----------
    existence
        As its views and its passes make it, (n,).
    n_views
        Its views, (n,).
    names
        Its class, (n,).
    sha256
        Of the network that saw it, (n,).
    measures
        What was measured of the networks.

    Returns
    -------
    existence : numpy.ndarray
        (n,); as it was where nothing was measured.
    known : numpy.ndarray
        Where something was, (n,).

    Examples
    --------
    >>> import numpy as np
    >>> from voirie.nets import Measured
    >>> told = Measured(
    ...     sha256="0" * 64, measured_on="a drive",
    ...     existence={"pothole": Existence(intercept=0.5, slope=1.0, views=0.0)},
    ... )
    >>> raw, views = np.array([0.5, 0.5]), np.array([3, 3])
    >>> sha256 = np.array(["0" * 64, "?"], dtype=object)
    >>> chance, known = calibrated(raw, views, ["pothole"] * 2, sha256, {"0" * 64: told})
    >>> chance.round(2).tolist(), known.tolist()
    ([0.62, 0.5], [True, False])
    """
    told: list[Existence | None] = [
        measures[own].existence.get(name) if own in measures else None
        for name, own in zip(names, sha256, strict=True)
    ]
    known = np.array([one is not None for one in told], dtype=bool)
    factors = np.array(
        [(0.0, 0.0, 0.0) if one is None else (one.intercept, one.slope, one.views) for one in told]
    ).reshape(-1, 3)
    chance = 1.0 / (1.0 + np.exp(-(terms(existence, n_views) * factors).sum(axis=1)))
    return np.where(known, chance.round(4), existence), known
