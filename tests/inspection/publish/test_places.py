"""PR and abscisse from the sections, and how the trade writes them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.places import (
    Milestone,
    Referencer,
    by_route,
    natural,
    route_name,
    section_named,
    section_span,
)
from inspection.publish.rows import FindingRow, SectionRow, rows_of
from voirie.errors import NotFound
from voirie.folder import SurveyFolder
from voirie.places import ROUTE_KEY
from voirie.wording import NONE, Wording

KEY = ("Département exemple", "031", "D108", "U")


@pytest.fixture
def places() -> Referencer:
    """Two sections of one route with a gap between them."""
    rows = pd.DataFrame(
        {
            "gestionnaire": KEY[0], "dep": KEY[1], "route": KEY[2], "cote": KEY[3],
            "plod": ["12", "13"], "absd": [0, 40], "plof": ["12", "13"], "absf": [200, 240],
            "cumul_from_m": [0.0, 1180.0], "cumul_to_m": [200.0, 1380.0],
        }
    )  # fmt: skip
    return Referencer(rows)


@pytest.mark.parametrize(
    ("cumul_m", "text"),
    [(0, "PR 12+0000"), (199.6, "PR 12+0200"), (1200, "PR 13+0060"), (600, "600 m from the start")],
)
def test_a_chainage_is_told_by_the_section_that_holds_it(
    places: Referencer, cumul_m: float, text: str
) -> None:
    assert places.at(KEY, cumul_m, Wording("en")) == text


def test_the_points_of_reference_follow_from_the_sections(places: Referencer) -> None:
    assert places.milestones(KEY) == [
        Milestone("PR 12", True, 0.0),
        Milestone("PR 13", True, 1140.0),
    ]
    assert places.milestones(("x", "031", "D9", "U")) == []


def sections_of(*roads: tuple[str, str]) -> pd.DataFrame:
    """Three sections of each road, the last two over a PR that is 1,040 m after PR 12."""
    from_m = [0.0, 900.0, 1100.0]
    part = {
        "gestionnaire": KEY[0], "dep": KEY[1], "plod": ["12", "12", "13"], "absd": [0, 900, 60],
        "plof": ["12", "13", "13"], "absf": [200, 60, 260],
        "cumul_from_m": from_m, "cumul_to_m": [200.0, 1100.0, 1300.0],
        "length_m": 200.0, "width_m": 6.0, "category": 3, "commune": None, "traffic": None,
        "note_structure": 17.0, "note_surface": 17.0, "note_globale": 17.0,
        "note_globale_low": 16.0, "note_globale_high": 18.0, "classe_etat": "EM",
        "class_uncertain": False,
        "coverage_pct": 100.0, "sens_releves": 2, "proposed_treatment": None,
        "proposed_cost_eur": 0.0, "assumed": False, "experimental": False,
    }  # fmt: skip
    ids = [f"s{k}" for k in range(len(from_m))]
    return pd.concat(
        [
            pd.DataFrame(part).assign(route=r, cote=c, section_id=[f"{r}{c}-{i}" for i in ids])
            for r, c in roads
        ],
        ignore_index=True,
    )


@pytest.mark.parametrize(
    ("text", "section_id"),
    [
        ("D108U-s1", "D108U-s1"),
        ("D108 PR 12+0000", "D108U-s0"),
        ("d108 12+150", "D108U-s0"),
        ("D108 PR 12+0900", "D108U-s1"),
        ("D108 PR 13+0000", "D108U-s1"),
        ("D108 PR 13+0060 (+)", "D108U-s2"),
        ("D108 PR 13+0260", "D108U-s2"),
        ("D9 D PR 12+150", "D9D-s0"),
    ],
)
def test_a_section_is_named_by_its_identifier_or_by_a_place_in_it(
    text: str, section_id: str
) -> None:
    sections = sections_of(("D108", "U"), ("D9", "D"), ("D9", "G"))
    assert section_named(text, sections).section_id == section_id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("D9 PR 12+150", "2 sections hold the place.*D9D-s0 .D9 D., D9G-s0 .D9 G."),
        ("D108 PR 12+0400", "no section holds.*column section_id of the layer sections"),
        ("D108 PR 40+0000", "no section holds.*a place: 'D752 PR 0.0060'"),
        ("81f0", "no section has the identifier '81f0'.*column section_id of the layer sections"),
    ],
)
def test_what_names_no_section_or_several_is_refused(text: str, said: str) -> None:
    sections = sections_of(("D108", "U"), ("D9", "D"), ("D9", "G"))
    with pytest.raises(NotFound, match=said):
        section_named(text, sections)


def test_a_row_without_a_place_has_none(places: Referencer) -> None:
    placed = FindingRow("f", "pavement", "FAI", 2, 0.7, *KEY, 60.0, None, False)
    assert places.place(placed, Wording("fr")) == "PR 12+0060"
    for lost in ({"route": None}, {"gestionnaire": None}, {"cumul_m": float("nan")}):
        assert places.place(placed._replace(**lost), Wording("fr")) == NONE


def test_routes_are_sorted_by_their_number_and_named_with_their_carriageway() -> None:
    routes = [("x", "031", name, "U") for name in ("D108", "D9", "A61")]
    assert [route[2] for route in sorted(routes, key=natural)] == ["A61", "D9", "D108"]
    assert route_name(("x", "031", "D9", "D")) == "D9 D" and route_name(routes[0]) == "D108"


def test_a_section_is_told_by_its_ends(made: Path) -> None:
    first = rows_of(Bundle(SurveyFolder(made)).sections, SectionRow)[0]
    assert section_span(first) == "DS+0000 → DS+0200"


def test_rows_are_told_apart_by_their_route(places: Referencer) -> None:
    rows = places.sections.assign(route=["D108", None])
    assert {key: len(part) for key, part in by_route(rows).items()} == {KEY: 1}


@pytest.mark.parametrize(
    "text",
    [
        "x\udcff",
        "",
        "9" * 9,
        "9" * 5000,
        "\0",
        "{0}",
        "%s",
        "PR 1+" + "9" * 5000,
        "PR " + "9" * 5000 + "+1",
    ],
)
def test_a_hostile_name_is_that_of_no_section(made: Path, text: str) -> None:
    with pytest.raises(NotFound) as refused:
        section_named(text, SurveyFolder(made).read("sections"))
    assert str(refused.value).isprintable() and len(str(refused.value)) < 2000


def test_in_a_section_across_a_pr_places_are_written_from_that_pr() -> None:
    key = dict(zip(ROUTE_KEY, KEY, strict=True))
    row = {**key, "plod": "31PR1", "absd": 900, "plof": "31PR2", "absf": 60}
    section = pd.DataFrame([{**row, "cumul_from_m": 900.0, "cumul_to_m": 1100.0}])
    referencer = Referencer(section)
    said = [referencer.at(KEY, at, Wording("en")) for at in (950.0, 1040.0, 1070.0)]
    assert said == ["PR 1+0950", "PR 2+0000", "PR 2+0030"]
