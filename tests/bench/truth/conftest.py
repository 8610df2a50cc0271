"""A survey of the rendered drive that found just what is there."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from bench.truth.notes import as_findings
from gis.network.network import read_network
from gis.scoring.score import Observation, score
from gis.scoring.sections import cut
from voirie.folder import SurveyFolder
from voirie.places import ROUTE_KEY
from voirie.tables import CRS, TABLES, conform, empty

ROOT = Path(__file__).resolve().parents[3]
DRIVE = ROOT / "samples" / "drive"
CODES = ["FLB", "FLH", "FTR", "FAI", "FAH", "NDP"]


@pytest.fixture(scope="module")
def as_if_surveyed(tmp_path_factory: pytest.TempPathFactory) -> SurveyFolder:
    """Every lane with something in it seen whole, and its pavement found as it is."""
    folder = SurveyFolder(tmp_path_factory.mktemp("truth") / "survey")
    objects = pd.DataFrame(json.loads((DRIVE / "truth.json").read_text("utf-8"))["objects"])
    driven = objects[objects["passes"].map(lambda passes: any(passes.values()))]
    pavement = driven[(driven["family"] == "pavement") & driven["code"].isin(CODES)]
    sections = cut(read_network(DRIVE / "network.gpkg"))
    sections = sections[sections["route"].isin(pavement["route"])].reset_index(drop=True)
    lanes = (
        pavement[["route", "sens", "voie"]]
        .drop_duplicates()
        .merge(
            sections.groupby(list(ROUTE_KEY), as_index=False)[["cumul_from_m", "cumul_to_m"]].agg(
                {"cumul_from_m": "min", "cumul_to_m": "max"}
            ),
            on="route",
        )
    )
    lanes["pass_id"] = "p" + lanes["sens"].map({"+": "a", "-": "b"})
    folder.write("coverage", conform("coverage", lanes.assign(surveyed=True)))
    frames = pd.DataFrame(
        {
            "frame_id": [f"f{k}" for k in range(len(lanes))],
            "pts_s": 0.0,
            "source_name": "pass.mp4",
            "distance_m": 0.0,
            "geometry": shapely.points(0.0, 0.0),
        }
    ).join(lanes[["pass_id", *ROUTE_KEY, "sens", "voie"]])
    frames["cumul_m"] = lanes["cumul_from_m"]
    write(folder, "frames", frames)
    write(folder, "views", empty("views"))
    write(folder, "signs", empty("signs"))
    found = as_findings(pavement, frames)
    across = found["code"] == "FTR"
    found.loc[across, "width_m"] = found.loc[across, "length_m"]
    for name, unit in (("length", "m"), ("width", "m"), ("area", "m2")):
        for side in ("low", "high"):
            found[f"{name}_{side}_{unit}"] = found[f"{name}_{unit}"]
    folder.write("findings", conform("findings", found))
    result = score(
        as_findings(pavement, frames),
        folder.read("coverage"),
        sections,
        observation=Observation(frozenset(CODES), "truth"),
        survey_id="truth",
    )
    folder.write("sections", result.sections)
    folder.write("section_notes", result.section_notes)
    return folder


def write(folder: SurveyFolder, name: str, table: pd.DataFrame) -> None:
    """A table as it stands, without the checks that a whole survey would pass."""
    folder.tables.mkdir(parents=True, exist_ok=True)
    columns = TABLES[name].names
    whole = table.reindex(columns=columns)
    if "geometry" in columns:
        gpd.GeoDataFrame(whole, geometry="geometry", crs=CRS).to_parquet(
            folder.tables / f"{name}.parquet"
        )
    else:
        whole.to_parquet(folder.tables / f"{name}.parquet")
