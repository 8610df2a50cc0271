"""How well the lean of a camera is told, on sets of real pictures that are turned by a few degrees.

    python -m bench.lean ../shared/data [--sets 4]

The sets are those of `bench.turned`. Each is measured as it is, then turned by a known angle and
cut so that no border shows; told is what differs from the lean of the set as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from bench.turned import pictures_of, sets_of
from inspection.camera.roll import TOLD_DEG, lean_of, upright_lines
from voirie.arrays import Pixels

TURNED_DEG = (-12.0, -8.0, -4.0, 4.0, 8.0, 12.0)
EDGE_PX = 2


def turned(pixels: Pixels, lean_deg: float) -> Pixels:
    """A picture turned with the clock, and the largest part of it, of the same shape, it fills."""
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean_deg, 1.0)
    sine, cosine = abs(np.sin(np.radians(lean_deg))), abs(np.cos(np.radians(lean_deg)))
    share = min(height / (width * sine + height * cosine), width / (width * cosine + height * sine))
    top = round(height * (1 - share) / 2) + EDGE_PX
    left = round(width * (1 - share) / 2) + EDGE_PX
    whole = cv2.warpAffine(pixels, turn, (width, height))
    return np.asarray(whole[top : height - top, left : width - left], np.uint8)


def main() -> None:
    """Print one line a set, and how far what was told is from what was done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=int, default=4, help="parts of a folder")
    args = parser.parse_args()
    off: list[float] = []
    silent, upright, told_12 = 0, 0, [0, 0]
    print(f"set, lean as it is, told when turned by {TURNED_DEG}")
    for name, files in sets_of(args.data, args.sets):
        pictures = list(pictures_of(files))
        here = lean_of([upright_lines(pixels) for pixels in pictures])
        told = [lean_of([upright_lines(turned(p, deg)) for p in pictures]) for deg in TURNED_DEG]
        words = ["  -  " if value is None else f"{value:5.1f}" for value in (here, *told)]
        print(f"{name:45s} " + " ".join(words))
        if here is None:
            silent += 1
            continue
        upright += abs(here) > TOLD_DEG
        off += [
            abs(value - here - done)
            for value, done in zip(told, TURNED_DEG, strict=True)
            if value is not None
        ]
        for value in (told[0], told[-1]):
            told_12[0] += value is not None and abs(value) > TOLD_DEG
            told_12[1] += 1
    print(f"as they are: {upright} told to lean by more than {TOLD_DEG:g} degrees, {silent} silent")
    print(f"of the others, turned by 12 degrees: {told_12[0]} of {told_12[1]} told")
    print(f"off by {np.median(off):.1f} degrees in the median, {max(off):.1f} at most")


if __name__ == "__main__":
    main()
