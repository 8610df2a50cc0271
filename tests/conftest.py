"""A made survey folder, in the three shapes that the report must cope with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made_survey import build


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Notes, coordinates and a plan."""
    return build(tmp_path_factory.mktemp("made") / "survey")


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stills by chainage: no note, no coordinates, no plan."""
    return build(
        tmp_path_factory.mktemp("bare") / "survey", notes=False, geometry=False, plan=False
    )
