"""Figures on signs: the likelihood by its definition, and the network on the decree's own discs."""

from __future__ import annotations

from itertools import groupby, product

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_signs import speed_limit
from voirie.nets import load_models
from voirie.nets.figures import BLANK, HEIGHT_PX, WIDTH_PX, ZERO, inside, likelihood

FIGURES = ("30", "50", "90", "110")


@given(st.integers(0, 2**32 - 1), st.sampled_from(["5", "50", "100", "110"]))
def test_it_is_the_sum_over_every_way_to_write_the_figure(seed: int, figure: str) -> None:
    rng = np.random.default_rng(seed)
    used = sorted({ZERO + int(digit) for digit in figure})
    steps = np.zeros((5, 43))
    steps[:, [BLANK, *used]] = rng.dirichlet(np.ones(1 + len(used)), 5)
    wanted = [ZERO + int(digit) for digit in figure]
    total = sum(
        float(np.prod([steps[at, column] for at, column in enumerate(way)]))
        for way in product([BLANK, *used], repeat=5)
        if [column for column, _ in groupby(way) if column != BLANK] == wanted
    )
    assert likelihood(steps.astype(np.float64), figure) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("side_px", [32, 80])
def test_the_network_reads_a_drawn_disc(figure: str, side_px: int) -> None:
    small = np.asarray(
        cv2.resize(speed_limit(figure), (side_px, side_px), interpolation=cv2.INTER_AREA)
    )
    scene = np.full((120, 160, 3), 90, np.uint8)
    scene[10 : 10 + side_px, 30 : 30 + side_px] = small
    box = np.array([[30, 10, 30 + side_px, 10 + side_px]], np.float32)
    found = load_models().figure_reader("sign_values").likelihoods(scene, box, FIGURES)
    assert found.shape == (1, len(FIGURES))
    assert FIGURES[int(found[0].argmax())] == figure
    assert found[0].max() > 0.5
    assert found.sum() <= 1 + 1e-6


def test_a_box_beyond_the_picture_shows_nothing() -> None:
    scene = np.full((40, 40, 3), 90, np.uint8)
    for box in ([50, 50, 60, 60], [10, 10, 10, 10], [-30, 5, -2, 9]):
        cut = inside(scene, np.array(box, np.float32))
        assert cut.shape == (HEIGHT_PX, WIDTH_PX, 3)
        assert not cut.any()


@pytest.mark.yolo
def test_it_says_what_another_runtime_says_each_time_it_is_asked() -> None:
    """OpenVINO once fused its attention into a kernel that gave other values at each call."""
    runtime = pytest.importorskip("onnxruntime")
    models, noise = load_models(), np.random.default_rng(0)
    sign = np.asarray(cv2.resize(speed_limit("90"), (24, 24), interpolation=cv2.INTER_AREA))
    noisy = np.clip(sign + noise.normal(0, 25, sign.shape), 0, 255).astype(np.uint8)
    crop = inside(noisy, np.array([0, 0, 24, 24], np.float32))
    session = runtime.InferenceSession(str(models.path("sign_values")))
    fed = (crop.astype(np.float32).transpose(2, 0, 1)[None] - 127.5) / 127.5
    (expected,) = session.run(None, {session.get_inputs()[0].name: fed})
    for _ in range(5):
        (found,) = models.net("sign_values").run(crop[None])
        assert np.abs(found - expected).max() < 1e-4
