"""The figures of a rendered drive under stable names, for tables and for machines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.truth.notes import (
    LANE,
    Money,
    NoteErrors,
    Repeat,
    Rules,
    as_findings,
    money,
    note_errors,
    repeat_of,
)
from bench.truth.objects import Line, grouped, lines_of, matched, seen_objects
from bench.truth.sizes import (
    Size,
    Values,
    mean,
    right_share,
    severities_of,
    sizes_of,
    values_of,
)
from voirie.folder import SurveyFolder

KEYS = {
    "recall.<class>": "found / there, of the things in lanes and on routes that were driven",
    "precision.<class>": "findings that lie on a thing of their class / findings",
    "place_m_median": "distance on the ground of spots and their findings, metres",
    "place_m_p95": "the same, 95th percentile",
    "size_ratio.<class>.<size>": "median of found / true: length, width, area",
    "size_interval.<class>.<size>": "share of stated intervals that hold the true size",
    "size_interval_width.<class>.<size>": "median width of the interval / value",
    "severity_right.<class>": "graded findings with the true severity / graded findings",
    "severity_given.<class>": "graded findings / matched findings",
    "value_there": "matched signs whose truth has a value",
    "value_given": "of them, the share that was given a value",
    "value_right": "right values / values given",
    "note_lanes": "lanes with a note on both sides",
    "note_bias": "mean of given less true note of a lane, of 20",
    "note_abs_mean": "mean size of that error",
    "note_abs_p90": "its 90th percentile",
    "note_abs_max": "its largest",
    "note_within_0_5": "share of lanes within 0.5",
    "note_within_1_0": "share of lanes within 1.0",
    "note_interval": "share of stated intervals of lanes that hold the true note",
    "section_note_bias": "as note_bias, of sections",
    "section_note_abs_mean": "as note_abs_mean, of sections",
    "section_note_abs_p90": "as note_abs_p90, of sections",
    "section_note_abs_max": "as note_abs_max, of sections",
    "section_note_within_0_5": "as note_within_0_5, of sections",
    "section_note_within_1_0": "as note_within_1_0, of sections",
    "section_note_interval": "as note_interval, of sections",
    "sections": "sections with a note on both sides",
    "class_same": "share of them with the true class",
    "treatment_same": "share of them with the treatment that the truth calls for",
    "need_eur": "works that the given notes call for, in the price list's tax",
    "need_true_eur": "works that the true notes call for",
    "need_ratio": "need_eur / need_true_eur",
    "repeat_lanes": "lanes that two passes saw, each scored alone",
    "repeat_note_diff_median": "difference of their notes, median",
    "repeat_note_diff_p90": "the same, 90th percentile",
    "repeat_met_again": "findings of one pass that the other met too / findings",
}
"""Every figure of ``--json``; a class is written with underscores. None stands for no case."""


@dataclass(frozen=True)
class Held:
    """A survey held against the truth of its drive."""

    objects: pd.DataFrame
    findings: pd.DataFrame
    lines: list[Line]
    sizes: list[Size]
    severities: dict[str, pd.DataFrame]
    values: Values
    lane_notes: NoteErrors
    section_notes: NoteErrors
    money: Money
    repeat: Repeat


def held_against(folder: SurveyFolder, truth: dict[str, Any]) -> Held:
    """Everything that can be compared.

    Parameters
    ----------
    folder
        A whole survey folder of the drive.
    truth
        Its ``truth.json``.
    """
    findings, frames = grouped(folder.read("findings")), folder.read("frames")
    every = seen_objects(truth, frames[frames["route"].notna()])
    objects = grouped(every)
    pairs = matched(objects, findings)
    true = Rules(folder).score(as_findings(every, frames), folder.read("coverage"))
    sections = folder.read("sections")
    return Held(
        objects=objects,
        findings=findings,
        lines=lines_of(objects, findings),
        sizes=sizes_of(pairs),
        severities=severities_of(pairs),
        values=values_of(pairs, folder.read("signs")),
        lane_notes=note_errors(folder.read("section_notes"), true.section_notes, LANE),
        section_notes=note_errors(sections, true.sections, ["section_id"]),
        money=money(sections, true.sections),
        repeat=repeat_of(folder),
    )


def figures_of(held: Held) -> dict[str, float | int | None]:
    """The figures by the names of `KEYS`, None where there was no case."""
    out: dict[str, float] = {}
    for line in held.lines:
        name = line.name.replace(" ", "_")
        out[f"recall.{name}"] = _over(line.matched, line.there)
        out[f"precision.{name}"] = _over(line.found - line.false, line.found)
    ground = np.concatenate([line.error_m for line in held.lines])
    ground = ground[np.isfinite(ground)]
    out["place_m_median"], out["place_m_p95"] = _percentile(ground, 50), _percentile(ground, 95)
    for size in held.sizes:
        name = f"{size.group.replace(' ', '_')}.{size.size}"
        out[f"size_ratio.{name}"] = size.ratio
        out[f"size_interval.{name}"] = size.inside
        out[f"size_interval_width.{name}"] = size.width
    for group, confusion in held.severities.items():
        name = group.replace(" ", "_")
        out[f"severity_right.{name}"] = right_share(confusion)
        graded = int(confusion[[1, 2, 3]].to_numpy().sum())
        out[f"severity_given.{name}"] = _over(graded, int(confusion.to_numpy().sum()))
    values = held.values
    out["value_there"] = values.there
    out["value_given"] = _over(values.given, values.there)
    out["value_right"] = _over(values.right, values.given)
    out["note_lanes"] = len(held.lane_notes.error)
    out |= _errors("note", held.lane_notes) | _errors("section_note", held.section_notes)
    money = held.money
    out["sections"] = money.sections
    out["class_same"] = _over(money.same_class, money.sections)
    out["treatment_same"] = _over(money.same_treatment, money.sections)
    out["need_eur"], out["need_true_eur"] = money.need_eur, money.true_need_eur
    out["need_ratio"] = _over(money.need_eur, money.true_need_eur)
    gap = np.abs(held.repeat.difference)
    out["repeat_lanes"] = len(gap)
    out["repeat_note_diff_median"] = _percentile(gap, 50)
    out["repeat_note_diff_p90"] = _percentile(gap, 90)
    out["repeat_met_again"] = _over(held.repeat.met_again, held.repeat.findings)
    return {name: _plain(value) for name, value in out.items()}


def _errors(stem: str, errors: NoteErrors) -> dict[str, float]:
    size = np.abs(errors.error)
    return {
        f"{stem}_bias": mean(errors.error),
        f"{stem}_abs_mean": mean(size),
        f"{stem}_abs_p90": _percentile(size, 90),
        f"{stem}_abs_max": _percentile(size, 100),
        f"{stem}_within_0_5": errors.within(0.5),
        f"{stem}_within_1_0": errors.within(1.0),
        f"{stem}_interval": errors.held,
    }


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _percentile(values: np.ndarray, percentile: float) -> float:
    return float(np.percentile(values, percentile)) if len(values) else math.nan


def _plain(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if isinstance(value, int) else round(float(value), 4)
