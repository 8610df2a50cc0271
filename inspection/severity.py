"""Severity from measured quantities in metres, the same at every distance.

The widths of cracks cannot be seen at these scales (one pixel is 5 to 8 mm at 8 m), so that
severity rests on what can: diameter, share of the lane, extent and area. Without a scale it is
NULL.
"""

from __future__ import annotations

import math

import numpy as np

STEPS: dict[str, tuple[str, float, float]] = {
    "NDP": ("larger_m", 0.20, 0.45),
    "FTR": ("width_m", 1.50, 2.50),
    "FAI": ("area_m2", 1.00, 4.00),
    "FAH": ("area_m2", 1.00, 4.00),
    "FLB": ("length_m", 5.00, 20.0),
    "FLH": ("length_m", 10.0, 40.0),
    "FLx": ("length_m", 10.0, 40.0),
    "REP": ("area_m2", 2.00, 10.0),
}
"""Quantity of each code, and from which value on it is 2, then 3. Potholes: their larger side."""


def severity_of(code: str, length_m: float, width_m: float, area_m2: float) -> int | None:
    """Severity of one finding, 1 to 3.

    Returns
    -------
    int or None
        None where the quantity is not known or the code is not graded.

    Examples
    --------
    >>> severity_of("NDP", 0.3, 0.28, 0.1), severity_of("NDP", 0.5, float("nan"), 0.2)
    (2, None)
    """
    if code not in STEPS:
        return None
    name, second, third = STEPS[code]
    sizes = {"length_m": length_m, "width_m": width_m, "area_m2": area_m2}
    value = sizes.get(name, float(np.maximum(length_m, width_m)))
    if math.isnan(value):
        return None
    return 1 + int(value >= second) + int(value >= third)
