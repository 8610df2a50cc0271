"""What the made survey says, summed up."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.facts import Facts
from voirie.folder import SurveyFolder


@pytest.fixture(scope="session")
def facts(made: Path) -> Facts:
    """Of the survey with notes, coordinates and a plan."""
    return Facts(Bundle(SurveyFolder(made)))


@pytest.fixture(scope="session")
def bare_facts(bare: Path) -> Facts:
    """Of stills by chainage: no note, no coordinates, no plan."""
    return Facts(Bundle(SurveyFolder(bare)))
