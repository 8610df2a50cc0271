"""Time of `coverage_of` as a lane gets longer: ``python -m bench.coverage [pictures ...]``.

One lane, a picture every 12 m, of which every fourth is hidden by traffic and every ninth could
not be sealed. Prints seconds; the time a picture stays the same where the cost is linear.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from gis.scoring.coverage import coverage_of
from voirie.catalogue.scheme import load_scheme

NOT_MEASURED = (
    "accuracy_m", "luma", "near_luma", "darkest_luma", "sharpness", "own_masked_pct", "blank_pct",
)  # fmt: skip


def made(pictures: int) -> pd.DataFrame:
    """Frames of one lane, as the table of that name has them."""
    number = np.arange(pictures)
    return pd.DataFrame(
        {
            "pass_id": "p",
            "gestionnaire": "CD",
            "dep": "031",
            "route": "D1",
            "cote": "U",
            "sens": "+",
            "voie": 1,
            "cumul_m": 12.0 * number,
            "picture_id": np.where(number % 9 == 0, None, "x"),
            "near_masked_pct": np.where(number % 4 == 0, 90.0, 0.0),
            "camera_source": "measured",
            **dict.fromkeys(NOT_MEASURED, np.nan),
        }
    )


def main(sizes: list[int]) -> None:
    """Time each size once."""
    for pictures in sizes:
        frames = made(pictures)
        begun = time.process_time()
        table = coverage_of(frames, 5.0, load_scheme().pictures)
        spent_s = time.process_time() - begun
        print(
            f"{pictures:>9,} pictures {len(table):>9,} stretches {spent_s:8.2f} s CPU"
            f" {1e6 * spent_s / pictures:8.1f} us a picture"
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000, 1_000_000])
