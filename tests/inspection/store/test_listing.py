"""The list of the store's surveys."""

from __future__ import annotations

from pathlib import Path

from inspection.store.database import Store
from inspection.store.ingest import add_survey
from inspection.store.listing import surveys_of
from tests.made_files import SURVEY
from tests.made_survey import START
from voirie.folder import SurveyFolder


def test_each_body_lists_its_own(store: Store, made: Path) -> None:
    assert surveys_of(store) == []
    add_survey(store, made, "Ariège")
    (one,) = surveys_of(store, "Ariège")
    assert (one.survey_id, one.campaign, one.network_version) == (SURVEY, "Printemps 2026", "abc")
    assert one.surveyed_from == START and one.n_passes == 1
    assert one.n_findings == len(SurveyFolder(made).read("findings"))
    assert surveys_of(store, "Hers") == []
