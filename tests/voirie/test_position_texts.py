"""Coordinates in texts, as cameras show them."""

from __future__ import annotations

import pytest

from tests.made_telemetry import rmc, srt_of
from voirie.position_texts import fixes_of_texts, texts_of_srt


@pytest.mark.parametrize(
    "text",
    [
        "[latitude: 44.350000] [longitude: 2.575000] [rel_alt: 1.2]",
        "[latitude : 44.350000] [longtitude : 2.575000]",
        "GPS(2.5750,44.3500,19) BAROMETER:91.2",
        "N44.35000 E2.57500",
        "lat=44.350000, lon=2.575000",
    ],
)
def test_every_way_of_writing_a_place(text: str) -> None:
    found = fixes_of_texts([(3.0, text)])
    assert found is not None and found[["t_s", "lat", "lon"]].values.tolist() == [[3, 44.35, 2.575]]


def test_a_receiver_without_a_fix_and_no_place_at_all() -> None:
    found = fixes_of_texts([(0.0, "lat: 0.000000 lon: 0.000000"), (1.0, rmc(1, fix=False))])
    assert found is not None and found["lat"].isna().all() and len(found) == 2
    assert fixes_of_texts([(0.0, "12.345678 bar")]) is None


def test_subtitles_in_a_file_of_their_own() -> None:
    texts = texts_of_srt(srt_of(["first", "second"]))
    assert [at_s for at_s, _ in texts] == [0.0, 1.0]
    assert [text.split()[0] for _, text in texts] == ["first", "second"]
    assert texts_of_srt("") == []
