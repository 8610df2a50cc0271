"""Words: from a model's class to our code, and from our code to the catalogues of the trade.

The table is `taxonomy.yaml` beside this module; nothing else in the product spells out a class.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import yaml

from voirie.errors import ConfigurationError

if TYPE_CHECKING:
    from voirie.arrays import Floats

Family = Literal["pavement", "sign", "dumping", "marking", "asset"]
Damage = Literal["structural", "surface", "sealing"]

POSITION_UNKNOWN = "position_unknown"
"""Flag of a finding whose code depends on the wheel paths while its lane is unknown."""

TYPE_UNKNOWN = "type_unknown"
"""Flag of a crack that the model could not tell apart."""


@dataclass(frozen=True, slots=True)
class Code:
    """One of our codes and its equivalents.

    Attributes
    ----------
    code
        Our short code.
    family
        Kind of thing on the ground.
    damage
        Family of damage, None outside the pavement.
    unit
        How a quantity of it is stated.
    label_fr, label_en
        Names.
    rdd, lpc52, vizir, m3, osm
        Equivalents; None where none was confirmed. `m3` is the stem of its M3 columns.
    """

    code: str
    family: Family
    damage: Damage | None
    unit: Literal["nb", "m", "m2"]
    label_fr: str
    label_en: str
    rdd: str | None = None
    lpc52: int | None = None
    vizir: str | None = None
    m3: str | None = None
    osm: str | None = None


@dataclass(frozen=True, slots=True)
class ModelClass:
    """What a class of a model means.

    Attributes
    ----------
    name
        The model's word.
    code
        Our code; in a wheel path, where the position decides.
    family
        Family of that code.
    outside
        Code outside the wheel paths, None where the position does not matter.
    unknown
        Code where the lane is unknown, None where the position does not matter.
    flag
        Remark that every finding of the class carries.
    kind
        Kind of waste.
    sign_family, official_code, value
        Family of the decree, code of the decree, and the figure on the sign.
    """

    name: str
    code: str
    family: Family
    outside: str | None = None
    unknown: str | None = None
    flag: str | None = None
    kind: str | None = None
    sign_family: str | None = None
    official_code: str | None = None
    value: str | None = None

    def code_at(self, from_lane_axis_m: float | None, wheel_path: tuple[float, float]) -> str:
        """Our code for a find at a signed distance from the axis of the lane, None = unknown."""
        if self.outside is None or self.unknown is None:
            return self.code
        if from_lane_axis_m is None or math.isnan(from_lane_axis_m):
            return self.unknown
        inside = wheel_path[0] <= abs(from_lane_axis_m) <= wheel_path[1]
        return self.code if inside else self.outside


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All codes and classes.

    Attributes
    ----------
    version
        Name of this edition.
    codes, classes
        By code and by the model's word.
    sign_families
        Family of the decree to its names in French and English.
    wheel_path_m
        Band each side of the axis of the lane, nearest and farthest metre.
    """

    version: str
    codes: Mapping[str, Code]
    classes: Mapping[str, ModelClass]
    sign_families: Mapping[str, tuple[str, str]]
    wheel_path_m: tuple[float, float]

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

    def observable(
        self, classes: Iterable[str], family: Family = "pavement", *, in_lane: bool = True
    ) -> frozenset[str]:
        """Every code that models with these classes can give; the others are NULL, never 0.

        Parameters
        ----------
        classes
            Classes of the models that look.
        family
            Codes of this family only.
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
            if known.family != family:
                continue
            if known.unknown is None:
                found.add(known.code)
            elif in_lane:
                found |= {c for c in (known.code, known.outside, known.unknown) if c is not None}
            else:
                found.add(known.unknown)
        return frozenset(found)

    def codes_at(
        self, names: Sequence[str], from_lane_axis_m: Floats
    ) -> tuple[list[str], list[str | None]]:
        """Code and flag of many finds at once.

        Parameters
        ----------
        names
            ``(N,)`` classes of the models.
        from_lane_axis_m
            ``(N,)`` distance from the axis of the lane, NaN where it is unknown.

        Returns
        -------
        tuple of list
            ``(N,)`` codes, and ``(N,)`` flags, None without a remark.
        """
        codes: list[str] = []
        flags: list[str | None] = []
        for name, lateral in zip(names, from_lane_axis_m.tolist(), strict=True):
            known = self.model_class(name)
            codes.append(known.code_at(lateral, self.wheel_path_m))
            lost = known.unknown is not None and math.isnan(lateral)
            flags.append(POSITION_UNKNOWN if lost else known.flag)
        return codes, flags

    def label(self, code: str, language: Literal["fr", "en"] = "fr") -> str:
        """Name of a code; a sign's official code is its own name."""
        known = self.codes.get(code)
        if known is None:
            return code
        return known.label_fr if language == "fr" else known.label_en

    def of_family(self, family: Family) -> tuple[str, ...]:
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


def _follow(name: str, entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    entry = entries[name]
    return entries[entry["same_as"]] if "same_as" in entry else entry


def _sign_class(name: str, entry: Mapping[str, Any]) -> ModelClass:
    official = entry.get("official")
    family = entry["family"] if official is None else sign_family(official)
    return ModelClass(
        name=name,
        code=official or family,
        family="sign",
        sign_family=family,
        official_code=official,
        value=entry.get("value"),
    )


@functools.cache
def load_taxonomy() -> Taxonomy:
    """Read `taxonomy.yaml` once.

    Examples
    --------
    >>> load_taxonomy().codes["NDP"].label_fr
    'nid-de-poule'
    """
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    codes = {
        code: Code(
            code=code,
            family=entry["family"],
            damage=entry.get("damage"),
            unit=entry["unit"],
            label_fr=entry["fr"],
            label_en=entry["en"],
            rdd=entry.get("rdd"),
            lpc52=entry.get("lpc52"),
            vizir=entry.get("vizir"),
            m3=entry.get("m3"),
            osm=entry.get("osm"),
        )
        for code, entry in data["codes"].items()
    }
    classes: dict[str, ModelClass] = {}
    for name in data["classes"]:
        entry = _follow(name, data["classes"])
        classes[name] = ModelClass(
            name=name,
            code=entry["code"],
            family=codes[entry["code"]].family,
            outside=entry.get("outside"),
            unknown=entry.get("unknown"),
            flag=entry.get("flag"),
            kind=entry.get("kind"),
        )
    signs = data["signs"]
    for name in signs["classes"]:
        classes[name] = _sign_class(name, _follow(name, signs["classes"]))
    for family, labels in signs["families"].items():
        classes_of_family = {c.code for c in classes.values() if c.sign_family == family}
        for code in sorted(classes_of_family):
            tag = None if code == family else f"traffic_sign=FR:{code}"
            codes[code] = Code(
                code=code,
                family="sign",
                damage=None,
                unit="nb",
                label_fr=labels["fr"] if code == family else f"panneau {code} ({labels['fr']})",
                label_en=labels["en"] if code == family else f"sign {code} ({labels['en']})",
                osm=tag,
            )
    return Taxonomy(
        version=data["version"],
        codes=MappingProxyType(codes),
        classes=MappingProxyType(classes),
        sign_families=MappingProxyType(
            {family: (labels["fr"], labels["en"]) for family, labels in signs["families"].items()}
        ),
        wheel_path_m=(data["wheel_path_m"]["from"], data["wheel_path_m"]["to"]),
    )
