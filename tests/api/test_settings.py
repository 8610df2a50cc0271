"""Settings of the service from the environment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.settings import LOCAL_NAMES, ServeSettings, address_of
from voirie.errors import ConfigurationError
from voirie.settings import load


def test_by_default_this_machine_alone_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "NAMES"):
        monkeypatch.delenv(f"VOIRIE_SERVE_{name}", raising=False)
    settings = load(ServeSettings)
    assert (settings.host, settings.port, settings.on_every_address) == ("127.0.0.1", 8000, False)
    assert set(settings.known_names()) == {*LOCAL_NAMES, "[127.0.0.1]"}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIRIE_SERVE_HOST", "192.0.2.7")
    monkeypatch.setenv("VOIRIE_SERVE_PORT", "0")
    monkeypatch.setenv("VOIRIE_SERVE_NAMES", "roads.example.org, roads")
    settings = load(ServeSettings)
    assert settings.port == 0
    assert set(settings.known_names()) >= {"192.0.2.7", "roads.example.org", "roads"}


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "0", "0x0", "00.0.0.0", "::0", "::ffff:0:0"])
def test_every_address_lets_every_name_in(host: str) -> None:
    assert ServeSettings(host=host).known_names() == ("*",)


@pytest.mark.parametrize("port", ["many", "-1", "65536"])
def test_nonsense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("VOIRIE_SERVE_PORT", port)
    with pytest.raises(ConfigurationError, match="VOIRIE_SERVE_PORT"):
        load(ServeSettings)


@pytest.mark.parametrize("names", ["*", "a,*", '["a"]', "a b", "x" * 300, "\udcff", "a\nb"])
def test_a_name_that_no_machine_has_is_refused(monkeypatch: pytest.MonkeyPatch, names: str) -> None:
    monkeypatch.setenv("VOIRIE_SERVE_NAMES", names)
    with pytest.raises(ConfigurationError, match="VOIRIE_SERVE_NAMES"):
        load(ServeSettings)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(host: str) -> None:
    address = address_of(host)
    assert address is None or address_of(str(address)) == address
