"""The version of a network follows its content to the millimetre."""

from __future__ import annotations

import pytest

from gis.network.content_hash import version_of
from gis.network.network import Network
from tests.gis.network.made_network import axis, build, frame, mark

PR = [mark("PR", 1, 0.0, (0.0, 0.0))]


def test_a_rewritten_file_is_the_same_and_another_content_another() -> None:
    made = build([axis([(0, 0), (100, 0)], 0.0, 100.0)], PR)
    assert version_of(made.axes, frame(PR).assign(num=1)) == version_of(
        made.axes.set_geometry(made.axes.translate(1e-5)), frame(PR).assign(num=1)
    )
    assert len(made.version) == 16


@pytest.mark.parametrize(
    "other",
    [
        build([axis([(0, 0), (100, 0.01)], 0.0, 100.0)], PR),
        build([axis([(0, 0), (100, 0)], 0.0, 100.0, traffic=9)], PR),
        build([axis([(0, 0), (100, 0)], 0.0, 100.0)]),
    ],
)
def test_what_has_changed_is_another_version(other: Network) -> None:
    assert build([axis([(0, 0), (100, 0)], 0.0, 100.0)], PR).version != other.version
