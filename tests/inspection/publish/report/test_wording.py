"""Figures and texts in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.publish.report.wording import LANGUAGES, NONE, THIN, Wording, catalogue, pr_text

FR, EN = Wording("fr"), Wording("en")
TEMPLATES = Path(__file__).parents[4] / "inspection" / "publish"


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
    assert FR.number(value, digits).replace(THIN, " ") == french
    assert EN.number(value, digits) == english


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_a_number_reads_back(value: float, digits: int) -> None:
    for wording, point in ((FR, ","), (EN, ".")):
        text = wording.number(value, digits).replace("−", "-").replace(THIN, "")
        plain = text.replace(".", "").replace(",", ".") if point == "," else text.replace(",", "")
        assert float(plain) == pytest.approx(round(value, digits), abs=10**-digits)


@pytest.mark.parametrize(
    ("method", "value", "french", "english"),
    [
        ("percent", 12.4, "12 %", "12%"),
        ("euro", 1234.4, "1 234 €", "€1,234"),
        ("money", 13_540_000.0, "13,5 millions d’euros", "13.5 million euros"),
        ("money", 38_444.0, "38 000 euros", "38,000 euros"),
        ("length", 820.0, "820 m", "820 m"),
        ("length", 1840.0, "1,8 km", "1.8 km"),
        ("duration", 3.21, "3,2 s", "3.2 s"),
        ("duration", 94.0, "1 min 34 s", "1 min 34 s"),
        ("duration", 3720.0, "1 h 02", "1 h 02"),
        ("day", pd.Timestamp("2026-03-01T10:00Z"), "1er mars 2026", "1 March 2026"),
        ("day", pd.NaT, NONE, NONE),
    ],
)
def test_measures(method: str, value: object, french: str, english: str) -> None:
    assert getattr(FR, method)(value).replace(THIN, " ") == french
    assert getattr(EN, method)(value).replace(THIN, " ") == english


@pytest.mark.parametrize(
    ("point", "abscissa", "text"),
    [
        ("12", 400, "PR 12+0400"),
        ("12", 1064, "PR 12+1064"),
        ("DS", 120, "DS+0120"),
        (None, 3, NONE),
    ],
)
def test_places(point: str | None, abscissa: int, text: str) -> None:
    assert pr_text(point, abscissa) == text


def test_every_text_exists_in_both_languages_with_the_same_places() -> None:
    for key, entry in catalogue().items():
        assert set(entry) == set(LANGUAGES), key
        places = [
            {name for _, name, _, _ in string.Formatter().parse(entry[language]) if name}
            for language in LANGUAGES
        ]
        assert places[0] == places[1], key
        assert all(entry.values()), key


def test_every_text_is_used_and_every_used_text_exists() -> None:
    sources = [*TEMPLATES.rglob("*.py"), *TEMPLATES.rglob("*.j2")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r"""(?:text|html)\(\s*["']([a-z_]+\.[A-Za-z_0-9]+)["'](?!\s*~)""", text))
    assert used <= set(catalogue())
    # Keys put together from a head or a tail: `text('class.' ~ code)`, `f"reason.{reason}"`.
    heads = set(re.findall(r"""["']([a-z]+\.[a-z_]*)["']\s*~""", text))
    heads |= set(re.findall(r"""f["']([a-z]+\.[a-z_]*)\{""", text))
    tails = set(re.findall(r"""~\s*["'](\.[a-z_]+)["']""", text))
    made = {k for k in catalogue() if k.startswith(tuple(heads)) or k.endswith(tuple(tails))}
    named = set(re.findall(r"""["']([a-z]+\.[A-Za-z_0-9 ]+)["']""", text))
    assert set(catalogue()) - made - named == set()


def test_the_english_text_holds_no_french_and_the_summary_no_jargon() -> None:
    for key, entry in catalogue().items():
        assert not re.search(r"\b(les|une|avec|tronçon)\b", entry["en"]), key
        if key.startswith("summary."):
            assert not re.search(r"\b(IA|AI|modèle|PR\b|barème|scheme|LPC|IQRN)\b", entry["fr"]), (
                key
            )
