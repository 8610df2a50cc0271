"""Where bearings meet: the place of a thing that stands above the road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from voirie.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Bearings:
    """Lines of sight.

    Attributes
    ----------
    origin
        Where each view was taken, (n, 2), metres.
    point
        Where each view places the thing, (n, 2).
    along_sd_m, across_sd_m
        Standard deviations along and across the line of sight, (n,).
    """

    origin: Floats
    point: Floats
    along_sd_m: Floats
    across_sd_m: Floats

    @classmethod
    def of(cls, seen: pd.DataFrame) -> Bearings:
        """Those of views as `inspection.fusion.placed_views` gives them."""
        along, across = seen["sd_m"].to_numpy(float), seen["across_sd_m"].to_numpy(float)
        origin, point = seen[["from_x", "from_y"]].to_numpy(float), seen[["x", "y"]].to_numpy(float)
        return cls(origin, point, np.maximum(along, 0.3), across)

    def of_rows(self, rows: Ints | Bools) -> Bearings:
        """Some of them."""
        return Bearings(
            self.origin[rows], self.point[rows], self.along_sd_m[rows], self.across_sd_m[rows]
        )

    def met(self, group: Ints) -> tuple[Floats, Floats]:
        """Where those of each group meet, and how surely, as `meeting_points`."""
        # All views share the error of the assumed size: many of them are no surer than one.
        along = self.along_sd_m * np.sqrt(np.bincount(group))[group]
        return meeting_points(self.origin, self.point, along, self.across_sd_m, group)


def meeting_points(
    origin: Floats, point: Floats, along_sd_m: Floats, across_sd_m: Floats, group: Ints
) -> tuple[Floats, Floats]:
    """Weighted means of points that are surer across the line of sight than along it.

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
    group
        Thing of each view, from 0 without holes, shape (n,).

    Returns
    -------
    points : numpy.ndarray
        Shape (g, 2).
    sd_m : numpy.ndarray
        Largest standard deviation of each, any direction, shape (g,).

    Examples
    --------
    >>> import numpy as np
    >>> at, sd = meeting_points(np.array([[0.0, 0.0], [10.0, 0.0]]),
    ...                         np.array([[12.0, 12.0], [10.0, 8.0]]),
    ...                         np.array([4.0, 4.0]), np.array([0.01, 0.01]),
    ...                         np.array([0, 0]))
    >>> at.round(1).tolist()
    [[10.0, 10.0]]
    """
    sight = point - origin
    sight = sight / np.maximum(np.linalg.norm(sight, axis=1, keepdims=True), 1e-9)
    across = np.stack([-sight[:, 1], sight[:, 0]], axis=1)
    information = np.einsum("n,ni,nj->nij", 1 / along_sd_m**2, sight, sight)
    information += np.einsum("n,ni,nj->nij", 1 / across_sd_m**2, across, across)
    drawn = information[:, :, 0] * point[:, :1] + information[:, :, 1] * point[:, 1:]

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(group, values), dtype=float)

    whole = np.stack([total(column) for column in information.reshape(-1, 4).T], axis=1)
    whole = whole.reshape(-1, 2, 2)
    target = np.stack([total(drawn[:, 0]), total(drawn[:, 1])], axis=1)
    at = np.asarray(np.linalg.solve(whole, target[:, :, None])[:, :, 0], dtype=float)
    return at, np.asarray(1.0 / np.sqrt(np.linalg.eigvalsh(whole)[:, 0]))
