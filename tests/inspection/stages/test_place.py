"""`place` writes `frames` from what `ingest` captured; each table has one writer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inspection.capture.spacing import spacing_of
from inspection.context import context_of
from inspection.options import Options, parse_step
from inspection.stages import place, score
from tests.inspection.stages.made_drive import at, context, straight_road
from voirie.folder import SurveyFolder, begin
from voirie.stages import Stage
from voirie.tables import TABLES, empty

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "drive"
DRIVEN_M = np.arange(0.0, 200.0, 20.0)


@pytest.fixture
def stills(tmp_path: Path) -> SurveyFolder:
    """Pictures without a camera, captured every 20 m and named by a chainage."""
    pictures, table = tmp_path / "stills", tmp_path / "chainage.csv"
    pictures.mkdir()
    lines = ["image,route,chainage_m,sens,voie"]
    for rank, chainage in enumerate(DRIVEN_M):
        name = f"{rank:03}.jpg"
        (pictures / name).write_bytes(name.encode())
        lines.append(f"{name},D1,{chainage},+,1")
    table.write_text("\n".join(lines), encoding="utf-8")
    ctx = context_of(
        [pictures],
        track=table,
        network=None,
        vehicle=None,
        purpose="test",
        offset_s=None,
        options=Options(step=parse_step("2s")),
    )
    folder = begin(tmp_path / "survey")
    folder.write(
        "captures",
        pd.DataFrame(
            {
                "frame_id": [f"f{rank}" for rank in range(len(DRIVEN_M))],
                "pass_id": ctx.passes[0].pass_id,
                "source_name": [f"{rank:03}.jpg" for rank in range(len(DRIVEN_M))],
                "pts_s": np.arange(float(len(DRIVEN_M))),
                "distance_m": 0.0,
                "picture_id": [f"p/f{rank}" for rank in range(len(DRIVEN_M))],
                "near_masked_pct": 0.0,
            }
        ),
    )
    folder.write("clocks", empty("clocks"))
    folder.write("findings", pd.DataFrame({name: [] for name in TABLES["findings"].names}))
    place.run(folder, ctx)
    score.run(folder, ctx)
    return folder


def test_a_table_has_one_writer() -> None:
    assert TABLES["captures"].writer is Stage.INGEST
    assert TABLES["frames"].writer is Stage.PLACE
    assert set(TABLES["captures"].names) < set(TABLES["frames"].names)


def test_frames_are_the_captures_with_a_place(stills: SurveyFolder) -> None:
    captures, frames = stills.read("captures"), stills.read("frames")
    same = list(captures.columns.drop("distance_m"))
    pd.testing.assert_frame_equal(pd.DataFrame(frames)[same], captures[same])
    assert frames["cumul_m"].tolist() == DRIVEN_M.tolist()


def test_a_step_in_seconds_is_not_taken_for_five_metres(stills: SurveyFolder) -> None:
    coverage = stills.read("coverage")
    seen = coverage[coverage["surveyed"]]
    length_m = float((seen["cumul_to_m"] - seen["cumul_from_m"]).sum())
    assert length_m == pytest.approx(spacing_of(stills.read("frames"), 2.0).sum())
    assert length_m > 5.0 * len(DRIVEN_M)


def test_fixes_that_are_not_believed_are_counted_in_the_run_sheet(tmp_path: Path) -> None:
    t_s = np.arange(45.0)
    x, y = at(1.5, 0.0)[0] + np.zeros(45), at(0.0, 10.0)[1] + 10.0 * t_s
    x[20] += 30.0
    track = tmp_path / "drive.csv"
    table = pd.DataFrame({"t": t_s, "x": x, "y": y, "epsg": 2154})
    table.to_csv(track, index=False)
    ctx = context(straight_road(tmp_path), None)
    (plan,) = ctx.passes
    given = plan.given.model_copy(update={"track": track})
    ctx = replace(ctx, passes=(replace(plan, given=given),))
    folder = SurveyFolder(tmp_path / "s")
    captured = {"frame_id": ["a", "b"], "pass_id": plan.pass_id, "source_name": "a.mp4"}
    captured |= {"pts_s": [5.0, 20.0], "distance_m": [0.0, 150.0], "near_masked_pct": 0.0}
    folder.write("captures", pd.DataFrame(captured | {"picture_id": ["p/a", "p/b"]}))
    clock = {"pass_id": plan.pass_id, "offset_s": 2.0, "offset_low_s": 1.8, "offset_high_s": 2.2}
    clock |= {"offset_source": "estimated", "offset_sd_s": 0.1}
    folder.write("clocks", pd.DataFrame([clock]))
    report = place.run(folder, ctx)
    assert (report.facts["fixes"], report.facts["fixes_not_believed"]) == (45, 1)
    frames = folder.read("frames")
    assert frames["cumul_m"].to_numpy() == pytest.approx([80.0, 230.0], abs=2.0)
    (row,) = folder.read("passes").to_dict("records")
    assert (row["offset_s"], row["offset_source"]) == (2.0, "estimated")
    assert (row["offset_low_s"], row["offset_high_s"]) == (1.8, 2.2)
    sure = frames["accuracy_m"].to_numpy(float)
    folder.write("clocks", pd.DataFrame([clock | {"offset_source": "none", "offset_sd_s": 2.0}]))
    place.run(folder, ctx)
    doubted = folder.read("frames")["accuracy_m"].to_numpy(float)
    # Two seconds are worth twenty metres at ten metres a second.
    assert doubted == pytest.approx(np.hypot(sure, 10.0 * np.sqrt(2.0**2 - 0.1**2)), rel=0.02)
