"""What a run is asked to do: from a command line or a survey.toml, or refused in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspection.context import RunContext, context_of, fingerprint, is_survey_file
from inspection.options import Options, Step
from tests.made_films import shaded_film
from tests.made_telemetry import rmc
from voirie.errors import ConfigurationError, InputUnusable, NotDecodable
from voirie.ids import sha256_of
from voirie.wording import Wording


def test_a_fingerprint_hangs_on_values_not_on_the_order_of_their_names() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A survey of two films and a track; nothing opens them before the run starts."""
    for name in ("a.mp4", "b.mp4", "t.csv"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "survey.toml").write_text(
        """
purpose = "pavement maintenance"

[campaign]
name = "spring"

[options]
step = "2s"

[[passes]]
id = "first"
inputs = ["a.mp4"]
track = "t.csv"

[[passes]]
id = "second"
inputs = ["b.mp4"]
track = "t.csv"
offset_s = 4.0
""",
        encoding="utf-8",
    )
    return tmp_path


def asked(
    *inputs: Path,
    track: Path | None = None,
    purpose: str | None = None,
    offset_s: float | None = None,
) -> RunContext:
    return context_of(
        list(inputs), track=track, network=None, vehicle=None, purpose=purpose, offset_s=offset_s
    )


def test_a_survey_file_says_what_is_done(drive: Path) -> None:
    ctx = asked(drive / "survey.toml")
    assert is_survey_file([drive / "survey.toml"])
    assert [plan.name for plan in ctx.passes] == ["first", "second"]
    assert [plan.kind for plan in ctx.passes] == ["video", "video"]
    assert (ctx.mandate.campaign, ctx.mandate.purpose) == ("spring", "pavement maintenance")
    assert ctx.options == Options(step=Step(2.0, "s"))
    # Each file once, though both passes have the same track.
    assert [path.name for path in ctx.inputs()] == ["a.mp4", "t.csv", "b.mp4"]


def test_the_command_line_stands_over_the_survey_file(drive: Path) -> None:
    ctx = asked(drive / "survey.toml", purpose="another", offset_s=1.5)
    assert ctx.mandate.purpose == "another"
    assert [plan.given.offset_s for plan in ctx.passes] == [1.5, 1.5]


def test_a_pass_is_known_by_what_its_files_hold_not_by_their_names(drive: Path) -> None:
    first, second = asked(drive / "survey.toml").passes
    assert first.pass_id != second.pass_id
    os.rename(drive / "a.mp4", drive / "renamed.mp4")
    text = (drive / "survey.toml").read_text("utf-8").replace("a.mp4", "renamed.mp4")
    (drive / "survey.toml").write_text(text, encoding="utf-8")
    assert [p.pass_id for p in asked(drive / "survey.toml").passes] == [
        first.pass_id,
        second.pass_id,
    ]
    (drive / "renamed.mp4").write_bytes(b"other pictures")
    assert asked(drive / "survey.toml").passes[0].pass_id != first.pass_id


def test_films_on_the_command_line_are_a_pass_each(drive: Path) -> None:
    films = [drive / "a.mp4", drive / "b.mp4"]
    ctx = asked(*films, track=drive / "t.csv", purpose="test")
    assert [plan.given.inputs for plan in ctx.passes] == [(films[0],), (films[1],)]
    assert {plan.given.track for plan in ctx.passes} == {drive / "t.csv"}


def test_without_a_purpose_nothing_is_done(drive: Path) -> None:
    with pytest.raises(ConfigurationError, match="purpose"):
        asked(drive / "a.mp4", track=drive / "t.csv", purpose="  ")


def test_inputs_that_do_not_exist_or_do_not_fit_are_refused(drive: Path) -> None:
    with pytest.raises(NotDecodable, match="no such file"):
        asked(drive / "lost.mp4", purpose="test")
    with pytest.raises(NotDecodable, match="no such track"):
        asked(drive / "a.mp4", track=drive / "lost.gpx", purpose="test")
    (drive / "one.jpg").write_bytes(b"x")
    with pytest.raises(ConfigurationError, match="single still"):
        asked(drive / "one.jpg", purpose="test")


def test_a_file_that_is_not_the_one_surveyed_is_refused(drive: Path) -> None:
    survey = drive / "survey.toml"
    text = survey.read_text("utf-8")
    survey.write_text(f'{text}\n[sha256]\n"b.mp4" = "{sha256_of(drive / "b.mp4")}"\n', "utf-8")
    assert len(asked(survey).passes) == 2
    (drive / "b.mp4").write_bytes(b"another film")
    with pytest.raises(InputUnusable, match="not the file that was surveyed") as refused:
        asked(survey)
    assert refused.value.path == str(drive / "b.mp4")


def test_a_film_that_a_copied_folder_left_behind_is_asked_for_beside_it(drive: Path) -> None:
    survey = drive / "survey.toml"
    text = survey.read_text("utf-8")
    survey.write_text(f'{text}\n[sha256]\n"b.mp4" = "{sha256_of(drive / "b.mp4")}"\n', "utf-8")
    (drive / "b.mp4").unlink()
    with pytest.raises(NotDecodable, match="the film was left where it was; put it beside") as lost:
        asked(survey)
    assert lost.value.path == str(drive / "b.mp4")


def test_two_passes_of_one_name_are_refused_by_it(drive: Path) -> None:
    survey = drive / "survey.toml"
    text = survey.read_text("utf-8").replace('"second"', '"first"')
    survey.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="two passes are called first"):
        asked(survey)


def test_a_drive_that_is_given_twice_is_refused(drive: Path) -> None:
    (drive / "b.mp4").write_bytes((drive / "a.mp4").read_bytes())
    with pytest.raises(ConfigurationError, match="passes p1 and p2 are the same drive"):
        asked(drive / "a.mp4", drive / "b.mp4", purpose="test")


@pytest.mark.parametrize("offset_s", [float("nan"), float("inf"), -1e300])
def test_an_offset_that_is_no_time_is_refused(offset_s: float) -> None:
    with pytest.raises(ConfigurationError, match="offset_s"):
        context_of(
            [Path("samples/drive/pass_a.mp4")],
            track=None,
            network=None,
            vehicle=None,
            purpose="test",
            offset_s=offset_s,
        )


def test_a_single_film_may_carry_its_track_and_its_clock(drive: Path) -> None:
    film, track = drive / "a.mp4", drive / "track.gpx"
    track.write_text("<gpx/>")
    (alone,) = asked(film, purpose="test").passes
    assert (alone.track, alone.offset_source) == (film, "stated")
    other = drive / "c.avi"
    other.write_bytes(b"another")
    assert asked(other, purpose="test").passes[0].track == other
    (apart,) = asked(film, track=track, purpose="test").passes
    assert (apart.track, apart.offset_source) == (track, "none")
    (stated,) = asked(film, track=track, offset_s=2.4, purpose="test").passes
    assert stated.offset_source == "stated"


def test_a_folder_of_films_is_a_pass_of_its_films(tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    for name in ("GX020042.MP4", "GX010042.MP4", "GX010042.LRV"):
        shaded_film(tmp_path / "a.mp4", pictures=3).rename(folder / name)
    (plan,) = asked(folder, purpose="test").passes
    assert [path.name for path in plan.given.inputs] == ["GX010042.MP4", "GX020042.MP4"]
    assert plan.track == folder / "GX010042.MP4"
    assert [Wording("en").say(what) for what in plan.told] == [
        "1 film of card was left out (1 small copies)"
    ]


def test_a_track_beside_a_film_is_taken_for_its_own(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "a.mp4", pictures=3)
    near = tmp_path / "a.csv"
    near.write_text("t,lat,lon\n0,44.35,2.575\n1,44.3501,2.575\n", encoding="utf-8")
    (plan,) = asked(film, purpose="test").passes
    assert (plan.track, plan.offset_source) == (near, "none")
    assert "lies beside the film" in Wording("en").say(plan.told[0])
    near.write_text("image;route\n", encoding="utf-8")
    assert asked(film, purpose="test").passes[0].track == film


def test_what_the_camera_wrote_beside_a_film_is_part_of_the_pass(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "a.mp4", pictures=3)
    (alone,) = asked(film, purpose="test").passes
    (tmp_path / "a.nmea").write_text("\n".join(rmc(k) for k in range(3)), encoding="utf-8")
    (told,) = asked(film, purpose="test").passes
    assert told.pass_id != alone.pass_id and told.track == film


def test_a_device_is_no_film(drive: Path) -> None:
    """Hashed, it would never end."""
    with pytest.raises(NotDecodable, match="no regular file"):
        asked(Path("/dev/zero"), track=drive / "t.csv", purpose="test")
