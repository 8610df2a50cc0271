"""From an ONNX file of ours back to weights that can be trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inspection.train.heads import save_start
from inspection.train.libraries import load
from voirie.errors import ConfigurationError

# Of the head that ultralytics builds for COCO; our networks kept its widths.
COCO_CLASSES = 80


def from_onnx(file: Path, classes: Sequence[str], out: Path) -> Path:
    """Write the YOLO11n of an ONNX file of `export_onnx` as ``.pt``, and return ``out``.

    The batch norms are already folded into the convolutions, and stay so: the network answers as
    the file does from the first step, and needs a small learning rate.

    Parameters
    ----------
    file : Path
        ONNX file, half precision inside.
    classes : sequence of str
        Its class names, in the order of its outputs.
    out : Path
        File written.

    Raises
    ------
    ConfigurationError
        Where the file is not a YOLO11n with as many classes.
    """
    torch, onnx = load("torch"), load("onnx")
    half = "_fp16"
    stored = {
        constant.name.removesuffix(half): onnx.numpy_helper.to_array(constant).astype(np.float32)
        for constant in onnx.load(str(file)).graph.initializer
    }
    network_class = load("ultralytics.nn.tasks").DetectionModel
    network = network_class("yolo11n.yaml", ch=3, nc=COCO_CLASSES, verbose=False).eval()
    network = network.fuse(verbose=False)
    head = network.model[-1]
    for branch in head.cv3:
        branch[-1] = torch.nn.Conv2d(branch[-1].in_channels, len(classes), kernel_size=1)
    state = network.state_dict()
    wrong = [
        name
        for name, tensor in state.items()
        if name not in stored or stored[name].shape != tuple(tensor.shape)
    ]
    if wrong:
        raise ConfigurationError(
            f"not a YOLO11n with {len(classes)} classes: {wrong[0]} is missing or of another size",
            file,
            remedy="start from a .pt file",
        )
    network.load_state_dict({name: torch.from_numpy(stored[name].copy()) for name in state})
    return save_start(network, classes, out)
