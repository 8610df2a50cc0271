"""Views with what their frames know of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from inspection.fusion.placed_views import OF_FRAME, OF_VIEW, placed_views
from tests.inspection.stages.made_drive import KEY, at, frames
from voirie.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
FRAMES = frames(np.array([20.0, 25.0, 30.0]), "+", camera=True)


def views(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Views of a pothole 10 m ahead of the second frame, changed as each row says."""
    place = {"sens": "+", "voie": 1, "cumul_m": 35.0, "offset_m": 1.5, "accuracy_m": 1.2}
    plain = dict.fromkeys(OF_VIEW, None) | {"family": "pavement", "code": "NDP"} | KEY | place
    plain |= {"frame_id": "f001", "forward_m": 10.0, "x": 1.5, "y": 35.0}
    table = pd.DataFrame([plain | {"view_id": f"v{k}"} | row for k, row in enumerate(rows)])
    points = gpd.points_from_xy(
        *np.transpose([at(x, y) for x, y in zip(table.x, table.y, strict=True)])
    )
    return gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=points, crs=2154)


def test_a_view_knows_its_frame_and_keeps_its_own_place() -> None:
    found = placed_views(views({}, {"frame_id": "f000"}), FRAMES, TAXONOMY)
    assert set(found.columns) >= {*OF_VIEW, *OF_FRAME.values()}
    assert found["view_id"].tolist() == ["v0", "v1"]
    assert found["frame"].tolist() == [1, 0]
    assert found["distance_m"].tolist() == [5.0, 0.0]
    # Both tables have an offset and an accuracy; neither takes the other's.
    assert (found["accuracy_m"] == 1.2).all() and (found["frame_accuracy_m"] == 1.0).all()
    seen_from = found[["from_x", "from_y"]].to_numpy().tolist()
    assert seen_from == [list(at(1.5, 25.0)), list(at(1.5, 20.0))]
    assert found[["x", "y"]].to_numpy().tolist() == [list(at(1.5, 35.0))] * 2


def test_a_view_is_seen_from_where_the_vehicle_drove_in_its_lane() -> None:
    back = frames(np.array([20.0, 25.0, 30.0]), "-", camera=True)
    there = placed_views(views({"aside_m": 0.4}, {"aside_m": None}), FRAMES, TAXONOMY)
    other_way = placed_views(views({"aside_m": 0.4}), back, TAXONOMY)
    east_m = there["from_x"].to_numpy() - at(0.0, 0.0)[0]
    assert east_m == pytest.approx([1.9, 1.5])
    assert other_way["from_x"].iloc[0] - at(0.0, 0.0)[0] == pytest.approx(-1.9)
    assert there["from_y"].to_numpy() == pytest.approx([at(0.0, 25.0)[1]] * 2)


def test_codes_of_one_stretch_are_of_one_kind_and_votes_do_not_part() -> None:
    rows = [{"code": "FLB"}, {"code": "FLH"}, {"code": "NDP"}]
    signs = [{"family": "sign", "code": "AB4"}, {"family": "sign", "code": "B14"}]
    kind = placed_views(views(*rows, *signs), FRAMES, TAXONOMY)["kind"].tolist()
    assert kind[0] == kind[1] != kind[2] == "NDP"
    assert kind[3:] == ["sign", "sign"]


@pytest.mark.parametrize(("family", "code"), [("pavement", "NDP"), ("sign", "AB4")])
def test_a_farther_thing_is_less_surely_placed(family: str, code: str) -> None:
    near = {"family": family, "code": code, "forward_m": 5.0, "y": 30.0}
    far = {"family": family, "code": code, "forward_m": 25.0, "y": 50.0}
    unseen = {"family": family, "code": code, "forward_m": np.nan}
    found = placed_views(views(near, far, unseen), FRAMES, TAXONOMY)
    for column in ("sd_m", "across_sd_m"):
        assert found[column].iloc[0] < found[column].iloc[1]
    assert np.isnan(found["sd_m"].iloc[2])


def test_without_views_there_is_a_table_without_rows() -> None:
    found = placed_views(views({}).iloc[:0], FRAMES, TAXONOMY)
    assert len(found) == 0
    assert {"kind", "sd_m", "across_sd_m", "from_x"} <= set(found.columns)
