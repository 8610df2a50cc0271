"""A real server on a free port, over a made survey folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.cli import _listen
from tests.made_survey import build


@contextmanager
def serving(survey: Path) -> Iterator[str]:
    """Address of a server that runs while the block does."""
    door = _listen("127.0.0.1", 0)
    config = uvicorn.Config(create_app(survey), log_level="critical", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        # The socket listens already: what is asked for before the server is up waits in it.
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        door.close()


@pytest.fixture(scope="session")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made survey folder with a report."""
    folder = build(tmp_path_factory.mktemp("served") / "survey")
    (folder / "report.html").write_text("<!DOCTYPE html><title>Report</title>", "utf-8")
    return folder


@pytest.fixture(scope="session")
def url(survey: Path) -> Iterator[str]:
    """Address of the service of that folder."""
    with serving(survey) as address:
        yield address
