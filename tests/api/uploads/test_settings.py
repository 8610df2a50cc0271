"""Settings of the inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.uploads.settings import InboxSettings
from voirie.errors import ConfigurationError
from voirie.settings import load


def test_keys_lie_in_the_configuration_of_who_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VOIRIE_INBOX_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load(InboxSettings).keys == tmp_path / "voirie" / "keys"


def test_a_wrong_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIRIE_INBOX_EXPIRE_S", "-1")
    with pytest.raises(ConfigurationError, match="VOIRIE_INBOX_EXPIRE_S"):
        load(InboxSettings)
