"""`voirie match` with places to write that are none, and with tracks of other bytes."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from gis.cli.match import match_track
from gis.network import Network, read_network
from tests.attacks.spoiling import read_or_refused, seeds, spoiled_bytes, trying
from voirie.cli import main
from voirie.errors import NotDecodable

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "drive"
SUFFIXES = (".gpkg", ".geojson", ".parquet", ".csv")
TRACK = "".join((SAMPLE / "track_a.gpx").read_text("utf-8").splitlines(keepends=True)[:60])


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network(SAMPLE / "network.gpkg")


def taken_by(make: Callable[[Path], object]) -> Callable[[Path, str], Path]:
    """A name at which something else stands that `make` makes."""

    def place(folder: Path, suffix: str) -> Path:
        out = folder / f"out{suffix}"
        make(out)
        return out

    return place


OUTS: dict[str, Callable[[Path, str], Path]] = {
    "a folder": taken_by(lambda out: (out / "inner").mkdir(parents=True)),
    "in a file": lambda folder, suffix: taken_by(Path.touch)(folder, "") / f"a{suffix}",
    "in no folder": lambda folder, suffix: folder / "nowhere" / f"out{suffix}",
    "too long": lambda folder, suffix: folder / ("x" * 250 + suffix),
    "in the system": lambda folder, suffix: Path("/proc") / f"out{suffix}",
    "a tab on its way": lambda folder, suffix: folder / "a\tb" / f"out{suffix}",
    "a line break in its name": lambda folder, suffix: folder / f"o\nut{suffix}",
}


@pytest.mark.parametrize("suffix", [".gpkg", ".csv"])
@pytest.mark.parametrize("what", OUTS)
def test_a_place_that_takes_no_file_is_one_line_and_nothing_is_written(
    what: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # What GDAL makes of "a\tb" is "ab": a folder of somebody else.
    for name in ("a\tb", "ab"):
        (tmp_path / name).mkdir()
    out = OUTS[what](tmp_path, suffix)
    before = sorted(tmp_path.rglob("*"))
    words = ["match", str(SAMPLE / "track_b.gpx"), "--network", str(SAMPLE / "network.gpkg")]
    assert main([*words, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("voirie: ") and said.count("\n") == 1
    assert "mistake of ours" not in said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_link_is_replaced_and_what_it_leads_to_stays(
    suffix: str, network: Network, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("of somebody else", "utf-8")
    for make in (os.symlink, os.link):
        out = tmp_path / f"out{suffix}"
        out.unlink(missing_ok=True)
        make(theirs, out)
        match_track(SAMPLE / "track_b.gpx", network, out)
        assert theirs.read_text("utf-8") == "of somebody else"
        assert out.stat().st_size > 1000 and not out.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["theirs", out.name])


def test_a_network_whose_path_means_another_file_is_not_read(tmp_path: Path) -> None:
    for name in ("a\tb", "ab"):
        (tmp_path / name).mkdir()
        shutil.copy(SAMPLE / "network.gpkg", tmp_path / name)
    with pytest.raises(NotDecodable, match="a tab or a line break"):
        read_network(tmp_path / "a\tb" / "network.gpkg")


def test_a_track_of_other_bytes_is_matched_or_refused(network: Network, tmp_path: Path) -> None:
    track, folder = tmp_path / "track.gpx", tmp_path / "out"
    folder.mkdir()
    end = TRACK[: TRACK.rindex("</trkpt>")] + "</trkpt></trkseg></trk></gpx>"

    @trying(quick=15)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        out = folder / f"out{chance.choice(SUFFIXES)}"
        track.write_bytes(spoiled_bytes(end.encode(), chance))
        read_or_refused(lambda path: match_track(path, network, out), track)
        left = {path.name for path in folder.iterdir()}
        assert left <= {f"out{suffix}" for suffix in SUFFIXES}

    tries()
