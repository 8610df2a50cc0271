"""From lines in sealed pictures to frames where they were taken."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.network.network import read_network
from inspection.camera.lane_marks import AHEAD_M
from inspection.camera.poses import Poses
from inspection.capture.place_in_lane import left_line_m, moved, places_in_lane
from tests.inspection.stages.made_drive import (
    POSE,
    WIDTH_M,
    at,
    frames,
    straight_road,
    with_pictures,
)
from voirie.folder import SurveyFolder


def poses_of(table: gpd.GeoDataFrame) -> Poses:
    return Poses([POSE], np.zeros(len(table), dtype=np.int64))


@pytest.mark.parametrize("sens", ["+", "-"])
def test_frames_are_put_where_the_line_says_they_were_taken(sens: str, tmp_path: Path) -> None:
    network = read_network(straight_road(tmp_path))
    table = frames(np.arange(50.0, 80.0, 5.0), sens, camera=True)
    folder = with_pictures(tmp_path / "s", table, 0.4)
    found = places_in_lane(folder, table, poses_of(table), network)
    assert found["aside_m"].to_numpy() == pytest.approx(np.full(len(table), 0.4), abs=0.03)
    assert found["turned_deg"].to_numpy() == pytest.approx(np.zeros(len(table)), abs=0.21)
    # In the direction of travel, right is east going north and west going south.
    east_m = (WIDTH_M / 4 + 0.4) * (1.0 if sens == "+" else -1.0)
    where = moved(table, found)
    assert shapely.get_x(where.geometry.to_numpy()) == pytest.approx(at(east_m, 0)[0], abs=0.03)
    assert shapely.get_y(where.geometry.to_numpy()) == pytest.approx(
        shapely.get_y(table.geometry.to_numpy()), abs=0.01
    )
    assert where["yaw_deg"].to_numpy() == pytest.approx(found["turned_deg"].to_numpy())


def test_without_pictures_frames_stay_in_the_middle_of_their_lane(tmp_path: Path) -> None:
    network = read_network(straight_road(tmp_path))
    table = frames(np.arange(50.0, 80.0, 5.0), "+", camera=True).assign(yaw_deg=0.7)
    found = places_in_lane(SurveyFolder(tmp_path / "s"), table, poses_of(table), network)
    assert found.isna().all(axis=None)
    where = moved(table, found)
    assert where.geometry.geom_equals(table.geometry).all()
    assert where["yaw_deg"].eq(0.7).all()


def test_without_a_network_or_a_camera_nothing_is_known(tmp_path: Path) -> None:
    table = frames(np.arange(50.0, 80.0, 5.0), "+", camera=True)
    folder = with_pictures(tmp_path / "s", table, 0.4)
    assert places_in_lane(folder, table, poses_of(table), None).isna().all(axis=None)
    network = read_network(straight_road(tmp_path))
    unknown = Poses([], np.full(len(table), -1))
    assert places_in_lane(folder, table, unknown, network).isna().all(axis=None)


@pytest.mark.parametrize("sens", ["+", "-"])
def test_the_left_edge_of_a_lane_is_the_axis_of_a_road_of_two_directions(
    sens: str, tmp_path: Path
) -> None:
    network = read_network(straight_road(tmp_path))
    table = frames(np.array([60.0, 90.0]), sens, camera=True)
    line_m = left_line_m(table, network)
    assert line_m == pytest.approx(np.full((2, len(AHEAD_M)), -WIDTH_M / 4), abs=1e-6)
    lost = table.assign(sens=pd.NA, route=pd.NA)
    assert np.isnan(left_line_m(lost, network)).all()
