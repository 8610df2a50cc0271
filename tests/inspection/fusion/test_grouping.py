"""Many things at once: what must hold whatever the views are."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuse import made
from gis.network.network import Network
from inspection.fusion.bearings import Bearings
from inspection.fusion.grouping import SAME_POST_M, merge_same_place
from inspection.stages.fuse import fused
from voirie.catalogue.scheme import load_scheme
from voirie.tables import TABLES, conform
from voirie.taxonomy import load_taxonomy

Drive = tuple[Network, gpd.GeoDataFrame, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def drive() -> Drive:
    """Some thousand things of all kinds on a road of 20 km."""
    return made(2_000, seed=11)


def found(
    drive: Drive, views: gpd.GeoDataFrame, network: bool = True
) -> tuple[pd.DataFrame, np.ndarray]:
    rules = load_scheme().severity
    axes = drive[0] if network else None
    return fused(views, drive[1], "s", network=axes, rules=rules, taxonomy=load_taxonomy())


def test_every_view_has_one_finding_of_its_kind_in_its_lane(drive: Drive) -> None:
    views = drive[2]
    findings, of_view = found(drive, views)
    assert sorted(set(of_view)) == list(range(len(findings)))
    assert np.bincount(of_view).tolist() == findings["n_views"].tolist()
    of = findings.iloc[of_view].reset_index(drop=True)
    for key in ("family", "route", "sens", "voie"):
        assert (of[key].to_numpy(object) == views[key].to_numpy(object)).all()
    assert findings["finding_id"].is_unique
    conform("findings", findings[TABLES["findings"].names])


@pytest.mark.parametrize("network", [True, False])
def test_the_order_of_views_does_not_matter(drive: Drive, network: bool) -> None:
    views = drive[2]
    shuffled = views.sample(frac=1.0, random_state=1).reset_index(drop=True)
    first, other = (
        found(drive, table, network)[0].set_index("finding_id").sort_index()
        for table in (views, shuffled)
    )
    numbers = first.select_dtypes("number").columns
    exact = first.columns.drop([*numbers, "geometry"])
    pd.testing.assert_frame_equal(first[exact], other[exact])
    # Sums in another order may fall on the other side of a tie.
    np.testing.assert_allclose(
        first[numbers].to_numpy(float), other[numbers].to_numpy(float), rtol=0, atol=0.0101
    )
    apart = shapely.hausdorff_distance(first["geometry"].to_numpy(), other["geometry"].to_numpy())
    assert apart.max() < 0.03


def test_a_lone_view_is_its_own_finding(drive: Drive) -> None:
    views = drive[2]
    several, of_view = found(drive, views)
    lone = np.flatnonzero((several["n_views"] == 1).to_numpy()[of_view])
    view, finding = views.iloc[lone], several.iloc[of_view[lone]]
    assert len(lone) > 100
    for name, half_unit in (("score", 5e-5), ("length_m", 5e-4), ("cumul_m", 5e-3)):
        same = finding["confidence" if name == "score" else name].to_numpy(float)
        known = np.isfinite(same) & (view["family"] == "pavement").to_numpy()
        apart = np.abs(same - view[name].to_numpy(float))[known]
        assert apart.max() <= half_unit * 1.001


def test_bounds_hold_and_shapes_lie_where_the_finding_does(drive: Drive) -> None:
    findings, _ = found(drive, drive[2])
    for stem, unit in (("length", "m"), ("width", "m"), ("area", "m2")):
        low, size, high = (
            findings[f"{stem}{bound}_{unit}"].dropna() for bound in ("_low", "", "_high")
        )
        assert (0 <= low).all() and (low <= size).all() and (size <= high).all()
        assert len(low) == len(size) == len(high) > 0
    assert (findings["cumul_from_m"] <= findings["cumul_m"]).all()
    assert (findings["cumul_m"] <= findings["cumul_to_m"]).all()
    assert findings["existence"].between(0, 1).all()
    assert (findings["existence"] >= findings["confidence"] - 1e-4).all()
    road = findings[findings["family"] == "pavement"]
    shape = shapely.bounds(road["geometry"].to_numpy())
    assert set(shapely.get_type_id(road["geometry"].to_numpy())) == {shapely.GeometryType.POLYGON}
    along = shape[:, [1, 3]] - 6_250_000.0
    np.testing.assert_allclose(along, road[["cumul_from_m", "cumul_to_m"]].to_numpy(), atol=0.01)


def test_without_views_there_is_nothing(drive: Drive) -> None:
    findings, of_view = found(drive, drive[2].iloc[:0])
    assert len(findings) == len(of_view) == 0
    assert set(TABLES["findings"].names) <= set(findings.columns)


def slowly_joined(bearings: Bearings, frame: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The rule as it reads: the first pair that fits is joined, then all are looked at again."""
    out = group.copy()
    while True:
        rows = {int(g): np.flatnonzero(out == g) for g in np.unique(out)}
        at = {g: bearings.of_rows(r).met(np.zeros_like(r))[0][0] for g, r in rows.items()}
        for a, b in combinations(rows, 2):
            near = np.hypot(*(at[a] - at[b])) <= SAME_POST_M
            if near and not set(frame[rows[a]]) & set(frame[rows[b]]):
                out[rows[b]] = a
                break
        else:
            return out


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12), st.floats(3.0, 60.0))
def test_joining_only_neighbours_joins_the_same(seed: int, posts: int, road_m: float) -> None:
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(posts), rng.integers(1, 4, posts))
    place = np.stack([rng.uniform(3, 6, posts), rng.uniform(0, road_m, posts)], axis=1)[group]
    ahead = rng.uniform(12.0, 50.0, len(group))
    origin = np.stack([np.zeros(len(group)), place[:, 1] - ahead], axis=1)
    guess = origin + (place - origin) * rng.normal(1.0, 0.1, len(group))[:, None]
    bearings = Bearings(origin, guess, 0.2 * ahead, 0.15 + 0.015 * ahead)
    frame = rng.integers(0, 3 * posts, len(group))
    shuffle = rng.permutation(len(group))
    bearings, frame, group = bearings.of_rows(shuffle), frame[shuffle], group[shuffle]
    expected = slowly_joined(bearings, frame, group)
    assert merge_same_place(bearings, frame, group).tolist() == expected.tolist()
