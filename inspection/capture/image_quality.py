"""Figures on the quality of a sealed picture."""

from __future__ import annotations

import cv2
import numpy as np

from anonymize import SafeFrame

NEAR_BAND = (0.60, 0.95)
"""Rows of the near road, as shares of the height, where no camera says better."""


def quality_of(safe: SafeFrame) -> dict[str, float]:
    """Brightness, sharpness and what was destroyed.

    Parameters
    ----------
    safe
        A sealed picture.

    Returns
    -------
    dict
        ``luma`` (0 to 255), ``sharpness`` (variance of the Laplacian on a quarter-size picture),
        ``masked_pct`` and ``near_masked_pct``.
    """
    grey = cv2.cvtColor(safe.pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rows = [round(share * grey.shape[0]) for share in NEAR_BAND]
    mask = safe.mask.pixels()
    return {
        "luma": round(float(grey.mean()), 1),
        "sharpness": round(float(np.var(cv2.Laplacian(small, cv2.CV_32F))), 1),
        "masked_pct": round(100.0 * float(mask.mean()), 2),
        "near_masked_pct": round(100.0 * float(mask[rows[0] : rows[1]].mean()), 2),
    }
