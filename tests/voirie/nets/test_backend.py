"""One network, many shapes, the same colours; nothing that is no number."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from voirie.nets.backend import SHAPES_KEPT, InputFormat, Net, NonFiniteOutput


def test_openvino_cannot_call_home() -> None:
    code = (
        "import sys\n"
        "from voirie.nets import backend\n"
        "assert 'openvino' not in sys.modules\n"
        "backend._core()\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
        "assert not any(m.startswith('openvino_telemetry.') for m in sys.modules)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


PICTURE = np.full((1, 32, 32, 3), (10, 20, 30), np.uint8)
"""Blue 10, green 20, red 30."""


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (InputFormat(rgb=True, divisor=1.0), [30, 20, 10]),
        (InputFormat(rgb=False, divisor=1.0), [10, 20, 30]),
        (InputFormat(rgb=True, divisor=10.0), [3, 2, 1]),
    ],
)
def test_pixels_reach_the_network_as_it_wants_them(
    feed: InputFormat, expected: list[float], colours: bytes
) -> None:
    (mean,) = Net(colours, feed, precision="f32").run(PICTURE)
    assert mean.dtype == np.float32
    assert mean.tolist() == [pytest.approx(expected, rel=1e-5)]


def test_more_shapes_than_are_kept_give_the_same_answers(colours: bytes) -> None:
    net = Net(colours, InputFormat(rgb=True, divisor=1.0), precision="f32")
    for batch in (*range(1, SHAPES_KEPT + 3), 1):
        (mean,) = net.run(np.repeat(PICTURE, batch, axis=0))
        assert np.allclose(mean, [[30, 20, 10]] * batch)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_answer_that_is_no_number_is_refused(
    value: float, answering: Callable[..., bytes]
) -> None:
    answer = np.array([[0.5, value]], np.float32)
    with pytest.raises(NonFiniteOutput):
        Net(answering(answer), InputFormat(rgb=True, divisor=1.0)).run(PICTURE)
