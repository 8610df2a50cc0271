"""Pictures on their side or upside down are told by what is found in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.orientation import (
    LEAST_PICTURES,
    PICTURES,
    Orientation,
    orientation_of,
    refuse_turned,
    spread,
    stretches,
)
from anonymize.selftest import street
from voirie.arrays import Pixels
from voirie.errors import PicturesTurned
from voirie.nets import Models, YoloDetector


@pytest.fixture(scope="module")
def gate(models: Models) -> YoloDetector:
    return models.detector("gate")


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_angle_is_told(gate: YoloDetector, degrees: int) -> None:
    lying = np.rot90(street(), -degrees // 90)
    found = orientation_of(gate, [lying] * 3)
    assert (found.turned_deg, found.pictures) == (degrees, 3)


def test_what_stands_is_looked_at_no_longer_than_it_takes(gate: YoloDetector) -> None:
    taken = 0

    def pictures() -> Iterator[Pixels]:
        nonlocal taken
        while True:
            taken += 1
            yield street()

    assert orientation_of(gate, pictures()).turned_deg == 0
    assert LEAST_PICTURES <= taken < PICTURES


def test_where_nothing_is_found_nothing_is_refused(gate: YoloDetector) -> None:
    plain = np.full((192, 320, 3), 120, np.uint8)
    assert orientation_of(gate, [plain] * 3).turned_deg is None
    assert orientation_of(gate, []).turned_deg is None
    refuse_turned(gate, [plain] * 3, "a.mp4")


@pytest.mark.parametrize(("degrees", "said"), [(90, "90 degrees clockwise"), (180, "upside down")])
def test_the_refusal_says_angle_and_remedy(gate: YoloDetector, degrees: int, said: str) -> None:
    lying = np.rot90(street(), -degrees // 90)
    with pytest.raises(PicturesTurned, match=said) as told:
        refuse_turned(gate, [lying] * 2, Path("a.mp4"))
    assert told.value.exit_code == 3
    assert f"-display_rotation {degrees}" in str(told.value)


def test_a_camera_turned_half_way_is_told_with_the_part(gate: YoloDetector) -> None:
    lying = np.ascontiguousarray(np.rot90(street(), 2))
    pictures = [street()] * 30 + [lying] * 30
    whole, *parts = stretches(pictures, 20)
    assert orientation_of(gate, spread(whole)).turned_deg != 180
    refuse_turned(gate, spread(parts[0]), "a.mp4", "0-7 s")
    with pytest.raises(PicturesTurned, match=r"pictures \(13-20 s\) lie upside down"):
        refuse_turned(gate, spread(parts[-1]), "a.mp4", "13-20 s")


@given(st.integers(1, 400), st.integers(2, 60), st.data())
def test_what_lies_turned_for_long_fills_a_part(
    number: int, length: int, data: st.DataObject
) -> None:
    whole, *parts = stretches(range(number), length)
    assert whole == range(number)
    assert all(len(part) == length for part in parts)
    long = length + length // 2
    if number >= long:
        first = data.draw(st.integers(0, number - long))
        turned = set(range(first, first + long))
        assert number == long == length or any(set(part) <= turned for part in parts)


@given(st.tuples(*[st.floats(0, 1e3)] * 4), st.integers(0, 3))
def test_the_verdict_turns_with_the_pictures(
    evidence: tuple[float, float, float, float], ways: int
) -> None:
    before = Orientation(evidence, PICTURES).turned_deg
    rolled = [evidence[(way - ways) % 4] for way in range(4)]
    after = Orientation((rolled[0], rolled[1], rolled[2], rolled[3]), PICTURES).turned_deg
    assert after == (None if before is None else (before + 90 * ways) % 360)


@given(st.integers(0, 500))
def test_what_is_looked_at_is_spread_wherever_one_stops(number: int) -> None:
    chosen = spread(range(number))
    assert len(set(chosen)) == len(chosen) == min(number, PICTURES)
    if number >= PICTURES:
        assert {min(chosen), max(chosen)} == {0, number - 1}
        first = chosen[:LEAST_PICTURES]
        assert max(first) - min(first) >= number // 2
