"""A figure that stands in several places is the same in each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from gis.exports.geopackage import write_gpkg
from inspection.commands.explain import explain_command
from inspection.pipeline.sheet import coverage_of_run
from inspection.publish.csv_files import french_form, write_m3, write_plan
from inspection.publish.report.facts import Facts
from inspection.publish.report.page import write_report
from voirie.folder import SurveyFolder
from voirie.wording import FRENCH


@pytest.fixture(scope="module")
def french(made: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The French page."""
    path = write_report(made, tmp_path_factory.mktemp("same") / "report.html", "fr")
    return re.sub("[\\u00a0\\u202f]", " ", path.read_text("utf-8"))


def plain(text: str) -> str:
    """The text with common blanks."""
    return re.sub("[\u00a0\u202f]", " ", text)


def test_the_note_of_a_section_and_its_interval(
    made: Path,
    facts: Facts,
    french: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    package = pyogrio.read_dataframe(
        write_gpkg(made / "tables", tmp_path / "s.gpkg"), layer="sections", read_geometry=False
    ).set_index("section_id")
    open_form = write_m3(made, tmp_path / "m3.csv")
    m3 = pd.read_csv(open_form).drop_duplicates("id_section").set_index("id_section")
    excel = pd.read_csv(french_form(open_form), sep=";", decimal=",")
    excel = excel.drop_duplicates("id_section").set_index("id_section")
    for row in facts.worst(3):
        stored = (row.note_globale, row.note_globale_low, row.note_globale_high)
        names = ("note_globale", "note_globale_low", "note_globale_high")
        assert tuple(package.loc[row.section_id, list(names)]) == pytest.approx(stored)
        printed = ["note_section", "note_section_bas", "note_section_haut"]
        for table in (m3, excel):
            assert tuple(table.loc[row.section_id, printed]) == pytest.approx(stored, abs=0.051)
        note, low, high = (FRENCH.number(value, 2) for value in stored)
        explain_command(row.section_id, made, lang="fr")
        told = f"Note globale de la section : {note} (entre {low} et {high})."
        assert told in plain(capsys.readouterr().out) and told in french
        span = plain(FRENCH.span(row.note_globale_low, row.note_globale_high))
        assert french.count(f"({span})") >= 1


def test_how_much_was_seen(made: Path, facts: Facts, french: str) -> None:
    sheet = coverage_of_run(SurveyFolder(made))
    assert sheet.pct == pytest.approx(facts.surveyed.pct, abs=0.051)
    assert sheet.surveyed_m == pytest.approx(facts.surveyed.surveyed_m, abs=0.051)
    assert plain(FRENCH.percent(facts.surveyed.pct)) in french


def test_a_section_seen_one_way_says_so(facts: Facts, french: str) -> None:
    one_way = facts.bundle.sections["sens_releves"] == 1
    assert one_way.any()
    assert french.count("un seul sens") >= int(one_way.sum())


def test_the_two_means_stand_together_with_their_reason(facts: Facts, french: str) -> None:
    """The mean of what was surveyed and the one that the plan starts from are two figures."""
    seen = FRENCH.number(facts.mean_note(), 2)
    start = FRENCH.number(facts.bundle.scenarios["note_start"].iloc[0], 2)
    assert f"Ces calculs partent de {start} et non de {seen}" in french
    assert f"Les sections relevées ont une moyenne de {seen}" in french


def test_the_comparison_of_the_scenarios(
    made: Path, facts: Facts, french: str, tmp_path: Path
) -> None:
    plan = pd.read_csv(write_plan(made / "tables", tmp_path / "plan.csv"))
    for row, stored in zip(plan.itertuples(), facts.bundle.scenarios.itertuples(), strict=True):
        assert row.total_eur == pytest.approx(stored.total_eur, abs=0.51)
        assert row.note_end == pytest.approx(stored.note_end, abs=0.0051)
        assert french.count(plain(FRENCH.euro(stored.total_eur))) >= 2
        assert french.count(FRENCH.number(stored.note_end, 2)) >= 2
