"""How a note comes about, term by term: what a person needs to check it with a pencil."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from voirie.catalogue.scheme import SETS, Scheme, SetName, note_of

# Notes are stored as computed; the terms are added in another order.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the sum: a code at a severity, its extent and its weight."""

    code: str
    severity: int
    extent_pct: float
    weight: float

    @property
    def points(self) -> float:
        """What the term adds to D, percent."""
        return self.extent_pct * self.weight


@dataclass(frozen=True, slots=True)
class SetSum:
    """The sum of one set of codes in one lane, and the note it gives.

    Attributes
    ----------
    name
        ``structure`` or ``surface``.
    terms
        Terms that are not zero, largest first.
    d_pct
        Their sum, D.
    note
        Note that the terms give, /20.
    stored
        Note that the table holds, /20; None where it is NULL.
    """

    name: SetName
    terms: tuple[Term, ...]
    d_pct: float
    note: float
    stored: float | None

    @property
    def agrees(self) -> bool:
        """Whether the stored note is the one that the terms give."""
        return self.stored is not None and abs(self.stored - self.note) <= TOLERANCE


@dataclass(frozen=True, slots=True)
class LaneSum:
    """Both sums of a lane of a section."""

    sens: str
    voie: int
    surveyed_length_m: float
    sets: tuple[SetSum, ...]


def explain_section(
    section_id: str, section_notes: pd.DataFrame, extents: pd.DataFrame, scheme: Scheme
) -> list[LaneSum]:
    """The arithmetic of every lane of a section, from the extents and the rating scheme.

    ``D = sum of weight x extent``, ``note = 20 x (1 - min(1, D / 100))``, for each set of codes.
    Codes whose extent is NULL (the sensor cannot see them) are in no sum.

    Parameters
    ----------
    section_id
        The section.
    section_notes, extents
        Tables of the survey.
    scheme
        The rating scheme that the notes were made with.

    Returns
    -------
    list of LaneSum
        One a lane, in the order of the table.
    """
    own = extents[(extents["section_id"] == section_id) & extents["extent_pct"].notna()]
    found = []
    for lane in section_notes[section_notes["section_id"] == section_id].itertuples():
        rows = own[(own["sens"] == lane.sens) & (own["voie"] == lane.voie)]
        sums = tuple(
            _sum(name, rows, getattr(lane, f"note_{name}"), scheme) for name in SETS
        )
        found.append(LaneSum(lane.sens, int(lane.voie), float(lane.surveyed_length_m), sums))
    return found


def _sum(name: SetName, rows: pd.DataFrame, stored: float, scheme: Scheme) -> SetSum:
    weights = scheme.weights[name]
    terms = [
        Term(row.code, int(row.severity), float(row.extent_pct), weights[row.code][row.severity - 1])
        for row in rows.itertuples()
        if row.code in weights and row.extent_pct > 0
    ]
    terms.sort(key=lambda term: (-term.points, term.code, term.severity))
    d_pct = sum(term.points for term in terms)
    return SetSum(name, tuple(terms), d_pct, note_of(d_pct), None if pd.isna(stored) else stored)
