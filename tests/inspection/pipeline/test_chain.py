"""The chain: its stages in order, and which are redone when something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inspection.context import Mandate, PassSetup, RunContext
from inspection.options import Options, parse_step
from inspection.pipeline.chain import PIPELINE, fingerprints, with_dependants
from inspection.resources import InputFiles, Resources
from voirie.inputs import PassInput
from voirie.stages import Stage

FILM = PassSetup("pass", PassInput(id="a", inputs=(Path("a.mp4"),)), "video", None, "0" * 64)
CONTEXT = RunContext("s", Mandate("c", "", "test", "", ""), (FILM,), Resources(), Options())
Change = Callable[[RunContext], RunContext]


def renamed(**changes: object) -> PassSetup:
    return replace(FILM, given=FILM.given.model_copy(update=changes))


def with_options(**changes: object) -> Change:
    return lambda ctx: replace(ctx, options=replace(ctx.options, **changes))


def test_each_stage_stands_once_and_reads_only_what_earlier_ones_write() -> None:
    assert [spec.stage for spec in PIPELINE] == list(Stage)
    for rank, spec in enumerate(PIPELINE):
        assert set(spec.after) <= {earlier.stage for earlier in PIPELINE[:rank]}


@pytest.mark.parametrize("stage", Stage)
def test_who_depends_on_a_dependant_depends_on_the_stage(stage: Stage) -> None:
    found = with_dependants(stage)
    assert found[0] is stage and Stage.PUBLISH in found
    assert found == sorted(found, key=list(Stage).index)
    for later in found[1:]:
        assert set(with_dependants(later)) <= set(found)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (with_options(people="head"), Stage.INGEST),
        (with_options(neighbours=2), Stage.INGEST),
        (with_options(step=parse_step("2s")), Stage.INGEST),
        (with_options(experimental=True), Stage.DETECT),
        (with_options(min_coverage_pct=50.0), Stage.SCORE),
        (with_options(only_seen=True), Stage.PLAN),
        (with_options(headline_existence=0.9), Stage.PUBLISH),
        (lambda ctx: replace(ctx, passes=(replace(FILM, pass_id="other"),)), Stage.INGEST),
        (lambda ctx: replace(ctx, mandate=replace(ctx.mandate, body="CD31")), Stage.PUBLISH),
        # What stands in tables by name is written anew when the name is another.
        (lambda ctx: replace(ctx, survey_id="other"), Stage.PLACE),
        (lambda ctx: replace(ctx, passes=(renamed(id="b"),)), Stage.PLACE),
        (lambda ctx: replace(ctx, passes=(renamed(inputs=(Path("b.mp4"),)),)), Stage.INGEST),
    ],
    ids=[
        "people",
        "neighbours",
        "step",
        "experimental",
        "coverage",
        "only seen",
        "headline",
        "passes",
        "body",
        "campaign",
        "name of a pass",
        "name of a film",
    ],
)
def test_a_change_makes_its_stage_run_again_and_all_that_read_it(
    change: Change, first: Stage
) -> None:
    before, after = fingerprints(CONTEXT), fingerprints(change(CONTEXT))
    changed = [stage for stage in Stage if after[stage] != before[stage]]
    assert changed == with_dependants(first)


def test_another_price_list_plans_again_but_sees_nothing_anew(tmp_path: Path) -> None:
    shipped = InputFiles().rules()["treatments"].read_text("utf-8")
    own = tmp_path / "treatments.yaml"
    own.write_text(f"{shipped}\n# of another year\n", encoding="utf-8")
    changed = replace(CONTEXT, resources=Resources(InputFiles(treatments=own)))
    before, after = fingerprints(CONTEXT), fingerprints(changed)
    # The value of a section stands on prices too.
    assert [stage for stage in Stage if after[stage] != before[stage]] == [
        Stage.SCORE, Stage.PLAN, Stage.PUBLISH,
    ]  # fmt: skip


def test_a_comment_in_the_description_of_the_vehicle_renews_its_copy(tmp_path: Path) -> None:
    vehicle = tmp_path / "vehicle.toml"
    vehicle.write_text("[camera]\nheight_m = 1.3\n", encoding="utf-8")
    given = replace(CONTEXT, passes=(renamed(vehicle=vehicle),))
    before = fingerprints(given)
    vehicle.write_text("# van 12\n[camera]\nheight_m = 1.3\n", encoding="utf-8")
    after = fingerprints(replace(given, resources=Resources()))
    assert [stage for stage in Stage if after[stage] != before[stage]] == [Stage.PUBLISH]


@pytest.mark.parametrize("stage", [Stage.PLACE, Stage.FUSE, Stage.SCORE])
def test_who_writes_the_identifier_of_the_survey_depends_on_it(stage: Stage) -> None:
    (spec,) = [spec for spec in PIPELINE if spec.stage is stage]
    assert spec.depends(replace(CONTEXT, survey_id="other")) != spec.depends(CONTEXT)


def test_the_same_run_has_the_same_fingerprints() -> None:
    again = fingerprints(replace(CONTEXT, resources=Resources()))
    assert again == fingerprints(CONTEXT)
    assert len(set(again.values())) == len(Stage)
