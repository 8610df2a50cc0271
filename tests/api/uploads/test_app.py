"""The application of an inbox."""

from __future__ import annotations

import httpx

from api.uploads.app import create_inbox_app
from tests.api.uploads.conftest import Service


def test_it_answers_its_health_and_shows_nothing(shared: Service) -> None:
    assert callable(create_inbox_app)
    answer = httpx.get(f"{shared.url}/healthz")
    assert answer.json()["status"] == "ok"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert httpx.get(f"{shared.url}/sections").status_code == 404
    assert httpx.get(f"{shared.url}/healthz", headers={"Host": "evil.example"}).status_code == 400
