"""One file to a server."""

from __future__ import annotations

import pytest

from api.push.sender import Sender
from voirie.errors import ConfigurationError


@pytest.mark.parametrize("url", ["roads.example", "ftp://roads.example", "http://", ""])
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(ConfigurationError, match="no address"):
        Sender(url, "token")


def test_a_token_does_not_travel_readable_unless_that_is_wanted() -> None:
    with pytest.raises(ConfigurationError, match="readable"):
        Sender("http://192.0.2.7:8000", "token")
    assert Sender("http://192.0.2.7:8000/", "token", True).url == "http://192.0.2.7:8000"
    assert Sender("http://127.0.0.1:8000", "token").url == "http://127.0.0.1:8000"
