"""Two processes never work on one folder; a lock ends with its owner."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voirie.errors import ConfigurationError
from voirie.lock import locked

HOLD = """
import sys
from pathlib import Path
from voirie.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_named_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ConfigurationError, match=f"process {other.pid} is at work"):
            with locked(target):
                pass
        other.kill()
        other.wait()
    assert (tmp_path / ".survey.lock").is_file()
    with locked(target):
        own = (tmp_path / ".survey.lock").read_text("utf-8")
        assert own == f"voirie {os.getpid()}\n"
    assert not list(tmp_path.iterdir())


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / ".survey.lock"
    path.write_text("a letter", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="none of ours"), locked(tmp_path / "survey"):
        pass
    assert path.read_text("utf-8") == "a letter"


def test_folders_made_for_nothing_go_again(tmp_path: Path) -> None:
    with locked(tmp_path / "a" / "b" / "survey"):
        (tmp_path / "a" / "kept").write_bytes(b"")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["kept"]
