"""Figures of a survey against the tables they sum up."""

from __future__ import annotations

import math

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.facts import LEAST, Facts


def test_shares_of_classes_add_up_and_follow_the_area(facts: Facts) -> None:
    sections = facts.bundle.sections
    unseen = sections.loc[sections["classe_etat"] == "nd", "area_m2"].sum()
    assert sum(facts.shares_pct.values()) == pytest.approx(100)
    assert facts.shares_pct["nd"] == pytest.approx(100 * 340 / 1940)
    assert unseen == pytest.approx(5.8 * 340)


def test_a_wide_section_counts_more_in_the_mean(facts: Facts) -> None:
    two = facts.noted.head(2).assign(note_globale=[10.0, 20.0], area_m2=[300.0, 100.0])
    assert facts.mean_note(part=two) == pytest.approx(12.5)
    unknown = two.assign(area_m2=[float("nan"), 100.0], length_m=[100.0, 100.0])
    assert facts.mean_note(part=unknown) == pytest.approx(15.0)
    assert math.isnan(facts.mean_note(part=two.iloc[:0]))


def test_the_worst_come_first_and_are_never_padded_with_good_ones(facts: Facts) -> None:
    notes = [row.note_globale for row in facts.worst(50)]
    assert notes == sorted(notes)
    poor = int(facts.noted["classe_etat"].isin(["EM", "ME"]).sum())
    assert len(notes) == max(poor, LEAST) < len(facts.noted)
    assert [row.note_globale for row in facts.worst(1)] == notes[:1]


def test_codes_are_counted_once_and_the_most_frequent_comes_first(facts: Facts) -> None:
    rows = facts.codes("pavement")
    assert sum(row.count for row in rows) == facts.family_count("pavement")
    assert all(sum(row.by_severity) == row.count for row in rows)
    counts = [row.count for row in rows]
    assert counts == sorted(counts, reverse=True) and len(set(counts)) > 1


def test_the_network_stands_under_its_poles(facts: Facts) -> None:
    rows = facts.poles()
    assert [row.pole for row in rows] == ["Comminges", "Val d'Ariège", None]
    assert rows[-1].length_m == rows[0].length_m + rows[1].length_m == 1940
    assert rows[-1].notes[0] == pytest.approx(facts.mean_note())
    assert math.isnan(rows[0].notes[1])


def test_stills_without_notes_give_no_figure_instead_of_zero(bare_facts: Facts) -> None:
    assert not bare_facts.has_notes and not bare_facts.has_plan
    assert math.isnan(bare_facts.mean_note()) and math.isnan(bare_facts.first_need_eur())
    assert bare_facts.worst(5) == []


def test_routes_to_draw_are_those_with_most_damage(facts: Facts) -> None:
    poor = facts.bundle.sections[facts.bundle.sections["classe_etat"].isin(["EM", "ME"])]
    most = poor.groupby("route")["length_m"].sum().idxmax()
    assert [route[2] for route in facts.routes_to_draw(1)] == [most]
    assert [route[2] for route in facts.routes_to_draw(2)] == ["D23", "D108"]


def test_each_refusal_and_each_gap_has_its_reason(facts: Facts) -> None:
    assert facts.kept_frames + sum(facts.refusals.values()) == len(facts.bundle.frames)
    assert set(facts.refusals) == {"not sealed"}
    assert facts.gaps_m == {"hidden by traffic": 340.0}


def test_what_is_not_sure_enough_is_put_first_nowhere_and_counted_as_to_check(
    facts: Facts,
) -> None:
    findings = facts.bundle.findings
    bound = float(findings["existence"].median())
    half = Facts(facts.bundle, bound)
    assert 0 < len(half.to_check) < len(findings)
    assert (half.sure["existence"] >= bound).all()
    for family in findings["family"].unique():
        assert half.sure_count(family) + half.check_count(family) == half.family_count(family)
    rows = half.codes("pavement")
    assert sum(row.to_check for row in rows) == half.check_count("pavement")
    assert not Facts(facts.bundle, 0.0).to_check


def test_what_a_person_confirmed_needs_no_existence(facts: Facts) -> None:
    none = Facts(facts.bundle, 1.0)
    assert none.to_check
    bundle = Bundle(facts.bundle.folder, facts.bundle.taxonomy)
    bundle.__dict__["findings"] = facts.bundle.findings.assign(review_state="confirmed")
    assert not Facts(bundle, 1.0).to_check
