"""Words: every class has a code, every code of the scheme and of the export is known."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from voirie.catalogue.scheme import load_scheme
from voirie.errors import ConfigurationError
from voirie.taxonomy import load_taxonomy, sign_family

TAXONOMY = load_taxonomy()


@pytest.mark.parametrize(
    ("name", "lateral", "code", "flag"),
    [
        ("longitudinal_crack", 0.9, "FLB", None),
        ("longitudinal_crack", -0.9, "FLB", None),
        ("longitudinal_crack", 0.2, "FLH", None),
        ("longitudinal_crack", 1.6, "FLH", None),
        ("longitudinal_crack", np.nan, "FLx", "position_unknown"),
        ("alligator_crack", 0.5, "FAI", None),
        ("alligator_crack", 0.0, "FAH", None),
        ("alligator_crack", np.nan, "FAI", "position_unknown"),
        ("transverse_crack", np.nan, "FTR", None),
        ("pothole", np.nan, "NDP", None),
        ("crack_unspecified", 0.9, "FLx", "type_unknown"),
        ("D00", 0.9, "FLB", None),
        ("D10", np.nan, "FTR", None),
        ("D20", 0.9, "FAI", None),
        ("D40", 0.9, "NDP", None),
    ],
)
def test_code_by_place_in_the_lane(name: str, lateral: float, code: str, flag: str | None) -> None:
    assert TAXONOMY.codes_at([name], np.array([lateral])) == ([code], [flag])


@pytest.mark.parametrize(
    ("name", "official", "family", "value"),
    [
        ("speed_limit_50", "B14", "B", "50"),
        ("restriction_ends_80", "B33", "B", "80"),
        ("stop", "AB4", "AB", None),
        ("yield", "AB3a", "AB", None),
        ("pedestrian_crossing", "A13b", "A", None),
        ("construction", "AK5", "AK", None),
        ("roundabout", "AB25", "AB", None),
        ("cycles_crossing", "A21a", "A", None),
        ("snow", None, "A", None),
        ("sign_B", None, "B", None),
        ("sign", None, "other", None),
    ],
)
def test_signs(name: str, official: str | None, family: str, value: str | None) -> None:
    known = TAXONOMY.model_class(name)
    assert (known.official_code, known.sign_family, known.value) == (official, family, value)
    assert known.family == "sign" and known.code == (official or family)
    assert known.code in TAXONOMY.codes


def test_two_editions_of_the_sign_set_agree() -> None:
    for one, other in (("do_not_enter", "no_entry"), ("no_entry_heavy", "no_trucks")):
        assert TAXONOMY.model_class(one).code == TAXONOMY.model_class(other).code


def test_waste() -> None:
    bag = TAXONOMY.model_class("waste_bag")
    assert (bag.family, bag.code, bag.kind) == ("dumping", "dumping", "bags")


def test_every_code_of_the_scheme_is_described() -> None:
    scheme = load_scheme()
    pavement = set(TAXONOMY.of_family("pavement"))
    assert set(scheme.codes) | set(scheme.counts_as) == pavement
    for code in scheme.codes:
        known = TAXONOMY.codes[code]
        assert known.damage in {"structural", "surface", "sealing"} and known.m3 == code.lower()
        assert TAXONOMY.label(code) and TAXONOMY.label(code, "en")
    assert {TAXONOMY.codes[c].damage for c in pavement} == {"structural", "surface", "sealing"}


def test_classes_lead_to_known_codes() -> None:
    for known in TAXONOMY.classes.values():
        for code in (known.code, known.outside, known.unknown):
            assert code is None or code in TAXONOMY.codes


def test_an_unknown_class_is_one_sentence() -> None:
    with pytest.raises(ConfigurationError, match="does not know the class spaceship"):
        TAXONOMY.model_class("spaceship")


def test_a_code_without_a_name_is_its_own() -> None:
    assert TAXONOMY.label("C20a") == "C20a" and sign_family("C20a") == "other"


def test_the_module_is_light() -> None:
    heavy = "{'numpy', 'pandas', 'geopandas', 'cv2', 'openvino', 'torch'}"
    code = f"import sys, voirie.taxonomy; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
