"""Tables of what was seen on the road."""

import pytest

from voirie.tables.things import FINDINGS


@pytest.mark.parametrize(("name", "unit"), [("length", "m"), ("width", "m"), ("area", "m2")])
def test_a_size_has_a_lowest_and_a_highest_value_in_its_unit(name: str, unit: str) -> None:
    columns = [FINDINGS[f"{name}{bound}_{unit}"] for bound in ("", "_low", "_high")]
    assert {column.unit for column in columns} == {unit}
    assert {column.low for column in columns} == {0}
    assert all(column.nullable for column in columns)
