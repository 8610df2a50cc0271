"""Words: every class has a code, every code of the scheme and of the export is known."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import yaml

from voirie.catalogue.scheme import load_scheme
from voirie.errors import ConfigurationError
from voirie.tables import TABLES
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
    told = {"official_code": official, "sign_family": family, "value": value}
    assert known.attributes == {key: text for key, text in told.items() if text is not None}
    assert known.family == "sign" and known.code == (official or family)
    assert known.code in TAXONOMY.codes


def test_two_editions_of_the_sign_set_agree() -> None:
    for one, other in (("do_not_enter", "no_entry"), ("no_entry_heavy", "no_trucks")):
        assert TAXONOMY.model_class(one).code == TAXONOMY.model_class(other).code


def test_waste() -> None:
    bag = TAXONOMY.model_class("waste_bag")
    assert (bag.family, bag.code, bag.attributes) == ("dumping", "dumping", {"kind": "bags"})


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


def written(tmp_path: Path, **changes: object) -> Path:
    """The shipped taxonomy with other values at dotted keys; None takes a key away."""
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    data = yaml.safe_load(text)
    for dotted, value in changes.items():
        *inner, last = dotted.split("__")
        place = data
        for key in inner:
            place = place[key]
        place[last] = value
    path = tmp_path / "taxonomy.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_a_file_of_ones_own_adds_a_family(tmp_path: Path) -> None:
    barrier = {
        "fr": "glissières",
        "en": "barriers",
        "form": "ground",
        "reach_m": 20,
        "gate_m": {"along": 3.0, "across": 1.0},
        "frames": {"least": 2, "sure_with_fewer": 0.5},
        "symbol": {"shape": "diamond", "fill": "#112233"},
    }
    code = {"family": "barrier", "unit": "m", "fr": "glissière", "en": "barrier"}
    path = written(
        tmp_path, families__barrier=barrier, codes__GLI=code, classes__guardrail={"code": "GLI"}
    )
    own = load_taxonomy(path)
    assert own.model_class("guardrail").family == "barrier"
    assert own.of_form("ground") == ("barrier", "marking", "pavement")
    assert own.sha256 != TAXONOMY.sha256 == load_taxonomy().sha256


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"families__sign__form": "flying"}, "families.sign.form"),
        ({"families__sign__usual_height_m": {}}, "usual_height_m with an entry `other`"),
        ({"families__sign__colour": "red"}, "families.sign.colour"),
        ({"families__dumping__stretches": {"gap_m": 1, "across_m": 1, "kinds": {}}}, "stretches"),
        ({"families__pavement__stretches__narrow": ["XX"]}, "names no kind: XX"),
        ({"families__pavement__frames__once": ["dumping"]}, "names dumping, which is no code"),
        ({"codes__NDP__family": "road"}, "the code NDP is of no known family: road"),
        ({"classes__pothole": {"code": "XYZ"}}, "leads to no known code: XYZ"),
        ({"classes__D40": {"same_as": "hole"}}, "same as hole"),
        ({"classes__rubble__attributes": {"smell": "bad"}}, "tells smell"),
        ({"signs__family": "panel"}, "signs are of no known family: panel"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(ConfigurationError) as raised:
        load_taxonomy(path)
    assert reason in str(raised.value) and raised.value.path == str(path)


def test_tables_of_families_are_declared_and_hold_what_their_classes_tell() -> None:
    for family in TAXONOMY.families.values():
        if family.attributes is not None:
            assert set(family.attributes.columns) < set(TABLES[family.attributes.table].names)


def test_the_module_is_light() -> None:
    heavy = "{'numpy', 'pandas', 'geopandas', 'cv2', 'openvino', 'torch'}"
    code = f"import sys, voirie.taxonomy; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("width_m", "from_axis_m", "code"),
    [
        (3.5, 1.25, "FLB"),
        (2.8, 1.25, "FLH"),
        (2.8, -1.25, "FLH"),
        (2.8, 1.0, "FLB"),
        (2.8, 0.3, "FLH"),
    ],
)
def test_the_joint_and_the_edge_of_a_narrow_lane_are_no_wheel_path(
    width_m: float, from_axis_m: float, code: str
) -> None:
    where, half_lane = np.array([from_axis_m]), np.array([width_m / 2])
    assert TAXONOMY.codes_at(["longitudinal_crack"], where, half_lane) == ([code], [None])
