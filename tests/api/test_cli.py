"""`voirie serve` as a person starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from api.cli import _listen
from voirie.errors import ConfigurationError


def test_it_serves_until_it_is_stopped(survey: Path) -> None:
    # A shell that runs tests in the background ignores Ctrl-C, and what it starts inherits that.
    as_on_a_terminal = (
        "import signal, sys; from voirie.cli import main;"
        "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", as_on_a_terminal]
    command += ["serve", str(survey), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        assert httpx.get(f"{told['url']}healthz").json()["survey"] == "survey"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 130


def test_a_taken_port_is_one_sentence(survey: Path) -> None:
    with _listen("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port}"):
            _listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["\udcff\udcfe", " ", "..", "a" * 64 + ".example", "*"])
def test_a_host_that_is_none_is_one_sentence(host: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen on"):
        _listen(host, 0)


def test_what_is_no_survey_is_exit_3(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "voirie", "serve", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3
    assert "not a whole survey folder" in done.stderr and "Traceback" not in done.stderr
