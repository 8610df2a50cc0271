"""The code that a stage runs, and what a changed line does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspection.context import Mandate, RunContext
from inspection.options import Options
from inspection.pipeline.chain import fingerprints
from inspection.pipeline.source_hash import PACKAGES, SourceTree, installed_sources
from inspection.resources import Resources
from voirie.stages import Stage

ROOT = Path(__file__).resolve().parents[3]
CONTEXT = RunContext("survey", Mandate("c", "", "test", "", ""), (), Resources(), Options())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The sources of the product."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def tree(root: Path) -> SourceTree:
    return SourceTree({name: root / name for name in PACKAGES})


@pytest.mark.parametrize(
    ("stage", "runs", "runs_not"),
    [
        ("ingest", {"anonymize.sealer", "gis.tracks.readers"}, {"planning.plan"}),
        ("place", {"gis.tracks.kalman", "gis.network.network"}, {"anonymize.sealer"}),
        ("detect", {"voirie.nets.yolo", "voirie.taxonomy"}, {"gis.network.network"}),
        ("score", {"gis.scoring.notes", "voirie.catalogue.scheme"}, {"planning.plan"}),
        ("plan", {"planning.scenarios", "planning.optimise.master"}, {"anonymize.sealer"}),
        ("publish", {"gis.exports.geopackage"}, {"inspection.stages.ingest"}),
    ],
)
def test_the_modules_of_a_stage(stage: str, runs: set[str], runs_not: set[str]) -> None:
    found = set(installed_sources().modules_of(f"inspection.stages.{stage}"))
    assert runs <= found
    assert not runs_not & found


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("gis/tracks/kalman.py", {Stage.INGEST}),
        ("planning/simulate.py", {Stage.PLAN, Stage.PUBLISH}),
        ("inspection/stages/score.py", {Stage.SCORE, Stage.PLAN, Stage.PUBLISH}),
        ("inspection/fusion/grouping.py", set(list(Stage)[4:])),
    ],
)
def test_a_changed_line_makes_its_stages_run_again(
    file: str, first: set[Stage], copied: Path
) -> None:
    before = fingerprints(CONTEXT, tree(copied))
    path = copied / file
    path.write_text(path.read_text("utf-8") + "\nADDED = 1\n", encoding="utf-8")
    after = fingerprints(CONTEXT, tree(copied))
    changed = {stage for stage in Stage if after[stage] != before[stage]}
    assert changed >= first
    assert first in (changed, {Stage.INGEST})


def test_a_data_file_counts_with_the_module_that_reads_it(copied: Path) -> None:
    before = fingerprints(CONTEXT, tree(copied))
    path = copied / "voirie" / "taxonomy.yaml"
    path.write_text(path.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    after = fingerprints(CONTEXT, tree(copied))
    changed = {stage for stage in Stage if after[stage] != before[stage]}
    assert Stage.DETECT in changed
    assert Stage.PLACE not in changed
