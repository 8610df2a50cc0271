"""A network that names what is inside a box."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from voirie.arrays import Floats32, Ints, Pixels
from voirie.nets.backend import Net

AROUND = 0.1
"""A crop is a square round the box, larger by this share on each side, as in training."""


class Classifier:
    """Names boxes of a picture.

    Parameters
    ----------
    net
        Output ``(B, classes)``, probabilities.
    classes
        Names in the order of the network.
    side_px
        Side of the square that the network reads.
    """

    def __init__(self, net: Net, classes: Sequence[str], side_px: int) -> None:
        self._net = net
        self.classes = tuple(classes)
        self._side_px = side_px

    def name(self, pixels: Pixels, xyxy: Floats32) -> tuple[Ints, Floats32]:
        """Class and probability of each box.

        Parameters
        ----------
        pixels
            ``(H, W, 3)`` uint8 BGR.
        xyxy
            ``(N, 4)`` boxes in its pixels.

        Returns
        -------
        label, score
            ``(N,)`` each; index into `classes`, and its probability.
        """
        label, score = np.zeros(len(xyxy), np.int64), np.zeros(len(xyxy), np.float32)
        for rank, box in enumerate(xyxy):
            # One at a time: the graph is compiled for one shape, and signs are few.
            found = self._net.run(square(pixels, box, self._side_px)[None])[0][0]
            label[rank] = int(found.argmax())
            score[rank] = found.max()
        return label, score


def square(pixels: Pixels, box: Floats32, side_px: int) -> Pixels:
    """Square round a box, scaled to a side; the border of the picture is repeated."""
    left, top, right, bottom = (float(v) for v in box)
    side = max(right - left, bottom - top) * (1 + 2 * AROUND)
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    size = max(2, round(side))
    corner = np.asarray([[1, 0, -x], [0, 1, -y]], np.float32)
    cut = cv2.warpAffine(pixels, corner, (size, size), borderMode=cv2.BORDER_REPLICATE)
    how = cv2.INTER_AREA if size > side_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, (side_px, side_px), interpolation=how), np.uint8)
