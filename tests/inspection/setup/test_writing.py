"""The files of a first survey are read by what reads the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from inspection.resources import SHIPPED
from inspection.setup.drives import drives_of
from inspection.setup.found import look_into
from inspection.setup.writing import (
    PRICE_COMMENTS,
    Answers,
    prices_text,
    scenarios_text,
    survey_text,
    vehicle_text,
)
from planning.scenarios import load_scenarios
from tests.inspection.conftest import SAMPLE
from voirie.catalogue.treatments import load_treatments
from voirie.inputs import read_survey, read_vehicle
from voirie.wording import LANGUAGES, Language, Wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_names_what_was_found_and_nothing_else(language: Language, tmp_path: Path) -> None:
    found = look_into(SAMPLE)
    answers = Answers("Été « 2026 »", purpose="entretien", body="Département")
    text = survey_text(SAMPLE, drives_of(found), dict(found.ours), answers, Wording(language))
    path = tmp_path / "survey.toml"
    path.write_text(text, encoding="utf-8")
    survey = read_survey(path)
    assert (survey.campaign.name, survey.purpose) == ("Été « 2026 »", "entretien")
    assert [one.inputs[0].name for one in survey.passes] == ["pass_a.mp4", "pass_b.mp4"]
    assert survey.vehicle == tmp_path / "vehicle.toml" and survey.network is None
    assert all("offset_s" not in one.model_fields_set for one in survey.passes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_are_the_shipped_ones_in_the_language_of_the_reader(
    language: Language, tmp_path: Path
) -> None:
    path = tmp_path / "treatments.yaml"
    path.write_text(prices_text(Wording(language)), encoding="utf-8")
    assert load_treatments(path) == load_treatments(None)
    text = path.read_text("utf-8")
    assert yaml.safe_load(text) == yaml.safe_load(SHIPPED["treatments"].read_text("utf-8"))
    said = " ".join(text.replace("#", " ").split())
    for comment in PRICE_COMMENTS:
        assert " ".join(Wording(language).text(comment).split()) in said


def test_scenarios_are_three_shares_of_one_budget(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(scenarios_text(30_000.0, True, Wording("fr")), encoding="utf-8")
    scenarios = load_scenarios(path)
    yearly = [sum(one.phases[0].envelopes_eur) for one in scenarios.scenarios]
    assert yearly == [30_000.0, 20_000.0, 45_000.0] and scenarios.years == 15
    assert scenarios.scenarios[0].name == "budget actuel"


def test_a_vehicle_has_the_height_that_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "vehicle.toml"
    answers = Answers("n", height_m=1.31, fov_deg=71.0)
    path.write_text(vehicle_text(answers, Wording("en")), encoding="utf-8")
    camera = read_vehicle(path).camera
    assert (camera.height_m, camera.fov_deg, camera.focal_px) == (1.31, 71.0, None)
