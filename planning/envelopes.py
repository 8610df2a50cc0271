"""Who pays: works that either envelope may pay are laid in the two, investment first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.ageing import Floats, Law
from planning.simulate import CENT_EUR

INVESTMENT, OPERATION, EITHER = 0, 1, 2

EXACT_UP_TO = 12
"""Works up to which every share between the envelopes is tried (2^12 shares)."""


def payers(law: Law) -> NDArray[np.int64]:
    """Who may pay each treatment, ``(K,)`` of `INVESTMENT`, `OPERATION`, `EITHER`."""
    code = {"investment": INVESTMENT, "operation": OPERATION, "either": EITHER}
    return np.array([code[t.envelope] for t in law.treatments.treatments], dtype=np.int64)


def share_out(
    cost_eur: Floats, investment_eur: float, operation_eur: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lay whole works in two envelopes, as much as possible in investment.

    Parameters
    ----------
    cost_eur
        ``(W,)`` costs of works that either may pay.
    investment_eur, operation_eur
        What the envelopes still hold.

    Returns
    -------
    from_operation, placed : numpy.ndarray
        ``(W,)`` each. Up to `EXACT_UP_TO` works the share is the best one; beyond, works go by
        falling cost where they fit.

    Examples
    --------
    >>> operation, placed = share_out(np.array([4.0, 5.0]), 7.0, 4.0)
    >>> operation.tolist(), placed.all().item()
    ([True, False], True)
    """
    count = len(cost_eur)
    if count == 0:
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    if cost_eur.sum() <= investment_eur + CENT_EUR:
        return np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
    if count <= EXACT_UP_TO:
        picks = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
        invested = picks @ cost_eur
        rest = cost_eur.sum() - invested
        fits = (invested <= investment_eur + CENT_EUR) & (rest <= operation_eur + CENT_EUR)
        if fits.any():
            best = int(np.argmax(np.where(fits, invested, -1.0)))
            return picks[best] == 0, np.ones(count, dtype=bool)
    from_operation, placed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    room = [investment_eur, operation_eur]
    for i in np.argsort(-cost_eur, kind="stable").tolist():
        for payer in (INVESTMENT, OPERATION):
            if cost_eur[i] <= room[payer] + CENT_EUR:
                room[payer] -= float(cost_eur[i])
                from_operation[i], placed[i] = payer == OPERATION, True
                break
    return from_operation, placed
