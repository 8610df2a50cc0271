"""A small untrained network, and what it answers by either program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspection.train import libraries


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained YOLO11n with 80 classes, saved as ultralytics saves one."""
    folder = tmp_path_factory.mktemp("start")
    libraries.keep_quiet(folder)
    torch = libraries.load("torch")
    torch.manual_seed(3)
    model = libraries.load("ultralytics").YOLO("yolo11n.yaml")
    with torch.no_grad():
        for branch in model.model.model[-1].cv3:
            branch[-1].weight.normal_(0, 0.3)
            branch[-1].bias.normal_(-1, 1)
    path = folder / "start.pt"
    model.save(str(path))
    return path


def outputs(onnx: Path, batch: np.ndarray) -> np.ndarray:
    openvino = libraries.load("openvino")
    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(str(onnx)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    return np.asarray(compiled(batch)[0])


def reference(weights: Path, batch: np.ndarray) -> np.ndarray:
    torch = libraries.load("torch")
    network: Any = libraries.load("ultralytics").YOLO(str(weights)).model.float().eval()
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(batch))[0])
