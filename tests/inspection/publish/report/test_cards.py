"""The cards of the worst sections against the tables."""

from __future__ import annotations

from inspection.publish.report.cards import cards_of
from inspection.publish.report.facts import Facts
from inspection.publish.report.pictures import Album
from voirie.catalogue.scheme import load_scheme
from voirie.wording import ENGLISH, FRENCH


def test_a_work_that_comes_again_stands_once_with_its_years(facts: Facts) -> None:
    cards = cards_of(facts, Album(facts.bundle), FRENCH, load_scheme())
    works = facts.bundle.works
    for card in cards:
        own = works[works["section_id"] == card.row.section_id]
        assert sum(len(planned.years) for planned in card.works) == len(own)
        assert len(card.works) == len(own.groupby(["scenario", "treatment", "cost_eur"]))
    assert any(card.works for card in cards)


def test_scenarios_are_called_by_their_name_in_the_language(facts: Facts) -> None:
    english = cards_of(facts, Album(facts.bundle), ENGLISH, load_scheme())
    names = {planned.scenario for card in english for planned in card.works}
    assert names and names <= set(facts.bundle.scenarios["scenario_en"])
    assert names.isdisjoint(facts.bundle.scenarios["scenario"])
