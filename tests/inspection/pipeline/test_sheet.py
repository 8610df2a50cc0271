"""The run sheet: what was asked for, by which models, and what each stage did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspection.context import RunContext, context_of
from inspection.detection.tasks import active_models
from inspection.pipeline.energy import Cost
from inspection.pipeline.sheet import (
    Run,
    RunIdentity,
    coverage_of_run,
    identity_of,
    record_of,
    sheet_of,
    write_sheet,
)
from voirie.folder import SurveyFolder, begin
from voirie.ids import sha256_of
from voirie.runsheet import Coverage, RunSheet
from voirie.stages import Stage, StageReport

PRINTS = {stage: stage.value for stage in Stage}
IDENTITY = RunIdentity(run_id="run", started_at="2026-05-01T08:00:00+00:00")


@pytest.fixture
def asked(tmp_path: Path) -> RunContext:
    """A run over a film that nobody opens."""
    film, track = tmp_path / "a.mp4", tmp_path / "t.csv"
    film.write_bytes(b"film")
    track.write_bytes(b"track")
    return context_of(
        [film], track=track, network=None, vehicle=None, purpose="test", offset_s=None
    )


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"run_id": 3}'])
def test_a_run_taken_up_again_is_the_same_and_a_lost_name_begins_another(
    tmp_path: Path, spoilt: str
) -> None:
    folder = begin(tmp_path / "survey")
    first = identity_of(folder)
    assert identity_of(folder) == first
    (folder.state / "run.json").write_text(spoilt, encoding="utf-8")
    assert identity_of(folder).run_id != first.run_id


def test_the_sheet_names_inputs_by_name_and_content(asked: RunContext, tmp_path: Path) -> None:
    sheet = sheet_of(Run(asked, SurveyFolder(tmp_path / "s"), IDENTITY, PRINTS), [])
    named = {ref.name: ref.sha256 for ref in sheet.inputs}
    assert named == {name: sha256_of(tmp_path / name) for name in ("a.mp4", "t.csv")}
    assert str(tmp_path) not in sheet.model_dump_json()
    assert (sheet.purpose, sheet.run_id) == ("test", "run")
    assert sheet.coverage == Coverage()
    looking = {e.role for e in active_models(asked.resources.models, experimental=False)}
    assert looking | {"gate", "plates", "face"} == {model.role for model in sheet.models}


def test_the_hash_of_settings_changes_with_an_option_and_with_a_fingerprint(
    asked: RunContext, tmp_path: Path
) -> None:
    run = Run(asked, SurveyFolder(tmp_path / "s"), IDENTITY, PRINTS)
    other_options = replace(asked, options=replace(asked.options, people="head"))
    other_prints = PRINTS | {Stage.FUSE: "another"}
    every = [run, replace(run, ctx=other_options), replace(run, fingerprints=other_prints)]
    assert len({sheet_of(one, []).settings_sha256 for one in every}) == 3
    assert sheet_of(run, []).settings_sha256 == sheet_of(run, []).settings_sha256


def test_what_was_left_out_stands_among_the_errors_of_a_sheet_that_can_be_read_back(
    asked: RunContext, tmp_path: Path
) -> None:
    report = StageReport(Stage.INGEST, items_in=9, items_out=7, dropped={"not sealed": 2})
    record = record_of(report, "print", Cost(1.23456, 2.34567, 0.1234567, "measured"), {})
    assert (record.wall_s, record.cpu_s, record.energy_wh) == (1.235, 2.346, 0.12346)
    assert record_of(report, "print", Cost(), {}).energy_wh is None
    folder = begin(tmp_path / "survey")
    sheet = write_sheet(Run(asked, folder, IDENTITY, PRINTS), [record])
    assert sheet.errors == ["ingest: 2 not sealed"]
    assert RunSheet.model_validate_json(folder.run_sheet.read_text("utf-8")) == sheet


def test_coverage_is_that_of_the_sections(made: Path, tmp_path: Path) -> None:
    sections = SurveyFolder(made).read("sections")
    seen_m = float(np.dot(sections["length_m"], sections["coverage_pct"])) / 100
    expected = Coverage(surveyed_m=round(seen_m, 1), length_m=1940.0, pct=88.7)
    assert coverage_of_run(SurveyFolder(made)) == expected
    nothing_yet = SurveyFolder(tmp_path)
    assert coverage_of_run(nothing_yet) == Coverage()
