"""VIZIR: the tables, cell by cell, and what stays unknown."""

from __future__ import annotations

import numpy as np
import pytest

from gis.scoring.vizir import graded, surface_index, vizir
from voirie.catalogue.scheme import load_scheme

RULE = load_scheme().vizir
HUNDRED = np.array([100.0])


def one(g1: float = 0, g2: float = 0, g3: float = 0) -> np.ndarray:
    return np.array([[g1], [g2], [g3]], dtype=float)


@pytest.mark.parametrize(
    ("metres", "index"),
    [
        (one(), 0),
        (one(g1=9.9), 1),
        (one(g1=10), 2),
        (one(g1=50), 2),
        (one(g1=50.1), 3),
        (one(g2=5), 2),
        (one(g2=30), 3),
        (one(g2=60), 4),
        (one(g3=5), 3),
        (one(g3=30), 4),
        (one(g3=60), 5),
        # What is graver counts in the extent of what is less grave.
        (one(g1=48, g2=5), 3),
    ],
)
def test_index(metres: np.ndarray, index: int) -> None:
    assert graded(metres, HUNDRED, RULE)[0].tolist() == [index]


@pytest.mark.parametrize(
    ("cracking", "row"),
    [
        (0, [1, 2, 2, 3, 4, 4]),
        (1, [3, 3, 3, 4, 5, 5]),
        (2, [3, 3, 3, 4, 5, 5]),
        (3, [4, 5, 5, 5, 6, 6]),
        (4, [5, 6, 6, 7, 7, 7]),
        (5, [5, 6, 6, 7, 7, 7]),
    ],
)
def test_surface_index(cracking: int, row: list[int]) -> None:
    found = [int(surface_index(np.array([cracking]), d, 0, RULE)[0]) for d in range(6)]
    assert found == row


def test_never_above_seven() -> None:
    assert surface_index(np.array([5]), 5, 1, RULE).tolist() == [7]


@pytest.mark.parametrize(
    ("repair", "correction"),
    [
        (one(), 0),
        (one(g1=90), 0),
        (one(g2=30), 0),
        (one(g2=60), 1),
        (one(g3=5), 0),
        (one(g3=10), 1),
    ],
)
def test_correction_for_repairs(repair: np.ndarray, correction: int) -> None:
    found = vizir(one(g1=30), one(), repair, HUNDRED, RULE)
    assert found.surface.tolist() == [3 + correction]


def test_without_deformation_is_has_bounds_only() -> None:
    found = vizir(one(g2=30), None, one(), HUNDRED, RULE)
    assert found.cracking.tolist() == [3] and np.isnan(found.surface).all()
    assert (found.surface_min.tolist(), found.surface_max.tolist()) == ([4], [6])


def test_without_repairs_the_correction_is_open() -> None:
    found = vizir(one(g2=30), one(), None, HUNDRED, RULE)
    assert np.isnan(found.surface).all()
    assert (found.surface_min.tolist(), found.surface_max.tolist()) == ([4], [5])


def test_without_cracking_there_is_nothing() -> None:
    found = vizir(None, one(), one(), HUNDRED, RULE)
    assert np.isnan([found.cracking, found.surface, found.surface_min, found.surface_max]).all()


def test_nothing_surveyed() -> None:
    found = vizir(one(), one(), one(), np.array([0.0]), RULE)
    assert np.isnan([found.cracking, found.surface, found.surface_min]).all()
