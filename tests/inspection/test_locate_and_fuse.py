"""From boxes to findings, on a straight road with a camera that is known: what must come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

from inspection.camera.model import CameraPose
from inspection.context import Mandate, Options, PassPlan, RunContext
from inspection.resources import InputFiles, Resources
from inspection.stages import fuse, locate, score
from voirie.catalogue.scheme import load_scheme
from voirie.folder import SurveyFolder
from voirie.inputs import Camera, PassInput, Vehicle
from voirie.tables import CRS

POSE = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=3.0)
KEY = {"gestionnaire": "CD", "dep": "031", "route": "D1", "cote": "U"}
LENGTH_M, WIDTH_M = 500.0, 6.0


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """A point of the made place."""
    return 560_000.0 + east_m, 6_260_000.0 + north_m


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A straight road to the north."""
    path = tmp_path / "network.gpkg"
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


def context(network: Path | None, vehicle: Vehicle | None) -> RunContext:
    plan = PassPlan("pass", PassInput(id="a", inputs=(Path("a.mp4"),)), "video", vehicle, "0" * 64)
    mandate = Mandate("c", "", "test", "", "")
    return RunContext("survey", mandate, (plan,), Resources(InputFiles(network)), Options())


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
                    "code": "NDP",
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
    made.write("frames", table)
    made.write("views", views)
    return made


def spot(s: float, offset: float, size: float = 0.5) -> dict[str, float | str]:
    return {"s": s, "offset": offset, "length": size, "width": size, "class": "pothole"}


VEHICLE = Vehicle(camera=Camera(height_m=1.3, focal_px=1000.0, pitch_deg=3.0))


@pytest.mark.parametrize("sens", ["+", "-"])
def test_potholes_come_out_once_where_they_are(sens: str, network: Path, tmp_path: Path) -> None:
    side = 1.0 if sens == "+" else -1.0
    cumul = np.arange(10.0, 300.0, 5.0)
    table = frames(cumul if sens == "+" else cumul[::-1], sens, camera=True)
    things = [spot(60.0, side * 1.0), spot(61.2, side * 1.0), spot(150.0, side * 2.4, 0.8)]
    made = survey(tmp_path / "s", table, views_of(table, things))
    ctx = context(network, VEHICLE)
    locate.run(made, ctx)
    fuse.run(made, ctx)
    found = made.read("findings").sort_values("cumul_m")
    assert found["code"].tolist() == ["NDP"] * 3, "two potholes 1.2 m apart stay two"
    assert found["cumul_m"].to_numpy() == pytest.approx([60.0, 61.2, 150.0], abs=0.25)
    assert found["offset_m"].to_numpy() == pytest.approx(side * np.array([1.0, 1.0, 2.4]), abs=0.1)
    assert found["width_m"].to_numpy() == pytest.approx([0.5, 0.5, 0.8], rel=0.2)
    assert (found["width_low_m"] < found["width_m"]).all()
    assert (found["n_views"] >= 2).all()
    assert found["sens"].tolist() == [sens] * 3
    centre = found.geometry.iloc[2].centroid
    assert (centre.x, centre.y) == pytest.approx(at(side * 2.4, 150.0), abs=0.3)
    views = made.read("views")
    assert views["finding_id"].nunique() == 3


def test_what_lies_in_the_other_lane_is_left_out_and_says_why(
    network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 100.0, 5.0), "+", camera=True)
    made = survey(tmp_path / "s", table, views_of(table, [spot(60.0, -1.5)]))
    ctx = context(network, VEHICLE)
    report = locate.run(made, ctx)
    fuse.run(made, ctx)
    assert list(report.dropped) == ["outside the lane that was driven"]
    assert made.read("findings").empty
    assert made.read("views")["reason"].notna().all()


def test_a_thirty_metre_crack_is_one_and_lies_in_its_wheel_path(
    network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    pieces = [
        {"s": s, "offset": 2.4, "length": 3.6, "width": 0.3, "class": "longitudinal_crack"}
        for s in np.arange(82.0, 110.0, 4.0)
    ]
    made = survey(tmp_path / "s", table, views_of(table, pieces))
    ctx = context(network, VEHICLE)
    locate.run(made, ctx)
    fuse.run(made, ctx)
    found = made.read("findings")
    assert found["code"].tolist() == ["FLB"]
    assert found["length_m"].iloc[0] == pytest.approx(7 * 3.6, abs=0.8)
    assert found["severity"].iloc[0] == 3


def test_the_scheme_of_the_run_decides_how_grave_a_pothole_is(
    network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 100.0, 5.0), "+", camera=True)
    made = survey(tmp_path / "s", table, views_of(table, [spot(60.0, 1.0, 0.3)]))
    shipped = context(network, VEHICLE)
    lenient = yaml.safe_load(load_scheme().model_dump_json())
    lenient["severity"]["NDP"]["bounds"] = [1.0, 2.0]
    path = tmp_path / "scheme.yaml"
    path.write_text(yaml.safe_dump(lenient, sort_keys=False), encoding="utf-8")
    own = replace(shipped, resources=Resources(InputFiles(scheme=path)))
    locate.run(made, shipped)
    found = []
    for ctx in (shipped, own):
        fuse.run(made, ctx)
        found.append(int(made.read("findings")["severity"].iloc[0]))
    assert found == [2, 1]
    assert fuse.depends(own) != fuse.depends(shipped)
    assert score.depends(own) != score.depends(shipped)


def test_stages_can_be_run_twice_and_give_the_same(network: Path, tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    things = [spot(60.0, 1.0), spot(90.0, -1.5), spot(150.0, 2.0)]
    made = survey(tmp_path / "s", table, views_of(table, things))
    ctx = context(network, VEHICLE)
    results = []
    for _ in range(2):
        locate.run(made, ctx)
        fuse.run(made, ctx)
        results.append([made.read(name) for name in ("views", "findings")])
    for first, second in zip(*results, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_without_a_camera_rows_stand_for_one_step_and_sizes_stay_null(tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 60.0, 5.0), "+", camera=False).assign(geometry=None)
    box = {"x1_px": 500.0, "x2_px": 700.0, "y1_px": 0.60 * 720, "y2_px": 0.775 * 720}
    views = views_of(frames(np.array([30.0]), "+", camera=True), [spot(38.0, 1.5)])
    views = views.assign(**box, frame_id="f004")
    made = survey(tmp_path / "s", table, views)
    ctx = context(None, None)
    locate.run(made, ctx)
    fuse.run(made, ctx)
    (found,) = made.read("findings").itertuples()
    assert found.scale_assumed
    assert (found.cumul_from_m, found.cumul_to_m) == pytest.approx((32.5, 35.0), abs=0.01)
    assert np.isnan(found.width_m)
    assert pd.isna(found.severity)


def test_a_sign_is_placed_where_its_bearings_meet(network: Path, tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 120.0, 5.0), "+", camera=True)
    rows = []
    for frame in table.itertuples():
        ahead = 100.0 - frame.cumul_m
        if not 12 < ahead < 45:
            continue
        lateral = 4.5 - frame.offset_m
        u, v = POSE.pixels(ahead, lateral, 2.0)
        # The sign is 15 % larger than the usual one: distances alone would be 15 % short.
        half = 1000.0 * 0.90 * 1.15 / ahead / 2
        rows.append(
            {
                "view_id": f"v{len(rows)}",
                "frame_id": frame.frame_id,
                "family": "sign",
                "code": "A13b",
                "model_class": "pedestrian_crossing",
                "x1_px": float(u) - half,
                "y1_px": float(v) - half,
                "x2_px": float(u) + half,
                "y2_px": float(v) + half,
                "score": 0.7,
                "role": "signs",
                "model_sha256": "0" * 64,
                "experimental": False,
            }
        )
    made = survey(tmp_path / "s", table, pd.DataFrame(rows))
    ctx = context(network, VEHICLE)
    locate.run(made, ctx)
    fuse.run(made, ctx)
    findings, signs = made.read("findings"), made.read("signs")
    assert findings["code"].tolist() == signs["official_code"].tolist() == ["A13b"]
    assert findings["cumul_m"].iloc[0] == pytest.approx(100.0, abs=2.0)
    assert findings["offset_m"].iloc[0] == pytest.approx(4.5, abs=0.6)
