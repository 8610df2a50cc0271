"""Long work is shown as bars on a terminal and as a few lines elsewhere."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from voirie.progress import progress


def shown(*told: tuple[str, int, int | None, str], terminal: bool = False) -> str:
    out = StringIO()
    console = Console(file=out, force_terminal=terminal, width=60, color_system=None)
    with progress(console) as tell:
        for event in told:
            tell(*event)
    return out.getvalue()


def test_without_a_terminal_work_is_told_when_it_begins_and_when_it_ends() -> None:
    every = [("ingest", done, 200, "") for done in range(1, 201)]
    assert shown(*every, ("place", 1, None, "")) == "ingest: 1/200\ningest: 200/200\nplace: 1\n"


def test_a_line_is_neither_broken_nor_read_as_markup() -> None:
    note = "[bold] of a file name " * 6
    assert shown(("detect", 0, 3, note)) == f"detect: 0/3 {note.rstrip()}\n"


def test_on_a_terminal_each_work_has_its_bar() -> None:
    text = shown(("ingest", 3, 3, ""), ("place", 1, 2, "[D108]"), terminal=True)
    last = text.replace("\r", "\n").split("\n")
    assert any("ingest" in line and "3/3" in line for line in last)
    assert any("place" in line and "1/2" in line and "[D108]" in line for line in last)


def test_on_a_quiet_console_nothing_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with progress(Console(stderr=True, quiet=True)) as tell:
        tell("pictures", 1, 1, "")
    assert capfd.readouterr() == ("", "")
