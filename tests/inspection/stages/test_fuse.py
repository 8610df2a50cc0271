"""From boxes to findings, with a camera that is known: what must come out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from inspection.resources import InputFiles, Resources
from inspection.stages import fuse, locate, score
from tests.inspection.stages.made_drive import (
    POSE,
    VEHICLE,
    at,
    context,
    frames,
    spot,
    straight_road,
    survey,
    views_of,
)
from voirie.catalogue.scheme import load_scheme
from voirie.inputs import Camera, Vehicle
from voirie.wording import Wording


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return straight_road(tmp_path)


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
    assert found["severity"].isna().all(), "how far it reaches is its extent"


def test_the_scheme_of_the_run_decides_how_grave_a_pothole_is(
    network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 100.0, 5.0), "+", camera=True)
    made = survey(tmp_path / "s", table, views_of(table, [spot(60.0, 1.0, 0.6)]))
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


@pytest.mark.parametrize(
    ("camera", "source", "named"),
    [
        (Camera(height_m=1.3, focal_px=1000.0, pitch_deg=3.0), "stated", []),
        (Camera(height_m=1.3, focal_px=1000.0), "vanishing point", []),
        (Camera(height_m=1.3, focal_px=1000.0), "assumed", ["pitch_deg"]),
        (Camera(height_m=1.3, pitch_deg=3.0), "stated", ["fov_deg"]),
        (Camera(height_m=1.3), "assumed", ["pitch_deg", "fov_deg"]),
    ],
)
def test_what_is_assumed_of_a_camera_is_said_and_gives_no_size(
    camera: Camera, source: str, named: list[str], network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 100.0, 5.0), "+", camera=True).assign(camera_source=source)
    made = survey(tmp_path / "s", table, views_of(table, [spot(60.0, 1.5)]))
    ctx = context(network, Vehicle(camera=camera))
    warnings = [Wording("en").say(told) for told in locate.run(made, ctx).warnings]
    fuse.run(made, ctx)
    found = made.read("findings")
    assert len(found) >= 1
    assert (found["scale_assumed"] == bool(named)).all()
    assert (found["width_m"].isna() == bool(named)).all()
    assert (found["severity"].isna() == bool(named)).all()
    assert len(warnings) == bool(named)
    for key in ("pitch_deg", "fov_deg"):
        assert any(key in warning for warning in warnings) == (key in named)
