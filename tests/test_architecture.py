"""Documents that a newcomer reads are true to the code: drawing, tables, words, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.draw_architecture import TARGET, drawing
from voirie.stages import Stage
from voirie.tables import TABLES

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("weights/**/*.md")])
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != ".")
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")
MADE = ("out/", "runs/", "build/", "dist/")
HISTORY = {"CHANGELOG.md", "docs/decisions"}
"""Pages that tell of earlier times may name what has moved since."""


def table_rows(page: Path) -> list[list[str]]:
    lines = page.read_text("utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    return [row for row in rows if not set(row[0]) <= set("-|")]


def test_the_drawing_is_that_of_the_code() -> None:
    assert TARGET.read_text("utf-8") == drawing(), "run: python docs/draw_architecture.py"


def test_every_stage_and_every_table_is_told() -> None:
    rows = table_rows(ROOT / "docs" / "architecture.md")[1:]
    assert [row[0].strip("`") for row in rows] == [stage.value for stage in Stage]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row[3])} == set(TABLES)


def test_the_glossary_is_in_order() -> None:
    words = [row[0].lower() for row in table_rows(ROOT / "docs" / "glossary.md")[1:]]
    assert len(words) >= 40
    assert words == sorted(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    if page.relative_to(ROOT).as_posix().startswith(tuple(HISTORY)):
        return
    named = [name for name in PATH.findall(text) if not name.startswith(MADE)]
    assert [name for name in named if not (ROOT / name).exists()] == []
