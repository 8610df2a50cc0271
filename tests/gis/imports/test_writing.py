"""`network.gpkg` is read back as it was; faults are layers that GDAL opens."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
import shapely

from gis.imports.faults import Fault
from gis.imports.make import make_network
from gis.imports.writing import markers_on_the_road, write_faults, write_network
from gis.network import read_network
from tests.gis.imports.made_roads import roads, straight
from tests.gis.network.made_network import axis, build, mark
from voirie.errors import ConfigurationError, OutputNotWritable
from voirie.messages import message


def test_a_network_is_read_back_as_it_was(tmp_path: Path) -> None:
    made = make_network(roads([{"at": straight(400), "width_m": 5.5}])).network
    write_network(made, tmp_path / "n.gpkg")
    back = read_network(tmp_path / "n.gpkg")
    assert back.version == made.version
    assert back.axes.equals(made.axes)


def test_markers_stand_where_their_cumul_falls() -> None:
    network = build([axis([(0.0, 0.0), (1000.0, 0.0)], 0, 1000)], [
        mark("PR", 1, 250, (250, 40)), mark("PR", 9, 5000, (0, 0))])  # fmt: skip
    points = markers_on_the_road(network).geometry
    assert points.iloc[0].x == 600_250.0 and points.iloc[1] is None


def test_faults_are_layers_by_their_shape(tmp_path: Path) -> None:
    told = message("{route} touches no other route", route="D1")
    faults = [Fault("pr_far", "D1", told, shapely.Point(1, 2)), Fault("island", "D1", told)]
    faults.append(Fault("gap", "D1", told, shapely.LineString([(0, 0), (9, 9)])))
    write_faults(faults, tmp_path / "f.gpkg")
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "f.gpkg")}
    assert layers == {"points", "lines", "elsewhere"}


def test_only_a_geopackage_is_written_and_only_where_one_can(tmp_path: Path) -> None:
    network = build([axis([(0.0, 0.0), (1000.0, 0.0)], 0, 1000)])
    with pytest.raises(ConfigurationError, match=r"\.gpkg"):
        write_network(network, tmp_path / "n.shp")
    with pytest.raises(OutputNotWritable):
        write_network(network, tmp_path / "absent" / "n.gpkg")
    assert list(tmp_path.iterdir()) == []
