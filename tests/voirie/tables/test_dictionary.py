"""The data dictionary is the one that the declarations give."""

from __future__ import annotations

from pathlib import Path

from voirie.tables import TABLES
from voirie.tables.dictionary import data_dictionary

WRITTEN = Path(__file__).resolve().parents[3] / "docs" / "data-dictionary.md"


def test_the_written_dictionary_is_up_to_date() -> None:
    remedy = "python -m voirie.tables.dictionary > docs/data-dictionary.md"
    assert WRITTEN.read_text("utf-8") == data_dictionary() + "\n", remedy


def test_it_tells_every_column_in_both_languages() -> None:
    text = data_dictionary()
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        for column in table:
            assert f"| `{column.name}` |" in text
            assert f"| {column.fr} | {column.en} |" in text
