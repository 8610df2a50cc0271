"""What tables say of roads: by cumul, by PR or of a whole route; the newest counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.imports.faults import Fault
from gis.imports.joins import Join
from gis.imports.tables import add_tables
from gis.network import Network
from tests.gis.network.made_network import axis, build, mark
from voirie.errors import InputUnusable

PR = [mark("PR", n, 1000.0 * n, (1000.0 * n, 0.0)) for n in (0, 1, 2)]


def network() -> Network:
    rows = [axis([(0, 0), (1200, 0)], 0.0, 1200.0), axis([(1200, 0), (2600, 0)], 1200.0, 2600.0)]
    return build([*rows, axis([(0, 0), (0, 900)], 0.0, 900.0, route="D9")], PR)


def joined(path: Path, text: str, attribute: str = "traffic") -> tuple[Network, list[Fault]]:
    path.write_text(text, "cp1252")
    faults: list[Fault] = []
    made, told = add_tables(network(), (Join(path, attribute, "valeur"),), faults)
    assert len(told) == 1
    return made, faults


def spans(made: Network, attribute: str = "traffic") -> list[tuple[str, float, float, object]]:
    rows = made.axes[made.axes[attribute].notna()]
    columns = (rows[name] for name in ("route", "cumul_from_m", "cumul_to_m", attribute))
    return list(zip(*columns, strict=True))


def test_by_cumul_with_a_french_excel(tmp_path: Path) -> None:
    made, faults = joined(
        tmp_path / "t.csv",
        "Comptages 2025\nRoute;CumulD;CumulF;Valeur;Année\n"
        "RD 108;0,0;1500,5;1200;2015\nD108;1000,0;2600,0;900;2023\n",
    )
    assert spans(made) == [
        ("D108", 0, 1000, 1200), ("D108", 1000, 1200, 900),
        ("D108", 1200, 1500.5, 900), ("D108", 1500.5, 2600, 900),
    ]  # fmt: skip
    assert [fault.kind for fault in faults] == ["overlap"]
    assert made.length_m(made.routes()[0]) == 2600.0


def test_by_pr_and_of_a_whole_route(tmp_path: Path) -> None:
    made, faults = joined(
        tmp_path / "t.csv",
        "route,plod,absd,plof,absf,valeur\nD108,31PR0,250,PR 2,100,700\nD9,,,,,50\n",
    )
    assert [row[1:] for row in spans(made) if row[0] == "D108"] == [
        (250, 1200, 700), (1200, 2100, 700),
    ]  # fmt: skip
    assert [row for row in spans(made) if row[0] == "D9"] == [("D9", 0, 900, 50)] and not faults


def test_a_spreadsheet_of_surfacings(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    row = {"axe": "D9", "cumuld": 100, "cumulf": 300, "valeur": "ESU"}
    pd.DataFrame([row]).to_excel(path, index=False)
    faults: list[Fault] = []
    made, _ = add_tables(network(), (Join(path, "surface", "valeur"),), faults)
    assert spans(made, "surface") == [("D9", 100, 300, "ESU")]


def test_rows_that_fit_no_road_are_told(tmp_path: Path) -> None:
    made, faults = joined(
        tmp_path / "t.csv",
        "route;cumuld;cumulf;valeur\nD77;0;10;1\nD9;5000;6000;2\nD9;850;915;3\nD9;0;80;\n",
    )
    assert [fault.kind for fault in faults] == ["table_row", "table_row"]
    assert spans(made) == [("D9", 850, 900, 3)]
    _, faults = joined(tmp_path / "p.csv", "route;plod;plof;valeur\nD108;PR8;PR9;1\n")
    assert len(faults) == 1


def test_a_cell_that_is_no_number_is_refused(tmp_path: Path) -> None:
    for cell in ("beaucoup", "-5"):
        with pytest.raises(InputUnusable, match="row 2, column value"):
            joined(tmp_path / "t.csv", f"route;valeur\nD9;{cell}\n")


@settings(deadline=None, max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 2600), st.integers(1, 900)), min_size=1, max_size=5))
def test_no_metre_is_lost_and_each_has_the_newest_value(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int]]
) -> None:
    lines = [f"D108;{a};{a + n};{at};{2000 + at}" for at, (a, n) in enumerate(rows)]
    text = "\n".join(["route;cumuld;cumulf;valeur;annee", *lines])
    made, _ = joined(tmp_path_factory.mktemp("t") / "t.csv", text)
    assert made.length_m(made.routes()[0]) == pytest.approx(2600.0)
    last, (a, n) = len(rows) - 1, rows[-1]
    own = sum(high - low for _, low, high, value in spans(made) if value == last)
    assert own == pytest.approx(max(min(a + n, 2600) - a, 0), abs=1.1)
