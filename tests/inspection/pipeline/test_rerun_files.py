"""A survey folder says how it was made, so that it can be made again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.run_once import shortened
from inspection.context import RunContext, context_of
from inspection.options import Options, parse_step
from inspection.pipeline.chain import fingerprints
from inspection.pipeline.rerun_files import keep_rerun_files
from voirie.catalogue.scheme import load_scheme
from voirie.errors import InputUnusable
from voirie.folder import SurveyFolder, begin
from voirie.inputs import read_survey

OPTIONS = Options(step=parse_step("2s"), min_coverage_pct=70.0, experimental=True, people="head")


def context(survey: Path, options: Options | None = None) -> RunContext:
    return context_of(
        [survey],
        options=options,
    )


@pytest.fixture
def made(tmp_path: Path) -> tuple[RunContext, SurveyFolder]:
    """A run and the folder that describes it."""
    survey = shortened(tmp_path / "drive", 1.0)
    ctx = context(survey, OPTIONS)
    folder = begin(tmp_path / "out" / "survey")
    keep_rerun_files(ctx, folder)
    return ctx, folder


def test_what_was_written_asks_for_the_same(made: tuple[RunContext, SurveyFolder]) -> None:
    ctx, folder = made
    again = context(folder.root / "survey.toml")
    assert again.options == OPTIONS
    assert again.mandate == ctx.mandate
    assert again.survey_id == ctx.survey_id
    assert [p.pass_id for p in again.passes] == [p.pass_id for p in ctx.passes]
    assert fingerprints(again) == fingerprints(ctx)


def test_no_absolute_path_is_written(made: tuple[RunContext, SurveyFolder], tmp_path: Path) -> None:
    _, folder = made
    text = (folder.root / "survey.toml").read_text("utf-8")
    assert str(tmp_path) not in text
    survey = read_survey(folder.root / "survey.toml")
    assert survey.passes[0].inputs[0].is_file()
    assert "../../drive/pass_a.mp4" in text


def test_the_rules_are_kept_the_shipped_ones_too(made: tuple[RunContext, SurveyFolder]) -> None:
    ctx, folder = made
    assert sorted(path.name for path in folder.inputs.iterdir()) == [
        "scenarios.toml", "scheme.yaml", "taxonomy.yaml", "treatments.yaml", "vehicle-a.toml",
    ]  # fmt: skip
    kept = folder.rules("scheme")
    assert load_scheme(kept).sha256 == ctx.resources.scheme.sha256
    assert folder.rules("nothing") is None


def test_rules_that_are_no_longer_used_go(made: tuple[RunContext, SurveyFolder]) -> None:
    ctx, folder = made
    survey = Path(ctx.passes[0].given.inputs[0]).parent / "survey.toml"
    text = survey.read_text("utf-8").replace('scenarios = "scenarios.toml"', "")
    survey.write_text(text, encoding="utf-8")
    keep_rerun_files(context(survey, OPTIONS), folder)
    assert folder.rules("scenarios") is None
    assert read_survey(folder.root / "survey.toml").scenarios is None


def test_another_film_under_the_same_name_is_refused(
    made: tuple[RunContext, SurveyFolder],
) -> None:
    ctx, folder = made
    track = ctx.passes[0].given.track
    assert track is not None
    shutil.copy(track.with_name("track_b.gpx"), track)
    with pytest.raises(InputUnusable, match="not the file that was surveyed"):
        context(folder.root / "survey.toml")
