"""Rows of tables, cell by cell."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from inspection.publish.rows import FindingRow, rows_of
from voirie.tables import conform, empty

FOUND = {
    "finding_id": "f1", "survey_id": "s", "family": "pavement", "code": "FAI", "confidence": 0.6,
    "existence": 0.9, "scale_assumed": False, "n_views": 3, "n_passes": 1, "origin": "machine",
    "review_state": "proposed", "experimental": True,
}  # fmt: skip


def test_what_a_table_does_not_know_is_none_and_a_measure_nan() -> None:
    frame = conform("findings", pd.DataFrame([FOUND]))
    (row,) = rows_of(frame, FindingRow)
    assert (row.severity, row.route, row.picture_id) == (None, None, None)
    assert math.isnan(row.cumul_m)
    assert (row.code, row.experimental) == ("FAI", True)


def test_rows_keep_their_order_and_counts_stay_whole() -> None:
    several = [{**FOUND, "finding_id": f"f{k}", "severity": k} for k in (3, 1, 2)]
    rows = rows_of(conform("findings", pd.DataFrame(several)), FindingRow)
    assert [row.severity for row in rows] == [3, 1, 2]
    assert {type(row.severity) for row in rows} == {int}


def test_a_table_without_rows_gives_none() -> None:
    assert rows_of(empty("findings"), FindingRow) == []


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="confidence"):
        rows_of(empty("findings").drop(columns="confidence"), FindingRow)
