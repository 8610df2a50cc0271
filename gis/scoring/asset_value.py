"""Cost of the works that the damage itself calls for, as a share of building anew.

It gives the note of the estate (*note patrimoine*), a display value inspired by the published
definition of the national one and no part of it. Each metre of a lane is paid once, for the
heaviest cure that its damage calls for; short pieces of a new wearing course or of
strengthening are paid at the shortest length a site is opened for, each for itself; neighbours
share one site where that is cheaper.
"""

from __future__ import annotations

import numpy as np

from gis.scoring.cells import CELL_M, LaneGrid, Stretches
from gis.scoring.extents import Damage, group_levels
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.scheme import SEVERITIES, Scheme
from voirie.catalogue.treatments import NONE, Treatments, convert_eur

SEAL_ACROSS, SEAL_ALONG, PATCH, SURFACE, STRUCTURE = 1, 2, 3, 4, 5
_RANKS = {"none": 0, "seal": SEAL_ALONG, "patch": PATCH, "surface": SURFACE}
_RANKS["structure"] = STRUCTURE

_JUST_UNDER = 1e-6
"""A note this far under a threshold is the best one that calls for its treatment."""


def works_share(
    grid: LaneGrid,
    laid: Stretches,
    damage: Damage,
    scheme: Scheme,
    treatments: Treatments,
    category: Floats,
    lane_width_m: Floats,
) -> Floats:
    """Cost of works over the cost of building anew, per surveyed lane.

    Parameters
    ----------
    grid, laid, damage
        Cells, findings on them, and their codes and severities.
    scheme, treatments
        Cures, and the price list.
    category
        Category of road of each unit, NaN where unknown, ``(U,)``.
    lane_width_m
        ``(U,)``.

    Returns
    -------
    numpy.ndarray
        ``(U,)``, 0 where nothing is called for; NaN where a price is lacking or nothing seen.
    """
    rank = _rank_of(scheme)[damage.code, damage.severity.astype(np.int64) - 1]
    levels = group_levels(grid, laid, rank > 0, rank.astype(np.uint8))
    length = grid.tally(levels, STRUCTURE)
    seen = grid.surveyed_m
    # Each site is opened for a shortest length, and what lies under it needs no lighter cure:
    # metres are counted as "at least that heavy", so one that gets worse never makes it cheaper.
    at_least = length[::-1].cumsum(axis=0)[::-1]
    for heavy in (SURFACE, STRUCTURE):
        sites_m = _site_metres(grid, levels >= heavy, scheme.estate.shortest_work_m)
        at_least[heavy - 1] = np.minimum(np.maximum(sites_m, at_least[heavy - 1]), seen)
    at_least = np.maximum.accumulate(at_least[::-1], axis=0)[::-1]
    length = at_least - np.vstack([at_least[1:], np.zeros_like(at_least[:1])])
    price = _prices(scheme, treatments, category, lane_width_m)
    cost = np.where(length > 0, length * price, 0.0).sum(axis=0)
    rebuild = seen * lane_width_m * treatments.rebuild_eur_per_m2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(rebuild > 0, cost / rebuild, np.nan))


def _site_metres(grid: LaneGrid, heavy: Bools, shortest_m: float) -> Floats:
    """Least length of sites, none under the shortest, that cover the heavy cells: ``(U,)``.

    A site covers all that lies between its ends. The best of all covers is found, so that one
    more heavy cell never makes them shorter.
    """
    out = np.zeros(len(grid))
    cells = np.flatnonzero(heavy & grid.surveyed)
    if not len(cells):
        return out
    new = (np.diff(cells) > 1) | (np.diff(grid.unit_of_cell[cells]) != 0)
    starts, ends = cells[np.r_[True, new]], cells[np.r_[new, True]] + 1
    unit = grid.unit_of_cell[starts].astype(np.int64)
    for pieces in np.split(np.arange(len(starts)), np.flatnonzero(np.diff(unit)) + 1):
        best = [0.0]
        for j in pieces.tolist():
            # a site that ends with this piece begins with one of those before it
            best.append(
                min(
                    best[i] + max(shortest_m, (ends[j] - starts[pieces[i]]) * CELL_M)
                    for i in range(len(best))
                )
            )
        out[unit[pieces[0]]] = best[-1]
    return out


def _rank_of(scheme: Scheme) -> Ints:
    """Rank of the cure of each code and severity: ``(K, 3)``."""
    out = np.zeros((len(scheme.codes), len(SEVERITIES)), dtype=np.int64)
    for k, code in enumerate(scheme.codes):
        for g, cure in enumerate(scheme.estate.cures[code]):
            across = cure == "seal" and code in scheme.influence_m
            out[k, g] = SEAL_ACROSS if across else _RANKS[cure]
    return out


def _prices(
    scheme: Scheme, treatments: Treatments, category: Floats, lane_width_m: Floats
) -> Floats:
    """Price of one metre of lane by rank, in the tax of the price list: ``(5, U)``."""
    rule = scheme.estate
    factor = convert_eur(1.0, rule.tax, treatments.tax, treatments.vat_rate)
    sealed = [
        scheme.influence_m[code]
        for code, cures in rule.cures.items()
        if code in scheme.influence_m and "seal" in cures
    ]
    out = np.empty((STRUCTURE, len(category)))
    # One crack across is sealed over the width of the lane and stands for its influence length.
    out[SEAL_ACROSS - 1] = rule.seal_eur_per_m * factor * lane_width_m / min(sealed, default=1.0)
    out[SEAL_ALONG - 1] = rule.seal_eur_per_m * factor
    out[PATCH - 1] = rule.patch_eur_per_m2 * rule.patch_m2_per_m * factor
    known = np.where(np.isnan(category), 0, category).astype(np.int64)
    unit_eur = np.array([t.cost_eur_per_m2 for t in treatments.treatments])
    for rank, threshold in (
        (SURFACE, treatments.thresholds.surface),
        (STRUCTURE, treatments.thresholds.structure),
    ):
        note = np.full(len(category), threshold - _JUST_UNDER)
        chosen = treatments.adequate(note, known)
        price = np.where(chosen == NONE, np.nan, unit_eur[np.maximum(chosen, 0)])
        out[rank - 1] = price * lane_width_m
    return out
