"""The stages are the rooms of the chain, and their reports share nothing."""

from __future__ import annotations

from importlib.util import find_spec

from voirie.messages import message
from voirie.stages import Stage, StageEvent, StageReport, silent


def test_each_stage_has_its_room() -> None:
    assert [stage for stage in Stage if find_spec(f"inspection.stages.{stage}") is None] == []


def test_reports_share_nothing() -> None:
    one, other = StageReport(Stage.DETECT), StageReport(Stage.DETECT)
    one.dropped["masked"] = 3
    one.warnings.append(message("dark"))
    silent(StageEvent(Stage.DETECT, 1, None))
    assert other == StageReport(Stage.DETECT) != one
