"""Words: from a model's class to our code, and from our code to the catalogues of the trade.

The table is `taxonomy.yaml` beside this module; nothing else in the product spells out a class.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import yaml

from voirie.codes import Code, ModelClass
from voirie.documents import read_mapping
from voirie.errors import ConfigurationError
from voirie.families import Family, Form, Label
from voirie.taxonomy_file import (
    WHAT,
    ClassEntry,
    CodeEntry,
    SignEntry,
    TaxonomyFile,
    parse_taxonomy,
    resolved,
)

if TYPE_CHECKING:
    from voirie.arrays import Floats

POSITION_UNKNOWN = "position_unknown"
"""Flag of a finding whose code depends on the wheel paths while its lane is unknown."""

TYPE_UNKNOWN = "type_unknown"
"""Flag of a crack that the model could not tell apart."""


@dataclass(frozen=True)
class Taxonomy:
    """All codes and classes.

    Attributes
    ----------
    version
        Name of this edition.
    sha256
        Hash of all that the file says; comments in it are outside.
    families
        Families by name, in the order of the file.
    codes, classes
        By code and by the model's word.
    sign_families
        Family of the decree to its names in French and English.
    sign_values
        Codes of signs whose figure is read, and the figures that may stand there.
    wheel_path_m
        Band each side of the axis of the lane, nearest and farthest metre.
    lane_edge_m
        How much at each edge of a lane is of no wheel path.
    """

    version: str
    sha256: str
    families: Mapping[str, Family]
    codes: Mapping[str, Code]
    classes: Mapping[str, ModelClass]
    sign_families: Mapping[str, tuple[str, str]]
    sign_values: Mapping[str, tuple[str, ...]]
    wheel_path_m: tuple[float, float]
    lane_edge_m: float

    def model_class(self, name: str) -> ModelClass:
        """Meaning of a model's class.

        Raises
        ------
        ConfigurationError
            When the taxonomy does not know the word.

        Examples
        --------
        >>> load_taxonomy().model_class("D40").code
        'NDP'
        """
        try:
            return self.classes[name]
        except KeyError as error:
            raise ConfigurationError(
                f"the taxonomy does not know the class {name}",
                None,
                "add it to voirie/taxonomy.yaml or correct models.toml",
            ) from error

    def of_form(self, *forms: Form) -> tuple[str, ...]:
        """Families that meet the road in one of these ways, in the order of the file.

        Examples
        --------
        >>> load_taxonomy().of_form("ground")
        ('pavement', 'marking')
        """
        return tuple(name for name, family in self.families.items() if family.form in forms)

    def reach_m(self, families: Sequence[str]) -> Floats:
        """Reach of each of many families, ``(N,)``."""
        import numpy as np

        known = {name: family.reach_m for name, family in self.families.items()}
        return np.array([known[name] for name in families], dtype=np.float64)

    @property
    def rated(self) -> tuple[str, ...]:
        """Families whose codes enter the notes."""
        return tuple(name for name, family in self.families.items() if family.rated)

    def observable(self, classes: Iterable[str], *, in_lane: bool = True) -> frozenset[str]:
        """Every rated code that models with these classes can give; others are NULL, never 0.

        Parameters
        ----------
        classes
            Classes of the models that look.
        in_lane
            Whether finds have a place across the lane. Without one a crack in a wheel path
            cannot be told from another, so that none of the two codes is observed.

        Examples
        --------
        >>> sorted(load_taxonomy().observable(["longitudinal_crack", "pothole"]))
        ['FLB', 'FLH', 'FLx', 'NDP']
        >>> sorted(load_taxonomy().observable(["longitudinal_crack", "pothole"], in_lane=False))
        ['FLx', 'NDP']
        """
        found: set[str] = set()
        for name in classes:
            known = self.model_class(name)
            if not self.families[known.family].rated:
                continue
            if known.unknown is None:
                found.add(known.code)
            elif in_lane:
                found |= {c for c in (known.code, known.outside, known.unknown) if c is not None}
            else:
                found.add(known.unknown)
        return frozenset(found)

    def codes_at(
        self, names: Sequence[str], from_lane_axis_m: Floats, half_lane_m: Floats | None = None
    ) -> tuple[list[str], list[str | None]]:
        """Code and flag of many finds at once.

        Parameters
        ----------
        names
            ``(N,)`` classes of the models.
        from_lane_axis_m
            ``(N,)`` distance from the axis of the lane, NaN where it is unknown.
        half_lane_m
            ``(N,)`` half the width of the lane; None where it is wide enough.

        Returns
        -------
        tuple of list
            ``(N,)`` codes, and ``(N,)`` flags, None without a remark.

        Examples
        --------
        A crack 1.2 m from the axis of a lane runs in its wheel path, and along the joint of a
        lane of 2.8 m:

        >>> import numpy as np
        >>> cracks, where = ["longitudinal_crack"] * 2, np.array([1.2, -1.2])
        >>> load_taxonomy().codes_at(cracks, where, np.array([1.75, 1.4]))[0]
        ['FLB', 'FLH']
        """
        nearest, farthest = self.wheel_path_m
        half = [math.inf] * len(names) if half_lane_m is None else half_lane_m.tolist()
        ends = [min(farthest, own - self.lane_edge_m) for own in half]
        codes: list[str] = []
        flags: list[str | None] = []
        for name, lateral, end in zip(names, from_lane_axis_m.tolist(), ends, strict=True):
            known = self.model_class(name)
            codes.append(known.code_at(lateral, (nearest, end)))
            lost = known.unknown is not None and math.isnan(lateral)
            flags.append(POSITION_UNKNOWN if lost else known.flag)
        return codes, flags

    def label(self, code: str, language: Literal["fr", "en"] = "fr") -> str:
        """Name of a code; a sign's official code is its own name."""
        known = self.codes.get(code)
        if known is None:
            return code
        return known.label_fr if language == "fr" else known.label_en

    @functools.cached_property
    def stretch_kinds(self) -> Mapping[str, str]:
        """Kind of stretch by code; a code that is not there is a spot.

        Examples
        --------
        >>> load_taxonomy().stretch_kinds["FLH"], load_taxonomy().stretch_kinds.get("NDP")
        ('FL', None)
        """
        return MappingProxyType(
            {
                code: kind
                for family in self.families.values()
                if family.stretches is not None
                for kind, codes in family.stretches.kinds.items()
                for code in codes
            }
        )

    @functools.cached_property
    def narrow_kinds(self) -> frozenset[str]:
        """Kinds of stretches that have a length and no area."""
        stretches = [family.stretches for family in self.families.values()]
        return frozenset(kind for own in stretches if own is not None for kind in own.narrow)

    @functools.cached_property
    def round_classes(self) -> tuple[str, ...]:
        """Classes of models whose outline on the ground is an ellipse.

        Examples
        --------
        >>> load_taxonomy().round_classes
        ('pothole', 'D40')
        """
        return self._classes_of({code.code for code in self.codes.values() if code.is_round})

    @functools.cached_property
    def net_classes(self) -> tuple[str, ...]:
        """Classes of models that are nets of cracks.

        Examples
        --------
        >>> load_taxonomy().net_classes
        ('alligator_crack', 'D20')
        """
        return self._classes_of({code.code for code in self.codes.values() if code.is_net})

    def _classes_of(self, codes: set[str]) -> tuple[str, ...]:
        return tuple(name for name, own in self.classes.items() if own.code in codes)

    def of_family(self, family: str) -> tuple[str, ...]:
        """Codes of a family in the order of the file."""
        return tuple(c.code for c in self.codes.values() if c.family == family)


def sign_family(official_code: str) -> str:
    """Family of the decree that a sign's code belongs to: A, AB, B, AK or other.

    Examples
    --------
    >>> [sign_family(code) for code in ("A13b", "AB25", "B14", "AK5", "C20a")]
    ['A', 'AB', 'B', 'AK', 'other']
    """
    letters = official_code[: len(official_code) - len(official_code.lstrip("ABCDEFGHIJKLMNOP"))]
    return letters if letters in {"A", "AB", "B", "AK"} else "other"


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy.

    Parameters
    ----------
    path
        A YAML file, None for the one that ships with the product.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is no YAML mapping, or says something impossible.

    Examples
    --------
    >>> load_taxonomy().codes["NDP"].label_fr
    'nid-de-poule'
    >>> load_taxonomy().families["sign"].form
    'standing'
    """
    if path is None:
        return _shipped()
    return _taxonomy(parse_taxonomy(read_mapping(path, WHAT), path))


@functools.cache
def _shipped() -> Taxonomy:
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    return _taxonomy(parse_taxonomy(yaml.safe_load(text)))


def _taxonomy(file: TaxonomyFile) -> Taxonomy:
    codes = {name: _code(name, entry) for name, entry in file.codes.items()}
    classes = {
        name: _model_class(name, entry, file) for name, entry in resolved(file.classes).items()
    }
    signs = {
        name: _sign_class(name, entry, file) for name, entry in resolved(file.signs.classes).items()
    }
    for group, labels in file.signs.families.items():
        for code in sorted({sign.code for sign in signs.values() if sign.group == group}):
            codes.setdefault(code, _sign_code(code, group, labels, file.signs.family))
    return Taxonomy(
        version=file.version,
        sha256=hashlib.sha256(file.model_dump_json().encode()).hexdigest(),
        families=MappingProxyType(dict(file.families)),
        codes=MappingProxyType(codes),
        classes=MappingProxyType(classes | signs),
        sign_families=MappingProxyType(
            {group: (labels.fr, labels.en) for group, labels in file.signs.families.items()}
        ),
        sign_values=MappingProxyType(dict(file.signs.values)),
        wheel_path_m=(file.wheel_path_m.nearest, file.wheel_path_m.farthest),
        lane_edge_m=file.wheel_path_m.edge,
    )


def _code(name: str, entry: CodeEntry) -> Code:
    return Code(
        code=name,
        family=entry.family,
        damage=entry.damage,
        unit=entry.unit,
        label_fr=entry.fr,
        label_en=entry.en,
        rdd=entry.rdd,
        lpc52=entry.lpc52,
        vizir=entry.vizir,
        m3=entry.m3,
        osm=entry.osm,
        symbol=entry.symbol,
        is_round=entry.is_round,
        is_across=entry.is_across,
        is_net=entry.is_net,
    )


def _sign_code(code: str, group: str, labels: Label, family: str) -> Code:
    """A code of the decree, or the group itself for signs of which no more is known."""
    if code == group:
        return Code(code, family, None, "nb", labels.fr, labels.en)
    fr, en = f"panneau {code} ({labels.fr})", f"sign {code} ({labels.en})"
    return Code(code, family, None, "nb", fr, en, osm=f"traffic_sign=FR:{code}")


def _model_class(name: str, entry: ClassEntry, file: TaxonomyFile) -> ModelClass:
    family = file.codes[entry.code].family
    return ModelClass(
        name=name,
        code=entry.code,
        family=family,
        outside=entry.outside,
        unknown=entry.unknown,
        flag=entry.flag,
        usual_height_m=_height(file.families[family], entry.code),
        attributes=MappingProxyType(dict(entry.attributes)),
    )


def _sign_class(name: str, entry: SignEntry, file: TaxonomyFile) -> ModelClass:
    group = entry.family if entry.official is None else sign_family(entry.official)
    told = {"official_code": entry.official, "sign_family": group, "value": entry.value}
    return ModelClass(
        name=name,
        code=entry.official or group,
        family=file.signs.family,
        group=group,
        is_mere_group=entry.official is None,
        usual_height_m=_height(file.families[file.signs.family], group),
        attributes=MappingProxyType({key: text for key, text in told.items() if text is not None}),
    )


def _height(family: Family, group: str) -> float | None:
    heights = family.usual_height_m
    return heights.get(group, heights.get("other"))
