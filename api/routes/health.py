"""`/healthz`: whether the service is up, and what it serves."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Served
from api.models.health import Health
from voirie import __version__

router = APIRouter()


@router.get("/healthz", summary="Whether the service is up, and what it serves")
def healthz(survey: Served) -> Health:
    """Name of the survey and number of rows of each layer."""
    return Health(
        version=__version__,
        survey=survey.name,
        sections=len(survey.layers["sections"]),
        findings=len(survey.layers["findings"]),
    )
