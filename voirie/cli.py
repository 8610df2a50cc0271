"""The command `voirie`: a table of strings; a command is imported only when it is called.

For the layers this is the top of the house, yet it imports nothing of ours but the errors and the
language: it names its targets in strings, so that ``voirie --help`` loads neither typer nor the
chain. What it says itself it says through `voirie.refusals`, and only to a French reader.

A target is a plain typed function with typer annotations. It returns None or an exit code.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple, TextIO

from voirie import __version__
from voirie.errors import (
    DONE,
    INTERRUPTED,
    R_,
    ConfigurationError,
    MissingExtra,
    VoirieError,
    of_system,
)
from voirie.session import session_language, speaking

UNEXPECTED = 1


class Command(NamedTuple):
    """A line of the table.

    Attributes
    ----------
    name
        What the user types after ``voirie``: one word, or two where the first is a group.
    target
        ``module:function`` that does it.
    help
        One line for a person.
    """

    name: str
    target: str
    help: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "init",
        "inspection.commands.init:init_command",
        R_("Write survey.toml and what it names from what a folder holds"),
    ),
    Command(
        "calibrate",
        "inspection.commands.calibrate:calibrate_command",
        R_("Draw horizon and a 1 m grid on a sealed picture, to judge a camera by eye"),
    ),
    Command(
        "check",
        "inspection.commands.check:check_command",
        R_("Say all that is wrong with a survey before it is run"),
    ),
    Command(
        "run",
        "inspection.commands.run:run_command",
        R_("Survey: video or stills to a scored network"),
    ),
    Command("anonymize", "anonymize.cli:anonymize_command", R_("Destroy faces, people and plates")),
    Command("match", "gis.cli.match:match_track_command", R_("Lay a GPS track on a network")),
    Command(
        "network import",
        "gis.cli.network:import_command",
        R_("Make a network of a file of roads (Shapefile, GeoPackage, OSM...)"),
    ),
    Command(
        "network check",
        "gis.cli.network:check_command",
        R_("Say what is wrong in a file of roads"),
    ),
    Command(
        "network update",
        "gis.cli.update:update_command",
        R_("Bring a network up to a newer file; sections keep their identifiers"),
    ),
    Command("network show", "gis.cli.network:show_command", R_("Show the routes of a network")),
    Command("plan", "planning.cli:plan_command", R_("Plan works from sections and budgets")),
    Command(
        "explain section",
        "inspection.commands.explain:explain_command",
        R_("Show how a note comes about"),
    ),
    Command(
        "digest", "inspection.commands.digest:digest_command", R_("Hash of what a survey found")
    ),
    Command(
        "store add", "inspection.commands.store:add_command", R_("Take a survey into the store")
    ),
    Command("store list", "inspection.commands.store:list_command", R_("List the store's surveys")),
    Command(
        "store remove",
        "inspection.commands.store:remove_command",
        R_("Remove a survey from the store"),
    ),
    Command("store backup", "inspection.commands.store:backup_command", R_("Copy the whole store")),
    Command(
        "store restore",
        "inspection.commands.store:restore_command",
        R_("Fill an empty store from a backup"),
    ),
    Command(
        "store upgrade",
        "inspection.commands.store:upgrade_command",
        R_("Bring the store to the schema of this program"),
    ),
    Command(
        "serve",
        "api.cli:serve_command",
        R_("Open a survey folder in a browser, or take uploads into an inbox"),
    ),
    Command(
        "push", "api.push.cli:push_command", R_("Send films and surveys from the road to an inbox")
    ),
    Command("token add", "api.uploads.cli:add_command", R_("Let a vehicle upload into an inbox")),
    Command("token list", "api.uploads.cli:list_command", R_("List who may upload")),
    Command("token revoke", "api.uploads.cli:revoke_command", R_("Let a vehicle upload no longer")),
    Command("train", "inspection.commands.train:train_command", R_("Train a detector")),
    Command("doctor", "voirie.doctor:doctor_command", R_("Say what this machine lacks")),
)

_HELP = frozenset({"-h", "--help"})
LANGUAGES = ("fr", "en")
LANGUAGE_HELP = R_("Spoken in French or English: --lang fr or en, else as the locale (LANG) says.")
OUR_MISTAKE = R_(
    "this is a mistake of ours: run again with VOIRIE_DEBUG=1 and report what it prints"
)
_YOLO = frozenset(
    {
        "faster_coco_eval",
        "onnx",
        "onnxruntime",
        "onnxslim",
        "torch",
        "torchvision",
        "ultralytics",
    }
)


class UsageError(ConfigurationError):
    """The command line itself is wrong."""

    problem_type = "urn:voirie:problem:usage"


def main(argv: Sequence[str] | None = None, commands: Sequence[Command] = COMMANDS) -> int:
    """Run one command and return its exit code; nothing a user can cause ends in a traceback.

    Parameters
    ----------
    argv
        Words after ``voirie``; those of the process by default.
    commands
        The table of commands.

    Examples
    --------
    >>> main(["--version"])
    voirie 0.1.0
    0
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _make_printable(sys.stdout)
    _make_printable(sys.stderr)
    try:
        words, asked = _spoken(words)
    except UsageError as error:
        return _report(error, as_json="--json" in words)
    with speaking(asked):
        return _answered(words, commands)


def _answered(words: list[str], commands: Sequence[Command]) -> int:
    try:
        code = _dispatch(words, commands)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print(f"{_name()}{_said(R_('stopped'))}.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNEXPECTED
    except Exception as error:
        return _report(error, as_json="--json" in words)


def _spoken(words: list[str]) -> tuple[list[str], str | None]:
    """The words of the user without ``--lang``, and the language that it names."""
    left: list[str] = []
    asked = None
    given = iter(words)
    for word in given:
        if word == "--":
            return [*left, word, *given], asked
        if word == "--lang":
            asked = next(given, "")
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
        else:
            left.append(word)
    if asked is not None and asked not in LANGUAGES:
        raise UsageError(f"--lang {asked} is not known", remedy="say fr or en")
    return left, asked


def _said(text: str) -> str:
    """A text of the command line in the language of the session."""
    if session_language() == "en":
        return text
    from voirie.refusals import clause

    return clause(text, session_language())


def _name() -> str:
    return "voirie: " if session_language() == "en" else "voirie\u00a0: "


def _make_printable(stream: TextIO | None) -> None:
    """Let a terminal that lacks a letter get its escape; a stream that was closed is None."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _dispatch(words: list[str], commands: Sequence[Command]) -> int:
    if not words:
        _print_table("", commands, sys.stderr)
        return ConfigurationError.exit_code
    if words[0] in _HELP:
        _print_table("", commands, sys.stdout)
        return DONE
    if words[0] == "--version":
        print(f"voirie {__version__}")
        return DONE
    for command in commands:
        name = command.name.split()
        if words[: len(name)] == name:
            return _call(command, words[len(name) :])
    group = [command for command in commands if command.name.split()[0] == words[0]]
    if not group:
        raise _unknown(words[0], commands)
    if len(words) == 1:
        _print_table(words[0], group, sys.stderr)
        return ConfigurationError.exit_code
    if words[1] in _HELP:
        _print_table(words[0], group, sys.stdout)
        return DONE
    raise _unknown(" ".join(words[:2]), group)


def _call(command: Command, words: list[str]) -> int:
    """Import the target of a command and call it with the words of the user."""
    module, function = command.target.split(":")
    target: Callable[..., int | None] = getattr(importlib.import_module(module), function)
    import typer

    app = typer.Typer(add_completion=False)
    app.command(
        help=_said(_docstring_summary(target)),
        context_settings={"help_option_names": sorted(_HELP)},
        epilog=_said(LANGUAGE_HELP),
    )(target)
    parser = typer.main.get_command(app)
    for parameter in parser.params:
        help_of = getattr(parameter, "help", None)
        if help_of:
            parameter.help = _said(help_of)  # type: ignore[attr-defined]
    try:
        with parser.make_context(f"voirie {command.name}", words) as context:
            return parser.invoke(context) or DONE
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except typer.TyperException as error:
        raise UsageError(
            f"voirie {command.name}: {error.format_message().rstrip('.')}",
            remedy=f"see voirie {command.name} --help",
        ) from error


def _docstring_summary(target: Callable[..., object]) -> str:
    """Docstring of a target up to its first section, which speaks to programmers."""
    import inspect
    import re

    text = inspect.getdoc(target) or ""
    return re.split(r"\n\n\w+\n-{3,}\n", text, maxsplit=1)[0]


def _unknown(name: str, known: Sequence[Command]) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(name, [command.name for command in known], n=1)
    return UsageError(
        f"there is no command {name!r}",
        remedy=f"perhaps {near[0]!r}" if near else "see voirie --help",
    )


def _print_table(group: str, commands: Sequence[Command], file: TextIO) -> None:
    width = max(len(command.name) for command in commands)
    lines = [f"  {command.name:<{width}}  {_said(command.help)}" for command in commands]
    usage = " ".join(filter(None, [_said(R_("Usage: voirie")), group, _said(R_("COMMAND ..."))]))
    head = _said(R_("Road survey from dashcam video, to a scored network and a plan."))
    tail = _said(R_("voirie COMMAND --help tells more, voirie --version the version."))
    told = [usage, "", head, "", *lines, "", tail, _said(LANGUAGE_HELP)]
    print("\n".join(told), file=file)


def _report(error: Exception, as_json: bool) -> int:
    """Tell a person, or a program that asked for JSON, what went wrong; return the exit code."""
    if os.environ.get("VOIRIE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    known = _known(error)
    code = UNEXPECTED if known is None else known.exit_code
    if as_json:
        import json

        print(json.dumps(_problem(known or error, code)), file=sys.stderr)
    elif known is not None:
        print(f"{_name()}{_sentence(known)}", file=sys.stderr)
    else:
        what = f"unexpected {type(error).__name__}: {' '.join(str(error).split())}"
        print(f"{_name()}{_sentence(VoirieError(what, remedy=OUR_MISTAKE))}", file=sys.stderr)
    return code


def _sentence(error: VoirieError) -> str:
    """An error in the language of the session."""
    if session_language() == "en":
        return str(error)
    from voirie.refusals import sentence

    return sentence(error, session_language())


def _known(error: Exception) -> VoirieError | None:
    """An error of ours, or the one that an error of the system or of an import amounts to."""
    if isinstance(error, VoirieError):
        return error
    if isinstance(error, ImportError):
        missing = (error.name or "").partition(".")[0]
        if isinstance(error, ModuleNotFoundError) and missing in _YOLO:
            return MissingExtra(
                f"this needs {missing}, which is not installed",
                remedy="pip install 'voirie[yolo]' (7 GB)",
            )
        return ConfigurationError(
            f"a library cannot be loaded: {error}", remedy="voirie doctor tells what is missing"
        )
    if isinstance(error, OSError):
        return of_system(error)
    return None


def _problem(error: Exception, code: int) -> dict[str, object]:
    """RFC 9457 problem details, with the exit code beside them."""
    if not isinstance(error, VoirieError):
        return {
            "type": "about:blank",
            "title": type(error).__name__,
            "detail": str(error),
            "exit_code": code,
        }
    return {
        "type": error.problem_type,
        "title": error.message,
        "status": error.http_status,
        "detail": str(error),
        "path": error.path,
        "remedy": error.remedy,
        "exit_code": code,
    }
