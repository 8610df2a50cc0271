"""The command line: light, and with one sentence and one exit code for each way to fail."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from voirie.cli import COMMANDS, Command, main

HEAVY = ("torch", "cv2", "openvino", "geopandas", "pandas", "numpy", "pydantic", "typer", "rich")

TARGETS = '''
import errno
from typing import Annotated

import typer

from voirie import errors


def greet(name: str, loud: Annotated[bool, typer.Option("--loud")] = False) -> None:
    """Say hello.

    Parameters
    ----------
    name
        For programmers only.
    """
    print(name.upper() if loud else name)


def in_part() -> int:
    """Succeed in part."""
    return errors.DONE_IN_PART


def fail(kind: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Fail in a way that is one of ours."""
    raise getattr(errors, kind)("it is wrong", "a.mp4", "mend it")


def system(number: int) -> None:
    """Fail in a way of the system."""
    raise OSError(number, "the system's word", "out/x")


def lacking() -> None:
    """Need what is not installed."""
    raise ModuleNotFoundError("No module named 'torch'", name="torch")


def surprise(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Fail in a way nobody thought of."""
    raise ZeroDivisionError("division by zero")


def wait() -> None:
    """Wait for Ctrl-C."""
    import time

    print("ready", flush=True)
    time.sleep(60)


def leave() -> None:
    """Leave early."""
    raise typer.Exit(3)
'''
TABLE = tuple(
    Command(name, f"made_targets:{function}", name)
    for name, function in [
        ("greet", "greet"),
        ("in-part", "in_part"),
        ("fail", "fail"),
        ("system", "system"),
        ("lacking", "lacking"),
        ("surprise", "surprise"),
        ("wait", "wait"),
        ("show leave", "leave"),
    ]
)


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "made_targets.py").write_text(TARGETS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("VOIRIE_DEBUG", raising=False)
    return tmp_path


def test_help_lists_the_table_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; from voirie.cli import main; code = main(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *lines, heavy = done.stdout.splitlines()
    assert heavy == "[]"
    assert all(any(c.name in line and c.help in line for line in lines) for c in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_exists_and_speaks_json(command: Command) -> None:
    module, function = command.target.split(":")
    target = getattr(importlib.import_module(module), function)
    assert inspect.getdoc(target), "the help of a command is the docstring of its function"
    assert '"--json"' in inspect.getsource(target)
    assert main([*command.name.split(), "--help"]) == 0


def test_a_name_has_sub_commands_or_arguments_never_both() -> None:
    names = [command.name.split() for command in COMMANDS]
    assert len({tuple(name) for name in names}) == len(names)
    alone = {name[0] for name in names if len(name) == 1}
    assert not alone & {name[0] for name in names if len(name) == 2}


def test_arguments_reach_the_function(targets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["greet", "Olemps", "--loud"], TABLE) == 0
    assert capsys.readouterr().out == "OLEMPS\n"


def test_the_help_of_a_command_is_for_its_user(
    targets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["greet", "-h"], TABLE) == 0
    out = capsys.readouterr().out
    assert "Say hello." in out
    assert "--loud" in out
    assert "programmers" not in out


def test_a_function_gives_the_exit_code(targets: Path) -> None:
    assert main(["in-part"], TABLE) == 4
    assert main(["show", "leave"], TABLE) == 3


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ConfigurationError", 2),
        ("DiskFull", 2),
        ("OutputNotWritable", 2),
        ("WeightsMissing", 2),
        ("EmptyInput", 3),
        ("NotDecodable", 3),
        ("NoOverlap", 3),
        ("NetworkUnusable", 3),
        ("FrameNotSealed", 4),
        ("AnonymiserUnfit", 5),
    ],
)
def test_an_error_of_ours_is_one_sentence_and_its_exit_code(
    targets: Path, capsys: pytest.CaptureFixture[str], kind: str, code: int
) -> None:
    assert main(["fail", kind], TABLE) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "voirie: a.mp4: it is wrong; mend it.\n"

    assert main(["fail", kind, "--json"], TABLE) == code
    problem = json.loads(capsys.readouterr().err)
    assert problem["exit_code"] == code
    assert problem["path"] == "a.mp4"
    assert problem["type"].startswith("urn:voirie:problem:")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pln"], "there is no command 'pln'"),
        (["gret", "x"], "perhaps 'greet'"),
        (["show", "nothing"], "there is no command 'show nothing'"),
        (["greet"], "'name'"),
        (["greet", "x", "--quiet"], "--quiet"),
        (["system", "many"], "'number'"),
        (["system", "28"], "disk is full"),
        (["system", "13"], "permission denied"),
        (["lacking"], "voirie[yolo]"),
    ],
)
def test_what_a_user_can_cause_is_one_sentence_and_exit_2(
    targets: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words, TABLE) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("voirie: ")
    assert said in lines[0]


@pytest.mark.parametrize("words", [[], ["show"]])
def test_without_a_command_the_table_goes_to_stderr(
    targets: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(words, TABLE) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "show leave" in captured.err


def test_a_group_has_a_help_of_its_own(targets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--help"], TABLE) == 0
    out = capsys.readouterr().out
    assert "show leave" in out
    assert "greet" not in out


def test_the_unexpected_shows_a_traceback_only_when_asked(
    targets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["surprise"], TABLE) == 1
    quiet = capsys.readouterr().err
    assert quiet.startswith("voirie: unexpected ZeroDivisionError: division by zero;")
    assert quiet.count("\n") == 1

    assert main(["surprise", "--json"], TABLE) == 1
    assert json.loads(capsys.readouterr().err)["exit_code"] == 1

    monkeypatch.setenv("VOIRIE_DEBUG", "1")
    assert main(["surprise"], TABLE) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX only")
def test_ctrl_c_is_130(targets: Path) -> None:
    # A shell starts background jobs with Ctrl-C ignored, and children inherit that.
    script = (
        "import signal, sys; from voirie.cli import Command, main;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.exit(main(['wait'], [Command('wait', 'made_targets:wait', '')]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{targets}{os.pathsep}{Path.cwd()}"},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "voirie: stopped.\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", _WRITE_TO_CLOSED_PIPE], capture_output=True, text=True, env=buffered
    )
    assert (done.returncode, done.stderr) == (1, "")


_WRITE_TO_CLOSED_PIPE = """
import os, sys
read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
from voirie.cli import main
sys.exit(main(["--help"]))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_closed_output_is_no_error() -> None:
    command = f"{sys.executable} -m voirie --version >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_lacks_a_letter_gets_its_escape(targets: Path, encoding: str) -> None:
    script = (
        "import sys; from voirie.cli import Command, main;"
        "sys.exit(main(['greet', 'a \\u2192 b'], [Command('greet', 'made_targets:greet', '')]))"
    )
    where = os.pathsep.join([str(targets), str(Path.cwd())])
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": where}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a \\u2192 b\n", b"")
