"""Blocks of GoPro's positions, as the two generations of its cameras write them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.real.conftest import DATA
from voirie.media.gpmf import _block, gpmf_fixes

GPMF = DATA / "video" / "gpmf"


def test_a_position_of_a_new_camera_tells_its_own_fix() -> None:
    scale = [1e7, 1e7, 1000, 1000, 100, 1, 1000, 100, 1]
    rows = [[443500000, 25750000, 0, 11000, 1100, 9648, 36900000 + 100 * k, 210, k] for k in (0, 3)]
    block = _block({"Data": rows, "Scale": scale})
    assert block.lat.tolist() == [44.35, 44.35] and block.speed_mps.tolist() == [11.0, 11.0]
    assert block.is_fixed.tolist() == [False, True]
    assert np.datetime64(int(block.moment_ms), "ms") == np.datetime64("2026-06-01T10:15:00")


def test_a_block_of_an_older_camera_tells_it_once() -> None:
    gps = {"Data": [[443500000, 25750000, 0, 11000, 11000]] * 2, "Scale": [1e7, 1e7, 1e3, 1e3, 1e3]}
    assert not _block(gps).is_fixed.any()
    assert _block(gps | {"0x47505346": 3, "0x47505350": 200}).is_fixed.all()
    assert not _block(gps | {"0x47505346": 3, "0x47505350": 2000}).is_fixed.any()


@pytest.mark.real
@pytest.mark.skipif(not GPMF.exists(), reason="real data is absent: video/gpmf")
def test_a_film_without_a_fix_keeps_its_moments() -> None:
    found = gpmf_fixes(GPMF / "hero8-trimmed.mp4", 2.0)
    assert found is not None and found["lat"].isna().all() and found["t_s"].is_monotonic_increasing
