"""From boxes to places: with a camera and without one, in the lane and beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inspection.stages import fuse, locate
from tests.inspection.stages.made_drive import (
    VEHICLE,
    WIDTH_M,
    context,
    frames,
    spot,
    straight_road,
    survey,
    views_of,
    with_pictures,
)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return straight_road(tmp_path)


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


@pytest.mark.parametrize("every_m", [5.0, 8.0])
def test_without_a_camera_a_picture_stands_for_the_metres_to_the_next(
    every_m: float, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 90.0, every_m), "+", camera=False).assign(geometry=None)
    box = {"x1_px": 500.0, "x2_px": 700.0, "y1_px": 0.60 * 720, "y2_px": 0.775 * 720}
    views = views_of(frames(np.array([30.0]), "+", camera=True), [spot(38.0, 1.5)])
    made = survey(tmp_path / "s", table, views.assign(**box, frame_id="f004"))
    locate.run(made, context(None, None, step="2s"))
    (view,) = made.read("placements").itertuples()
    at_m = 10.0 + 4 * every_m
    assert (view.cumul_from_m, view.cumul_to_m) == pytest.approx(
        (at_m + every_m / 2, at_m + every_m), abs=0.01
    )


def test_each_stage_leaves_the_tables_of_the_stages_before_it_alone(
    network: Path, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 100.0, 5.0), "+", camera=True)
    views = views_of(table, [spot(60.0, 1.5)]).assign(model_class="longitudinal_crack")
    made = survey(tmp_path / "s", table, views)

    def written() -> dict[str, bytes]:
        return {path.stem: path.read_bytes() for path in sorted(made.tables.glob("*.parquet"))}

    ctx = context(network, VEHICLE)
    detected = written()
    locate.run(made, ctx)
    located = written()
    assert located.keys() - detected.keys() == {"placements"}
    fuse.run(made, ctx)
    fused = written()
    assert fused.keys() - located.keys() == {"views", "findings", "signs", "dumping"}
    assert all(located[name] == content for name, content in detected.items())
    assert all(fused[name] == content for name, content in located.items())
    # The class stays the model's; the code follows from the place in the lane.
    joined = made.read("views")
    assert set(joined["model_class"]) == {"longitudinal_crack"} and set(joined["code"]) == {"FLH"}


# Boxes of the shipped pavement model on a motorway in good condition, filmed from a windscreen
# at 960 x 540 (horizon 305): cars to the left, trees, a lane dash.
CLEAN_MOTORWAY = [
    ([300.0, 282.0, 501.0, 369.0], 12.0, locate.ABOVE),
    ([0.0, 233.0, 283.0, 362.0], 14.0, locate.ABOVE),
    ([0.0, 339.0, 125.0, 420.0], 48.0, locate.ON_VEHICLE),
    ([8.0, 348.0, 208.0, 421.0], 31.0, locate.ON_VEHICLE),
    ([91.0, 302.0, 327.0, 366.0], 40.0, locate.ON_VEHICLE),
    ([100.0, 350.0, 200.0, 400.0], 0.0, locate.BESIDE),
    ([251.9, 444.4, 286.7, 463.7], 0.0, locate.BESIDE),
    ([440.0, 400.0, 540.0, 440.0], 0.0, None),
]


def test_nothing_is_a_defect_on_a_car_or_a_tree_where_no_camera_is_described(
    tmp_path: Path,
) -> None:
    size = {"width_px": 960, "height_px": 540, "vanish_x_px": 481.0, "horizon_px": 305.0}
    table = frames(np.arange(10.0, 60.0, 5.0), "+", camera=False).assign(geometry=None, **size)
    (one,) = views_of(frames(np.array([30.0]), "+", camera=True), [spot(38.0, 1.5)]).to_dict(
        "records"
    )
    corners = ("x1_px", "y1_px", "x2_px", "y2_px")
    views = pd.DataFrame(
        one
        | dict(zip(corners, box, strict=True))
        | {"view_id": f"v{rank}", "frame_id": "f004", "masked_pct": masked}
        for rank, (box, masked, _) in enumerate(CLEAN_MOTORWAY)
    )
    made = survey(tmp_path / "s", table, views)
    locate.run(made, context(None, None))
    told = made.read("placements").set_index("view_id")["reason"]
    expected = {f"v{rank}": why for rank, (_, _, why) in enumerate(CLEAN_MOTORWAY)}
    assert {key: None if pd.isna(why) else why for key, why in told.items()} == expected


@pytest.mark.parametrize(("aside_m", "code"), [(0.0, "FLH"), (0.45, "FLB")])
def test_a_crack_gets_its_wheel_path_from_where_the_line_says_the_vehicle_drove(
    aside_m: float, code: str, network: Path, tmp_path: Path
) -> None:
    # Seen 0.3 m right of the camera: a vehicle in the middle of the lane has it between its
    # wheels, one that drives 0.45 m right of the middle in a wheel path of the lane.
    table = frames(np.arange(50.0, 90.0, 5.0), "+", camera=True)
    seen = [spot(70.0, WIDTH_M / 4 + 0.3)]
    views = views_of(table, seen).assign(model_class="longitudinal_crack")
    made = survey(tmp_path / "s", table, views)
    with_pictures(tmp_path / "s", table, aside_m)
    locate.run(made, context(network, VEHICLE))
    placed = made.read("placements")
    placed = placed[placed["reason"].isna()]
    assert placed["aside_m"].to_numpy(float) == pytest.approx(
        np.full(len(placed), aside_m), abs=0.05
    )
    assert set(placed["code"]) == {code}
