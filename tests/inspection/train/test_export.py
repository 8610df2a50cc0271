"""From weights to the ONNX file, with a small untrained network."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from inspection.train import libraries
from inspection.train.export import export_onnx
from tests.inspection.train.conftest import outputs, reference

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)
needs_yolo = pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")


@needs_yolo
@pytest.mark.slow
def test_the_export_agrees_at_every_size(start: Path, tmp_path: Path) -> None:
    file = export_onnx(start, tmp_path / "net.onnx")
    draw = np.random.default_rng(0)
    for shape in ((1, 3, 320, 320), (1, 3, 192, 320), (3, 3, 160, 160)):
        batch = draw.random(shape, np.float32)
        ours, theirs = outputs(file, batch), reference(start, batch)
        assert ours.shape == theirs.shape
        # The weights are rounded to half precision, nothing else differs.
        assert np.abs(ours[:, 4:] - theirs[:, 4:]).max() < 0.02
        assert np.abs(ours[:, :4] - theirs[:, :4]).max() < 2.0


@needs_yolo
@pytest.mark.slow
def test_an_export_names_no_machine_and_no_day(start: Path, tmp_path: Path) -> None:
    one = export_onnx(start, tmp_path / "one.onnx").read_bytes()
    two = export_onnx(start, tmp_path / "two.onnx").read_bytes()
    assert one == two
    for word in (b"ultralytics", b"site-packages", str(tmp_path).encode(), b"2026"):
        assert word not in one
    assert len(one) < 6_000_000
