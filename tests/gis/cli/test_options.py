"""Options that the commands about networks share."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.cli.options import asked_of, fault_row, pairs, refuse_same, wording_in
from gis.imports.faults import Fault
from voirie.errors import ConfigurationError
from voirie.messages import message


def test_what_is_asked_of_a_file_of_roads() -> None:
    asked = asked_of("osm", column=["width_m=larg"], join=["communes.gpkg:commune=nom"])
    assert asked.mapping == "osm" and asked.columns == {"width_m": "larg"}
    assert asked.joins[0].column == "nom"


@pytest.mark.parametrize("text", ["dep", "=012", "dep="])
def test_half_an_option_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="says nothing"):
        pairs([text], "--value")


def test_no_file_is_written_twice_or_over_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for written, read in (({"--out": path}, path), ({"--out": path, "--faults": path}, None)):
        with pytest.raises(ConfigurationError, match="read, or written already"):
            refuse_same(dict(written), read)
    with pytest.raises(ConfigurationError, match="its folder is not there"):
        refuse_same({"--out": tmp_path / "no" / "a.gpkg"})


def test_a_fault_is_told_in_both_languages() -> None:
    row = fault_row(Fault("gap", "D67", message("severity {n}", n=2)))
    assert (row["fr"], row["en"], row["at"]) == ("gravité 2", "severity 2", None)
    with pytest.raises(ConfigurationError, match="--lang de is not known"):
        wording_in("de")
