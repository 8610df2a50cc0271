"""TOML with its meaning: whatever is written is read back by the model as it was given."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from inspection.setup.commented import commented
from voirie.inputs import Survey, Vehicle
from voirie.wording import Wording

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@given(words, words, st.floats(0.5, 3.9), st.sampled_from(["fr", "en"]))
def test_what_is_written_is_read_back(
    name: str, camera: str, height_m: float, language: str
) -> None:
    values = {
        "vehicle.name": name,
        "camera.name": camera,
        "camera.height_m": height_m,
        "camera.fov_deg": None,
    }
    text = commented(Vehicle, values, Wording("fr" if language == "fr" else "en"), ["# head"])
    vehicle = Vehicle.model_validate(tomllib.loads(text))
    assert (vehicle.name, vehicle.camera.name) == (name, camera)
    assert (vehicle.camera.height_m, vehicle.camera.fov_deg) == (height_m, None)


def test_meanings_stand_above_the_first_of_a_list_only() -> None:
    rows = [{"id": name, "inputs": [f"{name}.mp4"], "track": None} for name in ("a", "b")]
    values = {"purpose": "p", "campaign.name": "c", "passes": rows}
    text = commented(Survey, values, Wording("fr"))
    survey = Survey.model_validate(tomllib.loads(text))
    assert [one.id for one in survey.passes] == ["a", "b"]
    assert text.count("# nom du passage") == 1 and text.count('# track = "drive.gpx"') == 1
