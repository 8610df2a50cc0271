"""Real networks for the tests of the anonymiser, loaded once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anonymize import CertificateWriter, SafeFrame, Sealer
from anonymize.selftest import drawn_face
from voirie.errors import AnonymiserUnfit, WeightsMissing
from voirie.media import RawFrame
from voirie.nets import Models, load_models

SEALED = ("pictures/p/a.jpg", "pictures/p/b.jpg")
"""Files of the folder that is sealed and certified."""


@pytest.fixture(scope="session")
def models() -> Models:
    """The shipped networks."""
    try:
        found = load_models()
        for role in ("gate", "plates", "face"):
            found.net(role)
    except WeightsMissing as missing:
        pytest.skip(f"the privacy weights are not in this checkout: {missing}")
    return found


@pytest.fixture
def sealer(models: Models) -> Sealer:
    """A sealer that has sealed nothing yet."""
    try:
        return Sealer(models)
    except AnonymiserUnfit as unfit:
        pytest.fail(str(unfit))


@pytest.fixture
def face_frame() -> RawFrame:
    """A raw frame with a drawn face."""
    return RawFrame(drawn_face(), 0.0, 0, "drawn.png")


@pytest.fixture
def plain_frame() -> RawFrame:
    """A raw frame on which nothing is to be found."""
    rows = np.linspace(60, 160, 320)[:, None, None]
    return RawFrame(np.tile(rows, (1, 320, 3)).astype(np.uint8), 0.0, 0, "plain.png")


@pytest.fixture
def safe(sealer: Sealer, face_frame: RawFrame) -> SafeFrame:
    """A sealed frame with a drawn face."""
    return sealer.seal(face_frame)


@pytest.fixture
def folder(tmp_path: Path, sealer: Sealer, safe: SafeFrame) -> Path:
    """A certified folder of two pictures."""
    writer = CertificateWriter(tmp_path / "s", sealer.settings)
    for file in SEALED:
        writer.store(safe, file)
    writer.finish()
    return tmp_path / "s"
