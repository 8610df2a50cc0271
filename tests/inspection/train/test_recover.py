"""From the ONNX file back to weights that can be trained on."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from inspection.train import libraries
from inspection.train.export import export_onnx
from inspection.train.heads import with_classes
from inspection.train.recover import from_onnx
from tests.inspection.train.conftest import outputs, reference
from voirie.errors import ConfigurationError

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)
needs_yolo = pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")


@needs_yolo
@pytest.mark.slow
def test_what_comes_back_from_an_export_answers_as_the_export_does(
    start: Path, tmp_path: Path
) -> None:
    narrow = with_classes(start, ("near", "far"), ((0,), (1, 2)), tmp_path / "narrow.pt")
    _as_if_trained(narrow)
    file = export_onnx(narrow, tmp_path / "narrow.onnx")
    back = from_onnx(file, ("near", "far"), tmp_path / "back.pt")
    batch = np.random.default_rng(1).random((1, 3, 96, 160)).astype(np.float32)
    np.testing.assert_allclose(
        reference(back, batch)[:, 4:], outputs(file, batch)[:, 4:], atol=2e-3
    )
    network = libraries.load("ultralytics").YOLO(str(back))
    assert network.names == {0: "near", 1: "far"}
    assert export_onnx(back, tmp_path / "again.onnx").stat().st_size == file.stat().st_size
    with pytest.raises(ConfigurationError, match="not a YOLO11n with 3 classes"):
        from_onnx(file, ("near", "far", "other"), tmp_path / "wrong.pt")


def _as_if_trained(weights: Path) -> None:
    """Give each channel numbers of its own: the export stores equal constants only once."""
    torch = libraries.load("torch")
    stored = torch.load(weights, weights_only=False)
    for values in stored["model"].state_dict().values():
        if values.ndim == 1 and values.is_floating_point():
            values += 0.1 * torch.rand_like(values)
    torch.save(stored, weights)
