"""VIZIR indices from extents.

The cracking index If can always be given where cracking can be seen. The surface index Is needs
the deformation, which one camera cannot measure: then it is NULL, between a lowest value
(no deformation) and a highest (the worst).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.scoring.extents import percent
from voirie.arrays import Floats, Ints
from voirie.catalogue.scheme import VizirRule

WORST_DEFORMATION = 5
_BAND = np.array([0, 1, 1, 2, 3, 3])
"""Row or column of the table of Is for an index 0 to 5: 0 | 1-2 | 3 | 4-5."""


@dataclass(frozen=True, slots=True, eq=False)
class Vizir:
    """Indices of U lanes, NaN where they cannot be given.

    Attributes
    ----------
    cracking
        If, 0 (none) to 5.
    surface
        Is, 1 (perfect) to 7.
    surface_min, surface_max
        Is without deformation and with the worst.
    """

    cracking: Floats
    surface: Floats
    surface_min: Floats
    surface_max: Floats


def graded(metres: Floats, surveyed_m: Floats, rule: VizirRule) -> tuple[Ints, Ints]:
    """Index and extent class of a group of distresses.

    The extent at a gravity is what is at least as grave, so that a defect which worsens never
    lowers the index.

    Parameters
    ----------
    metres
        Metres by gravity, ``(3, U)``.
    surveyed_m
        Surveyed metres, ``(U,)``.
    rule
        Tables.

    Returns
    -------
    index
        0 where nothing is seen, else 1 to 5, ``(U,)``.
    extent_class
        0 (none), 1 (under the first bound), 2, 3 (above the second), ``(3, U)``.
    """
    share = percent(np.cumsum(metres[::-1], axis=0)[::-1], surveyed_m)
    low, high = rule.extent_pct
    extent = np.select([~(share > 0), share < low, share <= high], [0, 1, 2], 3)
    table = np.c_[np.zeros(3, dtype=np.int64), np.asarray(rule.index)]
    by_gravity = np.take_along_axis(table, extent, axis=1)
    return by_gravity.max(axis=0), extent


def surface_index(
    cracking: Ints, deformation: Ints | int, correction: Ints | int, rule: VizirRule
) -> Ints:
    """Is from If, Id and the correction for repairs, 1 to 7.

    Examples
    --------
    >>> from voirie.catalogue.scheme import load_scheme
    >>> int(surface_index(np.array([3]), 0, 1, load_scheme().vizir)[0])
    5
    """
    table = np.asarray(rule.surface)
    index = table[_BAND[cracking], _BAND[deformation]] + correction
    return np.asarray(np.minimum(7, index), dtype=np.int64)


def vizir(
    cracking_m: Floats | None,
    deformation_m: Floats | None,
    repair_m: Floats | None,
    surveyed_m: Floats,
    rule: VizirRule,
) -> Vizir:
    """Indices of lanes.

    Parameters
    ----------
    cracking_m, deformation_m, repair_m
        Metres by gravity, the codes of each group taken together, ``(3, U)``; None where the
        campaign cannot see the whole group.
    surveyed_m
        Surveyed metres, ``(U,)``.
    rule
        Tables.
    """
    unknown = np.full(len(surveyed_m), np.nan)
    if cracking_m is None:
        return Vizir(unknown, unknown, unknown, unknown)
    cracking, _ = graded(cracking_m, surveyed_m, rule)
    if repair_m is None:
        most = int(np.max(rule.repair_correction))
        least_correction: Ints | int = 0
        most_correction: Ints | int = most
    else:
        _, extent = graded(repair_m, surveyed_m, rule)
        table = np.c_[np.zeros(3, dtype=np.int64), np.asarray(rule.repair_correction)]
        least_correction = most_correction = np.take_along_axis(table, extent, axis=1).max(axis=0)
    if deformation_m is None:
        low: Ints | int = 0
        high: Ints | int = WORST_DEFORMATION
    else:
        low = high = graded(deformation_m, surveyed_m, rule)[0]
    lowest = surface_index(cracking, low, least_correction, rule).astype(np.float64)
    highest = surface_index(cracking, high, most_correction, rule).astype(np.float64)
    whole = deformation_m is not None and repair_m is not None
    seen = np.where(surveyed_m > 0, 0.0, np.nan)
    return Vizir(
        cracking=cracking.astype(np.float64) + seen,
        surface=lowest + seen if whole else unknown,
        surface_min=lowest + seen,
        surface_max=highest + seen,
    )
