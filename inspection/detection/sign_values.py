"""The figure on a sign in one picture: read by one network, told by another through its class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize import SafeFrame
from inspection.detection.base import Detections
from inspection.detection.tasks import SIGN_VALUES
from voirie.arrays import Floats, Objects
from voirie.nets import Models
from voirie.taxonomy import Taxonomy, sign_family

LEAST_HEIGHT_PX = 14
"""A smaller sign is not read: of 16 to 24 px half are read wrong or not at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What was read on each of several finds.

    Attributes
    ----------
    value
        The likeliest figure, None where nothing was read, ``(n,)``.
    score
        Its likelihood, NaN where nothing was read, ``(n,)``.
    """

    value: Objects
    score: Floats

    @classmethod
    def none(cls, count: int) -> Readings:
        """Nothing read on any of them."""
        return cls(np.full(count, None, dtype=object), np.full(count, np.nan))


def values_read(
    models: Models, frames: list[SafeFrame], found: Detections, names: Objects, taxonomy: Taxonomy
) -> tuple[Objects, Readings]:
    """Read the figure of each sign that may have one.

    Parameters
    ----------
    models
        With a reader of figures.
    frames
        Pictures of a batch.
    found
        Signs in them, (n,).
    names
        What each is called so far, (n,): by its type, or by its family where that is not sure.
    taxonomy
        Which codes have a figure, and which figures those may be.

    Returns
    -------
    names : numpy.ndarray
        A sign known by its family alone gets the type whose figure is surely read on it.
    readings : Readings
        What was read.

    Raises
    ------
    WeightsMissing
        When the reader's file is absent or altered.
    """
    reader = models.figure_reader(SIGN_VALUES)
    sure = models.entry(SIGN_VALUES).thresholds.get("default", 0.5)
    names, readings = names.copy(), Readings.none(len(names))
    is_read = found.xyxy[:, 3] - found.xyxy[:, 1] >= LEAST_HEIGHT_PX
    for code, figures in taxonomy.sign_values.items():
        without_figure = _class_without_figure(code, taxonomy)
        may = is_read & np.isin(names.astype(str), _names_of(code, taxonomy))
        for row in np.flatnonzero(may):
            pixels = frames[int(found.frame[row])].pixels
            chance = reader.likelihoods(pixels, found.xyxy[[row]], figures)[0]
            best = int(chance.argmax())
            is_mere = taxonomy.model_class(str(names[row])).is_mere_group
            if is_mere and chance[best] < sure:
                continue
            if is_mere:
                names[row] = without_figure
            readings.value[row], readings.score[row] = figures[best], chance[best]
    return names, readings


def _names_of(code: str, taxonomy: Taxonomy) -> list[str]:
    """What a sign of a code may be called: by the code, or by no more than its family."""
    family = sign_family(code)
    return [
        name
        for name, told in taxonomy.classes.items()
        if told.code == code or (told.is_mere_group and told.group == family)
    ]


def _class_without_figure(code: str, taxonomy: Taxonomy) -> str:
    return next(
        name
        for name, told in taxonomy.classes.items()
        if told.code == code and "value" not in told.attributes
    )
