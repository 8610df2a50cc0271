"""How positions are written and read: every form, round trip, refusals with their readings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.network.pr_text import PrText, parse_pr
from voirie.errors import ConfigurationError


@given(
    num=st.none() | st.integers(0, 999),
    metres=st.integers(0, 9999),
    route=st.none() | st.sampled_from(["D108", "N12", "D23-C", "GIR12", "D906E1"]),
    cote=st.none() | st.sampled_from(["D", "G"]),
    sens=st.none() | st.sampled_from(["+", "-"]),
)
def test_text_round_trip(num: Any, metres: int, route: Any, cote: Any, sens: Any) -> None:
    place = PrText(num, metres, route, None, cote if route or num is not None else None, sens)
    assert parse_pr(str(place)) == place
    assert parse_pr(place.short) == PrText(num, metres)


@pytest.mark.parametrize(
    ("plo", "abs_m", "text"),
    [
        ("12", 400, "PR 12+0400"),
        ("PR12", 1064, "PR 12+1064"),
        ("31PR12", 0, "PR 12+0000"),
        ("2APR3", 40, "PR 3+0040"),
        ("22PR1D", 7, "PR 1D+0007"),
        ("DS", 120, "DS+0120"),
        ("BORNE 7", 12_000, "BORNE 7+12000"),
    ],
)
def test_what_tables_keep_is_written_as_the_trade_does(plo: str, abs_m: int, text: str) -> None:
    assert str(PrText.after(plo, abs_m)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12+564", PrText(12, 564)),
        ("12+5", PrText(12, 5)),
        ("12+0564", PrText(12, 564)),
        ("12 + 1064", PrText(12, 1064)),
        ("12.564", PrText(12, 564)),
        ("12,564", PrText(12, 564)),
        ("PR12+564", PrText(12, 564)),
        ("pr 12 + 564", PrText(12, 564)),
        ("PR0+0", PrText(0, 0)),
        ("31PR12", PrText(12, 0, dep="31")),
        ("31PR12+40", PrText(12, 40, dep="31")),
        ("2APR3", PrText(3, 0, dep="2A")),
        ("22PR1D", PrText(1, 0, dep="22", cote="D")),
        ("71PR51I+150", PrText(51, 150, dep="71", cote="U")),
        ("D108 PR 12+0564 (+)", PrText(12, 564, route="D108", sens="+")),
        ("D108 PR 12+0564 (-)", PrText(12, 564, route="D108", sens="-")),
        ("N12 G PR 1+0000 (-)", PrText(1, 0, route="N12", cote="G", sens="-")),
        ("D23-C PR 2+10", PrText(2, 10, route="D23-C")),
        ("D 906E1 PR 34+500", PrText(34, 500, route="D906E1")),
        ("D108 DS+0120", PrText(None, 120, route="D108")),
        ("DS+7", PrText(None, 7)),
        ("D67 +1234", PrText(None, 1234, route="D67", other="+")),
        ("D67 G +5 (-)", PrText(None, 5, route="D67", cote="G", sens="-", other="+")),
    ],
)
def test_forms_that_are_read(text: str, expected: PrText) -> None:
    assert parse_pr(text) == expected
    assert str(parse_pr(str(expected))) == str(expected)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12.5", ["PR12+5 ", "PR12+500"]),
        ("12.56", ["PR12+56 ", "PR12+560"]),
        ("12.1064", ["PR12+1064", "PR12+106"]),
        ("12+10640", ["PR12+1064", "PR12+0640"]),
        ("12", ["PR12+0"]),
        ("DS.120", ["DS+120"]),
    ],
)
def test_doubtful_forms_are_refused_with_their_readings(text: str, readings: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_pr(text)
    for reading in readings:
        assert reading in f"{caught.value} "


@pytest.mark.parametrize(
    "text", ["", "PK 12", "PR", "D108", "12+", "+12", "12-564", "12+5.6", "PR-1+3", "+12"]
)
def test_what_is_no_position(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_pr(text)
