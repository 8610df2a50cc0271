"""Weights by hash: what is registered runs, anything else is refused in one sentence."""

from __future__ import annotations

import hashlib
import os
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


@pytest.mark.parametrize(
    "line", ["imgsz = " + "9" * 5000, "package = 'a.b'", "file = 'a\\u0000'", "x = " + "[" * 5000]
)
def test_a_register_that_would_stop_us_is_refused(tmp_path: Path, line: str) -> None:
    file = "" if line.startswith("file") else "file = 'a.onnx'\n"
    text = f"[models.gate]\n{file}sha256 = '{'0' * 64}'\n{line}\n"
    (tmp_path / "models.toml").write_text(text.replace("'a\\u0000'", '"a\\u0000"'), "utf-8")
    with pytest.raises(ConfigurationError, match="register of weights"):
        load_models(tmp_path)


def test_a_pipe_in_the_place_of_weights_is_not_waited_for(tmp_path: Path) -> None:
    text = f"[models.gate]\nfile = 'gate.onnx'\nsha256 = '{'0' * 64}'\n"
    (tmp_path / "models.toml").write_text(text, "utf-8")
    os.mkfifo(tmp_path / "gate.onnx")
    with pytest.raises(WeightsMissing, match="cannot be read"):
        load_models(tmp_path).net("gate")
    (tmp_path / "models.toml").unlink()
    os.mkfifo(tmp_path / "models.toml")
    with pytest.raises(ConfigurationError, match="no file"):
        load_models(tmp_path)
