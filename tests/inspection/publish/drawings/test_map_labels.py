"""What is written on the map."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from inspection.publish.drawings.map_labels import draw_milestones, draw_plates, scale_bar
from inspection.publish.drawings.map_sheet import Labels, Sheet
from inspection.publish.report.facts import Facts
from tests.inspection.publish.drawings.reading import texts
from voirie.wording import Wording


@pytest.fixture
def sheet(facts: Facts) -> Sheet:
    """Sheet that holds every section."""
    west, south, east, north = facts.bundle.sections.total_bounds
    return Sheet.around((west, south, east, north))


def labels_of(sheet: Sheet) -> Labels:
    return Labels(sheet.height, np.zeros((0, 2)), [])


def test_each_route_has_one_plate_and_each_pr_one_name(facts: Facts, sheet: Sheet) -> None:
    lines, labels = facts.bundle.sections, labels_of(sheet)
    assert sorted(texts(draw_plates(lines, sheet, labels))) == ["D108", "D23"]
    named = texts(draw_milestones(lines, facts.places, sheet, labels))
    assert sorted(named) == ["DS", "PR 1", "PR 12", "PR 13"]


def test_a_pr_of_a_section_that_is_not_drawn_is_left_out(facts: Facts, sheet: Sheet) -> None:
    lines = facts.bundle.sections[facts.bundle.sections["route"] == "D23"]
    named = texts(draw_milestones(lines, facts.places, sheet, labels_of(sheet)))
    assert sorted(named) == ["DS", "PR 1"]


def test_a_scale_bar_is_as_long_as_it_says() -> None:
    sheet = Sheet.around((0.0, 0.0, 4000.0, 1000.0))
    bar = ElementTree.fromstring(scale_bar(sheet, Wording("en")))
    drawn = sum(float(node.get("width", "0")) for node in bar.iter("rect"))
    written = [node.text for node in bar.iter("text")]
    assert written == ["0", Wording("en").length(round(drawn / sheet.scale, -2))]
