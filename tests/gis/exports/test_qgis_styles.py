"""Styles for QGIS: read as XML, against the classes and the taxonomy."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np
import pytest

from bench.class_colours import EYES, gap
from gis.exports.qgis_styles import (
    CLASS_COLOUR,
    finding_style,
    lane_style,
    layer_styles,
    section_style,
    work_style,
    year_style,
)
from gis.scoring.notes import classes
from voirie.catalogue.treatments import load_treatments
from voirie.taxonomy import load_taxonomy


def read(style: str) -> tuple[str, dict[str, str], dict[str, dict[str, str]]]:
    """The column that parts the rows, label of each value, and options of its symbol."""
    renderer = ElementTree.fromstring(style).find("renderer-v2")
    assert renderer is not None
    symbols = {
        symbol.attrib["name"]: {
            option.attrib["name"]: option.attrib["value"]
            for option in symbol.iterfind("layer/Option/Option")
        }
        for symbol in renderer.iter("symbol")
    }
    rows = [category.attrib for category in renderer.iter("category")]
    assert len({row["value"] for row in rows}) == len(rows) == len(symbols)
    labels = {row["value"]: row["label"] for row in rows}
    return renderer.attrib["attr"], labels, {row["value"]: symbols[row["symbol"]] for row in rows}


def test_every_class_that_a_section_can_have_is_drawn() -> None:
    column, labels, symbols = read(section_style())
    notes = np.array([20.0, 15.0, 0.0, np.nan])
    assert column == "classe_etat"
    assert set(labels) == set(classes(notes, load_treatments().thresholds).tolist())
    assert labels["EM"] == "EM - état moyen"
    wide = [float(symbols[state]["line_width"]) for state in ("nd", "BE", "EM", "ME")]
    assert wide == sorted(set(wide))  # worse is wider
    assert {s for s in symbols if symbols[s]["line_style"] == "dash"} == {"nd"}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG."""
    share = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_classes_are_told_apart_in_a_grey_print() -> None:
    graded = [luminance(CLASS_COLOUR[state]) for state in ("ME", "BE", "EM")]
    for dark, light in itertools.pairwise(graded):
        assert (light + 0.05) / (dark + 0.05) > 1.5


def test_every_code_with_a_symbol_has_its_marker_and_all_others_one_together() -> None:
    taxonomy = load_taxonomy()
    column, labels, symbols = read(finding_style(taxonomy))
    assert column == "code"
    own = {code.code: code for code in taxonomy.codes.values() if code.symbol is not None}
    assert list(labels) == [*own, ""]
    for name, code in own.items():
        assert labels[name] == f"{name} - {code.label_fr}"
        assert code.symbol is not None
        assert symbols[name]["name"] == code.symbol.shape
    drawn = {(s["name"], s["color"]) for s in symbols.values()}
    assert len(drawn) == len(symbols), "two codes look alike"


def test_what_is_to_be_checked_is_hollow() -> None:
    qml = ElementTree.fromstring(finding_style(load_taxonomy()))
    doubted = (
        """coalesce("existence", 1) < 0.8 and coalesce("origin", '') not in """
        """('human', 'imported', 'edited') and coalesce("review_state", '') not in """
        """('confirmed', 'corrected')"""
    )
    told = [
        (one.attrib["name"], one.find("Option[@name='expression']"))
        for one in qml.iter("Option")
        if one.attrib.get("name") in {"fillColor", "outlineColor"}
    ]
    asked = {name: {one.attrib["value"] for k, one in told if k == name} for name, _ in told}
    assert all(one.startswith(f"if({doubted}, '#ffffff', '#") for one in asked["fillColor"])
    assert all(one.endswith(", '#ffffff')") for one in asked["outlineColor"])
    assert len(told) == 2 * len(list(qml.iter("symbol")))


def test_works_on_roads_that_nobody_saw_are_dashed() -> None:
    column, labels, symbols = read(work_style())
    assert column == """if("assumed", 'assumed', "envelope")"""
    assert labels["assumed"] == "état supposé, section non relevée"
    dashed = {value for value, look in symbols.items() if look["line_style"] == "dash"}
    assert dashed == {"assumed"}


def test_years_go_from_dark_to_light() -> None:
    column, labels, symbols = read(year_style(range(2027, 2042)))
    assert column == "year" and list(labels) == [str(year) for year in range(2027, 2042)]
    shades = []
    for year in labels:
        red, green, blue = (int(part) for part in symbols[year]["line_color"].split(",")[:3])
        shades.append(luminance(f"#{red:02x}{green:02x}{blue:02x}"))
    assert shades == sorted(set(shades))


def test_a_lane_is_drawn_on_the_side_that_it_is_driven_on() -> None:
    renderer = ElementTree.fromstring(lane_style())
    told = [
        one.attrib["value"] for one in renderer.iter("Option") if one.get("name") == "expression"
    ]
    assert len(told) == 4 and all("sens" in expression for expression in told)


@pytest.mark.parametrize("layer", sorted(set(layer_styles(load_taxonomy())) - {"passes"}))
def test_colours_are_written_as_qgis_reads_them(layer: str) -> None:
    _, _, symbols = read(layer_styles(load_taxonomy())[layer][1])
    for options in symbols.values():
        parts = options.get("color", options.get("line_color", "")).split(",")
        assert len(parts) == 4
        assert all(0 <= int(part) <= 255 for part in parts)


@pytest.mark.parametrize("eye", sorted(EYES))
def test_classes_are_told_apart_by_every_eye(eye: str) -> None:
    """The dashed line of nd is not told apart by its colour."""
    for one, other in itertools.combinations(("BE", "EM", "ME"), 2):
        assert gap(CLASS_COLOUR[one], CLASS_COLOUR[other], eye) > 20, (one, other)
