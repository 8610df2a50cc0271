"""`voirie train`: what it refuses, in one sentence and before it makes a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.commands.train import train_command
from inspection.train.recipes import RECIPES
from voirie.cli import main
from voirie.errors import ConfigurationError


def test_a_role_that_has_no_recipe_is_named_with_those_that_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["train", "rails", "--data", str(tmp_path), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "rails" in said and all(role in said for role in RECIPES)
    assert not out.exists()
    with pytest.raises(ConfigurationError, match="rails"):
        train_command("rails", tmp_path, out)


def test_no_pass_over_the_pictures_is_no_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--epochs", "0"]
    assert main(["train", "pavement", *given]) == 2
    assert "--epochs" in capsys.readouterr().err
