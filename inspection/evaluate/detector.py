"""A detector that is not registered, run as the chain runs those that are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from voirie.arrays import Pixels
from voirie.nets.backend import Net
from voirie.nets.boxes import Boxes
from voirie.nets.registry import INPUT_FORMATS
from voirie.nets.yolo import YoloDetector
from voirie.settings import Compute, load

Detect = Callable[[Pixels], Boxes]
"""From a BGR picture to the boxes found on it, in its own pixels."""


def detector_of(
    onnx: Path,
    classes: Sequence[str],
    longest_px: int,
    threshold: float,
    max_iou: float = 0.6,
) -> Detect:
    """Open an ONNX file as a detector of one size and one threshold.

    Parameters
    ----------
    onnx
        Export of a YOLO network without suppression.
    classes
        Names in the order of its outputs.
    longest_px
        The longer side of a picture is scaled to this many pixels.
    threshold
        Score above which a box is handed out.
    max_iou
        A box that shares more than this with a better one of its class is dropped.
    """
    net = Net(onnx.read_bytes(), INPUT_FORMATS["yolo-detect"], load(Compute).threads)
    detector = YoloDetector(net, classes, max_iou)
    return lambda pixels: detector.detect(pixels, longest_px, threshold)
