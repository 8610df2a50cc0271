"""The service put together around one survey."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI

from api.app import create_app
from voirie import __version__
from voirie.errors import NotASurvey


def test_what_is_no_survey_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(NotASurvey):
        create_app(tmp_path)


def test_the_description_of_the_service_names_its_addresses(survey: Path) -> None:
    app = create_app(survey)
    assert isinstance(app, FastAPI)
    told = app.openapi()
    assert set(told["paths"]) == {
        "/", "/healthz", "/sections", "/findings", "/pictures/{picture_id}",
    }  # fmt: skip
    assert told["info"] == {"title": "Voirie", "version": __version__}
    asked = {p["name"]: p["schema"] for p in told["paths"]["/sections"]["get"]["parameters"]}
    assert set(asked) == {"limit", "offset", "bbox"}
    assert asked["limit"]["maximum"] == 10_000
