"""Sizes of things from all their views, each with bounds that hold the truth nine times in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from voirie.arrays import Bools, Floats, Ints, Objects
from voirie.nets import Measures, Sizes
from voirie.taxonomy import Taxonomy

Columns = dict[str, Floats]

COVER_Z = 1.645
"""Deviations each way that hold nine of ten."""
UNMEASURED = Sizes(length_spread=0.45, width_spread=0.35, area_spread=0.60)
"""Of a network that nobody held against a truth: half as much again as the first one measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How the size of each group is to be taken, arrays of (g,).

    Attributes
    ----------
    measurable
        Whether its size in metres means anything.
    stretch
        Whether its views each see a part of it.
    line
        Whether it has a length or a width and no area.
    across
        Whether it lies across the lane, so that a near picture cuts its ends.
    filled
        Share of length times width that it covers.
    """

    measurable: Bools
    stretch: Bools
    line: Bools
    across: Bools
    filled: Floats

    @classmethod
    def of(
        cls, codes: Sequence[str], kind: pd.Series, measurable: Bools, taxonomy: Taxonomy
    ) -> Form:
        """Forms of groups by their codes and kinds."""
        known = [taxonomy.codes[code] for code in codes]
        across = np.array([code.is_across for code in known], dtype=bool)
        return cls(
            measurable=measurable,
            stretch=kind.isin(list(taxonomy.stretch_kinds.values())).to_numpy(bool),
            line=kind.isin(taxonomy.narrow_kinds).to_numpy(bool) | across,
            across=across,
            filled=np.array([code.filled for code in known], dtype=np.float64),
        )


def told_of(names: Sequence[str], sha256: Objects, measures: Measures) -> list[Sizes]:
    """What was measured of the network and class of each thing, (g,).

    Parameters
    ----------
    names
        Class of each thing, (g,).
    sha256
        Of the network that saw it, (g,).
    measures
        What was measured of the networks.

    Examples
    --------
    >>> told_of(["pothole"], np.array(["?"], dtype=object), {}) == [UNMEASURED]
    True
    """
    return [
        (measures[own].sizes.get(name) if own in measures else None) or UNMEASURED
        for name, own in zip(names, sha256, strict=True)
    ]


def sizes_of(
    view: pd.DataFrame,
    mean: pd.DataFrame,
    union_m: Floats,
    group: Ints,
    form: Form,
    told: Sequence[Sizes],
) -> Columns:
    """Length, width and area of each group with their bounds.

    Parameters
    ----------
    view
        ``width_m`` of each view, (n,).
    mean
        Weighted means of ``length_m`` and ``width_m``, (g,).
    union_m
        Metres along the road that its views cover together, (g,).
    group
        Group of each view, (n,).
    form
        How the sizes are to be taken.
    told
        As `told_of` gives it, (g,).
    """
    spread = np.array([(s.length_spread, s.width_spread, s.area_spread) for s in told])
    aspect = np.array([(s.aspect.usual, s.aspect.share) if s.aspect else (1.0, 0.0) for s in told])
    spread, (usual, share) = spread.reshape(-1, 3), aspect.reshape(-1, 2).T
    widest = view["width_m"].groupby(group).max().to_numpy(float)
    length = np.where(form.stretch, union_m, mean["length_m"])
    width = np.where(form.across, widest, mean["width_m"])
    length = np.where(share > 0, length ** (1 - share) * (width * usual) ** share, length)
    size = {
        "length_m": length,
        "width_m": width,
        "area_m2": np.where(form.line, np.nan, length * width * form.filled),
    }
    out: Columns = {}
    for (name, every), own in zip(size.items(), spread.T, strict=True):
        stem, unit = name.rsplit("_", 1)
        value = np.where(form.measurable, every, np.nan)
        # Sizes err by a share: half as large is as likely as twice as large.
        times = np.exp(COVER_Z * own)
        out[name] = value.round(3)
        out[f"{stem}_low_{unit}"] = (value / times).round(3)
        out[f"{stem}_high_{unit}"] = (value * times).round(3)
    return out
