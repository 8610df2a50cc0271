"""A made survey folder, in the three shapes that the report must cope with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.made_survey import build

# A busy machine is no mistake of the program: no example fails for its time. The same examples
# come each time, so that one code has one answer; ``VOIRIE_TRIES`` looks for new ones.
settings.register_profile(
    "any machine", deadline=None, derandomize="VOIRIE_TRIES" not in os.environ, database=None
)
settings.load_profile("any machine")

# Commands answer in the language of the session: the tests hold theirs in English, whoever runs
# them, and say so where they want French.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("VOIRIE_LANG", None)


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
