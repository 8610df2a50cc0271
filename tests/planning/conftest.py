"""Networks and price lists that several test modules share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from voirie.catalogue.treatments import Treatments, load_treatments


def table(count: int, seed: int, mean_loss: float = 3.0) -> pd.DataFrame:
    """A table of sections of 100-299 m with notes round 20 - `mean_loss`."""
    rng = np.random.default_rng(seed)
    length_m = rng.uniform(100.0, 299.0, count).round()
    return pd.DataFrame(
        {
            "section_id": [f"s{i:04d}" for i in range(count)],
            "area_m2": (length_m * rng.uniform(4.0, 6.5, count)).round(1),
            "length_m": length_m,
            "category": rng.integers(1, 4, count),
            "note_globale": np.clip(20.0 - rng.gamma(2.0, mean_loss / 2.0, count), 0.0, 20.0),
        }
    )


@pytest.fixture(scope="session")
def treatments() -> Treatments:
    """The default price list."""
    return load_treatments()
