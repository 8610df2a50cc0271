import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize import Mask
from anonymize.destroy import NEUTRAL, filled

SIZE = (60, 90)


def scene(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*SIZE, 3), dtype=np.uint8)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 50), st.integers(1, 40), st.integers(1, 30)),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 99),
)
def test_nothing_under_the_mask_has_any_influence(drawn: list[tuple[int, ...]], seed: int) -> None:
    mask = Mask.of(*SIZE, [[x, y, x + w, y + h] for x, y, w, h in drawn])
    under = mask.pixels()
    one = scene(1)
    other = np.where(under[..., None], scene(100 + seed), one)
    sealed = filled(one, mask)
    assert np.array_equal(sealed, filled(other, mask))
    assert np.array_equal(sealed[~under], one[~under])


def test_template_attack_finds_no_plate_among_four_thousand() -> None:
    """30 frames, the attacker knows font, box and surroundings: every candidate fits alike."""
    chance = np.random.default_rng(3)
    candidates = chance.integers(0, 2, (4000, 26, 120), dtype=np.uint8) * 255
    mask = Mask.of(60, 160, [[20, 17, 140, 43]])
    surroundings = chance.integers(90, 120, (30, 60, 160, 3), dtype=np.uint8)
    right = 1234
    error = np.zeros(40)
    tried = [right, *chance.choice(4000, 39, replace=False)]
    for frame in surroundings:
        seen = frame.copy()
        seen[17:43, 20:140] = candidates[right][..., None]
        published = filled(seen, mask).astype(int)
        for k, plate in enumerate(tried):
            guess = frame.copy()
            guess[17:43, 20:140] = candidates[plate][..., None]
            error[k] += np.abs(filled(guess, mask).astype(int) - published).sum()
    assert np.ptp(error) == 0.0


def test_a_picture_that_is_all_mask_becomes_grey_and_the_input_is_left_alone() -> None:
    pixels = scene(5)
    before = pixels.copy()
    assert (filled(pixels, Mask.of(*SIZE, [[0, 0, 90, 60]])) == NEUTRAL).all()
    assert np.array_equal(pixels, before)


def test_the_colour_is_that_of_the_ring() -> None:
    pixels = np.full((40, 40, 3), (10, 20, 30), np.uint8)
    pixels[10:20, 10:20] = 255
    assert (filled(pixels, Mask.of(40, 40, [[10, 10, 20, 20]])) == (10, 20, 30)).all()
