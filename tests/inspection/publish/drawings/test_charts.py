"""The charts: bars add up, curves keep their names apart."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.publish.drawings import charts
from inspection.publish.report.facts import Facts
from tests.inspection.publish.drawings.reading import titles
from voirie.catalogue.treatments import load_treatments
from voirie.wording import Wording

FR = Wording("fr")


def test_curves_of_eleven_scenarios_are_named_without_overlap(facts: Facts) -> None:
    years = facts.bundle.plan_years
    base = years[years["scenario"] == "Équilibre"]
    order = [f"#{k:02d}" for k in range(1, 12)]
    many = pd.concat(
        [base.assign(scenario=name, note=base["note"] + k * 0.001) for k, name in enumerate(order)]
    )
    drawing = charts.note_curves(many, order, load_treatments().thresholds, FR)
    nodes = [n for n in ElementTree.fromstring(drawing).iter("text") if "#" in (n.text or "")]
    tops = sorted(float(node.get("y", "0")) for node in nodes)
    assert len(tops) == 11
    assert all(b - a >= charts.LABEL_GAP - 0.2 for a, b in pairwise(tops))


def test_curves_of_a_flat_plan(facts: Facts) -> None:
    years = facts.bundle.plan_years.assign(note=20.0, note_seen=20.0)
    assert "seuil" not in charts.note_curves(years, ["Reprise"], load_treatments().thresholds, FR)


def test_the_bar_of_classes_is_as_long_as_their_shares() -> None:
    shares = {"BE": 50.0, "EM": 25.0, "ME": 0.0, "nd": 25.0}
    bar = ElementTree.fromstring(charts.class_bar(shares, FR))
    widths = [float(node.get("width", "0")) for node in bar.iter("rect")]
    assert widths == pytest.approx([charts.WIDTH * s / 100 - 1.5 for s in (50, 25, 25)], abs=0.1)


@given(st.floats(0, 20), st.floats(0, 3), st.floats(0, 3))
def test_a_note_stands_inside_its_interval(note: float, under: float, over: float) -> None:
    low, high = max(0.0, note - under), min(20.0, note + over)
    drawn = ElementTree.fromstring(charts.range_bar(low, note, high, "BE"))
    interval, mark = (node for node in drawn.iter("rect"))
    left, middle = float(interval.get("x", "0")), float(mark.get("x", "0")) + 1.5
    assert left - 0.2 <= middle <= left + float(interval.get("width", "0")) + 0.2


def test_each_year_of_an_envelope_says_what_it_spends(facts: Facts) -> None:
    years = facts.bundle.plan_years
    told = titles(charts.envelope_bars(years, "Reprise", 40_000.0, FR))[1:]
    assert [text[:4] for text in told] == [str(year) for year in range(2027, 2042)]
    rows = years[years["scenario"] == "Reprise"].sort_values("year").iloc[1:]
    for text, row in zip(told, rows.itertuples(), strict=True):
        assert FR.euro(row.spend_investment_eur) in text and FR.euro(38e3) in text
        assert ("état est supposé" in text) == (row.spend_assumed_eur > 0)
    assert (rows["spend_assumed_eur"] > 0).any()


def test_what_is_spent_on_roads_that_nobody_saw_is_hatched(facts: Facts) -> None:
    years = facts.bundle.plan_years
    drawing = charts.envelope_bars(years, "Reprise", 40_000.0, FR)
    own = years[years["scenario"] == "Reprise"]
    parts = ["spend_investment_assumed_eur", "spend_operation_assumed_eur"]
    assert drawing.count("#hatch-over") == int((own[parts] > 0).sum().sum()) > 0
    seen = years.assign(**dict.fromkeys((*parts, "spend_assumed_eur"), 0.0))
    assert "#hatch-over" not in charts.envelope_bars(seen, "Reprise", 40_000.0, FR)


def test_the_curve_of_what_was_seen_stands_beside_that_of_all(facts: Facts) -> None:
    years, limits = facts.bundle.plan_years, load_treatments().thresholds
    both = charts.note_curves(years, ["Reprise"], limits, FR)
    assert "Reprise, sections vues" in titles(both)
    alone = charts.note_curves(years.assign(note_seen=years["note"]), ["Reprise"], limits, FR)
    assert "Reprise, sections vues" not in titles(alone)
