"""A drive along a straight road to the north, and the boxes of things that lie beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml

from anonymize import CertificateWriter, SealerSettings
from anonymize.mask import Mask
from anonymize.safeframe import admit
from inspection.camera.model import CameraPose
from inspection.context import Mandate, PassSetup, RunContext
from inspection.options import Options, parse_step
from inspection.resources import InputFiles, Resources
from voirie.arrays import Pixels
from voirie.folder import SurveyFolder
from voirie.inputs import Camera, PassInput, Vehicle
from voirie.tables import CRS, TABLES

POSE = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=3.0)
KEY = {"gestionnaire": "CD", "dep": "031", "route": "D1", "cote": "U"}
LENGTH_M, WIDTH_M = 500.0, 6.0


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """A point of the made place."""
    return 560_000.0 + east_m, 6_260_000.0 + north_m


def straight_road(folder: Path) -> Path:
    """The network of the made place."""
    path = folder / "network.gpkg"
    axis = shapely.LineString([at(0.0, 0.0), at(0.0, LENGTH_M)])
    row = {"part": 1, "cumul_from_m": 0.0, "cumul_to_m": LENGTH_M, "width_m": WIDTH_M}
    gpd.GeoDataFrame([KEY | row | {"geometry": axis}], crs=2154).to_file(
        path, layer="axes", driver="GPKG"
    )
    point = {"num": 0, "kind": "PR0", "plo": "31PR0", "cumul_m": 0.0}
    gpd.GeoDataFrame([KEY | point | {"geometry": shapely.Point(at(0.0, 0.0))}], crs=2154).to_file(
        path, layer="pr", driver="GPKG"
    )
    return path


def context(
    network: Path | None,
    vehicle: Vehicle | None,
    taxonomy: Path | None = None,
    step: str = "5m",
    scheme: Path | None = None,
) -> RunContext:
    """A run over one film."""
    plan = PassSetup("pass", PassInput(id="a", inputs=(Path("a.mp4"),)), "video", vehicle, "0" * 64)
    mandate = Mandate("c", "", "test", "", "")
    inputs = Resources(InputFiles(network, taxonomy=taxonomy, scheme=scheme))
    return RunContext("survey", mandate, (plan,), inputs, Options(step=parse_step(step)))


def frames(cumul_m: np.ndarray, sens: str, camera: bool) -> gpd.GeoDataFrame:
    """Frames in the middle of their lane, every so many metres."""
    side = 1.0 if sens == "+" else -1.0
    points = [shapely.Point(at(side * WIDTH_M / 4, s)) for s in cumul_m]
    table = pd.DataFrame(
        {
            "frame_id": [f"f{k:03d}" for k in range(len(cumul_m))],
            "pass_id": "pass",
            "source_name": "a.mp4",
            "pts_s": np.arange(len(cumul_m)) / 2,
            "captured_at": [
                datetime(2026, 5, 1, 8, 0, k % 60, tzinfo=UTC) for k in range(len(cumul_m))
            ],
            "distance_m": np.abs(cumul_m - cumul_m[0]),
            **KEY,
            "sens": sens,
            "voie": 1,
            "cumul_m": cumul_m,
            "offset_m": side * WIDTH_M / 4,
            "heading_deg": 0.0 if sens == "+" else 180.0,
            "speed_mps": 10.0,
            "accuracy_m": 1.0,
            "pitch_deg": 3.0 if camera else np.nan,
            "yaw_deg": 0.0 if camera else np.nan,
            "camera_source": "stated" if camera else None,
            "focal_px": np.nan,
            "width_px": 1280,
            "height_px": 720,
            "picture_id": [f"pass/f{k:03d}" for k in range(len(cumul_m))],
        }
    )
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS)


def views_of(table: gpd.GeoDataFrame, things: list[dict[str, float | str]]) -> pd.DataFrame:
    """Boxes of things on the road in every frame that sees them well."""
    rows = []
    for frame in table.itertuples():
        way = 1.0 if frame.sens == "+" else -1.0
        for thing in things:
            near = way * (float(thing["s"]) - frame.cumul_m) - float(thing["length"]) / 2
            far = near + float(thing["length"])
            if near < 3.5 or far > 13.0:
                continue
            lateral = way * (float(thing["offset"]) - frame.offset_m)
            half = float(thing["width"]) / 2
            u1, _ = POSE.pixels((near + far) / 2, lateral - half)
            u2, _ = POSE.pixels((near + far) / 2, lateral + half)
            _, v2 = POSE.pixels(near, lateral)
            _, v1 = POSE.pixels(far, lateral)
            rows.append(
                {
                    "view_id": f"{frame.frame_id}-{len(rows):04d}",
                    "frame_id": frame.frame_id,
                    "family": "pavement",
                    "model_class": thing["class"],
                    "x1_px": float(u1),
                    "y1_px": float(v1),
                    "x2_px": float(u2),
                    "y2_px": float(v2),
                    "score": 0.6,
                    "role": "pavement",
                    "model_sha256": "0" * 64,
                    "experimental": False,
                }
            )
    return pd.DataFrame(rows)


def survey(folder: Path, table: gpd.GeoDataFrame, views: pd.DataFrame) -> SurveyFolder:
    made = SurveyFolder(folder)
    columns = [column.name for column in TABLES["captures"].columns if column.name in table]
    made.write("captures", pd.DataFrame(table)[columns])
    made.write("frames", table)
    made.write("detections", views)
    return made


def spot(s: float, offset: float, size: float = 0.5) -> dict[str, float | str]:
    return {"s": s, "offset": offset, "length": size, "width": size, "class": "pothole"}


VEHICLE = Vehicle(camera=Camera(height_m=1.3, focal_px=1000.0, pitch_deg=3.0))


def the_pass(pass_id: str, survey_id: str) -> pd.DataFrame:
    """The drive that the frames belong to."""
    row = {"pass_id": pass_id, "survey_id": survey_id, "name": "a", "length_m": 190.0}
    return pd.DataFrame([row | {"source_name": "a.mp4", "source_sha256": "0" * 64}])


def axis_ahead(aside_m: float) -> Pixels:
    """Asphalt with a line along the axis, from a vehicle so far right of its lane's middle."""
    u, v = np.meshgrid(np.arange(1280), np.arange(720))
    _, lateral = POSE.ground(u, v)
    line = np.abs(lateral + WIDTH_M / 4 + aside_m) < 0.06
    grey = np.where(line, 200, 100).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def with_pictures(folder: Path, table: gpd.GeoDataFrame, aside_m: float) -> SurveyFolder:
    """A folder with the sealed pictures of frames, taken so far right of the lane's middle."""
    made = SurveyFolder(folder)
    pixels = axis_ahead(aside_m)
    none = Mask.of(720, 1280, [])
    writer = CertificateWriter(folder, SealerSettings("solid fill", "whole", {}, 0.5, ()))
    for frame in table.itertuples():
        path = made.picture(frame.pass_id, frame.frame_id)
        writer.store(admit(pixels, 0.0, 0, "a.mp4", none, none), str(path.relative_to(folder)))
    writer.finish()
    return made


DRAIN = {
    "fr": "regards",
    "en": "manholes",
    "form": "ground",
    "reach_m": 14,
    "gate_m": {"along": 0.9, "across": 0.7},
    "frames": {"least": 2, "sure_with_fewer": 0.9},
    "symbol": {"shape": "hexagon", "fill": "#224466"},
}


def own_taxonomy(folder: Path, model_class: str = "manhole_cover", **changes: object) -> Path:
    """The shipped taxonomy and manholes, which a model calls by this class."""
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    data = yaml.safe_load(text)
    data["families"]["manhole"] = DRAIN | changes
    data["codes"]["REG"] = {"family": "manhole", "unit": "nb", "fr": "regard", "en": "manhole"}
    data["classes"][model_class] = {"code": "REG"}
    path = folder / "taxonomy.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path
