"""Clauses of errors in French: found again in the sentence that was raised."""

from __future__ import annotations

import re
import string

import pytest

from voirie.errors import ConfigurationError, DiskFull
from voirie.refusals import clause, sentence
from voirie.wording import refusals

KNOWN = refusals("fr")
FILLED = {text for text in KNOWN if any(name for _, name, _, _ in string.Formatter().parse(text))}


def test_clauses_are_many_and_none_waits_for_its_french() -> None:
    assert len(KNOWN) > 450 and all(KNOWN.values())


@pytest.mark.parametrize("template", sorted(FILLED))
def test_a_filled_clause_is_told_with_its_values(template: str) -> None:
    """Values that no clause looks like: each comes back, whatever template took the sentence."""
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    values = {name: f"X{k}y" for k, name in enumerate(names)}
    told = clause(template.format(**values), "fr")
    assert all(value in told for value in values.values())
    french = KNOWN[template]
    fixed = max((part for part, _, _, _ in string.Formatter().parse(french)), key=len)
    assert fixed.strip() in told


def test_a_value_that_is_a_clause_is_told_in_french_too() -> None:
    told = clause("the price list is wrong at tax (Field required)", "fr")
    assert told == "le bordereau de prix ne convient pas en tax (clé manquante)"
    told = clause("it cannot be written (permission denied)", "fr")
    assert told == "il ne peut être écrit (droits insuffisants)"


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Input should be less than or equal to 4", "il faut 4 au plus"),
        ("Input should be greater than or equal to 0", "il faut 0 au moins"),
        ("Input should be 'U', 'D' or 'G'", "il faut"),
        ("Input should be a valid dictionary or instance of Campaign", "il faut une table de clés"),
        ("Input should be a valid datetime or date, input is too short", "il faut une date"),
    ],
)
def test_a_bound_of_a_library_is_told_in_french(english: str, french: str) -> None:
    told = clause(english, "fr")
    assert told.startswith(french)
    assert not any(word in told for word in ("equal", "instance", "input"))


def test_the_longer_template_takes_the_sentence() -> None:
    assert clause("the layer axes is empty", "fr") == "la couche axes est vide"


def test_what_nobody_knows_is_told_as_it_is() -> None:
    assert clause("zzz qqq", "fr") == "zzz qqq"


def test_a_sentence_has_file_reason_and_remedy() -> None:
    error = DiskFull("the disk is full", "a b.jpg", "free some room and run the same command again")
    assert sentence(error, "en") == str(error)
    french = sentence(error, "fr")
    assert french == (
        "a b.jpg\u00a0: le disque est plein\u00a0; "
        "libérez de la place et relancez la même commande."
    )


@pytest.mark.parametrize("bad", ["a\nb", "a\x1b[2Jb", "7" * 5000, "{x}", "\ud800"])
def test_whatever_a_user_wrote_stays_one_short_line(bad: str) -> None:
    error = ConfigurationError(f"there is no command {bad!r}", bad, f"perhaps {bad!r}")
    told = sentence(error, "fr")
    assert told.isprintable() or re.fullmatch(r"[^\n\x1b]*", told)
    assert len(told) < 7000 and "\n" not in told


@pytest.mark.parametrize(
    ("note", "french"), [("790 placed", "790 placés"), ("9 of 15 with notes", "9 sur 15 avec")]
)
def test_notes_of_progress_are_told_in_french(note: str, french: str) -> None:
    assert french in clause(note, "fr")
