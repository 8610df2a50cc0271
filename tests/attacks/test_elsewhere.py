"""The same survey made elsewhere: another time zone, language, number of threads, folder and user.

A quick run changes everything at once; ``VOIRIE_ELSEWHERE=all`` changes one thing at a time too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inspection.commands.digest import digest_of
from tests.inspection.conftest import made_clip
from voirie.folder import open_survey

pytestmark = pytest.mark.slow
SECONDS = (8.0, 9.6)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Elsewhere:
    """What differs from the first run."""

    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "out"
    umask: int = 0o022
    moves_inputs: bool = False


ZONE = {"TZ": "Pacific/Kiritimati"}
LANGUAGE = {"LANG": "tr_TR.UTF-8", "LC_ALL": "C", "LANGUAGE": "fr"}
THREADS = {"VOIRIE_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
SEED = {"PYTHONHASHSEED": "77", "PYTHONUTF8": "1"}
NARROW = {"ONEDNN_MAX_CPU_ISA": "AVX2", "NPY_DISABLE_CPU_FEATURES": "AVX512F"}
PLACES = {
    "everything": Elsewhere(ZONE | LANGUAGE | THREADS | SEED, "été à l’est/d108", 0o077, True),
    "zone": Elsewhere(ZONE),
    "a zone with half hours": Elsewhere({"TZ": "Asia/Kathmandu"}),
    "no zone": Elsewhere({"TZ": "nowhere/at all"}),
    "language": Elsewhere(LANGUAGE),
    "bytes": Elsewhere({"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "one thread": Elsewhere(THREADS),
    "seven threads": Elsewhere({"VOIRIE_THREADS": "7"}),
    "seed": Elsewhere(SEED),
    "older processor": Elsewhere(NARROW),
    "folder": Elsewhere(folder="a/b c/=1+1"),
    "inputs": Elsewhere(moves_inputs=True),
    "mask": Elsewhere(umask=0o077),
}
ALL = os.environ.get("VOIRIE_ELSEWHERE") == "all"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_clip(tmp_path_factory.mktemp("in"), SECONDS).folder


def digest_made(given: Path, place: Path, where: Elsewhere) -> dict[str, str]:
    """Run as a user would, and the digest of what comes out."""
    inputs, work, out = given, place / "work", place / where.folder / "survey"
    work.mkdir()
    out.parent.mkdir(parents=True)
    if where.moves_inputs:
        inputs = place / "moved" / "entrées"
        shutil.copytree(given, inputs)
    words = ["run", str(inputs / "survey.toml"), "--out", str(out), "--step", "7m", "--json"]
    plain = {name: text for name, text in os.environ.items() if name[:3] not in {"LC_", "LAN"}}
    environment = plain | {"PYTHONPATH": str(ROOT)} | where.environment
    done = subprocess.run(
        [sys.executable, "-m", "voirie", *words],
        cwd=work,
        env=environment,
        umask=where.umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert not list(work.iterdir())
    return digest_of(open_survey(out))


@pytest.fixture(scope="module")
def right(given: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digest_made(given, tmp_path_factory.mktemp("here"), Elsewhere({"TZ": "UTC"}))


@pytest.mark.parametrize("name", PLACES if ALL else ["everything"])
def test_the_digest_is_that_of_here(
    name: str, given: Path, right: dict[str, str], tmp_path: Path
) -> None:
    assert len(right) > 4
    assert digest_made(given, tmp_path, PLACES[name]) == right
