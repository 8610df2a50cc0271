"""`voirie store`, as a person types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from inspection.commands.store import add_command
from inspection.store.database import connect
from inspection.store.settings import StoreSettings
from tests.made_files import SURVEY
from voirie.cli import main
from voirie.errors import ConfigurationError

BODY = "Département exemple"


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VOIRIE_STORE", str(tmp_path / "store"))
    monkeypatch.delenv("VOIRIE_DATABASE_URL", raising=False)
    return tmp_path / "store"


def test_from_an_empty_machine_to_a_backup_and_back(
    made: Path, tmp_path: Path, own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["store", "list"]) == 0
    assert main(["store", "add", str(made)]) == 0
    assert main(["store", "add", str(made)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "The store holds no survey."
    assert told[1] == f"The survey {SURVEY} of {BODY} is in the store."
    assert told[3] == f"The store holds the survey {SURVEY} of {BODY} already."
    assert main(["store", "backup", str(tmp_path / "copy")]) == 0
    assert main(["store", "remove", SURVEY, "--body", BODY, "--json"]) == 0
    assert main(["store", "remove", SURVEY, "--body", BODY]) == 2
    assert "see voirie store list" in capsys.readouterr().err
    shutil.rmtree(own_store)
    assert main(["store", "restore", str(tmp_path / "copy")]) == 0
    capsys.readouterr()
    assert main(["store", "list", "--json", "--body", BODY]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["survey_id"], one["body"]) == (SURVEY, BODY)


def test_in_french(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")  # else a long heading is folded
    assert main(["--lang", "fr", "store", "add", str(made), "--body", "Hers"]) == 0
    assert main(["--lang", "fr", "store", "list"]) == 0
    told = capsys.readouterr().out
    assert f"Le relevé {SURVEY} de Hers est dans la base." in told and "organisme" in told


def test_a_folder_that_does_not_say_whose_it_is(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "own")
    (tmp_path / "own" / "survey.toml").unlink()
    with pytest.raises(ConfigurationError, match="--body"):
        add_command(tmp_path / "own")


def test_an_unknown_schema_is_refused_and_the_known_one_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["store", "upgrade", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["before"] is None
    engine = connect(StoreSettings())
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    for command in ("list", "upgrade"):
        assert main(["store", command]) == 2
        assert "install the version of voirie that made it" in capsys.readouterr().err
