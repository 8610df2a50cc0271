"""The chain as a user meets it: once, twice, stopped, and with broken inputs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from pathlib import Path

import pyogrio
import pytest
import yaml

from anonymize import Certificate
from bench.run_once import COUNTED, counted
from inspection.commands.digest import digest_of
from inspection.context import RunContext, context_of
from inspection.options import Options
from inspection.pipeline.outputs import written_by
from inspection.pipeline.runner import run
from tests.inspection.conftest import Clip
from voirie.catalogue.scheme import load_scheme
from voirie.cli import main
from voirie.folder import begin, open_survey, restore_state
from voirie.partial import partial_of
from voirie.stages import Listener, Stage, StageEvent, silent

pytestmark = pytest.mark.slow


def context(clip: Clip, listener: Listener = silent) -> RunContext:
    return context_of(
        [clip.survey],
        options=Options(experimental=True),
        listener=listener,
    )


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.fixture(scope="module")
def first_run(clip: Clip, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counter[str]]:
    """A whole run of the clip through the command line, and how often it read its inputs."""
    before = hashes(clip.folder)
    out = tmp_path_factory.mktemp("out") / "survey"
    with counted(clip.film.name) as calls:
        assert main(["run", str(clip.survey), "--out", str(out), "--experimental"]) == 0
    assert hashes(clip.folder) == before, "an input was changed"
    return out, calls


@pytest.fixture(scope="module")
def surveyed(first_run: tuple[Path, Counter[str]]) -> Path:
    """The folder that it made."""
    return first_run[0]


def test_inputs_are_read_matched_and_hashed_once(first_run: tuple[Path, Counter[str]]) -> None:
    assert first_run[1] == dict.fromkeys(COUNTED.values(), 1)


def test_the_folder_is_whole_and_readable_by_others(surveyed: Path) -> None:
    names = {p.name for p in surveyed.iterdir()}
    assert names == {
        "survey.toml", "run.json", "certificate.json", "pictures.sha256", "pictures", "tables",
        "survey.gpkg", "m3_section.csv", "plan.csv", "report.html", "inputs",
        "m3_section_fr.csv", "plan_fr.csv", "survey.qgz",
    }  # fmt: skip
    files = {p.relative_to(surveyed).as_posix() for p in surveyed.rglob("*") if p.is_file()}
    watched = {file for stage in Stage for file in written_by(stage)} | {"run.json"}
    others = {file for file in files if not file.startswith(("pictures/", "inputs/"))}
    assert others == watched, "a file that nobody watches would be lost without a word"
    layers = {name for name, _ in pyogrio.list_layers(surveyed / "survey.gpkg")}
    assert {"sections", "findings", "frames", "coverage"} <= layers
    assert len(pyogrio.read_dataframe(surveyed / "survey.gpkg", layer="frames")) > 5
    assert not partial_of(surveyed).exists()


def test_every_picture_is_certified(surveyed: Path) -> None:
    certificate = Certificate.read(surveyed)
    certificate.verify()
    pictures = sorted(p.relative_to(surveyed).as_posix() for p in surveyed.rglob("*.jpg"))
    assert pictures == [entry.file for entry in certificate]
    frames = open_survey(surveyed).read("frames")
    assert len(pictures) == frames["picture_id"].notna().sum()


def test_frames_lie_five_metres_apart_on_one_lane(surveyed: Path) -> None:
    frames = open_survey(surveyed).read("frames")
    assert frames["route"].nunique() == 1
    assert frames["sens"].nunique() == 1
    steps = frames["cumul_m"].diff().dropna().abs()
    assert steps.between(2.0, 9.0).all()


def test_the_run_sheet_names_no_folder_of_the_machine(surveyed: Path, clip: Clip) -> None:
    text = (surveyed / "run.json").read_text("utf-8")
    assert str(clip.folder) not in text
    assert str(surveyed) not in text
    sheet = json.loads(text)
    assert [s["stage"] for s in sheet["stages"]] == [s.value for s in Stage]
    assert sheet["purpose"] == "pavement maintenance"


def test_the_same_input_gives_the_same_digest_and_a_third_run_does_nothing(
    surveyed: Path, clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = digest_of(open_survey(surveyed))
    again = tmp_path / "again"
    run(context(clip), again)
    assert digest_of(open_survey(again)) == first
    outcome = run(context(clip), again)
    assert outcome.unchanged
    assert main(["digest", str(again)]) == 0
    assert capsys.readouterr().out.strip() == first["survey"]


def test_ctrl_c_in_each_stage_and_a_second_run_give_the_same_digest(
    surveyed: Path, clip: Clip, tmp_path: Path
) -> None:
    target = tmp_path / "stopped"
    spent: dict[str, float] = {}
    for stage in Stage:
        seen = 0

        def stop(event: StageEvent, at: Stage = stage) -> None:
            nonlocal seen
            seen += event.stage is at and event.note != "unchanged"
            if seen == (3 if at is Stage.INGEST else 1):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(context(clip, stop), target)
        assert partial_of(target).is_dir()
        assert not target.exists()
        kept = partial_of(target) / ".state" / f"{stage.value}.tries.json"
        spent[stage.value] = json.loads(kept.read_text("utf-8"))["cost"]["wall_s"]
    outcome = run(context(clip), target)
    assert outcome.exit_code == 0
    assert digest_of(open_survey(target)) == digest_of(open_survey(surveyed))
    for record in outcome.sheet.stages:
        assert record.tries == 2, record.stage
        assert record.wall_s >= round(spent[record.stage], 3), record.stage


def copies(clip: Clip, surveyed: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return a copy of the clip's folder and one of its finished survey, to be changed."""
    folder, target = tmp_path / "clip", tmp_path / "survey"
    shutil.copytree(clip.folder, folder)
    shutil.copytree(surveyed, target)
    return folder, target


def test_another_price_list_only_redoes_what_depends_on_it(
    surveyed: Path, clip: Clip, tmp_path: Path
) -> None:
    folder, target = copies(clip, surveyed, tmp_path)
    scenarios = folder / "scenarios.toml"
    scenarios.write_text(scenarios.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    done: list[Stage] = []
    listener = lambda e: done.append(e.stage) if e.note != "unchanged" else None  # noqa: E731
    outcome = run(context(Clip(folder), listener), target)
    assert not outcome.unchanged
    assert set(done) == {Stage.PLAN, Stage.PUBLISH}


def test_another_bound_of_severity_only_redoes_what_depends_on_it(
    surveyed: Path, clip: Clip, tmp_path: Path
) -> None:
    folder, target = copies(clip, surveyed, tmp_path)
    scheme = load_scheme().model_dump(mode="json") | {"version": "own-1"}
    scheme["severity"] = {
        code: rule | {"bounds": [0.01, 0.02]} for code, rule in scheme["severity"].items()
    }
    (folder / "scheme.yaml").write_text(yaml.safe_dump(scheme, sort_keys=False), encoding="utf-8")
    survey = folder / "survey.toml"
    text = survey.read_text("utf-8")
    survey.write_text(f'scheme = "scheme.yaml"\n{text}', encoding="utf-8")
    done: list[Stage] = []
    listener = lambda e: done.append(e.stage) if e.note != "unchanged" else None  # noqa: E731
    sheet = run(context(Clip(folder), listener), target).sheet
    assert set(done) == {Stage.FUSE, Stage.SCORE, Stage.PLAN, Stage.PUBLISH}
    found = open_survey(target).read("findings")
    graded = found[found["code"].isin(list(scheme["severity"])) & found["width_m"].notna()]
    assert len(graded) and (graded["severity"] == 3).all()
    facts = next(s.facts for s in sheet.stages if s.stage == Stage.SCORE.value)
    own = load_scheme(folder / "scheme.yaml")
    assert (facts["scheme_version"], facts["scheme_sha256"]) == ("own-1", own.sha256)


def test_work_that_was_stopped_before_it_was_put_in_place_is_put_in_place(
    surveyed: Path, clip: Clip, tmp_path: Path
) -> None:
    folder, target = copies(clip, surveyed, tmp_path)
    scenarios = folder / "scenarios.toml"
    scenarios.write_text(scenarios.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    changed, apart = context(Clip(folder)), tmp_path / "apart"
    shutil.copytree(target, apart)
    made = run(changed, apart).sheet
    # What a kill leaves between the last stage and the rename.
    partial = begin(target)
    for path in partial.root.iterdir():
        if path.is_file():
            path.unlink()
        elif path != partial.state:
            shutil.rmtree(path)
    shutil.copytree(apart, partial.root, dirs_exist_ok=True)
    restore_state(partial)
    link = tmp_path / "link"
    link.symlink_to(target)
    outcome = run(changed, link)
    assert link.is_symlink()
    assert not outcome.unchanged
    assert [s.fingerprint for s in outcome.sheet.stages] == [s.fingerprint for s in made.stages]
    assert json.loads((target / "run.json").read_text("utf-8"))["run_id"] == outcome.sheet.run_id
    assert not partial_of(target).exists()
    assert run(changed, target).unchanged


def test_a_folder_is_run_again_from_its_own_survey_file(
    surveyed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(surveyed / "survey.toml")]) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_serve_and_explain_read_what_a_run_wrote(
    surveyed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = open_survey(surveyed).read("section_notes")
    section = str(notes["section_id"].iloc[0])
    assert main(["explain", "section", section, "--survey", str(surveyed)]) == 0
    assert capsys.readouterr().out.strip()
