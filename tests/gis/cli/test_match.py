"""`voirie match`: a track in, a file in the asked format out, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from gis.cli.match import match_track, match_track_command
from gis.network.network import Network, read_network
from gis.network.pr_text import parse_pr
from voirie.errors import (
    DONE,
    DONE_IN_PART,
    ConfigurationError,
    NoOverlap,
    OutputNotWritable,
)

KEY = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
X, Y = 600_000.0, 6_250_000.0


@pytest.fixture
def network_gpkg(tmp_path: Path) -> Path:
    path = tmp_path / "network.gpkg"
    line = LineString([(X, Y), (X + 1000, Y)])
    axis = KEY | {"part": 1, "cumul_from_m": 0.0, "cumul_to_m": 1000.0, "width_m": 5.5}
    mark = KEY | {"num": 2, "kind": "PR", "plo": "31PR2", "cumul_m": 500.0}
    gpd.GeoDataFrame([axis], geometry=[line], crs=2154).to_file(path, layer="axes")
    gpd.GeoDataFrame([mark], geometry=[Point(X + 500, Y)], crs=2154).to_file(path, layer="pr")
    return path


@pytest.fixture
def network(network_gpkg: Path) -> Network:
    return read_network(network_gpkg)


@pytest.fixture
def drive_csv(tmp_path: Path) -> Path:
    """Nearly the whole road at 50 km/h, in the right lane."""
    path = tmp_path / "drive.csv"
    fixes = pd.DataFrame({"t": range(60)}).assign(x=lambda f: X + 100 + 14 * f["t"], y=Y - 1.4)
    fixes.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".csv"])
def test_match_writes(drive_csv: Path, network: Network, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / f"out{suffix}"
    report = match_track(drive_csv, network, out)
    assert report.routes == ("D108",)
    assert report.matched == report.fixes == 60
    readers: dict[str, Any] = {".csv": pd.read_csv, ".parquet": gpd.read_parquet}
    table = readers.get(suffix, gpd.read_file)(out)
    assert len(table) == report.fixes
    assert parse_pr(table["place"].iloc[-1]).num == 2
    assert parse_pr(table["place"].iloc[0]).num is None  # before the first PR
    assert [path.name for path in folder.iterdir()] == [out.name]


def test_match_refusals(drive_csv: Path, network: Network, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no format"):
        match_track(drive_csv, network, tmp_path / "out.xlsx")
    with pytest.raises(OutputNotWritable):
        match_track(drive_csv, network, tmp_path / "nowhere" / "out.gpkg")
    far = tmp_path / "far.csv"
    far.write_text("t,lat,lon\n0,44.0,2.0\n1,44.0001,2.0\n2,44.0002,2.0\n")
    with pytest.raises(NoOverlap) as caught:
        match_track(far, network, tmp_path / "out.csv")
    assert str(far) in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def test_the_command(
    drive_csv: Path, network_gpkg: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match_track_command(drive_csv, network_gpkg, tmp_path / "o.csv") == DONE
    assert "on D108" in capsys.readouterr().out
    assert match_track_command(drive_csv, network_gpkg, tmp_path / "o.csv", as_json=True) == DONE
    assert json.loads(capsys.readouterr().out)["routes"] == ["D108"]


def test_a_track_that_ends_in_the_middle_is_done_in_part(
    network: Network, network_gpkg: Path, tmp_path: Path
) -> None:
    xy = gpd.GeoSeries(gpd.points_from_xy([X + 14 * k for k in range(30)], [Y] * 30), crs=2154)
    points = "".join(
        f'<trkpt lat="{p.y}" lon="{p.x}"><time>2024-05-02T08:00:{k:02d}Z</time></trkpt>'
        for k, p in enumerate(xy.to_crs(4326))
    )
    track = tmp_path / "cut.gpx"
    track.write_text(f"<gpx><trk><trkseg>{points}<trkpt lat=")
    assert match_track(track, network, tmp_path / "o.csv").truncated
    assert match_track_command(track, network_gpkg, tmp_path / "o.csv") == DONE_IN_PART
