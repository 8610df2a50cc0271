"""Notes of lanes: the table ``section_notes``, one row a section, direction and lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.network.lane_geometry import lane_width_m
from gis.scoring.cells import LaneGrid, Stretches, lane_code
from gis.scoring.extents import Damage, Quantities, group_metres, metres, percent, quantities
from gis.scoring.notes import (
    Met,
    Weighted,
    weighted,
    with_missed,
    with_unseen,
    without_false,
)
from gis.scoring.vizir import Vizir, vizir
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.scheme import SETS, Scheme


@dataclass(frozen=True, slots=True, eq=False)
class Possible:
    """What may be there, and where it lies: what counts, and what is more likely none than one."""

    damage: Damage
    laid: Stretches


@dataclass(frozen=True, slots=True, eq=False)
class LaneScores:
    """What is known of U lanes.

    Attributes
    ----------
    grid, damage, laid
        Cells, findings that count, and where they lie.
    metres
        By code, severity and unit, ``(K, 3, U)``.
    sums
        Numbers, lengths and areas.
    observable
        Codes that count and can be seen.
    by_lane
        Which codes of the scheme could be seen in which lane, ``(K, U)``.
    weights
        Weighted extents with the bounds of their interval.
    vizir
        Indices.
    width_m
        Width of each lane, ``(U,)``.
    """

    grid: LaneGrid
    damage: Damage
    laid: Stretches
    metres: Floats
    sums: Quantities
    observable: frozenset[str]
    by_lane: Bools
    weights: Weighted
    vizir: Vizir
    width_m: Floats

    @property
    def coverage_pct(self) -> Floats:
        """Surveyed share of each lane, ``(U,)``."""
        return percent(self.grid.surveyed_m, self.grid.length_m)


def lane_scores(
    grid: LaneGrid,
    damage: Damage,
    laid: Stretches,
    possible: Possible,
    sections: pd.DataFrame,
    scheme: Scheme,
    observable: frozenset[str],
    by_lane: Bools,
    met: Mapping[str, Met],
) -> LaneScores:
    """Score every lane of a grid.

    Parameters
    ----------
    grid, damage, laid
        Cells, findings that count, and where they lie.
    possible
        What enters the low bound.
    sections
        Rows of the grid's sections.
    scheme, observable
        Rating scheme, and codes that count and can be seen.
    by_lane
        Which codes of the scheme could be seen in which lane, ``(K, U)``.
    met
        What the models miss and see wrongly, by code; of others nothing is known.
    """
    n_codes = len(scheme.codes)
    seen = grid.surveyed_m
    by_code = metres(grid, laid, damage.code, damage.severity, n_codes)
    scored = weighted(percent(by_code, seen), scheme, observable)
    sure = metres(
        grid, laid.where(damage.certain[laid.item]), damage.code, damage.severity, n_codes
    )
    worse = metres(grid, possible.laid, possible.damage.code, possible.damage.worse, n_codes)

    def group(codes: tuple[str, ...]) -> Floats | None:
        if not observable >= set(codes):
            return None
        member = np.isin(damage.code, [scheme.codes.index(code) for code in codes])
        return group_metres(grid, laid, member, damage.severity, 3)

    rule = scheme.vizir
    lowest = weighted(with_missed(percent(worse, seen), scheme.codes, met), scheme, observable)
    return LaneScores(
        grid=grid,
        damage=damage,
        laid=laid,
        metres=by_code,
        sums=quantities(grid, laid, damage, n_codes),
        observable=observable,
        by_lane=by_lane,
        weights=with_unseen(
            scored,
            weighted(without_false(percent(sure, seen), scheme.codes, met), scheme, observable),
            scored + scheme.interval.worse_share * (lowest - scored),
            percent(seen, grid.length_m) / 100.0,
            scheme.interval,
        ),
        vizir=vizir(group(rule.cracking), group(rule.deformation), group(rule.repair), seen, rule),
        width_m=lane_width_m(
            sections["width_m"].to_numpy(dtype=np.float64, na_value=np.nan), sections["cote"]
        )[grid.section],
    )


def lane_columns(lanes: LaneScores, scheme: Scheme, given: Bools) -> dict[str, object]:
    """Columns of ``section_notes`` that come from findings; indices are NULL where not `given`.

    A number where too little was seen to give a note is a fact, but none is not: it is NULL.
    """
    grid, sums = lanes.grid, lanes.sums

    def of(code: str, values: NDArray[np.generic]) -> Floats:
        row = scheme.codes.index(code)
        found = np.asarray(values[row].sum(axis=0), dtype=np.float64)
        return np.where(lanes.by_lane[row] & (given | (found > 0)), found, np.nan)

    def noted(values: Floats) -> Floats:
        return np.where(given, values, np.nan)

    cracks = [scheme.codes.index(code) for code in scheme.vizir.cracking]
    # An index needs every crack of the campaign: where a lane lacks one that others have, none.
    known = np.isin(scheme.codes, sorted(lanes.observable))[cracks, None]
    graded = ~(known & ~lanes.by_lane[cracks]).any(axis=0)

    def indexed(values: Floats) -> Floats:
        return np.where(given & graded, values, np.nan)

    structure = lanes.weights.d[SETS.index(scheme.ideg.set)]
    edeg = np.minimum(100.0, structure)
    ideg = 4.0 - np.searchsorted(scheme.ideg.upper_pct, np.nan_to_num(edeg), side="left")
    item, unit = lanes.laid.item, lanes.laid.unit
    confidence = lanes.damage.findings["confidence"].to_numpy(dtype=np.float64)[item]
    number = np.bincount(unit, minlength=len(grid))
    total = np.bincount(unit, weights=confidence, minlength=len(grid))
    return {
        "d_structure": noted(lanes.weights.d[0]),
        "d_surface": noted(lanes.weights.d[1]),
        "edeg_pct": noted(edeg),
        "ideg": noted(np.where(np.isnan(edeg), np.nan, ideg)),
        "vizir_if": indexed(lanes.vizir.cracking),
        "vizir_is": indexed(lanes.vizir.surface),
        "vizir_is_min": indexed(lanes.vizir.surface_min),
        "vizir_is_max": indexed(lanes.vizir.surface_max),
        "ftr_nb": of("FTR", sums.centred),
        "ndp_nb": of("NDP", sums.centred),
        "ndp_m2": of("NDP", sums.area_m2),
        "fai_m2": of("FAI", sums.area_m2),
        "rep_m2": of("REP", sums.area_m2),
        "mean_confidence": np.where(number > 0, total / np.maximum(number, 1), np.nan),
    }


def experimental_lanes(lanes: LaneScores) -> Bools:
    """Lanes in which a finding rests on a model of unclear licence, ``(U,)``."""
    rests = lanes.damage.findings["experimental"].to_numpy(dtype=bool, na_value=False)
    out = np.zeros(len(lanes.grid), dtype=bool)
    out[lanes.laid.unit[rests[lanes.laid.item]]] = True
    return out


def seen_by_lane(
    grid: LaneGrid,
    frames: pd.DataFrame | None,
    codes: tuple[str, ...],
    observable: frozenset[str],
    without_camera: frozenset[str],
) -> Bools:
    """Which codes could be seen in which lane, ``(K, U)``.

    Parameters
    ----------
    grid
        The lanes.
    frames
        Pictures; None where nothing is known of them, and every lane is like the others.
    codes
        Of the scheme.
    observable, without_camera
        What can be seen at all, and where no picture of a lane has a described camera.
    """
    blind = np.zeros(len(grid), dtype=bool)
    if frames is not None and len(frames):
        kept = frames[frames["picture_id"].notna().to_numpy()]
        unit = _units(grid, kept)
        described = kept["camera_source"].notna().to_numpy(dtype=bool)
        blind[unit[unit >= 0]] = True
        blind[unit[(unit >= 0) & described]] = False
    always, here = (np.isin(codes, sorted(some)) for some in (without_camera, observable))
    return np.asarray(here[:, None] & (always[:, None] | ~blind[None]))


def _units(grid: LaneGrid, kept: pd.DataFrame) -> Ints:
    """Lane of each picture, -1 where it has none."""
    place = kept["cumul_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    route = np.where(np.isnan(place), -1, grid.index.route_of(kept))
    section = grid.index.at(route, np.nan_to_num(place))
    return grid.unit_of(section, lane_code(kept["sens"], kept["voie"]))


def picture_columns(grid: LaneGrid, frames: pd.DataFrame | None) -> dict[str, object]:
    """Day, number of pictures and quality of position of each lane, from the kept frames.

    The day is that of the last picture; the quality is the median standard deviation. All are
    NULL where no frames are given.
    """
    if frames is None:
        return {"surveyed_on": None, "gnss_quality_m": np.nan, "n_frames": None}
    count = np.zeros(len(grid), dtype=np.int64)
    quality = np.full(len(grid), np.nan)
    day: list[str | None] = [None] * len(grid)
    if len(frames):
        kept = frames[frames["picture_id"].notna().to_numpy()]
        unit = _units(grid, kept)
        by_unit = pd.DataFrame(
            {
                "unit": unit,
                "accuracy_m": kept["accuracy_m"].to_numpy(dtype=np.float64, na_value=np.nan),
                "at": kept["captured_at"].to_numpy(),
            }
        )
        found = by_unit[by_unit["unit"] >= 0].groupby("unit")
        count[found.size().index] = found.size().to_numpy()
        quality[found.size().index] = found["accuracy_m"].median().to_numpy()
        for number, moment in found["at"].max().dropna().items():
            day[int(number)] = pd.Timestamp(moment).date().isoformat()  # type: ignore[call-overload]
    return {"surveyed_on": day, "gnss_quality_m": quality, "n_frames": count}
