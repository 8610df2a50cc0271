"""A rendered drive as the networks saw it, before anything is made of their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bench.truth.notes import as_findings
from bench.truth.objects import grouped, seen_objects
from gis.network.network import Network
from gis.scoring.notes import Met
from gis.scoring.score import Observation, ScoreResult, score
from gis.scoring.sections import cut
from inspection.camera.poses import Poses
from inspection.capture.place_in_lane import COLUMNS as IN_LANE
from inspection.capture.place_in_lane import moved
from inspection.context import context_of
from inspection.options import parse_step
from inspection.stages.fuse import fused
from inspection.stages.locate import by_camera, coded, with_frames
from inspection.stages.score import codes_of, met_of
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
from voirie.nets import Measures
from voirie.places import ROUTE_KEY
from voirie.tables import CRS, TABLES, conform
from voirie.taxonomy import load_taxonomy

CLASSES = {
    "longitudinal_crack": "longitudinal crack",
    "transverse_crack": "transverse crack",
    "alligator_crack": "alligator crack",
    "pothole": "pothole",
}
"""Classes of the networks, and what `bench.truth.objects` calls them."""


@dataclass(frozen=True)
class Observed:
    """What was measured of a network, by code."""

    met: Mapping[str, Met] = field(default_factory=dict)
    calibrated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drive:
    """What one network saw of a rendered drive, and what is there.

    Attributes
    ----------
    name
        Of the drive; drives with the same `site` are of one road.
    site
        The road: drives of one road are left out together.
    frames, detections, coverage
        Tables of the survey; of the detections those of the network alone.
    poses
        Of the frames.
    network
        The axes.
    truth
        ``truth.json``.
    sha256
        Of the network's file.
    """

    name: str
    site: str
    frames: gpd.GeoDataFrame
    detections: pd.DataFrame
    coverage: pd.DataFrame
    poses: Poses
    network: Network
    truth: Mapping[str, Any]
    sha256: str

    def views(self, measures: Measures) -> gpd.GeoDataFrame:
        """Boxes with the place and size that the measures give them, those left out among them."""
        taxonomy = load_taxonomy()
        seen = with_frames(self.detections, self.frames, step=parse_step("5m"))
        part = by_camera(seen, self.poses, self.network, taxonomy, measures)
        table = coded([part], taxonomy, self.network)
        every = self.detections.merge(table, on="view_id", how="inner")
        return gpd.GeoDataFrame(every, geometry="geometry", crs=CRS)

    def found(self, measures: Measures) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
        """Findings under some measures, and the views with a place, each with its `finding_id`."""
        views = self.views(measures)
        placed = views[views["reason"].isna()].reset_index(drop=True)
        every, of_view = fused(
            placed,
            self.frames,
            self.name,
            network=self.network,
            rules=load_scheme().severity,
            taxonomy=load_taxonomy(),
            measures=measures,
        )
        known = every["finding_id"].to_numpy(object)
        placed = placed.assign(finding_id=known[of_view] if len(known) else None)
        return every[~every["doubtful"].astype(bool)].reset_index(drop=True), placed

    def objects(self) -> pd.DataFrame:
        """Pavement of the truth whose middle lies on surveyed metres of its lane, by class."""
        every = grouped(seen_objects(dict(self.truth), self.frames[self.frames["route"].notna()]))
        every = every[every["family"] == "pavement"]
        seen = self.coverage[self.coverage["surveyed"].astype(bool)]
        inside = np.zeros(len(every), dtype=bool)
        for stretch in seen.itertuples():
            inside |= (
                (every["route"] == stretch.route)
                & (every["sens"] == stretch.sens)
                & every["cumul_m"].between(stretch.cumul_from_m, stretch.cumul_to_m)
            ).to_numpy(bool)
        return every[inside].reset_index(drop=True)

    def scored(self, findings: pd.DataFrame, measures: Measures) -> ScoreResult:
        """Notes of the lanes that were seen, with their intervals."""
        names = [name for name in TABLES["findings"].names if name in findings]
        own = gpd.GeoDataFrame(findings[names], geometry="geometry", crs=CRS)
        told = measures.get(self.sha256)
        if told is None:
            return self._score(conform("findings", own), Observed())
        taxonomy = load_taxonomy()
        known = frozenset().union(*(codes_of(name, taxonomy) for name in told.existence))
        return self._score(conform("findings", own), Observed(met_of(told.found, taxonomy), known))

    def scored_truth(self) -> ScoreResult:
        """The same metres by the truth."""
        every = seen_objects(dict(self.truth), self.frames[self.frames["route"].notna()])
        return self._score(as_findings(every, self.frames), Observed())

    def scored_road(self) -> ScoreResult:
        """Every metre of every lane that has a defect by the truth, driven or not."""
        objects = pd.DataFrame(self.truth["objects"])
        objects = objects[objects["family"] == "pavement"]
        keys = self.frames[list(ROUTE_KEY)].dropna().drop_duplicates("route").set_index("route")
        objects = objects[objects["route"].isin(keys.index)]
        lanes = objects[["route", "sens", "voie"]].drop_duplicates().reset_index(drop=True)
        ends = cut(self.network).groupby("route")["cumul_to_m"].max()
        whole = lanes.join(keys, on="route").assign(
            pass_id="truth",
            cumul_from_m=0.0,
            cumul_to_m=ends.reindex(lanes["route"]).to_numpy(float),
            surveyed=True,
        )
        return self._score(as_findings(objects, self.frames), Observed(), whole)

    def _score(
        self,
        findings: pd.DataFrame,
        known: Observed,
        coverage: pd.DataFrame | None = None,
    ) -> ScoreResult:
        taxonomy, scheme = load_taxonomy(), load_scheme()
        codes = taxonomy.observable([*CLASSES, "crack_unspecified"])
        return score(
            findings,
            self.coverage if coverage is None else coverage,
            cut(self.network, scheme.sections),
            observation=Observation(codes, self.name, met=known.met, calibrated=known.calibrated),
            survey_id=self.name,
            scheme=scheme,
            treatments=load_treatments(),
            taxonomy=taxonomy,
            min_coverage_pct=30.0,
        )


def drives_of(folder: SurveyFolder, truth: Mapping[str, Any]) -> list[Drive]:
    """A survey of a rendered drive, once for each network that looked at its pavement."""
    ctx = context_of([folder.root / "survey.toml"])
    frames, detections = folder.read("frames"), folder.read("detections")
    network = ctx.resources.network
    assert network is not None
    frames = moved(frames, in_lane_of(frames, detections, folder.read("placements")))
    poses = Poses.of(ctx, frames)
    known = set(frames["frame_id"].to_numpy(object)[poses.known])
    own = detections[
        detections["model_class"].isin(list(CLASSES)) & detections["frame_id"].isin(known)
    ]
    return [
        Drive(
            name=f"{folder.root.parent.name}/{folder.root.name}",
            site=str(truth["seed"]),
            frames=frames,
            detections=part.reset_index(drop=True),
            coverage=folder.read("coverage"),
            poses=poses,
            network=network,
            truth=truth,
            sha256=str(sha256),
        )
        for sha256, part in own.groupby("model_sha256")
    ]


def in_lane_of(
    frames: pd.DataFrame, detections: pd.DataFrame, placements: pd.DataFrame
) -> pd.DataFrame:
    """Where in its lane each frame was taken, as its placements say; NaN of frames with none."""
    of_view = placements.set_index("view_id")[list(IN_LANE)].reindex(detections["view_id"])
    of_frame = of_view.set_axis(detections["frame_id"].to_numpy()).groupby(level=0).first()
    return of_frame.reindex(frames["frame_id"]).set_axis(frames.index)
