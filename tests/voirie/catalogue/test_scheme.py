"""The rating scheme: its published weights, and each way a changed file can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from voirie.catalogue.scheme import load_scheme, note_of, parse_scheme
from voirie.errors import ConfigurationError
from voirie.taxonomy import load_taxonomy


def data() -> dict[str, Any]:
    return load_scheme().model_dump()


@pytest.mark.parametrize(
    ("code", "weights"),
    [
        ("FAI", (0.4, 0.8, 1.2)),
        ("NDP", (0.4, 0.8, 1.2)),
        ("AFF", (0.4, 0.8, 1.2)),
        ("ORN", (0.3, 0.7, 1.1)),
        ("REM", (0.4, 0.7, 1.0)),
        ("FLB", (0.2, 0.4, 0.7)),
        ("REP", (0.1, 0.2, 0.4)),
        ("FAH", (0.3, 0.5, 0.8)),
        ("PEL", (0.4, 0.7, 1.0)),
        ("ARR", (0.2, 0.5, 0.8)),
        ("FTR", (0.15, 0.3, 0.5)),
        ("RES", (0.1, 0.3, 0.5)),
        ("BOR", (0.1, 0.3, 0.5)),
        ("FLH", (0.1, 0.2, 0.4)),
        ("PON", (0.05, 0.05, 0.05)),
    ],
)
def test_weights(code: str, weights: tuple[float, ...]) -> None:
    scheme = load_scheme()
    assert tuple(scheme.weight(code, g) for g in (1, 2, 3)) == weights


def test_sets() -> None:
    weights = load_scheme().weights
    assert set(weights["structure"]) == {"FAI", "NDP", "AFF", "ORN", "REM", "FLB", "REP"}
    assert set(weights["surface"]) == {"FAH", "PEL", "ARR", "FTR", "RES", "BOR", "FLH", "PON"}


def test_unknown_code_has_no_weight() -> None:
    with pytest.raises(KeyError):
        load_scheme().weight("FLx", 1)


@pytest.mark.parametrize(("d", "note"), [(0, 20), (11.25, 17.75), (27.5, 14.5), (100, 0), (240, 0)])
def test_note(d: float, note: float) -> None:
    assert note_of(d) == pytest.approx(note)


def _twice(d: dict[str, Any]) -> None:
    d["weights"]["surface"]["FAI"] = (0.1, 0.2, 0.3)


def _falling(d: dict[str, Any]) -> None:
    d["weights"]["surface"]["FLH"] = (0.4, 0.2, 0.1)


def _stranger(d: dict[str, Any]) -> None:
    d["influence_m"]["XXX"] = 5.0


def _no_cure(d: dict[str, Any]) -> None:
    del d["estate"]["cures"]["FAI"]


def _half(d: dict[str, Any]) -> None:
    d["weights"] = {"structure": d["weights"]["structure"]}


def _misspelt(d: dict[str, Any]) -> None:
    d["min_coverage"] = 80


def _order(d: dict[str, Any]) -> None:
    d["ideg"]["upper_pct"] = (2.5, 12.5, 7.5, 25.0)


def _long(d: dict[str, Any]) -> None:
    d["sections"]["shortest_m"] = 250.0


def _no_width(d: dict[str, Any]) -> None:
    d["sections"]["assumed_width_m"] = {1: 6.5}


def _ungraded(d: dict[str, Any]) -> None:
    del d["assumed_severity"]["FLH"]


def _graded_stranger(d: dict[str, Any]) -> None:
    d["severity"]["XXX"] = d["severity"]["NDP"]


def _no_bounds(d: dict[str, Any]) -> None:
    del d["severity"]


def _bounds(*bounds: float) -> Callable[[dict[str, Any]], None]:
    def spoil(d: dict[str, Any]) -> None:
        d["severity"]["NDP"]["bounds"] = bounds

    return spoil


def _quantity(d: dict[str, Any]) -> None:
    d["severity"]["NDP"]["quantity"] = "pixels"


def _cure_by_severity(d: dict[str, Any]) -> None:
    d["estate"]["cures"]["PON"] = ("none", "seal", "seal")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_twice, "both sets"),
        (_falling, "weights of FLH fall"),
        (_stranger, "XXX has no weight"),
        (_no_cure, "estate.cures"),
        (_half, "structure and surface"),
        (_misspelt, "min_coverage"),
        (_order, "must rise"),
        (_long, "shortest_m"),
        (_no_width, "category 0"),
        (_ungraded, "severity must name FLH"),
        (_cure_by_severity, "severity must name PON"),
        (_graded_stranger, "XXX has no weight"),
        (_no_bounds, r"at severity \("),
        (_bounds(0.45, 0.20), r"severity\.NDP\.bounds .*exceed"),
        (_bounds(0.20, 0.20), r"severity\.NDP\.bounds .*exceed"),
        (_bounds(0.0, 0.20), r"severity\.NDP\.bounds\.0 .*greater than 0"),
        (_bounds(0.20, float("inf")), r"severity\.NDP\.bounds\.1 .*finite"),
        (_bounds(0.20), r"severity\.NDP\.bounds"),
        (_quantity, r"severity\.NDP\.quantity"),
    ],
)
def test_refused(spoil: Callable[[dict[str, Any]], None], says: str) -> None:
    wrong = data()
    spoil(wrong)
    with pytest.raises(ConfigurationError, match=says):
        parse_scheme(wrong)


def test_a_wrong_bound_is_told_with_file_key_and_remedy(tmp_path: Path) -> None:
    wrong = yaml.safe_load(load_scheme().model_dump_json())
    wrong["severity"]["NDP"]["bounds"] = [-0.2, 0.45]
    path = tmp_path / "scheme.yaml"
    path.write_text(yaml.safe_dump(wrong))
    with pytest.raises(ConfigurationError) as caught:
        load_scheme(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: the rating scheme is wrong at severity.NDP.bounds.0 (")
    assert text.endswith("; correct it after the shipped voirie/catalogue/scheme.yaml.")


def test_every_change_changes_the_hash_and_a_comment_does_not(tmp_path: Path) -> None:
    shipped = load_scheme()
    path = tmp_path / "scheme.yaml"
    text = yaml.safe_dump(yaml.safe_load(shipped.model_dump_json()), sort_keys=False)
    path.write_text(f"# ours\n{text}")
    assert load_scheme(path).sha256 == shipped.sha256
    bound, weight, version = data(), data(), data() | {"version": "own-1"}
    bound["severity"]["NDP"]["bounds"] = (0.20, 0.46)
    weight["weights"]["structure"]["NDP"] = (0.4, 0.8, 1.3)
    hashes = {parse_scheme(own).sha256 for own in (bound, weight, version)}
    assert len(hashes | {shipped.sha256}) == 4


def test_a_body_has_its_own_file(tmp_path: Path) -> None:
    own = data() | {"version": "cd31-2027", "min_coverage_pct": 70.0}
    path = tmp_path / "scheme.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(parse_scheme(own).model_dump_json())))
    found = load_scheme(path)
    assert (found.version, found.min_coverage_pct) == ("cd31-2027", 70.0)
    assert found.weights == load_scheme().weights


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "version: 3"])
def test_bad_files_are_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_scheme(path)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not there: no such file"):
        load_scheme(tmp_path / "none.yaml")


def test_the_taxonomy_of_a_survey_says_what_a_scheme_must_grade(tmp_path: Path) -> None:
    text = resources.files("voirie").joinpath("taxonomy.yaml").read_text("utf-8")
    without = yaml.safe_load(text)
    without["classes"]["stain"] = {"code": "RES"}
    path = tmp_path / "taxonomy.yaml"
    path.write_text(yaml.safe_dump(without), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="severity must name RES"):
        load_scheme(None, load_taxonomy(path))
    unrated = yaml.safe_load(text)
    unrated["codes"]["PEL"]["family"] = "marking"
    path.write_text(yaml.safe_dump(unrated), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="PEL, which is no rated code of the taxonomy"):
        load_scheme(None, load_taxonomy(path))


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e300])
def test_a_weight_is_a_finite_number(weight: float) -> None:
    data = load_scheme().model_dump(mode="json")
    data["influence_m"]["NDP"] = weight
    with pytest.raises(ConfigurationError, match=r"influence_m\.NDP"):
        parse_scheme(data)
