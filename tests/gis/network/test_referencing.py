"""PR and abscisse: writing, reading, round trip, refusals."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from gis.network.network import Network
from gis.network.referencing import cumul_of, pr_of, pr_of_places, written
from voirie.errors import NotFound
from voirie.places import RouteKey

KEY = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
D108 = RouteKey(**KEY)


def network(points: list[tuple[str, int | None, float]], start: float, end: float) -> Network:
    line = LineString([(600_000 + start, 6_250_000), (600_000 + end, 6_250_000)])
    axes = gpd.GeoDataFrame(
        [KEY | {"part": 1, "cumul_from_m": start, "cumul_to_m": end, "geometry": line}],
        crs="EPSG:2154",
    )
    rows = [
        KEY
        | {"kind": kind, "num": num, "plo": kind if num is None else f"31PR{num}"}
        | {"cumul_m": cumul, "geometry": Point(600_000 + cumul, 6_250_000)}
        for kind, num, cumul in points
    ]
    return Network.of(axes, gpd.GeoDataFrame(rows, crs="EPSG:2154"))


ROUTE = network(
    [
        ("DS", None, 0.0),
        ("PR0", 4, 130.0),
        ("PR", 5, 1130.0),
        ("PR", 6, 2270.4),
        ("FS", 9, 2300.0),
        ("PRF", 7, 3200.0),
    ],
    0.0,
    3200.0,
)


@pytest.mark.parametrize(
    ("cumul", "plo", "num", "metres"),
    [
        (0.0, "DS", None, 0),
        (120.0, "DS", None, 120),
        (129.4, "DS", None, 129),
        (129.6, "31PR4", 4, 0),  # rounds onto the PR
        (130.0, "31PR4", 4, 0),
        (1130.0, "31PR5", 5, 0),
        (2264.0, "31PR5", 5, 1134),  # an abscisse exceeds 999
        (2269.9, "31PR5", 5, 1140),
        (2270.3, "31PR5", 5, 1140),
        (2310.0, "31PR6", 6, 40),  # FS never serves
        (3200.0, "31PR7", 7, 0),
    ],
)
def test_written_from_the_last_pr(cumul: float, plo: str, num: int | None, metres: int) -> None:
    row = pr_of(ROUTE, D108, [cumul]).iloc[0]
    assert row["plo"] == plo
    assert row["num"] is pd.NA if num is None else row["num"] == num
    assert row["abs_m"] == metres


def test_null_stays_null() -> None:
    assert pr_of(ROUTE, D108, [np.nan, 130.0])["plo"].isna().tolist() == [True, False]


def test_a_route_without_pr_is_written_from_its_start() -> None:
    bare = network([("DS", None, 50.0)], 50.0, 500.0)
    assert pr_of(bare, D108, [80.0])[["plo", "abs_m"]].to_numpy().tolist() == [["DS", 30]]
    with pytest.raises(NotFound, match="no PR 3"):
        cumul_of(bare, D108, 3, 0)


def test_before_the_first_pr_the_first_of_two_sections_counts() -> None:
    route = network([("DS", None, 0.0), ("DS", None, 200.0), ("PR", 1, 400.0)], 0.0, 900.0)
    at = np.array([0.0, 150.0, 200.0, 260.0, 399.0])
    names = pr_of(route, D108, at)
    assert set(names["plo"]) == {"DS"} and names["abs_m"].tolist() == at.tolist()
    assert cumul_of(route, D108, "DS", names["abs_m"].to_numpy(float)).tolist() == at.tolist()


def test_what_lies_before_a_section_start_is_read_back_too() -> None:
    route = network([("DS", None, 50.0), ("PR", 1, 400.0)], 0.0, 900.0)
    names = pr_of(route, D108, [20.0, 70.0])
    assert cumul_of(route, D108, "DS", names["abs_m"].to_numpy(float)).tolist() == [20.0, 70.0]


@pytest.mark.parametrize(
    ("reference", "metres", "told"),
    [
        (4, 9999, "ends 3070 m after PR 4"),
        ("31PR7", 2, "ends 0 m after 31PR7"),
        ("DS", 3202, "ends 3200 m after DS"),
        ("+", 5000, "ends 3200 m after its start"),
    ],
)
def test_a_place_beyond_the_end_of_its_route_is_refused(
    reference: int | str, metres: float, told: str
) -> None:
    with pytest.raises(NotFound, match=told):
        cumul_of(ROUTE, D108, reference, metres)
    assert cumul_of(ROUTE, D108, 4, [0, 3070]).tolist() == [130.0, 3200.0]


@settings(max_examples=50, deadline=None)
@given(
    intervals=st.lists(st.floats(5, 2500), min_size=1, max_size=12),
    head=st.floats(0, 400),
    tail=st.floats(0, 400),
    share=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    first=st.integers(0, 60),
    starts=st.lists(st.floats(0, 1), max_size=3),
)
def test_round_trip_within_one_metre(
    intervals: list[float],
    head: float,
    tail: float,
    share: list[float],
    first: int,
    starts: list[float],
) -> None:
    at = head + np.r_[0, np.cumsum(intervals)]
    end = float(at[-1] + tail) + 1.0
    pr = pd.DataFrame([KEY] * len(at)).assign(
        num=pd.array(first + np.arange(len(at)), dtype="Int64"), kind="PR", cumul_m=at
    )
    pr["plo"] = "31PR" + pr["num"].astype("string")
    before = pd.DataFrame([KEY] * len(starts)).assign(
        num=pd.array([None] * len(starts), dtype="Int64"), kind="DS", plo="DS",
        cumul_m=np.sort(starts) * head,
    )  # fmt: skip
    pr = pd.concat([before, pr], ignore_index=True) if starts else pr
    route = replace(ROUTE, axes=ROUTE.axes.assign(cumul_to_m=end), pr=pr)
    cumul = np.array(share) * end
    written = pr_of(route, D108, cumul)
    assert (written["abs_m"] >= 0).all()
    for plo, rows in written.groupby("plo").indices.items():
        metres = written["abs_m"].to_numpy(dtype=float)[rows]
        back = cumul_of(route, D108, str(plo), metres)
        assert np.abs(back - cumul[rows]).max() <= 1.0
        if plo != "DS":
            num = int(written["num"].iloc[rows[0]])
            assert cumul_of(route, D108, num, metres).tolist() == back.tolist()


def test_places_are_written_in_bulk_as_one_by_one() -> None:
    places = pd.DataFrame(
        {
            "route": ["D108", "D108", "N12", None],
            "cote": ["U", "U", "G", None],
            "sens": ["+", None, "-", None],
        },
        index=[3, 5, 7, 9],
    )
    names = pd.DataFrame(
        {"num": pd.array([12, None, 1, None], "Int64"), "abs_m": [564, 120, 0, None]},
        index=places.index,
    ).astype({"abs_m": "Int64"})
    text = written(places, names)
    assert text.index.tolist() == [3, 5, 7, 9]
    assert text.dropna().tolist() == [
        "D108 PR 12+0564 (+)",
        "D108 DS+0120",
        "N12 G PR 1+0000 (-)",
    ]


def test_places_of_many_routes_at_once() -> None:
    places = pd.DataFrame([KEY, KEY, dict.fromkeys(KEY)]).assign(cumul_m=[1135.0, 100.0, np.nan])
    places.index = pd.Index([7, 8, 9])
    out = pr_of_places(ROUTE, places)
    assert out["abs_m"].tolist()[:2] == [5, 100]
    assert out.index.tolist() == [7, 8, 9]
    assert out.loc[9].isna().all()
