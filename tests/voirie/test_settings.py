from __future__ import annotations

from pathlib import Path

import pytest

from voirie.errors import ConfigurationError
from voirie.settings import Compute, Paths, load, shipped_weights


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("VOIRIE_WEIGHTS", "VOIRIE_CACHE", "VOIRIE_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert load(Paths).weights == shipped_weights()
    assert load(Paths).cache == tmp_path / "voirie"
    assert load(Compute).threads == 0


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("VOIRIE_CACHE", "~/elsewhere")
    monkeypatch.setenv("VOIRIE_THREADS", "2")
    assert load(Paths).weights == tmp_path
    assert load(Paths).cache == Path.home() / "elsewhere"
    assert load(Compute).threads == 2


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIRIE_THREADS", "")
    assert load(Compute).threads == 0


@pytest.mark.parametrize("value", ["many", "-1", "1.5"])
def test_nonsense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VOIRIE_THREADS", value)
    with pytest.raises(ConfigurationError, match="VOIRIE_THREADS"):
        load(Compute)


@pytest.mark.parametrize("name", ["VOIRIE_WEIGHTS", "VOIRIE_CACHE"])
def test_the_home_of_nobody_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "~nobody-of-this-name/weights")
    with pytest.raises(ConfigurationError, match=name):
        load(Paths)
