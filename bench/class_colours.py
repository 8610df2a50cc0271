"""How far apart the colours of the classes are, for each eye and in a grey print.

Usage: python -m bench.class_colours

Prints the distance in CIE L*a*b* (1976) of each pair of classes, as seen by common eyes, by eyes
without red, green or blue cones, and in grey. 2.3 is just noticed; we want 20. `nd` is dashed and
told apart by that.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from gis.exports.qgis_styles import CLASS_COLOUR

# Simulation of Vienot (1999) on linear light: what eyes without green or without red cones see;
# without blue ones after Machado (2009). Grey: luminance of Rec. 709.
EYES = {
    "common": np.eye(3),
    "deuteranopia": np.array(
        [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
    ),
    "protanopia": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, eye: str) -> NDArray[np.float64]:
    """CIE L*a*b* of a colour as an eye, or a grey print, has it."""
    share = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def gap(one: str, other: str, eye: str) -> float:
    """Distance of two colours for an eye."""
    return float(np.linalg.norm(lab(one, eye) - lab(other, eye)))


def main() -> None:
    pairs = list(itertools.combinations(CLASS_COLOUR, 2))
    print(f"{'eye':14}" + "".join(f"{one}-{other:5}" for one, other in pairs))
    for eye in EYES:
        gaps = [gap(CLASS_COLOUR[one], CLASS_COLOUR[other], eye) for one, other in pairs]
        print(f"{eye:14}" + "".join(f"{value:<8.0f}" for value in gaps))


if __name__ == "__main__":
    main()
