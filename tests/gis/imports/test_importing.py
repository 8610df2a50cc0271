"""From a road file to a network: found by its columns, said by the user, or refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest

from gis.imports.importing import Asked, Imported, import_network
from gis.imports.writing import write_network
from gis.network import read_network
from tests.gis.imports.made_roads import layer, point, straight
from tests.real.conftest import DATA
from voirie.errors import ConfigurationError, NetworkUnusable

REAL = pytest.mark.skipif(not DATA.exists(), reason="real data is absent: shared/data")


def lengths(done: Imported) -> dict[str, int]:
    """Metres of each road, its carriageways together but for the left one."""
    total: Counter[str] = Counter()
    for key in done.network.routes():
        if key.cote != "G":
            total[key.route] += round(done.network.length_m(key))
    return dict(total)


def bare(path: Path, **columns: object) -> Path:
    rows = [{"NUM_ROUTE": "RD 67", "LARGEUR": 5.5, "at": straight(400), **columns}]
    rows.append({"NUM_ROUTE": "RD 67", "LARGEUR": 0.0, "at": straight(300, 700)[::-1], **columns})
    layer(rows).to_file(path)
    return path


def test_a_bare_shapefile_needs_only_its_department(tmp_path: Path) -> None:
    path = bare(tmp_path / "routes.shp")
    done = import_network(path, Asked(values={"dep": "12"}))
    assert done.mapping.name == "guessed"
    assert lengths(done) == {"D67": 700}
    assert done.network.routes()[0].gestionnaire == "CD12"
    assert done.network.axes["width_m"].iloc[0] == 5.5


def test_all_that_is_missing_is_asked_with_what_comes_near(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    layer([{"nom_route_x": "D67", "at": straight(400)}]).to_file(path)
    with pytest.raises(ConfigurationError, match="perhaps nom_route_x"):
        import_network(path, Asked())
    with pytest.raises(ConfigurationError, match="dep=012"):
        import_network(path, Asked(columns={"route": "nom_route_x"}))
    with pytest.raises(ConfigurationError, match="no column largeur") as told:
        import_network(path, Asked(columns={"width_m": "largeur", "largeur": "x"}))
    assert "no attribute largeur" in str(told.value)


def test_a_department_s_table_keeps_its_cumul_and_gives_its_pr(tmp_path: Path) -> None:
    path = tmp_path / "rd.gpkg"
    row = {"axe": "D67", "plod": "12PR0", "absd": 0, "cumuld": 40, "plof": "12PR1", "absf": 0}
    more = {"axe": "D67", "plod": "12PR1", "absd": 0, "cumuld": 1060, "plof": "12PR1", "absf": 500}
    layer([{**row, "cumulf": 1060, "at": straight(1000)},
           {**more, "cumulf": 1560, "at": straight(495, 1000)}]).to_file(path)  # fmt: skip
    done = import_network(path, Asked(values={"dep": "012"}))
    assert done.mapping.name == "departement" and done.faults == []
    assert done.network.cumul_range_m(done.network.routes()[0]) == (40.0, 1560.0)
    assert done.network.pr[["plo", "cumul_m"]].values.tolist() == [["12PR0", 40], ["12PR1", 1060]]


def test_pr_of_another_file_are_put_on(tmp_path: Path) -> None:
    path, pr = bare(tmp_path / "routes.shp"), tmp_path / "pr.gpkg"
    points = [point(x, 3) for x in (100, 900)]
    table = gpd.GeoDataFrame({"axe": ["D67"] * 2, "pr": [4, 5]}, geometry=points, crs=2154)
    table.to_file(pr)
    network = import_network(path, Asked(values={"dep": "12"}, pr=pr)).network
    assert network.pr["num"].tolist() == [4, 5]


def test_nothing_that_is_a_road_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    layer(
        [{"numero": "NC", "cl_admin": "Autre", "inseecom_g": "12174", "at": straight(9)}]
    ).to_file(path)
    with pytest.raises(NetworkUnusable, match="--dry-run"):
        import_network(path, Asked())


@pytest.mark.parametrize("shift", [(-700_000, -6_300_000), (3_000_000, 0)])
def test_roads_elsewhere_are_refused(shift: tuple[float, float], tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    table = layer([{"axe": "D1", "dep": "974", "at": straight(1000)}])
    table.assign(geometry=table.translate(*shift)).to_file(path)
    with pytest.raises(NetworkUnusable, match="metropolitan France"):
        import_network(path, Asked())


def test_a_pr_of_a_route_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    path, pr = bare(tmp_path / "routes.shp"), tmp_path / "pr.gpkg"
    table = gpd.GeoDataFrame({"axe": ["D8"], "pr": [4]}, geometry=[point(100, 3)], crs=2154)
    table.to_file(pr)
    done = import_network(path, Asked(values={"dep": "12"}, pr=pr))
    assert "pr_route" in [fault.kind for fault in done.faults]


def test_of_several_layers_one_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for name in ("rd", "vc"):
        layer([{"axe": "D1", "dep": "12", "at": straight(100)}]).to_file(path, layer=name)
    with pytest.raises(NetworkUnusable, match="rd, vc; say which"):
        import_network(path, Asked())
    assert lengths(import_network(path, Asked(layer="vc"))) == {"D1": 100}


def test_a_network_without_pr_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "n.gpkg"
    first = import_network(bare(tmp_path / "routes.shp"), Asked(values={"dep": "12"})).network
    write_network(first, path)
    assert lengths(import_network(path, Asked())) == {"D67": 700}


def test_our_own_network_is_read_as_it_is() -> None:
    done = import_network(Path("samples/drive/network.gpkg"), Asked())

    own = read_network(Path("samples/drive/network.gpkg"))
    assert [str(key) for key in done.network.routes()] == [str(key) for key in own.routes()]
    assert {str(k): round(done.network.length_m(k)) for k in own.routes()} == {
        str(k): round(own.length_m(k)) for k in own.routes()
    }
    assert done.network.pr["cumul_m"].tolist() == own.pr["cumul_m"].tolist()


@REAL
@pytest.mark.real
def test_bd_topo_round_rodez() -> None:
    done = import_network(DATA / "network" / "bdtopo_v2_olemps_12174" / "ROUTE.shp", Asked())
    assert done.mapping.name == "bdtopo_v2" and done.rows == 4981
    found = lengths(done)
    assert len(found) == 16
    # A road without carriageways has the length of its lines; a divided one that of its right one.
    assert found["D543"] == 4097 and 10_300 < found["N88"] < 10_600
    left_m = sum(done.network.length_m(key) for key in done.network.routes() if key.cote == "G")
    beside_m = sum(
        fault.geometry.length
        for fault in done.faults
        if fault.kind in ("arc", "stub", "covered") and fault.geometry is not None
    )
    assert abs(sum(found.values()) + left_m + beside_m - 75_665) < 0.01 * 75_665


@REAL
@pytest.mark.real
def test_openstreetmap_of_pont_de_veyle() -> None:
    path = DATA / "network" / "osm_fr" / "overpass_pont_de_veyle.osm.gz"
    done = import_network(path, Asked(values={"dep": "01"}))
    assert set(lengths(done)) == {"D2", "D28", "D51B", "D933"}
    assert {str(fault.kind) for fault in done.faults} == {"gap"}
