"""A real, very short training on generated pictures."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inspection.train import fit as fitting
from inspection.train import libraries
from inspection.train.folders import Sample, write_index, write_sample
from inspection.train.recipes import RECIPES

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)

pytestmark = [
    pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed"),
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]

TINY = replace(RECIPES["plates"], imgsz_px=64, batch=4, freeze_layers=0)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight grey pictures with a white plate each, and the index of ultralytics."""
    folder = tmp_path_factory.mktemp("pictures")
    draw = np.random.default_rng(0)
    for number in range(10):
        image = draw.integers(60, 100, (64, 64, 3)).astype(np.uint8)
        left, top = (int(v) for v in draw.integers(4, 30, 2))
        cv2.rectangle(image, (left, top), (left + 24, top + 8), (250, 250, 250), -1)
        box = np.asarray([[0, left, top, left + 25, top + 9]], np.float32)
        write_sample(folder, "val" if number > 7 else "train", Sample(str(number), image, box))
    return write_index(folder, TINY.classes)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    libraries.keep_quiet(folder)
    model = libraries.load("ultralytics").YOLO("yolo11n.yaml")
    model.save(str(folder / "start.pt"))
    return folder / "start.pt"


def test_a_stopped_training_goes_on_where_it_was(
    pictures: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "runs" / "plates"
    anneal = fitting.Anneal.__call__

    def stop_in_second_epoch(self: fitting.Anneal, trainer: Any) -> None:
        if trainer.epoch == 1:
            raise KeyboardInterrupt
        anneal(self, trainer)

    monkeypatch.setattr(fitting.Anneal, "__call__", stop_in_second_epoch)
    with pytest.raises(KeyboardInterrupt):
        fitting.fit(TINY, pictures, start, out, epochs=2, threads=1)
    assert (out / "weights" / "last.pt").exists()
    assert not (out / "done").exists()

    epochs = []
    rates = []

    def watch(self: fitting.Anneal, trainer: Any) -> None:
        anneal(self, trainer)
        epochs.append(trainer.epoch)
        rates.append(trainer.optimizer.param_groups[0]["lr"])

    monkeypatch.setattr(fitting.Anneal, "__call__", watch)
    weights = fitting.fit(TINY, pictures, start, out, epochs=2, threads=1)
    assert set(epochs) == {1}, "the first epoch must not be done again"
    assert rates == sorted(rates, reverse=True)
    assert rates[0] < TINY.lr, "the rate goes on falling from where it was"
    assert weights.stat().st_size < 8_000_000, "the optimizer is stripped"

    epochs.clear()
    assert fitting.fit(TINY, pictures, start, out, epochs=2, threads=1) == weights
    assert not epochs, "what is done is not done again"
