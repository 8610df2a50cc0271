"""Every error is a problem document."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.models.problem import Problem
from api.problems import MEDIA_TYPE, problem

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/nowhere", 404, "about:blank"),
        ("/pictures/unknown", 404, "urn:voirie:problem:not-found"),
        ("/pictures/..%2f..%2fetc%2fpasswd", 404, "urn:voirie:problem:not-found"),
        ("/sections?limit=0", 422, "urn:voirie:problem:parameter"),
        ("/sections?limit=ten", 422, "urn:voirie:problem:parameter"),
        ("/sections?offset=-1", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,2,3", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,2,3,nan", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,9,3,2", 422, "urn:voirie:problem:parameter"),
        ("/sections?route=D108", 422, "urn:voirie:problem:parameter"),
        ("/docs", 404, "about:blank"),
    ],
)
def test_errors_are_problem_documents(url: str, path: str, status: int, kind: str) -> None:
    answer = httpx.get(url + path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    body = Problem.model_validate(answer.json())
    assert body.status == status and body.type == kind
    assert body.title and body.detail.endswith(".")


def test_another_method_is_a_problem_that_names_the_right_ones(url: str) -> None:
    answer = httpx.post(f"{url}/sections")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["allow"] == "GET"


def test_a_mistake_of_the_program_tells_nothing_of_the_machine(survey: Path) -> None:
    app = create_app(survey, names=("*",))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(f"secret {survey}")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/broken")

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text and str(survey) not in answer.text


def test_a_problem_holds_what_its_kind_adds_and_the_headers_of_its_answer() -> None:
    answer = problem(
        429, "too many requests", "wait a minute.", headers={"Retry-After": "60"}, queue=3
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert answer.headers["content-type"] == MEDIA_TYPE == PROBLEM
    assert json.loads(bytes(answer.body)) == {
        "type": "about:blank", "title": "too many requests", "status": 429,
        "detail": "wait a minute.", "queue": 3,
    }  # fmt: skip
