"""Networks and price lists that several test modules share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planning.deterioration import DeteriorationModel
from planning.optimise.problem import Problem
from planning.sections import sections_from
from planning.simulate import Budget
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


def budget_of(investment_eur: float, operation_eur: float, years: int) -> Budget:
    """The same envelopes every year."""
    return Budget(np.full(years, investment_eur), np.full(years, operation_eur))


def problem_of(
    count: int, seed: int, *, years: int = 6, yearly_eur: tuple[float, float] = (9e3, 2e3)
) -> Problem:
    """A network of `count` sections with the default price list and steady envelopes."""
    prices = load_treatments()
    sections, _ = sections_from(table(count, seed, 4.0), prices)
    return Problem(sections, DeteriorationModel.of(prices), budget_of(*yearly_eur, years))
