"""How many works an envelope can hold: rows that the LP relaxation cannot see by itself.

An envelope of 14,000 EUR holds one work of 8,000 EUR, where the LP relaxation shares out 1.75.
Of works that each cost more than 1/(m + 1) of investment no more than m can be paid from it, and
likewise n from operation; a work that either may pay counts where it is large for both. On a
small network these rows bring the bound down to what whole works can do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.envelopes import EITHER, INVESTMENT, OPERATION
from planning.simulate import CENT_EUR, Budget
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE

MOST = 4
"""Largest m and n."""


@dataclass(frozen=True)
class CoverRows:
    """R rows, each a year, works that count in it, and the most of them that can be done.

    Attributes
    ----------
    year, most
        ``(R,)``.
    member
        ``(R, S, K)`` whether treatment k on section s counts.
    """

    year: Ints
    most: Floats
    member: Bools

    def __len__(self) -> int:
        return len(self.year)

    def use(self, section: Ints, works: NDArray[np.int8]) -> Bools:
        """Whether sequences of works count in the rows, ``(P, R)``."""
        if len(self) == 0:
            return np.zeros((len(section), 0), dtype=bool)
        done = works[:, self.year]
        rows = np.arange(len(self))
        here = self.member[rows[None, :], section[:, None], np.maximum(done, 0)]
        return np.asarray(here & (done != NONE))

    def price(self, dual: Floats, years: int) -> Floats:
        """What the duals of the rows add to the price of a work, ``(S, K, T)``."""
        _, n_sections, n_treatments = self.member.shape
        total = np.zeros((n_sections, n_treatments, years))
        for row in np.flatnonzero(dual > 0.0).tolist():
            total[:, :, self.year[row]] += dual[row] * self.member[row]
        return total


def no_cover_rows(n_sections: int, n_treatments: int) -> CoverRows:
    """No row at all."""
    none = np.zeros(0, dtype=np.int64)
    return CoverRows(none, np.zeros(0), np.zeros((0, n_sections, n_treatments), dtype=bool))


def cover_rows(cost_eur: Floats, access: NDArray[np.int8], budget: Budget) -> CoverRows:
    """All rows that could bind.

    Parameters
    ----------
    cost_eur
        ``(S, K)`` cost of each work.
    access
        ``(S, K, T)`` who can pay it.
    budget
        Envelopes.
    """
    n_sections, n_treatments = cost_eur.shape
    year, most, member = [], [], []
    for t in range(budget.years):
        large = [
            [cost_eur > envelope / (m + 1) + CENT_EUR for m in range(MOST + 1)]
            for envelope in (float(budget.investment_eur[t]), float(budget.operation_eur[t]))
        ]
        who = access[:, :, t]
        for m in range(MOST + 1):
            for n in range(MOST + 1):
                cover = (who == INVESTMENT) & large[0][m]
                cover |= (who == OPERATION) & large[1][n]
                cover |= (who == EITHER) & large[0][m] & large[1][n]
                if int(cover.any(axis=1).sum()) > m + n > 0:
                    year.append(t)
                    most.append(float(m + n))
                    member.append(cover)
    if not member:
        return no_cover_rows(n_sections, n_treatments)
    return CoverRows(np.array(year, dtype=np.int64), np.array(most), np.stack(member))
