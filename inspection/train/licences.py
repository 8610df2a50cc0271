"""Licences of the public data sets, and the refusal of what has none on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspection.train.recipes import Recipe
from voirie.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class DataLicence:
    """What is known of the rights in a data set.

    Attributes
    ----------
    terms : str
        As its publisher states them.
    clear : bool
        False where the publisher may not own what he licenses, or says nothing: what is trained
        on it is experimental.
    """

    terms: str
    clear: bool


LICENCES: Mapping[str, DataLicence] = MappingProxyType(
    {
        "dumping/malta_bags": DataLicence("none stated (coursework)", clear=False),
        "dumping/riyadh": DataLicence("none stated (Smartathon 2022-23)", clear=False),
        "pavement/dnit": DataLicence("MIT", clear=True),
        "privacy/faces_crowds": DataLicence("CC0 labels, repository MIT", clear=True),
        "privacy/plates_bucharest": DataLicence("MIT", clear=True),
        "privacy/plates_crops": DataLicence("CC BY 4.0", clear=True),
        "privacy/plates_openimages": DataLicence("CC BY 4.0", clear=True),
        "signs/fr_sy32": DataLicence(
            "repository MIT, rights in single photographs not stated", clear=False
        ),
        "signs/gtsdb": DataLicence("free for any purpose, cite Houben 2013", clear=True),
        "signs/gtsrb_crops": DataLicence("free for any purpose, cite Houben 2013", clear=True),
    }
)


def refuse_unlicensed(recipe: Recipe) -> None:
    """Fail where a source of a recipe has no licence on record, or not one for what is shipped.

    Raises
    ------
    ConfigurationError
        For a source that :data:`LICENCES` does not name, and for one whose licence is not clear
        in a recipe that is not experimental.
    """
    for source in recipe.sources:
        licence = LICENCES.get(source)
        if licence is None:
            raise ConfigurationError(
                f"no licence is on record for the pictures {source!r} of the recipe {recipe.role}",
                remedy="record its terms in inspection/train/licences.py before training on it",
            )
        if not licence.clear and not recipe.experimental:
            raise ConfigurationError(
                f"the licence of {source!r} is not clear ({licence.terms}), and the recipe "
                f"{recipe.role} is for general use",
                remedy="mark the recipe experimental, or leave the pictures out",
            )
