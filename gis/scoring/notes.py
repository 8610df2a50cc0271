"""Notes /20 from weighted extents, with their interval and class.

``note = 20 x (1 - min(1, D / 100))``, one D for the structure and one for the surface; the
global note is the lower of the two.

The interval answers two doubts. *Was it seen right?* High bound: only findings that surely
exist, less the share of finds that are none; low bound: every severity one worse, and what the
models miss of what is there added (`Met`). *Was it looked at?* High bound: what was not surveyed
is clean; low bound: it is twice as damaged, and at least at D = 25.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from voirie.arrays import Bools, Floats, Words
from voirie.catalogue.scheme import SETS, IntervalRule, Scheme
from voirie.catalogue.treatments import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weighted extents in percent, structure then surface: each ``(2, R)`` for R rows.

    A set of which no code can be seen is NaN.

    Attributes
    ----------
    d
        As scored.
    best, worst
        At the bounds of the interval.
    """

    d: Floats
    best: Floats
    worst: Floats


@dataclass(frozen=True, slots=True)
class Met:
    """How a code was met by the models that looked, on roads whose truth is known.

    Attributes
    ----------
    found_share
        Share of the true extent that was found, over 0 to 1: recall.
    true_share
        Share of the found extent that was true, 0 to 1: precision.
    common_pct
        Extent, in percent of a lane, that nine lanes in ten stayed under.
    """

    found_share: float
    true_share: float
    common_pct: float


def without_false(extents_pct: Floats, codes: tuple[str, ...], met: Mapping[str, Met]) -> Floats:
    """Extents ``(K, 3, U)`` less the share of each code's finds that are none.

    Examples
    --------
    >>> found = np.full((1, 3, 1), 10.0)
    >>> without_false(found, ("NDP",), {"NDP": Met(0.5, 0.8, 4.0)}).ravel().tolist()
    [8.0, 8.0, 8.0]
    """
    share = np.array([met[code].true_share if code in met else 1.0 for code in codes])
    return np.asarray(extents_pct * share[:, None, None])


def with_missed(extents_pct: Floats, codes: tuple[str, ...], met: Mapping[str, Met]) -> Floats:
    """Extents ``(K, 3, U)`` as they may be where the models miss a share of each code.

    What was found is divided by the share found, and what may have been missed altogether is
    added, at the middle severity: the share missed of what nine lanes in ten stay under. So a
    lane without a find is the surer the better the model.

    Examples
    --------
    >>> clean, half = np.zeros((1, 3, 1)), {"NDP": Met(0.5, 0.8, 4.0)}
    >>> with_missed(clean, ("NDP",), half).ravel().tolist()
    [0.0, 2.0, 0.0]
    >>> with_missed(clean + 10.0, ("NDP",), half).ravel().tolist()
    [20.0, 22.0, 20.0]
    """
    found = np.array([met[code].found_share if code in met else 1.0 for code in codes])
    common = np.array([met[code].common_pct if code in met else 0.0 for code in codes])
    out = extents_pct / found[:, None, None]
    out[:, 1] += ((1.0 - found) * common)[:, None]
    return np.asarray(np.minimum(out, 100.0))


def weighted(extents_pct: Floats, scheme: Scheme, observable: frozenset[str]) -> Floats:
    """D of both sets: sum of weight x extent over the codes that can be seen.

    Parameters
    ----------
    extents_pct
        Percent by code, severity and unit, ``(K, 3, U)``; NaN where nothing was surveyed.
    scheme, observable
        Weights, and codes that count.

    Returns
    -------
    numpy.ndarray
        ``(2, U)``; NaN where a set has no observable code.
    """
    out = np.full((len(SETS), extents_pct.shape[-1]), np.nan)
    for s, name in enumerate(SETS):
        weights = scheme.weights[name]
        rows = [scheme.codes.index(code) for code in weights if code in observable]
        if rows:
            matrix = np.array([weights[scheme.codes[row]] for row in rows])
            out[s] = np.einsum("kg,kgu->u", matrix, extents_pct[rows])
    return out


def with_unseen(
    d: Floats, certain: Floats, worse: Floats, seen_share: Floats, rule: IntervalRule
) -> Weighted:
    """Add the doubt about what was not seen.

    Parameters
    ----------
    d, certain, worse
        D as scored, with certain findings only, with every severity worse, ``(2, R)``.
    seen_share
        Part that was seen, 0 to 1, ``(R,)``.
    rule
        Interval of the scheme.
    """
    unseen = 1.0 - seen_share
    guess = np.maximum(rule.unseen_factor * worse, rule.unseen_least_d)
    return Weighted(d, seen_share * certain, seen_share * worse + unseen * guess)


def note(d_pct: Floats) -> Floats:
    """Note /20 of weighted extents.

    Examples
    --------
    >>> note(np.array([0.0, 30.0, 250.0])).tolist()
    [20.0, 14.0, 0.0]
    """
    return np.asarray(20.0 * (1.0 - np.minimum(1.0, d_pct / 100.0)))


def note_columns(
    weights: Weighted, given: Bools, coverage_pct: Floats, thresholds: Thresholds
) -> dict[str, Floats | Words | Bools]:
    """Columns of notes, bounds, class and coverage.

    Parameters
    ----------
    weights
        Weighted extents of R rows.
    given
        Rows whose coverage is enough; the others get NULL in every note and the class ``nd``.
    coverage_pct
        ``(R,)``.
    thresholds
        Notes that separate the classes.
    """
    out: dict[str, Floats | Words | Bools] = {}
    lowest: dict[str, Floats] = {}
    for suffix, d in (("", weights.d), ("_low", weights.worst), ("_high", weights.best)):
        notes = np.where(given, note(d), np.nan)
        for s, name in enumerate(SETS):
            out[f"note_{name}{suffix}"] = notes[s]
        # A set that cannot be seen leaves the other as an upper bound of the global note.
        lowest[suffix] = np.fmin(notes[0], notes[1])
        out[f"note_globale{suffix}"] = lowest[suffix]
    out["classe_etat"] = classes(lowest[""], thresholds)
    out["class_uncertain"] = (classes(lowest["_low"], thresholds) == "ME") & (
        classes(lowest["_high"], thresholds) == "BE"
    )
    out["coverage_pct"] = coverage_pct
    return out


def classes(notes: Floats, thresholds: Thresholds) -> Words:
    """Class of notes: BE (no work or spot works), EM (surface), ME (structure), nd (unknown).

    Examples
    --------
    >>> from voirie.catalogue.treatments import load_treatments
    >>> found = classes(np.array([17.75, 17.74, 14.49, np.nan]), load_treatments().thresholds)
    >>> found.tolist()
    ['BE', 'EM', 'ME', 'nd']
    """
    return np.select(
        [np.isnan(notes), notes >= thresholds.surface, notes >= thresholds.structure],
        ["nd", "BE", "EM"],
        "ME",
    )
