"""What training refuses before it begins."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from inspection.train import libraries
from inspection.train.run import train
from voirie.errors import ConfigurationError, MissingExtra

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)
needs_yolo = pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")


def test_an_unknown_role_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="rails"):
        train("rails", tmp_path, tmp_path, tmp_path)


def test_training_without_torch_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "NEEDED", ("torch_that_is_not_here",))
    with pytest.raises(MissingExtra, match="torch_that_is_not_here") as caught:
        train("plates", tmp_path, tmp_path, tmp_path)
    assert caught.value.exit_code == 2


@needs_yolo
def test_missing_pictures_are_named_before_work_starts(tmp_path: Path, start: Path) -> None:
    with pytest.raises(ConfigurationError, match="dnit"):
        train("pavement", tmp_path, start, tmp_path / "out")
    assert not (tmp_path / "out").exists()
