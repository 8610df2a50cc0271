"""Families of things on the ground, as `taxonomy.yaml` describes them.

A family says how a box in a picture becomes a place and a size, which views are of one thing,
how many frames must have seen it, and how it is drawn. The stages read it, so that a new family
is an entry of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from voirie.documents import Strict, Words

Form = Literal["ground", "heap", "standing"]
"""How a thing meets the road.

``ground`` lies flat in it: the box is its outline, and its size can be measured. ``heap`` stands
on the ground: the foot of the box is its place, its height in the picture is no length.
``standing`` stands on a post: only its usual height tells how far it is.
"""

Shape = Literal["circle", "triangle", "square", "diamond", "pentagon", "hexagon", "cross_fill"]
"""Names that QGIS gives to its simple markers."""

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Metres = Annotated[float, Field(gt=0, le=500)]
Share = Annotated[float, Field(ge=0, le=1)]


class Gate(Strict):
    """Largest distance, in metres, between a view and the thing that it may be of."""

    along: Metres
    across: Metres


class FramesWanted(Strict):
    """How often a thing must have been seen to be believed.

    Attributes
    ----------
    least
        Frames that look at a thing, at least: they follow from the step and the reach.
    sure_with_fewer
        Mean score from which on fewer will do.
    once
        Codes that a single frame can see, and that need no more.
    """

    least: int = Field(ge=1)
    sure_with_fewer: Share
    once: tuple[str, ...] = ()


class Stretches(Strict):
    """Codes that have a beginning and an end along the road; every other code is a spot.

    Attributes
    ----------
    gap_m
        Largest hole between two views of one stretch.
    across_m
        Largest distance across between a view and the stretch.
    kinds
        Codes by kind of stretch; codes of one kind are told apart after they are fused.
    narrow
        Kinds that are lines: they have a length and no area.
    """

    gap_m: float = Field(ge=0)
    across_m: Metres
    kinds: Mapping[str, tuple[str, ...]]
    narrow: tuple[str, ...] = ()


class Symbol(Strict):
    """How a thing is drawn on a map.

    Attributes
    ----------
    shape
        Its outline.
    fill
        Colour inside; None where severity gives it.
    edge
        Colour of the outline.
    """

    shape: Shape
    fill: Colour | None = None
    edge: Colour = "#ffffff"


class Label(Strict):
    """A text in two languages."""

    fr: Words
    en: Words


class AttributeTable(Strict):
    """A table with a row for each finding of the family.

    Attributes
    ----------
    table
        Its name.
    columns
        What the class of the model tells, and the value where it tells nothing.
    """

    table: str
    columns: Mapping[str, str | None]


class Family(Strict):
    """A family of things on the ground.

    Attributes
    ----------
    fr, en
        Names, in the plural.
    form
        How it meets the road.
    reach_m
        Farther ahead a view is too uncertain; another picture sees the thing from nearer.
    lane_bound
        Whether only what lies in the lane that was driven counts.
    rated
        Whether its codes enter the notes of the rating scheme.
    told_apart_by
        Whether views of two codes are of two things, or the code is a vote of the views.
    gate_m
        How far apart two views of one thing may lie.
    frames
        How often it must have been seen.
    stretches
        Codes with a beginning and an end, None where all are spots.
    usual_height_m
        Of what stands: height by group of its codes, ``other`` for the rest.
    symbol
        How it is drawn.
    attributes
        Table of its own, None without one.
    remark
        What a reader of the list must know, None without one.
    """

    fr: Words
    en: Words
    form: Form
    reach_m: Metres
    lane_bound: bool = False
    rated: bool = False
    told_apart_by: Literal["code", "family"] = "family"
    gate_m: Gate
    frames: FramesWanted
    stretches: Stretches | None = None
    usual_height_m: Mapping[str, Metres] = {}
    symbol: Symbol
    attributes: AttributeTable | None = None
    remark: Label | None = None

    @model_validator(mode="after")
    def _fits_its_form(self) -> Family:
        if self.form == "standing" and "other" not in self.usual_height_m:
            raise ValueError("what stands needs usual_height_m with an entry `other`")
        if self.stretches is not None:
            if self.form != "ground":
                raise ValueError("only what lies on the ground has stretches")
            if self.told_apart_by != "code":
                raise ValueError("stretches are told apart by code")
            strange = sorted(set(self.stretches.narrow) - set(self.stretches.kinds))
            if strange:
                raise ValueError(f"stretches.narrow names no kind: {', '.join(strange)}")
        return self

    @property
    def is_flat(self) -> bool:
        """Whether it lies in the road, so that its outline can be measured."""
        return self.form == "ground"

    def label(self, language: Literal["fr", "en"]) -> str:
        """Its name."""
        return self.fr if language == "fr" else self.en

    def named_codes(self) -> tuple[str, ...]:
        """Every code that the description names, to be checked against the codes it has."""
        kinds = () if self.stretches is None else tuple(self.stretches.kinds.values())
        return (*self.frames.once, *(code for codes in kinds for code in codes))
