"""Measures of a network held against drives that they were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from bench.truth.drives import Drive
from bench.truth.fitting import fitted, seen
from bench.truth.notes import LANE, Money, NoteErrors, money, note_errors
from bench.truth.objects import Line, lines_of
from bench.truth.sizes import Size, right_share, severities_of, sizes_of
from voirie.arrays import Bools, Floats
from voirie.nets import Measured

STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Bounds of the rows in which what is said to exist is counted."""


@dataclass(frozen=True)
class HeldOut:
    """What was said of the drives of roads that had no part in the fit, put together.

    Attributes
    ----------
    lines, sizes
        By class.
    severity
        Share of right ones by class.
    raw, existence, true
        Of each finding: as the scores say it, as it is given, and whether it is there, (n,).
    notes
        Errors of lanes.
    money
        Classes, treatments and need, by drive.
    """

    lines: list[Line]
    sizes: list[Size]
    severity: dict[str, float]
    raw: Floats
    existence: Floats
    true: Bools
    notes: NoteErrors
    money: list[Money]


def held_out(drives: Sequence[Drive]) -> HeldOut:
    """Each road under what was fitted on the others; with one road alone, on itself."""
    sites = sorted({drive.site for drive in drives})
    told: list[tuple[Drive, Measured]] = []
    for site in sites:
        others = [drive for drive in drives if drive.site != site] or list(drives)
        measured = fitted(others, "the other roads")
        told += [(drive, measured) for drive in drives if drive.site == site]
    return put_together(told)


def put_together(told: Sequence[tuple[Drive, Measured]]) -> HeldOut:
    """Drives, each under some measures."""
    those = [seen(drive, measured) for drive, measured in told]
    notes, sums = [], []
    for (drive, measured), one in zip(told, those, strict=True):
        given = drive.scored(one.findings, {drive.sha256: measured})
        true = drive.scored_truth()
        notes.append(note_errors(given.section_notes, true.section_notes, LANE))
        sums.append(money(given.sections, true.sections))
    pairs = pd.concat([one.pairs for one in those], ignore_index=True)
    number = np.array([len(one.error) for one in notes], dtype=float)
    held = np.array([one.held for one in notes])
    findings = pd.concat([one.findings for one in those], ignore_index=True)
    return HeldOut(
        lines=_added([lines_of(one.objects, one.findings) for one in those]),
        sizes=sizes_of(pairs),
        severity={name: right_share(table) for name, table in severities_of(pairs).items()},
        raw=findings["raw_existence"].to_numpy(float),
        existence=findings["existence"].to_numpy(float),
        true=np.concatenate([one.true for one in those]),
        notes=NoteErrors(
            np.concatenate([one.error for one in notes]),
            float(np.nansum(held * number) / max(number.sum(), 1.0)),
        ),
        money=sums,
    )


def _added(lines: Sequence[Sequence[Line]]) -> list[Line]:
    """Lines of the same class, drive by drive, as one."""
    return [
        Line(
            same[0].name,
            *(sum(getattr(one, name) for one in same) for name in _COUNTS),
            np.concatenate([one.along_m for one in same]),
            np.concatenate([one.error_m for one in same]),
        )
        for same in zip(*lines, strict=True)
    ]


_COUNTS = ("there", "matched", "found", "false")


def said_and_right(existence: Floats, true: Bools) -> list[tuple[float, float, int, float, float]]:
    """Bounds, number, mean said and share right of the findings between `STEPS`.

    Examples
    --------
    >>> said_and_right(np.array([0.85, 0.85]), np.array([True, False]))
    [(0.8, 0.9, 2, 0.85, 0.5)]
    """
    rows = []
    for low, high in pairwise(STEPS):
        own = (existence >= low) & ((existence < high) | (high == STEPS[-1]))
        if own.any():
            said, right = float(existence[own].mean()), float(true[own].mean())
            rows.append((low, high, int(own.sum()), round(said, 2), round(right, 2)))
    return rows


def off_by(existence: Floats, true: Bools) -> float:
    """Mean distance between what is said and what is right, over the rows of `said_and_right`."""
    rows = said_and_right(existence, true)
    total = sum(number for _, _, number, _, _ in rows)
    return sum(number * abs(said - right) for _, _, number, said, right in rows) / max(total, 1)
