"""Whether the service is up."""

from __future__ import annotations

from pathlib import Path

import httpx

from api.dependencies import ServedSurvey
from api.models.health import Health
from api.routes.health import healthz
from voirie import __version__


def test_health_names_the_survey_and_its_counts(url: str) -> None:
    answer = httpx.get(f"{url}/healthz")
    assert answer.status_code == 200
    assert answer.json() | {"version": ""} == {
        "status": "ok", "version": "", "survey": "survey", "sections": 9, "findings": 60,
    }  # fmt: skip


def test_a_survey_without_coordinates_is_served_too(bare: Path) -> None:
    health = healthz(ServedSurvey.open(bare))
    assert health == Health(version=__version__, survey="survey", sections=9, findings=60)
