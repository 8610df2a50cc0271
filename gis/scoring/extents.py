"""Extents: how much of a lane each code affects, by severity, in cells of one metre.

A cell takes the worst severity of a code, so severities 1 to 3 add up to 100 % at most. What is
a point or stands across the road counts for an influence length. The share is of the surveyed
length. A code that no model of the campaign can see is NULL, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from gis.scoring.cells import CELL_M, LaneGrid, Levels, Stretches, paint, stretches
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.scheme import SEVERITIES, Scheme
from voirie.taxonomy import POSITION_UNKNOWN, TYPE_UNKNOWN, Taxonomy

SURE_ORIGINS = ("human", "imported", "edited")
"""A person vouches for these, whatever a model thought of them."""
CHECKED = ("confirmed", "corrected")
"""States of review that a person gives to what is there."""


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """Findings that count in notes, as arrays of one row a finding (N).

    Attributes
    ----------
    findings
        Rows of the table ``findings`` that are kept.
    code
        Number of the code in `Scheme.codes`.
    severity
        1 to 3.
    worse
        Severity of the low bound of the interval, 1 to 3.
    certain
        Whether it counts for the high bound.
    assumed
        Whether code or severity was assumed.
    """

    findings: pd.DataFrame
    code: Ints
    severity: Levels
    worse: Levels
    certain: Bools
    assumed: Bools


def damage_of(
    findings: pd.DataFrame,
    scheme: Scheme,
    observable: frozenset[str],
    taxonomy: Taxonomy,
    calibrated: frozenset[str] = frozenset(),
) -> tuple[Damage, dict[str, int]]:
    """Keep the findings of rated families that count, and settle their code and severity.

    A finding without severity takes the scheme's for its code: the least that a sighting proves.

    Parameters
    ----------
    findings
        Table ``findings``.
    scheme
        Rating scheme.
    observable
        Codes the campaign can see, before `Scheme.counts_as`.
    taxonomy
        Families of the survey, of which some are rated.
    calibrated
        Codes whose existence was held against a truth: of these only what is more likely there
        than not counts, by `Scheme.least_existence`.

    Returns
    -------
    damage
        What counts.
    dropped
        Findings left out, by reason.
    """
    counted = {scheme.counted(code) for code in observable}
    weighed = set(scheme.codes)
    rated = findings["family"].isin(taxonomy.rated).to_numpy(dtype=bool)
    rejected = (findings["review_state"] == "rejected").to_numpy(dtype=bool)
    source = findings["code"].astype("string")
    names = source.replace(scheme.counts_as)
    seen = names.isin(sorted(counted)).to_numpy(dtype=bool)
    known = seen & names.isin(sorted(weighed)).to_numpy(dtype=bool)
    vouched = (
        findings["origin"].isin(SURE_ORIGINS) | findings["review_state"].isin(CHECKED)
    ).to_numpy(dtype=bool)
    unlikely = (
        known
        & ~vouched
        & source.isin(sorted(calibrated)).to_numpy(dtype=bool)
        & (findings["existence"].to_numpy(dtype=np.float64) < scheme.least_existence)
    )
    keep = rated & ~rejected & known & ~unlikely
    dropped = {
        "rejected by a person": int((rated & rejected).sum()),
        "code not observable by the campaign": int((rated & ~rejected & ~seen).sum()),
        "more likely none than one": int((rated & ~rejected & unlikely).sum()),
        "code without a weight in the scheme": int((rated & ~rejected & seen & ~known).sum()),
    }
    kept = findings[keep].reset_index(drop=True)
    code = pd.Index(scheme.codes).get_indexer(pd.Index(names[keep])).astype(np.int64)
    given = kept["severity"].to_numpy(dtype=np.float64, na_value=np.nan)
    ungraded = np.isnan(given)
    least = [scheme.assumed_severity.get(c, scheme.ungraded_severity) for c in scheme.codes]
    severity = np.clip(np.where(ungraded, np.array(least)[code], given), 1, 3)
    worse = np.where(ungraded, 3, np.minimum(severity + scheme.interval.severity_step, 3))
    certain = (
        kept["existence"].to_numpy(dtype=np.float64) >= scheme.interval.certain_existence
    ) | kept["origin"].isin(SURE_ORIGINS).to_numpy(dtype=bool)
    flags = kept["flags"].fillna("")
    guessed = flags.str.contains(f"{POSITION_UNKNOWN}|{TYPE_UNKNOWN}").to_numpy(dtype=bool)
    replaced = (source[keep] != names[keep]).to_numpy(dtype=bool)
    damage = Damage(
        findings=kept,
        code=code,
        severity=severity.astype(np.uint8),
        worse=worse.astype(np.uint8),
        certain=certain,
        assumed=ungraded | guessed | replaced,
    )
    return damage, {reason: number for reason, number in dropped.items() if number}


def lay(grid: LaneGrid, damage: Damage, scheme: Scheme) -> tuple[Stretches, dict[str, int]]:
    """Lay the damage on the cells, transverse and point-like codes with their influence length."""
    least = np.array([scheme.influence_m.get(code, CELL_M) for code in scheme.codes])
    return stretches(grid, damage.findings, least[damage.code])


def metres(grid: LaneGrid, laid: Stretches, code: Ints, severity: Levels, n_codes: int) -> Floats:
    """Surveyed metres by code, severity and unit: ``(n_codes, 3, U)``.

    Parameters
    ----------
    grid, laid
        Cells, and the findings laid on them (P rows).
    code, severity
        Of each finding, ``(N,)``.
    n_codes
        Codes there are.
    """
    out = np.zeros((n_codes, len(SEVERITIES), len(grid)))
    own = code[laid.item]
    for number in np.unique(own):
        rows = own == number
        levels = grid.blank()
        paint(levels, laid.start[rows], laid.end[rows], severity[laid.item[rows]])
        out[number] = grid.tally(levels, len(SEVERITIES))
    return out


def group_metres(grid: LaneGrid, laid: Stretches, member: Bools, level: Levels, top: int) -> Floats:
    """Surveyed metres of several codes taken together, the highest level of a cell: ``(top, U)``.

    Parameters
    ----------
    grid, laid
        As in `metres`.
    member, level
        Whether each finding belongs to the group, and its level from 1 to `top`, ``(N,)``.
    top
        Highest level.
    """
    return grid.tally(group_levels(grid, laid, member, level), top)


def group_levels(grid: LaneGrid, laid: Stretches, member: Bools, level: Levels) -> Levels:
    """Highest level of each cell over several codes, 0 where none lies: ``(C,)``."""
    rows = member[laid.item]
    levels = grid.blank()
    paint(levels, laid.start[rows], laid.end[rows], level[laid.item[rows]])
    return levels


@dataclass(frozen=True, slots=True, eq=False)
class Quantities:
    """Sums by code, severity and unit, each ``(K, 3, U)``.

    `area_m2` is NaN where one of the findings has no area.
    """

    number: Ints
    centred: Ints
    assumed: Ints
    length_m: Floats
    area_m2: Floats


def quantities(grid: LaneGrid, laid: Stretches, damage: Damage, n_codes: int) -> Quantities:
    """Numbers, lengths and areas of findings.

    A finding that two sections share is counted once, where its middle lies, and its length
    and area are divided. A length that was not measured is taken from the extent on the axis.
    """
    shape = (n_codes, len(SEVERITIES), len(grid))
    item = laid.item
    severity = damage.severity[item].astype(np.int64) - 1
    slot = (damage.code[item] * shape[1] + severity) * shape[2] + laid.unit
    size = n_codes * shape[1] * shape[2]

    def total(values: NDArray[np.generic]) -> Floats:
        summed = np.bincount(slot, weights=values, minlength=size)
        return np.asarray(summed.reshape(shape), dtype=np.float64)

    kept = damage.findings
    length = kept["length_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    axis = (kept["cumul_to_m"] - kept["cumul_from_m"]).to_numpy(dtype=np.float64, na_value=np.nan)
    length = np.where(np.isnan(length), np.nan_to_num(np.abs(axis)), length)
    area = kept["area_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    unknown = total(np.isnan(area[item]))
    areas = total(np.nan_to_num(area[item]) * laid.share)
    return Quantities(
        number=np.rint(total(np.ones(len(item)))).astype(np.int64),
        centred=np.rint(total(laid.centre)).astype(np.int64),
        assumed=np.rint(total(damage.assumed[item])).astype(np.int64),
        length_m=total(length[item] * laid.share),
        area_m2=np.where(unknown > 0, np.nan, areas),
    )


def extents_table(
    grid: LaneGrid,
    section_id: pd.Series,
    metres_by_code: Floats,
    sums: Quantities,
    scheme: Scheme,
    by_lane: Bools,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """The table ``extents``: every unit x code x severity, NULL where nothing could be seen.

    Parameters
    ----------
    grid
        The cells.
    section_id
        Identifier of each section, in the order of the grid's sections.
    metres_by_code, sums
        From `metres` and `quantities`.
    scheme
        Rating scheme: its codes and their order.
    by_lane
        Which codes of the scheme could be seen in which lane, ``(K, U)``.
    taxonomy
        Codes of the survey, each with the unit of its quantity.
    """
    codes = scheme.codes
    per_unit = len(codes) * len(SEVERITIES)
    seen = by_lane[:, None, :] & (grid.surveyed_m > 0)
    seen = np.broadcast_to(seen, metres_by_code.shape)
    units = [taxonomy.codes[code].unit for code in codes]
    by_unit: Mapping[str, NDArray[np.generic]] = {
        "nb": sums.centred,
        "m": sums.length_m,
        "m2": sums.area_m2,
    }
    quantity = np.stack([by_unit[unit][k] for k, unit in enumerate(units)])

    def flat(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.moveaxis(values, -1, 0).reshape(-1)

    unit_of_row = np.repeat(np.arange(len(grid)), per_unit)
    ids = pd.array(section_id.to_numpy(dtype=object), dtype="string")
    words = {
        "sens": pd.array(["+", "-"], dtype="string").take(grid.lane[unit_of_row] % 2),
        "code": _tiled(codes, len(SEVERITIES), len(grid)),
        "unit": _tiled(units, len(SEVERITIES), len(grid)),
    }
    return pd.DataFrame(
        {
            "section_id": ids.take(grid.section[unit_of_row]),
            "sens": words["sens"],
            "voie": grid.voie[unit_of_row],
            "code": words["code"],
            "severity": np.tile(np.asarray(SEVERITIES), len(grid) * len(codes)),
            "extent_pct": flat(np.where(seen, percent(metres_by_code, grid.surveyed_m), np.nan)),
            "quantity": flat(np.where(seen, quantity, np.nan)),
            "unit": words["unit"],
            "n_findings": flat(np.where(seen, sums.number, 0)),
            "n_assumed": flat(np.where(seen, sums.assumed, 0)),
        }
    )


def percent(length_m: Floats, of_m: Floats) -> Floats:
    """Percent of a length, NaN where that is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(100.0 * length_m / of_m, 100.0)  # the last cell rounds
        return np.asarray(np.where(of_m > 0, share, np.nan))


def _tiled(words: Sequence[str], each: int, times: int) -> ExtensionArray:
    values = pd.array(list(words), dtype="string")
    return values.take(np.tile(np.repeat(np.arange(len(words)), each), times))
