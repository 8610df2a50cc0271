"""The figure on a sign, read by PP-OCR (inside the package ``rapidocr``), run by OpenVINO.

What may stand on a sign is known beforehand, so the network is not asked what it reads but how
likely each of the allowed figures is: the sum over every way to write it into the steps of the
network, the forward variables of connectionist temporal classification (Graves et al. 2006,
"Connectionist Temporal Classification", eq. 5 to 8).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from voirie.arrays import Floats, Floats32, Pixels
from voirie.nets.backend import Net

HEIGHT_PX, WIDTH_PX = 48, 64
"""What the network reads: its own height, and a width at which a disc keeps its shape."""
BLANK, ZERO = 0, 33
"""Columns of PP-OCRv6: nothing written, and the figure 0, which the others follow."""
SIDES, ENDS = 0.1, 0.2
"""Shares of the box left out on the left and right, above and below: the ring of the sign."""


class FigureReader:
    """Tells how likely each of a few figures is to stand in a box.

    Parameters
    ----------
    net
        Output ``(B, steps, characters)``, probabilities.
    """

    def __init__(self, net: Net) -> None:
        self._net = net

    def likelihoods(self, pixels: Pixels, xyxy: Floats32, figures: Sequence[str]) -> Floats:
        """Likelihood of each figure in each box, ``(N, len(figures))``; a row sums to 1 at most.

        Parameters
        ----------
        pixels
            ``(H, W, 3)`` uint8 BGR.
        xyxy
            ``(N, 4)`` boxes of signs in its pixels.
        figures
            Of digits only.

        Raises
        ------
        NonFiniteOutput
            When the network gives NaN.
        """
        out = np.zeros((len(xyxy), len(figures)))
        for rank, box in enumerate(xyxy):
            # One at a time: the graph is compiled for one shape, and signs are few.
            steps = self._net.run(inside(pixels, box)[None])[0][0]
            out[rank] = [likelihood(steps, figure) for figure in figures]
        return out


def inside(pixels: Pixels, box: Floats32) -> Pixels:
    """What is written on a sign, ``(HEIGHT_PX, WIDTH_PX, 3)``: its box without the ring."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = (float(edge) for edge in box)
    dx, dy = SIDES * (right - left), ENDS * (bottom - top)
    columns = np.clip([round(left + dx), round(right - dx)], 0, width)
    rows = np.clip([round(top + dy), round(bottom - dy)], 0, height)
    if columns[0] >= columns[1] or rows[0] >= rows[1]:
        return np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    cut = pixels[rows[0] : rows[1], columns[0] : columns[1]]
    how = cv2.INTER_CUBIC if len(cut) < HEIGHT_PX else cv2.INTER_AREA
    return np.asarray(cv2.resize(cut, (WIDTH_PX, HEIGHT_PX), interpolation=how), np.uint8)


def likelihood(steps: Floats32, figure: str) -> float:
    """Chance that a figure and nothing else is written.

    Parameters
    ----------
    steps
        ``(T, characters)``: chance of each character at each step.
    figure
        Of digits only.

    Examples
    --------
    Two steps that say 5 then 0 surely, and one that could be either of two figures:

    >>> steps = np.zeros((3, 43), np.float32)
    >>> steps[0, ZERO + 5], steps[1, ZERO], steps[1, ZERO + 9], steps[2, BLANK] = 1, 0.75, 0.25, 1
    >>> likelihood(steps, "50"), likelihood(steps, "59"), likelihood(steps, "5")
    (0.75, 0.25, 0.0)
    """
    # The figure with a blank before, between and after its digits.
    written = [BLANK, *(column for digit in figure for column in (ZERO + int(digit), BLANK))]
    state = np.zeros(len(written))
    state[:2] = steps[0, written[:2]]
    # Between two digits the blank may be passed over, unless they are the same.
    over = [k for k in range(3, len(written), 2) if written[k] != written[k - 2]]
    for step in steps[1:]:
        reached = state.copy()
        reached[1:] += state[:-1]
        reached[over] += state[[k - 2 for k in over]]
        state = reached * step[written]
    return float(state[-2:].sum())
