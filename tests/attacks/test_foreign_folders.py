"""`voirie run` beside what somebody else made: it is refused, and nothing is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from anonymize import Certificate
from tests.attacks.test_broken_stills import stills_of
from voirie.cli import main
from voirie.folder import open_survey
from voirie.partial import claim

pytestmark = pytest.mark.slow
Place = Callable[[Path], None]
"""Puts something of somebody else at, or beside, the survey folder that will be asked for."""


def snapshot(folder: Path) -> dict[str, tuple[int, int, int, str]]:
    """Everything in a folder: mode, number, time of change, and bytes or where a link leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        if path.is_symlink():
            content = os.readlink(path)
        else:
            content = path.read_bytes().hex() if path.is_file() else ""
        name = path.relative_to(folder).as_posix()
        found[name] = (facts.st_mode, facts.st_ino, facts.st_mtime_ns, content)
    return found


def file_in(name: str, inner: str, text: str = "of somebody else") -> Place:
    def place(target: Path) -> None:
        path = target.with_name(name) / inner
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return place


def file_at(name: str) -> Place:
    return lambda target: target.with_name(name).write_bytes(b"of somebody else") and None


def pipe_at(name: str) -> Place:
    return lambda target: os.mkfifo(target.with_name(name))


def link_at(name: str, inner: str) -> Place:
    """A link to a folder of somebody else."""

    def place(target: Path) -> None:
        file_in("theirs", inner)(target)
        target.with_name(name).symlink_to(target.with_name("theirs"))

    return place


def other_work(maker: str, of: str) -> Place:
    """Unfinished work of another command, or on another folder, under the name of ours."""

    def place(target: Path) -> None:
        partial = claim(target.with_name(of), "anonymize" if maker == "anonymize" else "survey")
        (partial / "pictures").mkdir()
        (partial / "pictures" / "a.jpg").write_bytes(b"work of hours")
        if partial.name != "survey.partial":
            partial.rename(target.with_name("survey.partial"))

    return place


SHEET = json.dumps({"schema": "voirie.run/2", "run_id": "x"})
FOREIGN: dict[str, Place] = {
    "a folder with a file": file_in("survey", "thesis.odt"),
    "a folder with a hidden file": file_in("survey", ".git/HEAD"),
    "a folder with another run.json": file_in("survey", "run.json", '{"epochs": 3}'),
    "a folder with a run.json of another schema": file_in("survey", "run.json", SHEET),
    "a folder with a run.json of 3,000 brackets": file_in("survey", "run.json", "[" * 3000),
    "a folder with a link of that name": link_at("survey", "run.json"),
    "a file": file_at("survey"),
    "a pipe": pipe_at("survey"),
    "a partial folder with a file": file_in("survey.partial", "thesis.odt"),
    "a partial folder with pictures": file_in("survey.partial", "pictures/clear.jpg"),
    "a partial folder with tables": file_in("survey.partial", "tables/captures.parquet"),
    "a partial folder with a false mark": file_in("survey.partial", "unfinished.json", "{}"),
    "a partial that is a file": file_at("survey.partial"),
    "a partial that is a pipe": pipe_at("survey.partial"),
    "a partial that is a link": link_at("survey.partial", "thesis.odt"),
    "unfinished work of another command": other_work("anonymize", "survey"),
    "unfinished work on another folder": other_work("survey", "other"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_somebody_else_made_is_left_alone(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, given = tmp_path / "place", tmp_path / "given"
    place.mkdir()
    given.mkdir()
    FOREIGN[what](place / "survey")
    before = snapshot(place)
    stills, chainage = stills_of(given, 1)
    words = ["run", str(stills), "--track", str(chainage), "--purpose", "test"]
    assert main([*words, "--out", str(place / "survey")]) == 2
    said = capsys.readouterr().err
    assert "choose another --out" in said and said.count("\n") == 1
    assert "mistake of ours" not in said
    assert snapshot(place) == before


def test_names_beside_a_survey_that_is_remade_are_left_alone(tmp_path: Path) -> None:
    place, given = tmp_path / "place", tmp_path / "given"
    place.mkdir()
    given.mkdir()
    out = place / "survey"
    for name in ("survey.old", ".survey.0123456789abcdef.old", "survey.partial.old", "survey.lock"):
        file_in(name, "clear.jpg")(out)
    before = snapshot(place)
    stills, chainage = stills_of(given, 1)
    words = ["run", str(stills), "--track", str(chainage), "--purpose", "test", "--out", str(out)]
    assert main(words) == 0
    # What its owner adds to a finished survey stays with it.
    (out / "notes.txt").write_text("walked here on Monday", "utf-8")
    assert main([*words, "--people", "head"]) == 0
    assert (out / "notes.txt").read_text("utf-8") == "walked here on Monday"
    open_survey(out)
    Certificate.read(out).verify()
    after = snapshot(place)
    assert {name: after.get(name) for name in before} == before
    assert {name.partition("/")[0] for name in set(after) - set(before)} == {"survey"}
