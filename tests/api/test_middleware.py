"""Names that the service answers to, and headers on every answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.middleware import SECURITY_HEADERS


@pytest.mark.parametrize("path", ["/", "/healthz", "/sections", "/nowhere", "/sections?limit=0"])
def test_every_answer_carries_the_headers(url: str, path: str) -> None:
    headers = httpx.get(url + path).headers
    assert {name.lower() for name in SECURITY_HEADERS} <= set(headers)
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_a_foreign_name_is_refused(url: str) -> None:
    answer = httpx.get(f"{url}/healthz", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:voirie:problem:unknown-host"


@pytest.mark.parametrize("name", ["roads.example.org", "ROADS.example.org:8000"])
def test_a_name_it_was_told_is_answered(survey: Path, name: str) -> None:
    assert _status(survey, ("roads.example.org",), name) == 200


def test_any_name_is_answered_where_every_address_is_open(survey: Path) -> None:
    assert _status(survey, ("*",), "elsewhere.example") == 200
    assert _status(survey, ("127.0.0.1",), "elsewhere.example") == 400


def _status(survey: Path, names: tuple[str, ...], asked: str) -> int:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(survey, names))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/healthz", headers={"Host": asked})

    return asyncio.run(ask()).status_code
