"""Real data beside the repository; absent, the tests are skipped and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def _need(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"real data is absent: {'/'.join(path.parts[-3:])}")
    return path


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data."""
    return _need(DATA)
