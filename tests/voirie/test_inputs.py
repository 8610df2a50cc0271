"""What a user gives, read back as it was written and refused where it cannot be."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voirie.documents import checked
from voirie.errors import ConfigurationError
from voirie.inputs import (
    Campaign,
    PassInput,
    Survey,
    SurveyOptions,
    read_survey,
    read_vehicle,
    survey_toml,
)

SURVEY = """\
purpose = "entretien"
network = "roads.gpkg"

[campaign]
name = "D108"

[[passes]]
id = "aller"
inputs = ["a.mp4", "b.mp4"]
track = "a.gpx"
started_at = 2024-05-01T10:00:00+02:00
"""

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
passes = st.builds(
    PassInput,
    id=st.from_regex(r"[a-z0-9_-]{1,8}", fullmatch=True),
    inputs=st.lists(st.sampled_from([Path("a.mp4"), Path("b/c.mp4")]), min_size=1).map(tuple),
    track=st.none() | st.just(Path("a.gpx")),
    offset_s=st.floats(-1e4, 1e4),
    started_at=st.none()
    | st.datetimes(datetime(1970, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC)),
)
surveys = st.builds(
    Survey,
    campaign=st.builds(Campaign, name=names, body=names),
    purpose=st.just("") | names,
    network=st.none() | st.just(Path("roads.gpkg")),
    options=st.builds(
        SurveyOptions,
        step=st.none() | st.just("5m"),
        min_coverage_pct=st.none() | st.floats(0, 100),
        only_seen=st.none() | st.booleans(),
        headline_existence=st.none() | st.floats(0, 1),
        experimental=st.none() | st.booleans(),
        people=st.sampled_from([None, "whole", "head"]),
    ),
    passes=st.lists(passes, min_size=1, max_size=3, unique_by=lambda one: one.id).map(tuple),
    sha256=st.dictionaries(names, names, max_size=2),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "given.toml"
    path.write_text(text, encoding="utf-8")
    return path


@settings(max_examples=40)
@given(surveys)
def test_a_survey_that_was_written_is_read_back_whole(survey: Survey) -> None:
    told = tomllib.loads(survey_toml(survey))
    assert checked(Survey, told, None, "the survey", "") == survey


def test_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    survey = read_survey(written(tmp_path, SURVEY))
    (only,) = survey.passes
    assert only.inputs == (tmp_path / "a.mp4", tmp_path / "b.mp4")
    assert (only.track, survey.network) == (tmp_path / "a.gpx", tmp_path / "roads.gpkg")
    assert (only.vehicle, survey.scheme) == (None, None)


def test_a_start_is_kept_in_utc(tmp_path: Path) -> None:
    (only,) = read_survey(written(tmp_path, SURVEY)).passes
    assert only.started_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert only.started_at.utcoffset() == timedelta(0)
    summer = timezone(timedelta(hours=2))
    for told in (datetime(2024, 5, 1, 8), datetime(2024, 5, 1, 10, tzinfo=summer)):
        given_time = PassInput(id="a", inputs=(Path("a.mp4"),), started_at=told).started_at
        assert given_time is not None and given_time.isoformat() == "2024-05-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('name = "D108"', 'nom = "D108"', "campaign.name"),
        ('id = "aller"', 'id = "../x"', "passes.0.id"),
        ('["a.mp4", "b.mp4"]', "[]", "passes.0.inputs"),
        ("purpose", "porpuse", "porpuse"),
    ],
)
def test_a_mistake_in_a_survey_names_its_key(
    before: str, after: str, where: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_survey(written(tmp_path, SURVEY.replace(before, after)))
    assert f"wrong at {where} " in str(raised.value)


def test_a_vehicle_has_a_camera_that_can_be(tmp_path: Path) -> None:
    vehicle = read_vehicle(written(tmp_path, "[vehicle]\nname = 'V1'\n[camera]\nheight_m = 1.4\n"))
    assert (vehicle.name, vehicle.camera.height_m) == ("V1", 1.4)
    with pytest.raises(ConfigurationError, match=r"wrong at camera\.height_m "):
        read_vehicle(written(tmp_path, "[camera]\nheight_m = 140\n"))


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("offset_s = nan", "passes.0.offset_s"),
        ("offset_s = inf", "passes.0.offset_s"),
        ("offset_s = 1e300", "passes.0.offset_s"),
        ("started_at = 0001-01-01T00:00:00+12:00", "passes.0.started_at"),
    ],
)
def test_a_number_or_a_date_that_no_drive_has_is_refused(
    line: str, where: str, tmp_path: Path
) -> None:
    path = tmp_path / "survey.toml"
    path.write_text(
        f'campaign.name = "D108"\n[[passes]]\nid = "a"\ninputs = ["a.mp4"]\n{line}\n', "utf-8"
    )
    with pytest.raises(ConfigurationError, match=f"is wrong at {where}"):
        read_survey(path)


@pytest.mark.parametrize(
    "line", ["k1 = inf", "k1 = 1e9", "k2 = nan", "k2 = -1e9", "pitch_deg = nan"]
)
def test_a_lens_that_cannot_be_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "vehicle.toml"
    path.write_text(f"[camera]\nheight_m = 1.3\n{line}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=f"is wrong at camera.{line.split(maxsplit=1)[0]}"):
        read_vehicle(path)
