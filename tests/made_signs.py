"""Signs drawn for tests."""

from __future__ import annotations

import cv2
import numpy as np

from voirie.arrays import Pixels


def speed_limit(figure: str) -> Pixels:
    """A disc with a red ring and a figure, 200 x 200 pixels, on grey."""
    sign = np.full((200, 200, 3), 120, np.uint8)
    cv2.circle(sign, (100, 100), 95, (40, 30, 200), -1)
    cv2.circle(sign, (100, 100), 72, (245, 245, 245), -1)
    scale = 2.4 if len(figure) == 2 else 1.9
    (width, height), _ = cv2.getTextSize(figure, cv2.FONT_HERSHEY_SIMPLEX, scale, 9)
    at = (100 - width // 2, 100 + height // 2)
    cv2.putText(sign, figure, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), 9, cv2.LINE_AA)
    return sign
