"""What lies in a box is counted and paged alike on both databases, to the exact metre."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspection.store.database import Store
from inspection.store.ingest import add_survey
from inspection.store.inside import Metres, exactly, page_inside
from voirie.folder import SurveyFolder


@pytest.mark.parametrize("wide", [0, 20_000], ids=["along the rows", "by the index"])
def test_pages_hold_each_row_once_and_count_them_all(store: Store, made: Path, wide: int) -> None:
    add_survey(store, made, "Hers")
    add_survey(store, made, "Ariège")
    bounds = SurveyFolder(made).read("findings").geometry.bounds.to_numpy()
    rng = np.random.default_rng(5)
    low, high = bounds[:, :2].min(0), bounds[:, 2:].max(0)
    corners = np.sort(rng.uniform(low, high, (12, 2, 2)), axis=1).reshape(12, 4)
    # Boxes that end exactly where a finding begins, and a hair before it.
    edges = [(*bounds[3, :2] - 50, *bounds[3, :2]), (*bounds[3, :2] - 50, *bounds[3, :2] - 1e-4)]
    assert exactly("findings", Metres(0, 0, 1, 1)) is not None
    with store.reading() as connection:
        for x0, y0, x1, y1 in [*corners, *edges, (low[0], low[1], high[0], high[1])]:
            meets = (bounds[:, 2] >= x0) & (bounds[:, 0] <= x1)
            meets &= (bounds[:, 3] >= y0) & (bounds[:, 1] <= y1)
            found, after = [], 0
            while after is not None:
                box = Metres(float(x0), float(y0), float(x1), float(y1))
                page = page_inside(connection, "findings", 2, box, 7, after, wide)
                assert page.matched == meets.sum() and len(page.rows) <= 7
                found += [row["finding_id"] for row in page.rows]
                after = page.after
            wanted = SurveyFolder(made).read("findings")["finding_id"][meets]
            assert sorted(found) == sorted(wanted)
