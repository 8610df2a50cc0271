"""The summary: plain words, and figures of the tables."""

from __future__ import annotations

import re

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.facts import Facts
from inspection.publish.report.summary import summary_sentences
from voirie.taxonomy import load_taxonomy
from voirie.wording import Wording

# Codes, classes and words of the trade or of the program that an elected member cannot know.
JARGON = {
    "BE", "EM", "ME", "nd", "NULL", "NaN", "None", "extent", "section_id", "frame", "confidence",
    "coverage", "scheme", "patrimoine", "abscisse", "chainage", "D", "HIGHS", "LP", "gap",
}  # fmt: skip


def told(facts: Facts, language: str) -> str:
    return " ".join(summary_sentences(facts, Wording(language)))  # type: ignore[arg-type]


@pytest.mark.parametrize("which", ["facts", "bare_facts"])
def test_the_french_summary_holds_no_jargon(which: str, request: pytest.FixtureRequest) -> None:
    text = told(request.getfixturevalue(which), "fr")
    words = set(re.findall(r"[\w]+", text))
    codes = {code for code in load_taxonomy().codes if code.isupper()}
    assert words & (JARGON | codes) == set()
    assert not re.search(r"[_{}<>]|\bnan\b", text)


def test_it_gives_the_mean_note_and_the_worst_section(facts: Facts) -> None:
    text, w = told(facts, "en"), Wording("en")
    assert f"mean score is {w.note(facts.mean_note())} out of 20" in text
    worst = min(facts.noted["note_globale"])
    assert f"{w.note(worst)} out of 20" in text
    assert "3 budgets were compared over 15 years" in text


def test_a_road_without_pr_is_told_in_metres_from_where_it_begins(facts: Facts) -> None:
    bundle = Bundle(facts.bundle.folder, facts.bundle.taxonomy)
    vars(bundle)["sections"] = bundle.sections.assign(plod="+", plof="+")
    of_road = Facts(bundle)
    assert re.search(r"entre [\d,]+\sk?m et [\d,]+\sk?m de son origine", told(of_road, "fr"))
    assert "du +" not in told(of_road, "fr")


def test_a_plan_that_falls_is_not_said_to_rise(facts: Facts) -> None:
    lines = facts.bundle.scenarios.set_index("scenario")
    text = told(facts, "en")
    for name, line in lines.iterrows():
        change = lines.loc[name, "note_end"] - lines.loc[name, "note_start"]
        verb = "holds" if abs(change) < 0.1 else "lifts" if change > 0 else "lets"
        assert re.search(rf"“{re.escape(line.scenario_en)}” \([^)]*\) {verb} the score", text)


def test_without_notes_and_plan_it_says_so(bare_facts: Facts) -> None:
    text = told(bare_facts, "en")
    assert "No score is given" in text and "No budget was simulated" in text
    assert "out of 20" not in text
