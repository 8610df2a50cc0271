"""Classes taken over from another network."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from inspection.train import libraries
from inspection.train.heads import with_classes
from tests.inspection.train.conftest import reference

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)
needs_yolo = pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")


@needs_yolo
@pytest.mark.slow
def test_taken_over_classes_score_as_before(start: Path, tmp_path: Path) -> None:
    cut = with_classes(start, ("person", "bus"), [[0], [5]], tmp_path / "cut.pt")
    batch = np.random.default_rng(1).random((1, 3, 160, 160), np.float32)
    whole, part = reference(start, batch), reference(cut, batch)
    np.testing.assert_allclose(part[:, :4], whole[:, :4], atol=0.5)
    np.testing.assert_allclose(part[:, 4:], whole[:, [4, 9]], atol=0.01)
