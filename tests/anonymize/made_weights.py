"""Weights folders in which one network is spoiled."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from voirie.nets import Models

ROLES = ("gate", "plates", "face")


def spoiled(models: Models, folder: Path, role: str, how: str) -> Path:
    """A copy of the privacy weights with one file changed.

    ``how``: ``byte`` changes a byte and keeps the registered hash; ``gone`` removes the file;
    ``nan`` and ``zero`` change all large weights and register the new hash.
    """
    folder.mkdir()
    tables = []
    for name in ROLES:
        data = models.path(name).read_bytes()
        sha256 = models.entry(name).sha256
        if name == role:
            if how == "byte":
                data = data[:-200] + bytes([data[-200] ^ 1]) + data[-199:]
            elif how in {"nan", "zero"}:
                data = _overwritten(data, np.nan if how == "nan" else 0.0)
                sha256 = hashlib.sha256(data).hexdigest()
        if not (name == role and how == "gone"):
            (folder / f"{name}.onnx").write_bytes(data)
        entry = models.entry(name)
        classes = ", ".join(f'"{c}"' for c in entry.classes)
        tables.append(
            f'[models.{name}]\nfile = "{name}.onnx"\nsha256 = "{sha256}"\n'
            f'kind = "{entry.kind}"\nclasses = [{classes}]\n'
        )
    (folder / "models.toml").write_text("\n".join(tables), encoding="utf-8")
    return folder


def _overwritten(data: bytes, value: float) -> bytes:
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(data)
    for constant in graph.graph.initializer:
        held = numpy_helper.to_array(constant)
        if held.dtype.kind == "f" and held.size > 64:
            constant.CopyFrom(numpy_helper.from_array(np.full_like(held, value), constant.name))
    return bytes(graph.SerializeToString())
