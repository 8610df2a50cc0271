"""The small classifier of signs, on crops that a colour tells apart."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from inspection.train import libraries
from inspection.train.classifier import SIDE_PX, as_input, disturb, fit_classifier, tensor

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)


def crop(colour: tuple[int, int, int], side_px: int, seed: int) -> np.ndarray:
    image = np.full((side_px, side_px, 3), colour, np.float32)
    image += np.random.default_rng(seed).normal(0, 10, image.shape)
    return image.clip(0, 255).astype(np.uint8)


def test_a_disturbed_crop_is_an_input_and_never_the_same_twice() -> None:
    draw = np.random.default_rng(0)
    one, other = (disturb(crop((40, 40, 200), 50, 1), draw) for _ in range(2))
    assert one.shape == (SIDE_PX, SIDE_PX, 3)
    assert (one != other).any()


def test_the_network_reads_rgb_from_0_to_1() -> None:
    batch = tensor([as_input(np.full((10, 10, 3), (255, 0, 0), np.uint8))])
    assert batch.shape == (1, 3, SIDE_PX, SIDE_PX)
    assert batch.dtype == np.float32
    np.testing.assert_allclose(batch[0, :, 0, 0], [0, 0, 1])


@pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_learns_colours_and_is_small(tmp_path: Path) -> None:
    colours = ((40, 40, 200), (200, 60, 40), (60, 200, 60))
    crops = [(kind, crop(colours[kind], 30, seed)) for seed in range(50) for kind in range(3)]
    file = fit_classifier(crops, 3, tmp_path / "net.onnx", epochs=15)
    assert file.stat().st_size < 1_000_000
    openvino = libraries.load("openvino")
    core = openvino.Core()
    net = core.compile_model(core.read_model(str(file)), "CPU")
    fresh = tensor(as_input(crop(colour, 45, 900)) for colour in colours)
    scores = net(fresh)[0]
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-3)
