"""Rows of a table route by route."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gis.network.routes import by_route
from voirie.places import ROUTE_KEY

key = st.tuples(
    st.sampled_from(["CD31", "DIR"]),
    st.just("031"),
    st.sampled_from(["D108", "D7", "D10"]),
    st.sampled_from(["U", "D", None]),
)


@given(st.lists(key, max_size=12))
def test_every_row_with_a_route_is_given_once_under_its_key(
    rows: list[tuple[str, str, str, str | None]],
) -> None:
    table = pd.DataFrame(rows, columns=list(ROUTE_KEY), dtype="string")
    found = list(by_route(table))
    for route, positions in found:
        wanted = (route.gestionnaire, route.dep, route.route, route.cote)
        assert {rows[k] for k in positions} == {wanted}
    given_ = [k for _, positions in found for k in positions.tolist()]
    assert sorted(given_) == [k for k, row in enumerate(rows) if row[3] is not None]
    assert len({route for route, _ in found}) == len(found)


def test_the_order_is_that_of_the_keys_not_of_the_rows() -> None:
    rows = [("CD31", "031", name, "U") for name in ("D7", "D108", "D7", "A64")]
    table = pd.DataFrame(rows, columns=list(ROUTE_KEY), index=[9, 8, 7, 6])
    assert [(route.route, at.tolist()) for route, at in by_route(table)] == [
        ("A64", [3]),
        ("D108", [1]),
        ("D7", [0, 2]),
    ]
