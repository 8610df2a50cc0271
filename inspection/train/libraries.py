"""The libraries of the extra ``yolo``, loaded late and told to keep to themselves."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from types import ModuleType

from voirie.errors import MissingExtra

NEEDED = ("torch", "ultralytics", "onnx", "onnxslim")


def require() -> None:
    """Fail with a remedy where a library for training is not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtra(f"training needs {', '.join(missing)}", remedy="install voirie[yolo]")


def keep_quiet(config_folder: Path) -> None:
    """Tell ultralytics not to phone home, not to install anything, and where its settings go.

    It reads the environment when it is imported: call this before any other function of training.
    """
    os.environ.setdefault("YOLO_OFFLINE", "true")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    os.environ.setdefault("YOLO_CONFIG_DIR", str(config_folder))
    os.environ.setdefault("WANDB_MODE", "disabled")
    Path(os.environ["YOLO_CONFIG_DIR"]).mkdir(parents=True, exist_ok=True)
    settings = load("ultralytics").settings
    if settings["sync"]:
        settings.update({"sync": False})


def has_fast_bfloat16() -> bool:
    """Tell whether this processor has bfloat16 in hardware; where not, it would be slower."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def load(name: str) -> ModuleType:
    """Import a library that may be absent; its types are not checked for the same reason."""
    return importlib.import_module(name)
