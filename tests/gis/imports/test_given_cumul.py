"""Roads with a cumul of their own: kept, each metre once, parts where the line is broken."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gis.imports.faults import Fault
from gis.imports.given_cumul import keep_cumul
from tests.gis.imports.made_roads import roads, straight


def kept(*rows: dict[str, Any]) -> tuple[Any, list[str]]:
    faults: list[Fault] = []
    out = keep_cumul(roads(list(rows)), faults)
    return out, [fault.kind for fault in faults]


def row(low: float, high: float, **more: Any) -> dict[str, Any]:
    at = straight(high - low if high - low > 5 else 1000 * (high - low), low)
    return {"at": at, "cumul_from_m": low, "cumul_to_m": high, **more}


def test_a_cumul_stays_as_it_is() -> None:
    out, kinds = kept(row(500, 900), row(100, 500))
    assert out[["cumul_from_m", "cumul_to_m", "part"]].values.tolist() == [
        [100, 500, 1],
        [500, 900, 1],
    ]
    assert kinds == []


def test_kilometres_are_made_metres() -> None:
    out, kinds = kept(row(0.0, 1.25), row(1.25, 2.0))
    assert out["cumul_to_m"].tolist() == [1250.0, 2000.0] and kinds == ["kilometres"]


def test_of_two_that_count_the_same_metres_the_newest_keeps_them() -> None:
    out, kinds = kept(row(0, 600, made_on="2015"), row(400, 900, made_on="2023"))
    assert out[["cumul_from_m", "cumul_to_m"]].values.tolist() == [[0, 400], [400, 900]]
    assert kinds == ["overlap"]
    out, kinds = kept(row(100, 300, made_on="2015"), row(0, 900, made_on="2023"))
    assert len(out) == 1 and kinds == ["overlap"]


def test_the_metres_that_two_count_are_told() -> None:
    faults: list[Fault] = []
    keep_cumul(roads([row(0, 1000, made_on="2023"), row(900, 2000, made_on="2015")]), faults)
    assert (faults[0].told.values["low"], faults[0].told.values["high"]) == (900, 1000)


def test_a_stretch_written_from_its_far_end_has_its_pr_there() -> None:
    back = {**row(1000, 2000), "cumul_from_m": 2000, "cumul_to_m": 1000}
    out, _ = kept({**back, "plod": "12PR2", "absd": 0, "plof": "12PR1", "absf": 0})
    assert out[["plod", "plof"]].values.tolist() == [["12PR1", "12PR2"]]


def test_a_hole_begins_another_part() -> None:
    out, _ = kept(row(0, 400), row(700, 900))
    assert out["part"].tolist() == [1, 2]


def test_carriageways_count_the_same_metres() -> None:
    out, kinds = kept(row(0, 400, cote="D"), row(0, 400, cote="G"))
    assert len(out) == 2 and kinds == []


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20), st.integers(2000, 2030)), min_size=1,
             max_size=8)
)  # fmt: skip
def test_no_metre_is_counted_twice(pieces: list[tuple[int, int, int]]) -> None:
    rows = [row(20.0 * a, 20.0 * (a + n), made_on=str(year)) for a, n, year in pieces]
    out, _ = kept(*rows)
    low, high = out["cumul_from_m"].to_numpy(), out["cumul_to_m"].to_numpy()
    assert (high[:-1] <= low[1:] + 1.0).all() and (high > low).all()
