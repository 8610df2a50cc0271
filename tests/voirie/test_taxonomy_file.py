"""What a taxonomy may say: a mistake is named with its file before anything reads it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voirie.errors import ConfigurationError
from voirie.taxonomy_file import ClassEntry, parse_taxonomy, resolved

SHIPPED: dict[str, Any] = yaml.safe_load(
    resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
)


def _strange_family(data: dict[str, Any]) -> None:
    data["codes"]["NDP"]["family"] = "rails"


def _strange_signs(data: dict[str, Any]) -> None:
    data["signs"]["family"] = "rails"


def _code_of_another(data: dict[str, Any]) -> None:
    data["families"]["sign"]["frames"]["once"] = ["NDP"]


def _class_without_code(data: dict[str, Any]) -> None:
    data["classes"]["pothole"] = {"code": "XYZ"}


def _class_in_circles(data: dict[str, Any]) -> None:
    data["classes"]["a"], data["classes"]["b"] = {"same_as": "b"}, {"same_as": "a"}


def _class_of_two_minds(data: dict[str, Any]) -> None:
    data["classes"]["a"] = {"code": "NDP", "same_as": "pothole"}


def _half_a_wheel_path(data: dict[str, Any]) -> None:
    data["classes"]["a"] = {"code": "FLB", "outside": "FLH"}


def _attribute_of_no_table(data: dict[str, Any]) -> None:
    data["classes"]["a"] = {"code": "NDP", "attributes": {"depth": "deep"}}


def _sign_of_no_family(data: dict[str, Any]) -> None:
    data["signs"]["classes"]["a"] = {"family": "Z"}


def _attributes(table: str, **columns: str | None) -> Callable[[dict[str, Any]], None]:
    def spoil(data: dict[str, Any]) -> None:
        data["families"]["dumping"]["attributes"] = {"table": table, "columns": columns}

    return spoil


def _strange_attribute(data: dict[str, Any]) -> None:
    data["families"]["dumping"]["attributes"]["columns"]["colour"] = "red"


def _attribute_that_is_not_allowed(data: dict[str, Any]) -> None:
    data["families"]["dumping"]["attributes"]["columns"]["status"] = "gone"


def _attribute_without_a_value(data: dict[str, Any]) -> None:
    data["families"]["dumping"]["attributes"]["columns"]["kind"] = None


def _attribute_missing(data: dict[str, Any]) -> None:
    del data["families"]["dumping"]["attributes"]["columns"]["status"]


def _words_for_a_number(data: dict[str, Any]) -> None:
    data["families"]["sign"]["attributes"]["columns"]["height_m"] = "high"


def _family_without_a_name(data: dict[str, Any]) -> None:
    data["families"]["dumping"]["fr"] = ""


def _code_without_a_name(data: dict[str, Any]) -> None:
    data["codes"]["NDP"]["en"] = " "


def _sign_of_two_minds(data: dict[str, Any]) -> None:
    data["signs"]["classes"]["a"] = {"official": "AB4", "family": "AB"}


def _unknown_key(data: dict[str, Any]) -> None:
    data["colours"] = {}


def test_the_shipped_file_is_right() -> None:
    file = parse_taxonomy(SHIPPED)
    assert set(file.families) == set(SHIPPED["families"])
    assert file.wheel_path_m.nearest < file.wheel_path_m.farthest


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_strange_family, "the code NDP is of no known family: rails"),
        (_strange_signs, "signs are of no known family: rails"),
        (_code_of_another, "the family sign names NDP, which is no code of it"),
        (_class_without_code, "the class pothole leads to no known code: XYZ"),
        (_class_in_circles, "the class a is the same as b, which has no code"),
        (_class_of_two_minds, "a class has either a code or same_as"),
        (_half_a_wheel_path, "outside and unknown go together"),
        (_attribute_of_no_table, "the class a tells depth, which its family has not"),
        (_sign_of_no_family, "the sign a is of no known family: Z"),
        (_sign_of_two_minds, "a sign has one of official, family and same_as"),
        (_unknown_key, "colours"),
        (_attributes("findings"), "its attributes in findings, which is none of signs, dumping"),
        (_attributes("certificate"), "its attributes in certificate, which is none of"),
        (_attributes("../../x"), r"its attributes in \.\./\.\./x, which is none of"),
        (_attributes("zzz"), "its attributes in zzz, which is none of"),
        (_attributes("dumping", finding_id="a"), "has the attribute finding_id"),
        (_strange_attribute, "has the attribute colour, which the table dumping has not"),
        (_attribute_that_is_not_allowed, "status = gone, which is not one of proposed, rep"),
        (_attribute_without_a_value, "needs a value for kind, which may not be NULL in dumping"),
        (_attribute_missing, "needs a value for status"),
        (_words_for_a_number, "gives words for height_m, which is a float in signs"),
        (_family_without_a_name, "families.dumping.fr"),
        (_code_without_a_name, "codes.NDP.en"),
    ],
)
def test_a_mistake_is_named(spoil: Callable[[dict[str, Any]], None], words: str) -> None:
    data = copy.deepcopy(SHIPPED)
    spoil(data)
    with pytest.raises(ConfigurationError, match=words) as refused:
        parse_taxonomy(data, Path("own.yaml"))
    assert refused.value.path == "own.yaml"
    assert refused.value.remedy == "correct it after the shipped voirie/taxonomy.yaml"


@given(st.dictionaries(st.text("abcdef", min_size=1), st.sampled_from(["NDP", "FTR"]), min_size=1))
def test_another_name_means_what_the_first_means(codes: dict[str, str]) -> None:
    first = {name: ClassEntry(code=code) for name, code in codes.items()}
    second = {name.upper(): ClassEntry(same_as=name) for name in codes}
    found = resolved(first | second)
    assert {name: entry.code for name, entry in found.items() if name.islower()} == codes
    assert all(found[name.upper()] == found[name] for name in codes)
