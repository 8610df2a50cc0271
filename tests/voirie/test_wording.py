"""Sentences, figures, dates and lists in both languages."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from voirie.wording import NONE, Wording

FR, EN = Wording("fr"), Wording("en")
ROOT = Path(__file__).resolve().parents[2]
FRENCH = Path("fr", "LC_MESSAGES", "voirie.po")


def _plain(text: str) -> str:
    """The text with common blanks, whichever unbreakable one a language wants."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _catalogue() -> Catalog:
    with (ROOT / "voirie" / "locale" / FRENCH).open("rb") as source:
        return read_po(source, locale="fr")


def _sentences() -> list[Message]:
    return [message for message in _catalogue() if message.id]


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (1234567.0, 0, "1 234 567", "1,234,567"),
        (12.345, 1, "12,3", "12.3"),
        (-0.04, 1, "0,0", "0.0"),
        (-3.26, 1, "−3,3", "−3.3"),
        (None, 1, NONE, NONE),
        (float("nan"), 0, NONE, NONE),
        (pd.NA, 0, NONE, NONE),
    ],
)
def test_numbers(value: float | None, digits: int, french: str, english: str) -> None:
    assert _plain(FR.number(value, digits)) == french
    assert EN.number(value, digits) == english


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_a_number_reads_back(value: float, digits: int) -> None:
    french = FR.number(value, digits).replace("−", "-").replace("\u202f", "").replace(",", ".")
    english = EN.number(value, digits).replace("−", "-").replace(",", "")
    assert float(french) == float(english)
    assert float(english) == pytest.approx(round(value, digits), abs=10**-digits)


@pytest.mark.parametrize(
    ("method", "value", "french", "english"),
    [
        ("percent", 12.4, "12 %", "12%"),
        ("euro", 1234.4, "1 234 €", "€1,234"),
        ("euro", -1234.4, "−1 234 €", "−€1,234"),
        ("money", 13_540_000.0, "13,5 millions d’euros", "13.5 million euros"),
        ("money", 1_240_000.0, "1,2 million d’euros", "1.2 million euros"),
        ("money", 38_444.0, "38 000 euros", "38,000 euros"),
        ("money", None, NONE, NONE),
        ("length", 820.0, "820 m", "820 m"),
        ("length", 1840.0, "1,8 km", "1.8 km"),
        ("length", float("nan"), NONE, NONE),
        ("duration", 3.21, "3,2 s", "3.2 s"),
        ("duration", 94.0, "1 min 34 s", "1 min 34 s"),
        ("duration", 3720.0, "1 h 02", "1 h 02"),
        ("day", pd.Timestamp("2026-03-01T10:00Z"), "1er mars 2026", "1 March 2026"),
        ("day", pd.Timestamp("2026-08-11T10:00Z"), "11 août 2026", "11 August 2026"),
        ("day", pd.NaT, NONE, NONE),
        ("listed", ["a", "b", "c"], "a, b et c", "a, b and c"),
        ("listed", ["a"], "a", "a"),
        ("listed", [], "", ""),
    ],
)
def test_measures(method: str, value: object, french: str, english: str) -> None:
    assert _plain(getattr(FR, method)(value)) == french
    assert _plain(getattr(EN, method)(value)) == english


@pytest.mark.parametrize(
    ("n", "french", "english"),
    [(0, "0 route", "0 roads"), (1, "1 route", "1 road"), (1200, "1 200 routes", "1,200 roads")],
)
def test_a_sentence_follows_how_many(n: int, french: str, english: str) -> None:
    assert _plain(FR.plural("{n} road", "{n} roads", n)) == french
    assert EN.plural("{n} road", "{n} roads", n) == english


def test_what_fills_markup_is_escaped() -> None:
    told = EN.html("Notes are <strong>best cases</strong>: {codes}", codes="<AFF> & BOR")
    assert told == "Notes are <strong>best cases</strong>: &lt;AFF&gt; &amp; BOR"


def test_the_catalogue_holds_what_the_code_says_and_nothing_else(tmp_path: Path) -> None:
    """`make texts` finds nothing to do."""
    copy = tmp_path / "locale"
    shutil.copytree(ROOT / "voirie" / "locale", copy)
    pybabel = str(Path(sys.executable).parent / "pybabel")
    told = subprocess.run(
        [str(ROOT / ".ci" / "texts"), str(copy)],
        env={**os.environ, "PYBABEL": pybabel},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    kept, made = (
        [
            line
            for line in (folder / FRENCH).read_text("utf-8").splitlines()
            if "Generated-By" not in line  # names the version of Babel at hand
        ]
        for folder in (ROOT / "voirie" / "locale", copy)
    )
    assert made == kept
    assert len(_sentences()) > 250


def test_every_sentence_is_translated_with_the_same_places() -> None:
    for message in _sentences():
        assert not message.fuzzy, message.id
        said = message.id if message.pluralizable else (message.id,)
        french = message.string if message.pluralizable else (message.string,)
        wanted = {frozenset(_places(text)) for text in said}
        assert {frozenset(_places(text)) for text in french} == wanted, message.id
        assert all(french), message.id


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_french_sentences_are_set_as_a_french_printer_sets_them() -> None:
    """Blanks that do not break before double signs and in guillemets; round apostrophes."""
    for message in _sentences():
        for text in message.string if message.pluralizable else (message.string,):
            assert not re.search(r" [;:!?»%€]|« |[^\s({] ?\"|'", text), text


def test_the_english_text_holds_no_french() -> None:
    for message in _sentences():
        for text in message.id if message.pluralizable else (message.id,):
            assert not re.search(r"\b(les|une|avec|tronçon)\b", text), text
