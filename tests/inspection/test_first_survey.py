"""A road service with a film, a track and a file of roads: init, check, run, report, why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from gis.network import Network, read_network
from tests.inspection.conftest import SAMPLE, made_clip
from voirie.cli import main
from voirie.folder import open_survey
from voirie.places import RouteKey

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "network"
SPEED_MPS = 12.0
SECONDS = 2.5


def bare_shapefile(folder: Path) -> list[str]:
    axes = gpd.read_file(SAMPLE / "network.gpkg", layer="axes")
    bare = axes[["route", "geometry"]].rename(columns={"route": "NUM_ROUTE"})
    bare.explode(index_parts=False).to_file(folder / "routes.shp")
    return ["--department", "31"]


def of_data(*names: str) -> Callable[[Path], list[str]]:
    """A file of roads that is linked beside the drive; its department is said where it has none."""

    def link(folder: Path) -> list[str]:
        source = DATA.joinpath(*names)
        if not source.exists():
            pytest.skip(f"{source.name} is not among the data of this machine")
        for path in source.parent.glob(f"{source.name.split(chr(46))[0]}.*"):
            (folder / path.name).symlink_to(path)
        return ["--department", "01"] if "osm" in names[0] else []

    return link


def drive_along(network: Network, route: RouteKey, start_m: float, path: Path) -> None:
    """Write the track of a drive on the right of a road, a fix a second."""
    t_s = np.arange(-2.0, SECONDS + 3.0)
    xy = network.locate(route, start_m + SPEED_MPS * t_s, offset_m=1.5)
    lon, lat = Transformer.from_crs(2154, 4326, always_xy=True).transform(*xy.T)
    points = pd.DataFrame({"t": t_s - t_s[0], "lat": lat.round(7), "lon": lon.round(7)})
    points.to_csv(path, index=False)


@pytest.mark.parametrize(
    "roads",
    [
        pytest.param(bare_shapefile, id="bare shapefile"),
        pytest.param(of_data("bdtopo_v2_olemps_12174", "ROUTE.shp"), id="BD TOPO"),
        pytest.param(of_data("osm_fr", "overpass_pont_de_veyle.osm.gz"), id="OpenStreetMap"),
    ],
)
def test_from_a_folder_to_a_report(
    roads: Callable[[Path], list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    film = made_clip(own, (8.0, 8.0 + SECONDS)).film
    card = tmp_path / "card"
    card.mkdir()
    said = roads(card)
    film.rename(card / "drive.mp4")
    # The drive must lie on the roads: they are imported once to draw its track.
    lines = next(path for path in card.iterdir() if path.name.endswith((".shp", ".osm.gz")))
    words = ["network", "import", str(lines), "--out", str(own / "known.gpkg")]
    values = ["--value", f"dep={said[1]}"] if said else []
    assert main([*words, *values]) == 0
    network = read_network(own / "known.gpkg")
    axes = network.axes[network.axes["cote"] == "U"]
    whole = axes.loc[(axes["cumul_to_m"] - axes["cumul_from_m"]).idxmax()]
    route = RouteKey(whole.gestionnaire, whole.dep, whole.route, whole.cote)
    drive_along(network, route, whole.cumul_from_m + 100.0, card / "drive.csv")

    words = ["--height", "1.366", "--fov", "68", "--purpose", "entretien", "--budget", "20000"]
    assert main(["init", str(card), *words, *said, "--lang", "fr"]) == 0
    survey = card / "survey.toml"
    assert "# finalité du relevé" in survey.read_text("utf-8")
    capsys.readouterr()
    assert main(["check", str(survey), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["wrong"] == [] and any("offset_s" in note for note in told["notes"])
    assert told["passes"][0]["pictures"] >= 3

    out = tmp_path / "survey"
    words = ["--step", "7m", "--min-coverage", "5", "--offset", "2"]
    assert main(["run", str(survey), "--out", str(out), *words]) in (0, 4)
    folder = open_survey(out)
    sections = folder.read("sections")
    seen = sections[sections["note_globale"].notna()]
    assert set(seen["route"]) == {route.route}
    row = seen.iloc[0]
    page = (out / "report.html").read_text("utf-8")
    assert row.route in page and not re.search(r"\bDS\+\d{4}", page)
    assert len(folder.read("plan_years"))
    m3 = pd.read_csv(out / "m3_section.csv", dtype=str)
    assert set(m3["route"]) >= {route.route}

    capsys.readouterr()
    assert main(["explain", "section", "1", "--survey", str(out)]) == 0
    assert str(row.route) in capsys.readouterr().out
