"""Where the store is: the environment says it, and what it says wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.store.settings import StoreSettings
from voirie.errors import ConfigurationError
from voirie.settings import load


def test_by_default_it_is_a_file_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("VOIRIE_STORE", "VOIRIE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load(StoreSettings)
    assert settings.url().database == str(tmp_path / "voirie" / "store.sqlite")


@pytest.mark.parametrize("given", ["postgres://u:secret@h/d", "postgresql+asyncpg://u:secret@h/d"])
def test_any_spelling_of_postgresql_takes_our_driver(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("VOIRIE_DATABASE_URL", given)
    assert load(StoreSettings).url().drivername == "postgresql+psycopg"


@pytest.mark.parametrize("given", ["mysql://u:secret@h/d", "u:secret@h", "://"])
def test_another_database_is_refused_without_telling_the_password(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("VOIRIE_DATABASE_URL", given)
    with pytest.raises(ConfigurationError, match="VOIRIE_DATABASE_URL") as refused:
        load(StoreSettings)
    assert "secret" not in str(refused.value)
