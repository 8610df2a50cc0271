"""Scoring: from findings and coverage to extents, notes of lanes and notes of sections.

One or more surveys of a campaign are scored together. Where several passes saw a metre it was
seen once; findings are fused before they come here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.network.lane_geometry import directions_of
from gis.scoring.asset_value import works_share
from gis.scoring.cells import LaneGrid
from gis.scoring.extents import damage_of, extents_table, lay
from gis.scoring.lane_scores import (
    LaneScores,
    Possible,
    experimental_lanes,
    lane_columns,
    lane_scores,
    picture_columns,
    seen_by_lane,
)
from gis.scoring.notes import Met, note, note_columns, with_unseen
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.scheme import Scheme, load_scheme
from voirie.catalogue.treatments import NONE, Treatments, load_treatments
from voirie.errors import ConfigurationError
from voirie.tables import conform
from voirie.taxonomy import Taxonomy, load_taxonomy


@dataclass(frozen=True, slots=True)
class Observation:
    """What a campaign could see, and with what.

    Attributes
    ----------
    codes
        Every code its models, or its people, can give; all others are NULL, never 0.
    model_version
        Models that looked, in words.
    experimental
        Whether one of them is of unclear licence.
    met
        What they miss and see wrongly, by code; of others nothing was measured.
    calibrated
        Codes whose existence was held against a truth.
    without_camera
        Of the codes those that can be seen in a lane where no picture has a described camera;
        None where that makes no difference.
    """

    codes: frozenset[str]
    model_version: str
    experimental: bool = False
    met: Mapping[str, Met] = field(default_factory=dict)
    calibrated: frozenset[str] = frozenset()
    without_camera: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Tables ``extents``, ``section_notes`` and ``sections``, and findings left out by reason."""

    extents: pd.DataFrame
    section_notes: pd.DataFrame
    sections: pd.DataFrame
    dropped: dict[str, int] = field(default_factory=dict)


def score(
    findings: pd.DataFrame,
    coverage: pd.DataFrame,
    sections: pd.DataFrame,
    *,
    observation: Observation,
    survey_id: str,
    frames: pd.DataFrame | None = None,
    scheme: Scheme | None = None,
    treatments: Treatments | None = None,
    taxonomy: Taxonomy | None = None,
    min_coverage_pct: float | None = None,
) -> ScoreResult:
    """Score sections.

    Parameters
    ----------
    findings, coverage, frames
        Tables of those names; `frames` gives day, number of pictures and quality of position.
    sections
        As `gis.sections.cut` gives them.
    observation
        What could be seen.
    survey_id
        Survey or campaign written in each row.
    scheme, treatments, taxonomy
        Rating scheme, price list and families of things, None for the shipped ones.
    min_coverage_pct
        Surveyed share of a lane under which its notes are NULL, None for the scheme's.

    Returns
    -------
    ScoreResult
        The three tables, as `voirie.tables` declares them. Lanes that no coverage names have no
        row in the first two; sections without one are ``nd``.

    Examples
    --------
    >>> from gis.scoring.sections import cut_from_places
    >>> road = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
    >>> sections = cut_from_places(pd.DataFrame([road | {"cumul_m": 100.0}]))
    >>> seen = road | {"pass_id": "p", "sens": "+", "voie": 1, "surveyed": True}
    >>> coverage = pd.DataFrame([seen | {"cumul_from_m": 0.0, "cumul_to_m": 200.0}])
    >>> potholes = pd.DataFrame(
    ...     [
    ...         road | {"finding_id": str(k), "survey_id": "s", "family": "pavement", "code": "NDP",
    ...                 "severity": 3, "sens": "+", "voie": 1, "cumul_m": 18.0 * k + 10.0,
    ...                 "confidence": 0.5, "existence": 0.9, "scale_assumed": False, "n_views": 1,
    ...                 "n_passes": 1, "origin": "machine", "review_state": "proposed",
    ...                 "experimental": False}
    ...         for k in range(10)
    ...     ]
    ... )
    >>> told = Observation(frozenset({"NDP"}), "made by hand")
    >>> result = score(
    ...     conform("findings", potholes), coverage, sections, observation=told, survey_id="s"
    ... )
    >>> result.section_notes[["note_globale", "classe_etat", "upper_bound"]].values.tolist()
    [[14.0, 'ME', True]]
    """
    taxonomy = taxonomy or load_taxonomy()
    scheme = scheme or load_scheme(None, taxonomy)
    treatments = treatments or load_treatments()
    least_pct = scheme.min_coverage_pct if min_coverage_pct is None else min_coverage_pct
    counted = frozenset(map(scheme.counted, observation.codes)) & set(scheme.codes)
    always = observation.without_camera
    flat = counted if always is None else counted & frozenset(map(scheme.counted, always))
    sections = sections.reset_index(drop=True)
    grid = LaneGrid.of(sections, coverage)
    by_lane = seen_by_lane(grid, frames, scheme.codes, counted, flat)
    damage, dropped = damage_of(
        findings, scheme, observation.codes, taxonomy, observation.calibrated
    )
    laid, off_road = lay(grid, damage, scheme)
    possible = Possible(damage, laid)
    if observation.calibrated:
        every, _ = damage_of(findings, scheme, observation.codes, taxonomy)
        possible = Possible(every, lay(grid, every, scheme)[0])
    met = {scheme.counted(code): one for code, one in observation.met.items()}
    lanes = lane_scores(grid, damage, laid, possible, sections, scheme, counted, by_lane, met)
    given = (grid.surveyed_m > 0) & (lanes.coverage_pct >= least_pct - 1e-9)

    ids = sections["section_id"]
    extents = extents_table(grid, ids, lanes.metres, lanes.sums, scheme, by_lane, taxonomy)
    section_notes = {
        "section_id": ids.to_numpy(dtype=object)[grid.section],
        "survey_id": survey_id,
        "sens": grid.sens,
        "voie": grid.voie,
        "length_m": grid.length_m,
        "surveyed_length_m": grid.surveyed_m,
        "width_m": lanes.width_m,
        "area_m2": lanes.width_m * grid.length_m,
        **picture_columns(grid, frames),
        **note_columns(lanes.weights, given, lanes.coverage_pct, treatments.thresholds),
        **lane_columns(lanes, scheme, given),
        "model_version": observation.model_version,
        "experimental": experimental_lanes(lanes) | observation.experimental,
        **_missing(by_lane, scheme),
    }
    planned: dict[str, object] = {
        **_section_columns(sections, lanes, given, scheme, treatments),
        "experimental": _any_lane(len(sections), grid, experimental_lanes(lanes))
        | (_any_lane(len(sections), grid, given) & observation.experimental),
        **_missing(_in_all_lanes(len(sections), grid, by_lane, counted, scheme), scheme),
    }
    columns = {
        str(name): column for name, column in pd.DataFrame(planned, index=sections.index).items()
    }
    return ScoreResult(
        extents=conform("extents", extents),
        section_notes=conform("section_notes", pd.DataFrame(section_notes, index=range(len(grid)))),
        sections=conform("sections", sections.assign(**columns)),
        dropped=dropped | off_road,
    )


def _missing(seen: Bools, scheme: Scheme) -> dict[str, object]:
    """What could not be seen of each row, ``(K, R)``: its note is then the best that it may be."""
    codes = np.array(scheme.codes, dtype=object)
    return {
        "upper_bound": ~seen.all(axis=0),
        "missing_codes": [",".join(codes[~row]) for row in seen.T],
        "scheme_version": scheme.version,
    }


def _in_all_lanes(
    count: int, grid: LaneGrid, by_lane: Bools, counted: frozenset[str], scheme: Scheme
) -> Bools:
    """Codes that could be seen in every lane of a section, ``(K, S)``."""
    out = np.repeat(np.isin(scheme.codes, sorted(counted))[:, None], count, axis=1)
    np.logical_and.at(out.T, grid.section, by_lane.T)
    return out


def _section_columns(
    sections: pd.DataFrame,
    lanes: LaneScores,
    given: Bools,
    scheme: Scheme,
    treatments: Treatments,
) -> dict[str, object]:
    """Notes of planning units: extents weighted by length over the lanes that have a note.

    Where one direction of a single carriageway was seen the other is assumed equal, and the
    interval widens as for any metre that was not seen.
    """
    grid, count = lanes.grid, len(sections)
    weight = np.where(given, grid.surveyed_m, 0.0)
    total = np.bincount(grid.section, weights=weight, minlength=count)

    def mean(values: Floats) -> Floats:
        """Mean over the lanes with a note, NaN where there is none; a NaN lane makes NaN."""
        used = np.where(weight > 0, values, 0.0)
        summed = np.bincount(grid.section, weights=used * weight, minlength=count)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(total > 0, summed / total, np.nan))

    def both(values: Floats) -> Floats:
        return np.stack([mean(values[0]), mean(values[1])])

    directions = _directions(count, grid, given)
    seen_share = np.minimum(directions / directions_of(sections["cote"]), 1.0)
    weights = lanes.weights
    doubt = with_unseen(
        both(weights.d), both(weights.best), both(weights.worst), seen_share, scheme.interval
    )
    noted = total > 0
    best_lane = np.zeros(count)
    np.maximum.at(best_lane, grid.section, np.nan_to_num(lanes.coverage_pct))
    coverage_pct = np.where(noted, np.nan_to_num(mean(lanes.coverage_pct)), best_lane)
    columns = note_columns(doubt, noted, coverage_pct, treatments.thresholds)

    category = sections["category"].to_numpy(dtype=np.float64, na_value=np.nan)
    share = works_share(
        grid,
        lanes.laid,
        lanes.damage,
        scheme,
        treatments,
        category[grid.section],
        lanes.width_m,
    )
    globale = np.asarray(columns["note_globale"], dtype=np.float64)
    proposed, cost = _proposed(sections, globale, category, treatments)
    return {
        **columns,
        "sens_releves": directions,
        "note_patrimoine": note(100.0 * mean(share)),
        "proposed_treatment": proposed,
        "proposed_cost_eur": cost,
        "proposed_cost_tax": treatments.tax,
        "assumed": np.isnan(globale),
    }


def _proposed(
    sections: pd.DataFrame, notes: Floats, category: Floats, treatments: Treatments
) -> tuple[pd.Series, Floats]:
    """Treatment that each note calls for, and its cost; cost 0 where none, NULL without a note."""
    known = np.where(np.isnan(category), 0, category).astype(np.int64)
    foreign = sorted(set(known[~np.isnan(category)].tolist()) - set(treatments.categories))
    if foreign:
        raise ConfigurationError(
            f"the category {foreign[0]} of a section is not in the price list "
            f"({', '.join(map(str, treatments.categories))})",
            remedy="mend axes.category of the network, or give a price list with that category",
        )
    chosen = treatments.adequate(notes, known)
    codes = pd.Series([*treatments.codes, None], dtype="string")
    unit_eur = np.array([*(t.cost_eur_per_m2 for t in treatments.treatments), 0.0])
    area = sections["area_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    cost = area * unit_eur[chosen]
    # Without a category no trigger of the price list can be read: unknown, not free.
    unknown = np.isnan(notes) | np.isnan(category)
    assert NONE == -1  # the last row of both lists
    return (
        pd.Series(codes.to_numpy()[chosen], index=sections.index, dtype="string"),
        np.where(unknown, np.nan, cost),
    )


def _directions(count: int, grid: LaneGrid, given: Bools) -> Ints:
    """Directions of each section in which a lane has a note."""
    backwards = grid.lane % 2 == 1
    plus = _any_lane(count, grid, given & ~backwards)
    minus = _any_lane(count, grid, given & backwards)
    return plus.astype(np.int64) + minus.astype(np.int64)


def _any_lane(count: int, grid: LaneGrid, which: Bools) -> Bools:
    out = np.zeros(count, dtype=bool)
    out[grid.section[which]] = True
    return out
