"""Whether the service is up."""

from __future__ import annotations

import httpx


def test_health_names_the_survey_and_its_counts(url: str) -> None:
    answer = httpx.get(f"{url}/healthz")
    assert answer.status_code == 200
    assert answer.json() | {"version": ""} == {
        "status": "ok", "version": "", "survey": "survey", "sections": 9, "findings": 60,
    }  # fmt: skip
