"""`voirie token` and `voirie serve --inbox` as a person calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.uploads.cli import add_command
from tests.api.uploads.conftest import Service
from voirie.errors import ConfigurationError


def voirie(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voirie", *words]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_token_from_its_making_to_its_end(tmp_path: Path) -> None:
    inbox = str(tmp_path / "inbox")
    made = voirie("token", "add", "patrol 7", "--inbox", inbox, "--quota-gb", "10")
    assert made.returncode == 0 and made.stdout.startswith("voirie_")
    assert voirie("token", "revoke", "patrol 7", "--inbox", inbox).returncode == 0
    listed = voirie("token", "list", "--inbox", inbox, "--json")
    assert json.loads(listed.stdout)[0]["name"] == "patrol 7"
    assert made.stdout.strip() not in listed.stdout
    assert voirie("token", "revoke", "patrol 7", "--inbox", inbox).returncode == 2
    assert voirie("token", "list", "--inbox", str(tmp_path / "none")).returncode == 2


@pytest.mark.parametrize("name", ["", " ", "a\nb", "n" * 101])
def test_a_name_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="no name"):
        add_command(name, tmp_path)


def test_one_process_serves_an_inbox_and_one_thing_is_served(shared: Service) -> None:
    again = voirie("serve", "--inbox", str(shared.inbox), "--port", "0")
    assert again.returncode == 2 and "is at work on it" in again.stderr
    assert voirie("serve").returncode == 2
    assert voirie("serve", "survey", "--inbox", "inbox").returncode == 2
