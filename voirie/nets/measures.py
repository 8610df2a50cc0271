"""What was measured of a network's answers against a truth: ``measures.toml`` beside the register.

A network draws its boxes a little larger or smaller than things are, always in the same way. What
was measured of one file holds for that file alone, so that it is kept by its SHA-256.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from voirie.documents import read_mapping
from voirie.errors import ConfigurationError

MEASURES = "measures.toml"

Spread = Annotated[float, Field(ge=0.0, le=3.0, allow_inf_nan=False)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Excess(_Told):
    """How much larger than the thing its box is: both parts add up, a negative one is smaller.

    Attributes
    ----------
    metres
        On the road, whatever the distance: the broken rim of a hole, say.
    pixels
        Of the network's input: how finely it can draw a box.
    """

    metres: Annotated[float, Field(ge=-5.0, le=5.0)] = 0.0
    pixels: Annotated[float, Field(ge=-100.0, le=100.0)] = 0.0


class Aspect(_Told):
    """How long a thing of the class usually is for its width, and how much that counts.

    A width across is seen more sharply than a length along, where a row is metres deep.

    Attributes
    ----------
    usual
        Length / width.
    share
        From 0, the length as it was seen, to 1, the width times `usual`; logarithms are mixed.
    """

    usual: Annotated[float, Field(gt=0.0, le=100.0)]
    share: Annotated[float, Field(ge=0.0, le=1.0)]


class Sizes(_Told):
    """Sizes of the things of one class.

    Attributes
    ----------
    length, width
        Along and across the road: what is taken off each box.
    aspect
        What its width tells of its length, None for nothing.
    length_spread, width_spread, area_spread
        Standard deviation of the logarithm of found / true of a finding, after that.
    """

    length: Excess = Excess()
    width: Excess = Excess()
    aspect: Aspect | None = None
    length_spread: Spread
    width_spread: Spread
    area_spread: Spread


class Found(_Told):
    """What is found of one class, over all views of a thing.

    Attributes
    ----------
    found_share
        Share of the things that were found.
    true_share
        Share of the finds that were one.
    common_pct
        Extent of the class, in percent of a lane of 200 m, that nine lanes in ten stayed under.
    """

    found_share: Annotated[float, Field(gt=0.0, le=1.0)]
    true_share: Annotated[float, Field(ge=0.0, le=1.0)]
    common_pct: Annotated[float, Field(ge=0.0, le=100.0)]


class Existence(_Told):
    """How often what was found of one class is there, as a logistic curve.

    Attributes
    ----------
    intercept
        Where the scores of the views say one in two and there is one view.
    slope
        Of the log odds that the scores of the views say together: surer is never less sure.
    views
        Of the logarithm of the number of views.
    """

    intercept: Annotated[float, Field(ge=-20.0, le=20.0)]
    slope: Annotated[float, Field(ge=0.0, le=20.0)]
    views: Annotated[float, Field(ge=0.0, le=20.0)] = 0.0


class Measured(_Told):
    """What was measured of one network.

    Attributes
    ----------
    sha256
        Of its file.
    measured_on
        In words.
    sizes
        By class of the network; a class that is not there is taken as it is drawn.
    found
        By class of the network; of a class that is not there nothing is known to be missed.
    existence
        By class of the network; of a class that is not there the scores stand as they are.
    """

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    measured_on: str
    sizes: Mapping[str, Sizes] = {}
    found: Mapping[str, Found] = {}
    existence: Mapping[str, Existence] = {}


Measures = Mapping[str, Measured]
"""What was measured of each network, by the SHA-256 of its file."""

_BY_ROLE = TypeAdapter(dict[str, Measured])


def load_measures(folder: Path) -> Measures:
    """Read what was measured of the networks of a weights folder; nothing where it says nothing.

    Parameters
    ----------
    folder
        Holds ``measures.toml`` or not.

    Raises
    ------
    ConfigurationError
        When the file cannot be read.

    Examples
    --------
    >>> load_measures(Path("no such folder"))
    {}
    """
    path = folder / MEASURES
    if not os.path.lexists(path):
        return {}
    table = read_mapping(path, "the measures of the weights")
    try:
        return {one.sha256: one for one in _BY_ROLE.validate_python(table).values()}
    except ValidationError as error:
        raise ConfigurationError(
            f"the measures of the weights are not valid ({error})", path, "restore the file"
        ) from error
