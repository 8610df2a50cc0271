"""What was measured of networks: the shipped file is read, a spoilt one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from voirie.errors import ConfigurationError
from voirie.nets import load_models
from voirie.nets.measures import MEASURES, load_measures

TEXT = """
[pavement]
sha256 = "{sha}"
measured_on = "a drive"
[pavement.sizes.pothole]
length = {{ pixels = {pixels} }}
length_spread = 0.3
width_spread = 0.2
area_spread = 0.4
"""


def test_what_is_shipped_is_of_classes_that_the_network_has() -> None:
    models = load_models()
    for sha256, told in models.measures.items():
        (entry,) = (one for one in models.entries.values() if one.sha256 == sha256)
        assert set(told.sizes) | set(told.found) <= set(entry.classes)


def test_measures_are_found_by_the_hash_of_the_file(tmp_path: Path) -> None:
    (tmp_path / MEASURES).write_text(TEXT.format(sha="a" * 64, pixels=4.5))
    told = load_measures(tmp_path)["a" * 64].sizes["pothole"]
    assert (told.length.pixels, told.width.metres) == (4.5, 0.0)


@pytest.mark.parametrize("spoilt", [{"sha": "none", "pixels": 1}, {"sha": "a" * 64, "pixels": 1e9}])
def test_what_cannot_be_is_refused(tmp_path: Path, spoilt: dict[str, object]) -> None:
    (tmp_path / MEASURES).write_text(TEXT.format(**spoilt))
    with pytest.raises(ConfigurationError, match="measures of the weights"):
        load_measures(tmp_path)
