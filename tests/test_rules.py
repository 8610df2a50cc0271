"""Rules of the house that no other tool checks."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from voirie.doctor import BASE, OUR_PACKAGES, YOLO

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400

MOST_LINES_WITH_ANY = 12
"""As many as there were when this was last looked at: the number only falls, to under 40."""

COMMAND_MODULES = {"cli", "doctor"}
LARGEST_FILE_BYTES = 22_000_000
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".json", ".cfg", ".html", ".css", ".js", ""}

# Written in pieces, so that this file does not break its own rule.
MACHINE_PATH = re.compile("/" + r"(?:work|farm|tmp/data|root|home/[a-z]\w*|Users/\w+)" + "/")
REGISTRY_HOST = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs\.org",
            "deb" + r"\.debian\.org",
        )
    )
)


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git tracks or would track."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: the rules are about tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def ours() -> list[Path]:
    """Python files of the six packages."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in OUR_PACKAGES
    ]


def imports_of(path: Path) -> set[str]:
    """Top-level names that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_no_file_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): path.read_bytes().count(b"\n")
        for path in tracked()
        if path.suffix in {".py", ".ts", ".tsx"}
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_file_is_heavy() -> None:
    heavy = [str(path) for path in tracked() if path.stat().st_size > LARGEST_FILE_BYTES]
    assert heavy == []


def test_no_package_is_called_utils() -> None:
    parts = {part for path in tracked() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not parts & {"utils", "util", "helpers", "misc", "common"}


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["paths", "registries"])
def test_no_text_names_one_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        if path.suffix not in TEXT:
            continue
        text = path.read_text("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_every_import_is_a_declared_dependency() -> None:
    known = {*sys.stdlib_module_names, *OUR_PACKAGES, *BASE, *YOLO}
    undeclared = {
        str(path.relative_to(ROOT)): sorted(imports_of(path) - known)
        for path in ours()
        if imports_of(path) - known
    }
    assert undeclared == {}


def test_only_training_and_evaluation_need_the_extra() -> None:
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in ours()
        if imports_of(path) & set(YOLO)
        and path.relative_to(ROOT).parts[:2]
        not in {("inspection", "train"), ("inspection", "evaluate")}
    ]
    assert elsewhere == []


def test_typer_is_known_to_command_modules_alone() -> None:
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in ours()
        if "typer" in imports_of(path)
        and path.stem not in COMMAND_MODULES
        and path.parent not in (ROOT / "inspection" / "commands", ROOT / "gis" / "cli")
    ]
    assert elsewhere == []


def test_ever_fewer_lines_say_any() -> None:
    lines = (line for path in ours() for line in path.read_text("utf-8").splitlines())
    assert sum(bool(re.search(r"\bAny\b", line)) for line in lines) <= MOST_LINES_WITH_ANY


def does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether there is more in a function than what a protocol says of it."""
    return not all(
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        for line in function.body
    )


def modules_without_test() -> set[str]:
    """Modules with a function whose mirrored test file is absent or does not import them."""
    missing = set()
    for path in ours():
        module = path.relative_to(ROOT)
        tree = ast.parse(path.read_text("utf-8"))
        functions = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        if path.stem.startswith("__") or not any(map(does_something, functions)):
            continue
        dotted = ".".join(module.with_suffix("").parts)
        package = dotted.rpartition(".")[0]
        # The kernel's commands are tried from outside, in tests/ itself.
        places = (ROOT / "tests" / module.parent, ROOT / "tests")
        tests = [place / f"test_{module.stem}.py" for place in places]
        imported = re.compile(rf"(?:from|import) {re.escape(dotted)}\b|from {package} import ")
        if not any(t.is_file() and imported.search(t.read_text("utf-8")) for t in tests):
            missing.add(module.as_posix())
    return missing


def test_each_module_with_a_function_has_its_test() -> None:
    assert modules_without_test() == set()


def seam_functions_without_example() -> set[str]:
    """Functions that a package offers in `__all__` and whose docstring holds no example."""
    found = set()
    for path in ours():
        if path.name != "__init__.py" or "__all__" not in path.read_text("utf-8"):
            continue
        package = ".".join(path.parent.relative_to(ROOT).parts)
        module = importlib.import_module(package)
        for name in module.__all__:
            offered = inspect.unwrap(getattr(module, name))
            if inspect.isfunction(offered) and ">>>" not in (offered.__doc__ or ""):
                found.add(f"{package}.{name}")
    return found


def test_each_function_of_a_seam_shows_how_it_is_called() -> None:
    assert seam_functions_without_example() == set()


def test_samples_stand_alone() -> None:
    leaning = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] == "samples"
        and imports_of(path) & set(OUR_PACKAGES)
    ]
    assert leaning == []


def test_the_chain_never_reads_the_truth() -> None:
    assert [str(path) for path in ours() if "truth.json" in path.read_text("utf-8")] == []


def test_constraints_are_exact_and_cover_what_is_declared() -> None:
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*", line)] == []
    pinned = {line.split("==")[0] for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = chain(project["dependencies"], *project["optional-dependencies"].values())
    wanted = {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in declared}
    assert wanted - pinned == set()


def test_scripts_can_be_run() -> None:
    scripts = [path for path in tracked() if path.read_bytes()[:2] == b"#!"]
    assert ROOT / ".ci" / "run" in scripts
    assert [str(path) for path in scripts if not os.access(path, os.X_OK)] == []


# Files of the user's own, in a format that he names; they are no tables of a survey.
OWN_PARQUET = {
    "gis/imports/roads.py": "roads of the user's, in GeoParquet",
    "gis/cli/match.py": "the file that voirie match is asked to write",
    "planning/cli.py": "the sections that voirie plan is given",
}


def test_parquet_goes_through_the_tables() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ours()
        if re.search(
            r"\b(?:read_parquet|to_parquet|ParquetFile|ParquetWriter)\b", path.read_text("utf-8")
        )
    }
    assert {name for name in found if not name.startswith("voirie/tables")} == set(OWN_PARQUET)
