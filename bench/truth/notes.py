"""Notes, works and money that a survey gives, and those that the truth of the drive would give.

The truth is scored by the same scheme, on the same surveyed metres and with the same codes: what
differs is what was found, how large and how grave. What nobody looked for (repairs, say) is on
neither side.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from bench.truth.objects import grouped, match
from gis.scoring.score import Observation, ScoreResult, score
from inspection.stages.fuse import fused
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
from voirie.nets import load_models
from voirie.places import LANE_KEY, ROUTE_KEY
from voirie.tables import CRS, conform
from voirie.taxonomy import load_taxonomy

LANE = ["section_id", "sens", "voie"]


@dataclass(frozen=True)
class Rules:
    """What a survey was scored with, and by whom."""

    folder: SurveyFolder

    def score(self, findings: pd.DataFrame, coverage: pd.DataFrame) -> ScoreResult:
        """Findings scored by the survey's own rules, on some surveyed metres."""
        taxonomy = load_taxonomy(self.folder.rules("taxonomy"))
        scheme = load_scheme(self.folder.rules("scheme"), taxonomy)
        sections = self.folder.read("sections")
        missing = set(str(sections["missing_codes"].fillna("").iloc[0]).split(","))
        seen = {code for code in (*scheme.codes, *scheme.counts_as) if code not in missing}
        return score(
            findings,
            coverage,
            sections,
            observation=Observation(frozenset(seen), "truth"),
            survey_id="truth",
            scheme=scheme,
            treatments=load_treatments(self.folder.rules("treatments")),
            taxonomy=taxonomy,
        )


def as_findings(objects: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """Pavement of the truth as the table `findings`, sure of everything."""
    keys = frames[list(ROUTE_KEY)].dropna().drop_duplicates("route").set_index("route")
    own = objects[objects["family"] == "pavement"].reset_index(drop=True)
    key = keys.reindex(own["route"]).reset_index()
    table = own[
        ["code", "severity", "sens", "voie", "cumul_m", "cumul_from_m", "cumul_to_m", "offset_m"]
    ].assign(
        **{name: key[name] for name in ROUTE_KEY},
        finding_id=own["id"],
        survey_id="truth",
        family="pavement",
        length_m=own["length_m"],
        width_m=own["width_m"],
        area_m2=own["area_m2"],
        confidence=1.0,
        existence=1.0,
        scale_assumed=False,
        n_views=1,
        n_passes=1,
        origin="human",
        review_state="confirmed",
        experimental=False,
        geometry=gpd.points_from_xy(own["x"], own["y"]),
    )
    return conform("findings", gpd.GeoDataFrame(table, geometry="geometry", crs=CRS))


@dataclass(frozen=True)
class NoteErrors:
    """Errors of notes: given less true, over lanes or sections that have both.

    Attributes
    ----------
    error
        ``(n,)``.
    held
        Share of intervals that hold the true note.
    """

    error: np.ndarray
    held: float

    def within(self, points: float) -> float:
        """Share of the errors that are no larger."""
        return share(np.abs(self.error) <= points + 1e-9)


@dataclass(frozen=True)
class Money:
    """Works and need of the sections that have a note on both sides.

    Attributes
    ----------
    sections
        How many.
    same_class, same_treatment
        Of them, with the class and with the work that the truth calls for.
    need_eur, true_need_eur
        Sum of the works that the notes call for.
    """

    sections: int
    same_class: int
    same_treatment: int
    need_eur: float
    true_need_eur: float


def note_errors(given: pd.DataFrame, true: pd.DataFrame, key: list[str]) -> NoteErrors:
    """Errors of `note_globale` over the rows of a key that have a note in both tables."""
    both = given.merge(true, on=key, suffixes=("", "_true"))
    both = both[both["note_globale"].notna() & both["note_globale_true"].notna()]
    value = both["note_globale_true"].to_numpy(float)
    low, high = (both[f"note_globale_{side}"].to_numpy(float) for side in ("low", "high"))
    return NoteErrors(
        both["note_globale"].to_numpy(float) - value,
        share((low - 0.05 <= value) & (value <= high + 0.05)),
    )


def money(given: pd.DataFrame, true: pd.DataFrame) -> Money:
    """Classes, works and need under the given notes and under the true ones."""
    both = given.merge(true, on="section_id", suffixes=("", "_true"))
    both = both[both["note_globale"].notna() & both["note_globale_true"].notna()]
    work, true_work = (
        both[name].astype("string").fillna("")
        for name in ("proposed_treatment", "proposed_treatment_true")
    )
    return Money(
        len(both),
        int((both["classe_etat"] == both["classe_etat_true"]).sum()),
        int((work == true_work).sum()),
        float(both["proposed_cost_eur"].sum()),
        float(both["proposed_cost_eur_true"].sum()),
    )


@dataclass(frozen=True)
class Repeat:
    """One lane, two passes: what each of them says when it stands alone.

    Attributes
    ----------
    difference
        Of the notes of lanes that both passes saw, ``(n,)``.
    findings, met_again
        Findings of one pass on metres that the other saw too, and how many it found as well.
    """

    difference: np.ndarray
    findings: int
    met_again: int


def repeat_of(folder: SurveyFolder) -> Repeat:
    """Score every pass alone, and compare those that saw the same lane."""
    rules = Rules(folder)
    taxonomy = load_taxonomy(folder.rules("taxonomy"))
    scheme = load_scheme(folder.rules("scheme"), taxonomy)
    frames, views, coverage = (folder.read(name) for name in ("frames", "views", "coverage"))
    lanes = coverage[coverage["surveyed"]].groupby(list(LANE_KEY))["pass_id"].nunique()
    if not (lanes > 1).any():
        return Repeat(np.zeros(0), 0, 0)
    notes, things = {}, {}
    pass_of = frames.set_index("frame_id")["pass_id"]
    placed = views[views["reason"].isna()]
    for name in coverage["pass_id"].unique():
        own = placed[(placed["frame_id"].map(pass_of) == name).to_numpy()].reset_index(drop=True)
        found, _ = fused(
            own,
            frames,
            "alone",
            network=None,
            rules=scheme.severity,
            taxonomy=taxonomy,
            measures=load_models().measures,
        )
        found = found[~found["doubtful"].astype(bool)]
        things[name] = found[found["family"] == "pavement"]
        result = rules.score(
            conform("findings", gpd.GeoDataFrame(found, geometry="geometry", crs=CRS)),
            coverage[coverage["pass_id"] == name],
        )
        notes[name] = result.section_notes.set_index(LANE)["note_globale"]
    difference, met, total = [], 0, 0
    names = sorted(notes)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            gap = (notes[first] - notes[second]).dropna()
            difference.append(gap.to_numpy(float))
            lanes_of_both = set(map(tuple, _lanes(coverage, first) & _lanes(coverage, second)))
            one, other = (_on(things[name], lanes_of_both) for name in (first, second))
            total += len(one) + len(other)
            met += 2 * _met(one, other)
    return Repeat(np.concatenate(difference), total, met)


def _lanes(coverage: pd.DataFrame, name: str) -> set[tuple[object, ...]]:
    own = coverage[coverage["surveyed"] & (coverage["pass_id"] == name)]
    return set(own[list(LANE_KEY)].drop_duplicates().itertuples(index=False, name=None))


def _on(findings: pd.DataFrame, lanes: set[tuple[object, ...]]) -> pd.DataFrame:
    rows = [key in lanes for key in findings[list(LANE_KEY)].itertuples(index=False, name=None)]
    return findings[rows].reset_index(drop=True)


def _met(one: pd.DataFrame, other: pd.DataFrame) -> int:
    one, other = grouped(one), grouped(other)
    return sum(
        len(
            match(
                one[one["group"] == name].reset_index(drop=True),
                other[other["group"] == name].reset_index(drop=True),
            )
        )
        for name in set(one["group"])
    )


def share(yes: np.ndarray) -> float:
    """Share of True, NaN of nothing."""
    return float(np.mean(yes)) if len(yes) else float("nan")
