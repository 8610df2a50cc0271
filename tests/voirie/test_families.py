"""A family is described by data, and a description that contradicts itself is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from voirie.families import Family
from voirie.taxonomy import load_taxonomy

MANHOLES: dict[str, Any] = {
    "fr": "regards",
    "en": "manholes",
    "form": "ground",
    "reach_m": 14,
    "told_apart_by": "code",
    "gate_m": {"along": 0.9, "across": 0.7},
    "frames": {"least": 2, "sure_with_fewer": 0.9, "once": ["REG"]},
    "stretches": {"gap_m": 2, "across_m": 1, "kinds": {"line": ["TRN", "CAN"]}},
    "symbol": {"shape": "hexagon", "fill": "#224466"},
}


def test_a_family_says_its_name_and_the_codes_that_it_names() -> None:
    family = Family.model_validate(MANHOLES)
    assert (family.label("fr"), family.label("en")) == ("regards", "manholes")
    assert family.named_codes() == ("REG", "TRN", "CAN")
    plain = Family.model_validate(MANHOLES | {"stretches": None})
    assert plain.named_codes() == ("REG",)


def test_only_what_lies_flat_has_an_outline_to_be_measured() -> None:
    flat = {name for name, family in load_taxonomy().families.items() if family.is_flat}
    assert "pavement" in flat
    assert not flat & {"sign", "dumping"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"form": "standing", "stretches": None}, "usual_height_m with an entry `other`"),
        ({"form": "heap"}, "only what lies on the ground has stretches"),
        ({"told_apart_by": "family"}, "stretches are told apart by code"),
        (
            {"stretches": MANHOLES["stretches"] | {"narrow": ["crack"]}},
            "stretches.narrow names no kind: crack",
        ),
        ({"reach_m": 0}, "greater than 0"),
        ({"symbol": {"shape": "star"}}, "shape"),
        ({"symbol": {"shape": "circle", "fill": "red"}}, "pattern"),
        ({"colour": "#224466"}, "Extra inputs are not permitted"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Family.model_validate(MANHOLES | changes)


def test_what_stands_needs_a_usual_height() -> None:
    standing = MANHOLES | {"form": "standing", "stretches": None}
    family = Family.model_validate(standing | {"usual_height_m": {"other": 0.8}})
    assert not family.is_flat
    with pytest.raises(ValidationError, match="frozen"):
        family.reach_m = 3.0
