"""Who pays: works that either envelope may pay are laid in the two, investment first."""

from __future__ import annotations

import numpy as np

from planning.deterioration import DeteriorationModel
from planning.simulate import CENT_EUR
from voirie.arrays import Bools, Floats, Ints

INVESTMENT, OPERATION, EITHER = 0, 1, 2

EXACT_UP_TO = 14
"""Works up to which every share between the envelopes is tried (2^14 shares)."""


def payers(model: DeteriorationModel) -> Ints:
    """Who may pay each treatment, ``(K,)`` of `INVESTMENT`, `OPERATION`, `EITHER`."""
    code = {"investment": INVESTMENT, "operation": OPERATION, "either": EITHER}
    return np.array([code[t.envelope] for t in model.treatments.treatments], dtype=np.int64)


def share_out(cost_eur: Floats, investment_eur: float, operation_eur: float) -> tuple[Bools, Bools]:
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
        ``(W,)`` each. Up to `EXACT_UP_TO` works the share is the best one; beyond, the large
        works go where they fit and the small ones fill what is left.

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
    # Large works first, keeping room for the smallest, which then fill both exactly.
    order = np.argsort(-cost_eur, kind="stable")
    large, small = order[:-EXACT_UP_TO], order[-EXACT_UP_TO:]
    if count <= EXACT_UP_TO:
        large, small = order, order[:0]
    from_operation, placed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    room, kept = [investment_eur, operation_eur], float(cost_eur[small].sum()) / 2.0
    for i in large.tolist():
        amount = float(cost_eur[i])
        for payer, keep in ((0, kept), (1, kept), (0, 0.0), (1, 0.0)):
            if amount + min(keep, room[1 - payer]) <= room[payer] + CENT_EUR:
                room[payer] -= amount
                from_operation[i], placed[i] = payer == OPERATION, True
                break
    if len(small):
        from_operation[small], placed[small] = share_out(cost_eur[small], room[0], room[1])
    return from_operation, placed
