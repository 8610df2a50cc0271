"""Our codes with their equivalents, and what a class of a model says in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from voirie.families import Symbol
from voirie.taxonomy_file import Damage, Unit


@dataclass(frozen=True, slots=True)
class Code:
    """One of our codes and its equivalents.

    Attributes
    ----------
    code
        Our short code.
    family
        Name of the family of things on the ground.
    damage
        Family of damage, None outside the pavement.
    unit
        How a quantity of it is stated.
    label_fr, label_en
        Names.
    rdd, lpc52, vizir, m3, osm
        Equivalents; None where none was confirmed. `m3` is the stem of its M3 columns.
    symbol
        Its own marker on a map, None where it has none.
    is_round
        Whether its outline on the ground is an ellipse and not a rectangle.
    is_across
        Whether it is a line across the lane: it has a width and no area.
    is_net
        Whether it is a net of cracks, whose darkness tells how wide they gape.
    """

    code: str
    family: str
    damage: Damage | None
    unit: Unit
    label_fr: str
    label_en: str
    rdd: str | None = None
    lpc52: int | None = None
    vizir: str | None = None
    m3: str | None = None
    osm: str | None = None
    symbol: Symbol | None = None
    is_round: bool = False
    is_across: bool = False
    is_net: bool = False

    @property
    def filled(self) -> float:
        """Share of its length times its width that it covers.

        Examples
        --------
        >>> round(Code("NDP", "pavement", None, "nb", "", "", is_round=True).filled, 3)
        0.785
        """
        return math.pi / 4 if self.is_round else 1.0


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
    group
        Of signs, the family of the decree.
    is_mere_group
        Whether it names that family and no type; a type that was voted for stands over it.
    usual_height_m
        Height of what stands, None where its family has none.
    attributes
        What it tells for the table of its family: kind of waste, official code of a sign.
    """

    name: str
    code: str
    family: str
    outside: str | None = None
    unknown: str | None = None
    flag: str | None = None
    group: str | None = None
    is_mere_group: bool = False
    usual_height_m: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def code_at(self, from_lane_axis_m: float | None, wheel_path: tuple[float, float]) -> str:
        """Our code for a find at a signed distance from the axis of the lane, None = unknown."""
        if self.outside is None or self.unknown is None:
            return self.code
        if from_lane_axis_m is None or math.isnan(from_lane_axis_m):
            return self.unknown
        inside = wheel_path[0] <= abs(from_lane_axis_m) <= wheel_path[1]
        return self.code if inside else self.outside
