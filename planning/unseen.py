"""Notes of sections that nobody saw: drawn from those that were measured, the same each time."""

from __future__ import annotations

import hashlib

import numpy as np

from voirie.arrays import Floats, Ints

FEWEST = 10
"""Measured sections that a category needs for a distribution of its own; with fewer, those of all
categories are drawn from (decision 0022)."""


def drawn_notes(
    section_id: tuple[str, ...], note: Floats, category: Ints, area_m2: Floats
) -> Floats:
    """Replace each missing note by one that was measured elsewhere in the category.

    The unseen sections of a category take the measured notes at evenly spread places of their
    distribution (by area), in an order drawn from the hash of the identifiers: so they have
    together as many bad roads, and as good ones, as what was measured. The mean would have none.
    Systematic sampling: W. G. Cochran, Sampling Techniques, 3rd ed., chapter 8.

    Parameters
    ----------
    section_id
        Identifiers of S sections.
    note
        ``(S,)`` notes /20, NaN where none was measured.
    category, area_m2
        ``(S,)`` category of road and area of the carriageway.

    Returns
    -------
    numpy.ndarray
        ``(S,)`` notes, without NaN where at least one was measured.

    Examples
    --------
    >>> note = np.array([20.0, 10.0, np.nan, np.nan])
    >>> found = drawn_notes(("a", "b", "c", "d"), note, np.full(4, 3), np.full(4, 800.0))
    >>> sorted(found[2:].tolist())
    [10.0, 20.0]
    """
    seen = ~np.isnan(note)
    drawn = note.copy()
    if not seen.any():
        return drawn
    for number in np.unique(category[~seen]):
        same = category == number
        unseen = np.flatnonzero(same & ~seen)
        donors = same & seen if (same & seen).sum() >= FEWEST else seen
        order = np.argsort([_rank(section_id[i]) for i in unseen], kind="stable")
        drawn[unseen[order]] = _spread(note[donors], area_m2[donors], area_m2[unseen[order]])
    return drawn


def _rank(section_id: str) -> str:
    """Where an identifier comes in the draw: the same on every machine, whatever its form."""
    return hashlib.sha256(f"unseen\x1f{section_id}".encode()).hexdigest()


def _spread(note: Floats, weight: Floats, area_m2: Floats) -> Floats:
    """Notes at the middle of the share of the area that each section takes, one after another."""
    place = (np.cumsum(area_m2) - area_m2 / 2.0) / area_m2.sum()
    order = np.lexsort((weight, note))
    upto = np.cumsum(weight[order])
    at = np.searchsorted(upto, place * upto[-1])
    return np.asarray(note[order][np.minimum(at, len(note) - 1)], dtype=np.float64)
