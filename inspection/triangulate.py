"""Where many bearings meet: the place of a thing that stands above the road."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def meeting_point(
    origin: Floats, point: Floats, along_sd_m: Floats, across_sd_m: Floats
) -> tuple[Floats, float]:
    """Weighted mean of points that are surer across the line of sight than along it.

    Each view is a point with an ellipse: long along its line of sight, where distance comes
    from apparent size, thin across it, where it comes from the bearing. Adding the information
    matrices is triangulation and averaging at once (Gauss-Markov estimator).

    Parameters
    ----------
    origin
        Where each view was taken, shape (n, 2), metres.
    point
        Where each view places the thing, shape (n, 2).
    along_sd_m, across_sd_m
        Standard deviations along and across the line of sight, shape (n,).

    Returns
    -------
    point : numpy.ndarray
        Shape (2,).
    sd_m : float
        Largest standard deviation of it, any direction.

    Examples
    --------
    >>> import numpy as np
    >>> at, sd = meeting_point(np.array([[0.0, 0.0], [10.0, 0.0]]),
    ...                        np.array([[12.0, 12.0], [10.0, 8.0]]),
    ...                        np.array([4.0, 4.0]), np.array([0.01, 0.01]))
    >>> at.round(1).tolist()
    [10.0, 10.0]
    """
    sight = point - origin
    sight = sight / np.maximum(np.linalg.norm(sight, axis=1, keepdims=True), 1e-9)
    across = np.stack([-sight[:, 1], sight[:, 0]], axis=1)
    information = np.einsum("n,ni,nj->nij", 1 / along_sd_m**2, sight, sight)
    information += np.einsum("n,ni,nj->nij", 1 / across_sd_m**2, across, across)
    total = information.sum(axis=0)
    at = np.linalg.solve(total, np.einsum("nij,nj->i", information, point))
    return at, float(1.0 / np.sqrt(np.linalg.eigvalsh(total)[0]))
