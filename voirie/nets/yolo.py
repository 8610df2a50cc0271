"""Before and after a YOLO detector: letterbox, decoding, suppression.

Same arithmetic as ultralytics 8 (a test compares the two), in numpy and OpenCV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from voirie.arrays import Floats32, Pixels
from voirie.errors import ConfigurationError
from voirie.nets.backend import Net
from voirie.nets.boxes import Boxes, suppress

PAD = 114
STRIDE = 32


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was laid into a canvas: ``canvas = picture * scale + (left, top)``.

    The two scales differ by what rounding each side to whole pixels makes.
    """

    scale_x: float
    scale_y: float
    left: int
    top: int

    def back(self, boxes: Boxes) -> Boxes:
        """Boxes of the canvas in the pixels of the picture."""
        shift = np.array([self.left, self.top, self.left, self.top], np.float32)
        scale = np.array([self.scale_x, self.scale_y] * 2, np.float32)
        return Boxes((boxes.xyxy - shift) / scale, boxes.score, boxes.cls)


def fitted_shape(height: int, width: int, longest: int) -> tuple[int, int]:
    """Smallest canvas in multiples of 32 that takes a picture scaled to ``longest`` px.

    Examples
    --------
    >>> fitted_shape(720, 1280, 640)
    (384, 640)
    """
    scale = longest / max(height, width)
    rows = max(1, -(-round(height * scale) // STRIDE)) * STRIDE
    columns = max(1, -(-round(width * scale) // STRIDE)) * STRIDE
    return rows, columns


def letterbox(pixels: Pixels, height: int, width: int) -> tuple[Pixels, Letterbox]:
    """A picture scaled without distortion and centred on a grey canvas.

    Parameters
    ----------
    pixels
        ``(h, w, 3)`` uint8.
    height, width
        Size of the canvas in pixels.

    Returns
    -------
    canvas
        ``(height, width, 3)`` uint8.
    laid
        How to come back to the pixels of the picture.

    Examples
    --------
    >>> canvas, laid = letterbox(np.zeros((720, 1280, 3), np.uint8), 640, 640)
    >>> canvas.shape, laid
    ((640, 640, 3), Letterbox(scale_x=0.5, scale_y=0.5, left=0, top=140))
    """
    h, w = pixels.shape[:2]
    scale = min(height / h, width / w)
    new_w, new_h = max(1, round(w * scale)), max(1, round(h * scale))
    # ultralytics rounds the half pixel of an odd margin down on the first side
    left, top = round((width - new_w) / 2 - 0.1), round((height - new_h) / 2 - 0.1)
    canvas = np.full((height, width, 3), PAD, np.uint8)
    inner = pixels if (new_w, new_h) == (w, h) else cv2.resize(pixels, (new_w, new_h))
    canvas[top : top + new_h, left : left + new_w] = inner
    return canvas, Letterbox(new_w / w, new_h / h, left, top)


Conf = float | Floats32
"""A score threshold for all classes, or one for each class."""


def decode(raw: Floats32, conf: Conf, max_iou: float, limit: int = 300) -> Boxes:
    """Boxes in canvas pixels from the raw output of one picture.

    Parameters
    ----------
    raw
        ``(4 + classes, anchors)``: centre x, centre y, width, height, then class scores.
    conf
        A box is kept when its best class scores more than this (or than that class's own).
    max_iou
        For the suppression within a class.
    limit
        At most this many boxes.
    """
    scores = raw[4:]
    best = scores.max(axis=0)
    rows = np.flatnonzero(best > np.min(conf))
    label = scores[:, rows].argmax(axis=0)
    passed = best[rows] > np.broadcast_to(conf, len(scores))[label]
    rows, label = rows[passed], label[passed]
    if rows.size == 0:
        return Boxes.none()
    centre, size = raw[:2, rows].T, raw[2:4, rows].T
    corners = np.concatenate([centre - size / 2, centre + size / 2], axis=1)
    found = Boxes(
        corners.astype(np.float32),
        best[rows].astype(np.float32),
        label.astype(np.int32),
    )
    return suppress(found, max_iou, limit)


class YoloDetector:
    """A YOLO network with its classes.

    Parameters
    ----------
    net
        Raw output ``(B, 4 + classes, anchors)``, as ultralytics exports without ``nms``.
    classes
        Names in the order of the network.
    max_iou
        For the suppression within a class; ultralytics' own default.
    """

    def __init__(self, net: Net, classes: Sequence[str], max_iou: float = 0.7) -> None:
        self._net = net
        self.classes = tuple(classes)
        self._max_iou = max_iou

    def detect(self, pixels: Pixels, longest: int, conf: Conf) -> Boxes:
        """Boxes of one whole picture, in its own pixels.

        Parameters
        ----------
        pixels
            ``(H, W, 3)`` uint8 BGR of any size.
        longest
            The longer side is scaled to this many pixels.
        conf
            Lowest score kept, for all classes or one a class.

        Raises
        ------
        NonFiniteOutput
            When the network gives NaN.
        """
        height, width = pixels.shape[:2]
        canvas, laid = letterbox(pixels, *fitted_shape(height, width, longest))
        (found,) = self.detect_canvases(canvas[None], conf)
        return laid.back(found).clipped(height, width)

    def detect_canvases(self, canvases: Pixels, conf: Conf) -> list[Boxes]:
        """Boxes of ready canvases ``(B, H, W, 3)``, each in its own canvas pixels."""
        return [decode(one, conf, self._max_iou) for one in self.raw(canvases)]

    def raw(self, canvases: Pixels) -> Floats32:
        """Output of the network as it is, ``(B, 4 + classes, anchors)``.

        Raises
        ------
        NonFiniteOutput
            When the network gives NaN.
        ConfigurationError
            When it has another number of classes than registered.
        """
        raw = self._net.run(canvases)[0]
        if raw.shape[1] != 4 + len(self.classes):
            raise ConfigurationError(
                f"the network has {raw.shape[1] - 4} classes, {len(self.classes)} are registered",
                "models.toml",
                "restore the file",
            )
        return raw
