"""The strips: cut, scaled and filled."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.publish.drawings import strip_svg
from inspection.publish.report.facts import Facts
from tests.inspection.publish.drawings.reading import titles
from voirie.wording import Wording

FR = Wording("fr")


def test_strips_cover_each_route_once(facts: Facts) -> None:
    ranges = facts.route_ranges
    pieces = strip_svg.stretches(ranges)
    for route, (start, end) in ranges.items():
        own = [piece for piece in pieces if piece.route == route]
        assert own[0].from_m == start and own[-1].to_m == end
        assert all(a.to_m == b.from_m for a, b in pairwise(own))


@settings(max_examples=30)
@given(st.lists(st.floats(30, 200_000), min_size=1, max_size=60))
def test_strips_are_never_too_many_nor_too_wide(lengths: list[float]) -> None:
    ranges = {("x", "031", f"D{k}", "U"): (0.0, length) for k, length in enumerate(lengths)}
    pieces = strip_svg.stretches(ranges)
    assert 1 <= len(pieces) <= strip_svg.MOST_STRIPS
    assert all(piece.x(piece.to_m) <= strip_svg.GUTTER + strip_svg.PLOT + 1e-6 for piece in pieces)


def test_works_on_a_road_that_nobody_saw_are_hatched_and_called_so(facts: Facts) -> None:
    bundle = facts.bundle
    works = bundle.works[bundle.works["assumed"]]
    for assumed in (True, False):
        tables = strip_svg.StripTables.of(
            facts.places,
            bundle.findings,
            bundle.coverage,
            works.assign(assumed=assumed),
            ["Reprise"],
            bundle.taxonomy,
        )
        (piece,) = [p for p in strip_svg.stretches(facts.route_ranges) if p.route[2] == "D108"]
        (row,) = strip_svg._works(piece, tables, FR)
        assert (strip_svg.svg.HATCH in row[2]) == assumed
        assert ("(supposé)" in row[2]) == assumed


def test_a_strip_shows_class_defects_gaps_and_works(facts: Facts) -> None:
    bundle = facts.bundle
    order = bundle.scenarios["scenario"].tolist()
    tables = strip_svg.StripTables.of(
        facts.places, bundle.findings, bundle.coverage, bundle.works, order, bundle.taxonomy
    )
    (piece,) = [p for p in strip_svg.stretches(facts.route_ranges) if p.route[2] == "D108"]
    drawing = strip_svg.draw_strip(piece, tables, FR)
    told = " | ".join(titles(drawing))
    assert "non vu (chaussée cachée par la circulation)" in told
    assert "BBSG 20" in told and "gravité 3" in told and "mauvais état" in told
