"""What a detection is called, and what its identifier rests on."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from inspection.detection.base import Detections
from inspection.detection.sign_values import Readings
from inspection.stages.detect import NO_SIGN, table_of
from voirie.nets import load_models
from voirie.tables import TABLES, conform
from voirie.taxonomy import Taxonomy, load_taxonomy

ENTRY = load_models().entries["pavement"]
FOUND = Detections(
    frame=np.array([0, 1, 1]),
    xyxy=np.array([[1.04, 2, 3, 4], [1, 2, 3, 4], [5, 6, 7, 8]], dtype=np.float32),
    score=np.array([0.5, 0.6, 0.7], dtype=np.float32),
    label=np.array([0, 0, 1], dtype=np.int32),
)
FRAMES = np.array(["a", "b"], dtype=object)
UNMASKED = np.zeros(3, np.float32)
UNREAD = Readings.none(3)
NO_NET = np.full(3, np.nan)


def table(taxonomy: Taxonomy, names: list[str], kept: list[bool] | None = None) -> pd.DataFrame:
    chosen = np.array([True] * len(names) if kept is None else kept)
    called = np.array(names, dtype=object)
    return table_of(FRAMES, ENTRY, FOUND, called, chosen, taxonomy, UNMASKED, UNREAD, NO_NET)


def test_detections_are_a_table_of_what_is_kept() -> None:
    rows = table(load_taxonomy(), ["pothole", NO_SIGN, "stop"], [True, True, True])
    assert conform("detections", rows)["family"].tolist() == ["pavement", "sign"]
    assert rows["frame_id"].tolist() == ["a", "b"]
    assert rows["x1_px"].tolist() == [1.0, 5.0]
    assert table(load_taxonomy(), ["pothole"] * 3, [False] * 3).empty
    assert "code" not in TABLES["detections"].names


def test_another_code_of_a_class_leaves_the_identifier(tmp_path: Path) -> None:
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    data = yaml.safe_load(text)
    data["classes"]["pothole"] = {"code": "REP"}
    path = tmp_path / "taxonomy.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    names = ["pothole", "pothole", "transverse_crack"]
    shipped, other = (table(one, names) for one in (load_taxonomy(), load_taxonomy(path)))
    assert shipped["view_id"].tolist() == other["view_id"].tolist()


@pytest.mark.parametrize("changed", ["frame", "class", "model"])
def test_identifiers_tell_frames_classes_and_models_apart(changed: str) -> None:
    names = np.array(["pothole"] * 3, dtype=object)
    frames = np.array(["a", "c"]) if changed == "frame" else FRAMES
    entry = ENTRY.model_copy(update={"sha256": "0" * 64}) if changed == "model" else ENTRY
    other = names if changed != "class" else np.array(["patch"] * 3, dtype=object)
    chosen = np.ones(3, dtype=bool)
    told = (chosen, load_taxonomy(), UNMASKED, UNREAD, NO_NET)
    first = table_of(FRAMES, ENTRY, FOUND, names, *told)
    second = table_of(frames.astype(object), entry, FOUND, other, *told)
    assert first["view_id"].is_unique
    assert first["view_id"].iloc[2] != second["view_id"].iloc[2]
