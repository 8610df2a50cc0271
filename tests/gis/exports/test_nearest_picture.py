"""The picture nearest to a place, against a search through all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gis.exports.nearest_picture import PictureIndex
from gis.scoring.cells import SectionIndex

KEY = {"gestionnaire": "CD31", "dep": "031", "cote": "U"}
SECTIONS = pd.DataFrame(
    [{**KEY, "route": r, "cumul_from_m": 0.0, "cumul_to_m": 500.0} for r in ("D1", "D2")]
)
places = st.tuples(
    st.sampled_from(["D1", "D2"]), st.sampled_from(["+", "-"]), st.floats(0, 500), st.booleans()
)


def frames(rows: list[tuple[str, str, float, bool]]) -> pd.DataFrame:
    named = [
        {**KEY, "route": r, "sens": s, "cumul_m": at, "picture_id": f"p/{k}" if kept else None}
        for k, (r, s, at, kept) in enumerate(rows)
    ]
    columns = [*KEY, "route", "sens", "cumul_m", "picture_id"]
    return pd.DataFrame(named, columns=columns).astype({"cumul_m": float})


@given(rows=st.lists(places, max_size=12), asked=st.lists(places, min_size=1, max_size=6))
def test_it_is_the_one_that_a_search_through_all_finds(
    rows: list[tuple[str, str, float, bool]], asked: list[tuple[str, str, float, bool]]
) -> None:
    index, given_frames, wanted = SectionIndex(SECTIONS), frames(rows), frames(asked)
    found = PictureIndex(index, given_frames).nearest(
        index.route_of(wanted),
        wanted["cumul_m"].to_numpy(),
        np.full(len(asked), 25.0),
        wanted["sens"],
    )
    for (route, sens, at_m, _), path in zip(asked, found, strict=True):
        gaps = [abs(a - at_m) for r, s, a, kept in rows if kept and (r, s) == (route, sens)]
        if not gaps or min(gaps) > 25.0:
            assert pd.isna(path)
        else:
            k = int(path.removeprefix("pictures/p/").removesuffix(".jpg"))
            assert rows[k][0] == route and rows[k][1] == sens
            assert abs(rows[k][2] - at_m) == min(gaps)


def test_without_a_direction_any_picture_of_the_road_serves() -> None:
    index = SectionIndex(SECTIONS)
    near = PictureIndex(index, frames([("D1", "-", 100.0, True), ("D2", "+", 101.0, True)]))
    found = near.nearest(np.array([0, -1]), np.array([101.0, 101.0]), np.array([25.0, 25.0]))
    assert found.tolist()[0] == "pictures/p/0.jpg" and pd.isna(found.tolist()[1])
