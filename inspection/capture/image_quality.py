"""Figures on the quality of a sealed picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from anonymize import SafeFrame

NEAR_BAND = (0.60, 0.95)
"""Rows of the near road, as shares of the height, where no camera says better."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a sealed picture shows the road.

    Attributes
    ----------
    luma
        Mean brightness, 0 to 255.
    sharpness
        Variance of the Laplacian on a half-size picture.
    masked_pct
        Share of the picture that was destroyed or hides the road.
    near_masked_pct
        Share of the near road that was destroyed, or that the vehicle itself hides.
    """

    luma: float
    sharpness: float
    masked_pct: float
    near_masked_pct: float


def quality_of(safe: SafeFrame, bonnet_rows_pct: float = 0.0) -> Quality:
    """Brightness, sharpness and what was destroyed.

    Parameters
    ----------
    safe
        A sealed picture.
    bonnet_rows_pct
        Share of the rows, from below, where the vehicle itself hides the road.
    """
    grey = cv2.cvtColor(safe.pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rows = [round(share * grey.shape[0]) for share in NEAR_BAND]
    mask = safe.mask.pixels()
    unseen = mask.copy()
    unseen[round(grey.shape[0] * (1 - bonnet_rows_pct / 100)) :] = True
    return Quality(
        luma=round(float(grey.mean()), 1),
        sharpness=round(float(np.var(cv2.Laplacian(small, cv2.CV_32F))), 1),
        masked_pct=round(100.0 * float(mask.mean()), 2),
        near_masked_pct=round(100.0 * float(unseen[rows[0] : rows[1]].mean()), 2),
    )
