"""When the views of a sign settle its figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.sign_values import voted_values
from voirie.taxonomy import load_taxonomy

View = tuple[str, float, str | None, float]
NONE = float("nan")


def voted(views: list[View]) -> str | None:
    table = pd.DataFrame(views, columns=["model_class", "score", "value_read", "value_score"])
    of = np.zeros(len(views), dtype=np.int64)
    return voted_values(table, of, 1, load_taxonomy())[0]


@pytest.mark.parametrize(
    ("views", "figure"),
    [
        # Both networks say the same, be the reading ever so faint.
        ([("speed_limit_50", 0.8, "50", 0.15)], "50"),
        # The reader alone: one good view is not enough, two are.
        ([("speed_limit", 0.8, "90", 0.8)], None),
        ([("speed_limit", 0.8, "90", 0.8), ("speed_limit", 0.7, "90", 0.6)], "90"),
        # It is sure over several views, so the network that knows no 110 is overruled.
        ([("speed_limit_100", 0.9, "110", 0.7)] * 2, "110"),
        # The naming network alone never decides.
        ([("speed_limit_70", 0.99, None, NONE)] * 5, None),
        # What was read differs too much.
        ([("speed_limit", 0.8, "30", 0.9), ("speed_limit", 0.8, "80", 0.9)], None),
        ([("stop", 0.9, None, NONE)], None),
    ],
)
def test_a_figure_is_given_where_both_agree_or_the_reader_is_sure(
    views: list[View], figure: str | None
) -> None:
    assert voted(views) == figure


view = st.tuples(
    st.sampled_from(["speed_limit", "speed_limit_50", "speed_limit_80"]),
    st.floats(0.2, 1.0),
    st.sampled_from(["50", "80", "90"]),
    st.floats(0.01, 1.0),
)


@given(st.lists(view, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_views_and_of_the_signs_does_not_matter(views: list[View], chance) -> None:
    shuffled = list(views)
    chance.shuffle(shuffled)
    assert voted(views) == voted(shuffled)
    table = pd.DataFrame(
        views + shuffled, columns=["model_class", "score", "value_read", "value_score"]
    )
    of = np.repeat([1, 0], len(views))
    both = voted_values(table, of, 3, load_taxonomy()).tolist()
    assert both == [voted(views), voted(views), None]
