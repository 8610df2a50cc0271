"""The figures of a rendered drive: what they are called, and that the truth itself has no error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bench.truth.figures import KEYS, figures_of, held_against
from bench.truth.notes import Rules, as_findings
from voirie.folder import SurveyFolder
from voirie.tables import conform

ROOT = Path(__file__).resolve().parents[3]
TRUTH = ROOT / "samples" / "drive" / "truth.json"


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return dict(json.loads(TRUTH.read_text("utf-8")))


def general(key: str) -> str:
    """A key with its class and size replaced by what stands for them."""
    stem, _, rest = key.partition(".")
    if not rest:
        return key
    return f"{stem}.<class>.<size>" if "." in rest else f"{stem}.<class>"


def test_every_figure_is_explained_in_the_page() -> None:
    page = (ROOT / "docs" / "sample-truth.md").read_text("utf-8")
    for key, meaning in KEYS.items():
        assert f"| `{key}` | {meaning} |" in page


def test_the_truth_held_against_itself_has_no_error(
    truth: dict[str, Any], as_if_surveyed: SurveyFolder
) -> None:
    figures = figures_of(held_against(as_if_surveyed, truth))
    assert {general(key) for key in figures} == set(KEYS)
    for name in ("longitudinal_crack", "transverse_crack", "alligator_crack", "pothole"):
        assert figures[f"recall.{name}"] == figures[f"precision.{name}"] == 1.0
        assert figures[f"severity_right.{name}"] == 1.0
    assert figures["note_abs_max"] == figures["note_bias"] == 0.0
    assert figures["note_within_0_5"] == figures["treatment_same"] == figures["need_ratio"] == 1.0
    assert figures["size_ratio.pothole.area"] == 1.0
    assert figures["value_there"] == 0


def test_what_is_missed_or_made_graver_moves_notes_and_money(
    truth: dict[str, Any], as_if_surveyed: SurveyFolder
) -> None:
    whole = as_if_surveyed.read("findings")
    frames, coverage = as_if_surveyed.read("frames"), as_if_surveyed.read("coverage")
    rules = Rules(as_if_surveyed)
    true = rules.score(as_findings(pd.DataFrame(truth["objects"]), frames), coverage)
    graver = rules.score(whole.assign(severity=3), coverage)
    fewer = rules.score(conform("findings", whole.iloc[::2]), coverage)
    for result, sign in ((graver, -1), (fewer, 1)):
        both = result.sections.merge(true.sections, on="section_id", suffixes=("", "_true"))
        error = (both["note_globale"] - both["note_globale_true"]).dropna().to_numpy(float)
        assert len(error) and (sign * error >= -1e-9).all() and np.abs(error).max() > 0.2
    need = [float(r.sections["proposed_cost_eur"].sum()) for r in (graver, true, fewer)]
    assert need[0] >= need[1] >= need[2] and need[0] > need[2]
