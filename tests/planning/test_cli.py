"""``voirie plan`` on a table made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import LineString

from planning.cli import plan_command, read_sections, read_sections_told
from tests.planning.conftest import table
from voirie.errors import ConfigurationError, EmptyInput, InputUnusable, NotDecodable
from voirie.tables import read_table
from voirie.wording import Wording

SCENARIOS = """
[[scenarios]]
name = "a"
tax = "TTC"
phases = [{ years = 4, investment_eur = 20000, operation_eur = 2000 }]
"""


@pytest.fixture
def budgets(tmp_path: Path) -> Path:
    """A scenario over four years."""
    path = tmp_path / "scenarios.toml"
    path.write_text(SCENARIOS, "utf-8")
    return path


def test_the_same_files_give_the_same_bytes(tmp_path: Path, budgets: Path) -> None:
    path = tmp_path / "sections.csv"
    table(6, 2, 4.0).to_csv(path, index=False)
    before = path.read_bytes()
    for out in ("one", "two"):
        plan_command(path, budgets, tmp_path / out, None, 2026)
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert names == [
        "plan.csv",
        "plan_fr.csv",
        "plan_years.parquet",
        "scenarios.parquet",
        "section_plans.csv",
        "section_plans.parquet",
        "section_plans_fr.csv",
        "works.csv",
        "works.parquet",
        "works_fr.csv",
    ]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert path.read_bytes() == before
    assert read_table("plan_years", tmp_path / "one")["year"].tolist() == list(range(2025, 2030))


def test_a_french_spreadsheet_opens_the_works(tmp_path: Path, budgets: Path) -> None:
    path = tmp_path / "sections.csv"
    table(6, 2, 4.0).to_csv(path, index=False)
    plan_command(path, budgets, tmp_path, None, 2026)
    for name in ("works", "section_plans"):
        text = (tmp_path / f"{name}_fr.csv").read_text("utf-8")
        assert text.startswith("\ufeff") and "scénario;" in text.splitlines()[0]
        read = pd.read_csv(tmp_path / f"{name}_fr.csv", sep=";", decimal=",")
        stored = read_table(name, tmp_path)
        assert read.shape == stored.shape
    works = pd.read_csv(tmp_path / "works_fr.csv", sep=";", decimal=",")
    amounts = read_table("works", tmp_path)["cost_eur"].tolist()
    assert works["coût"].tolist() == pytest.approx(amounts)


def test_json_is_one_object(
    tmp_path: Path, budgets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sections.csv"
    table(3, 2, 4.0).to_csv(path, index=False)
    plan_command(path, budgets, tmp_path / "out", None, None, True)
    said = json.loads(capsys.readouterr().out)
    assert said["scenarios"][0]["scenario"] == "a"
    assert said["works"] == len(read_table("works", tmp_path / "out"))


def test_only_seen_leaves_the_other_sections_out(
    tmp_path: Path, budgets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = table(6, 2, 4.0)
    frame.loc[[1, 4], "note_globale"] = float("nan")
    frame.to_csv(tmp_path / "sections.csv", index=False)
    plan_command(tmp_path / "sections.csv", budgets, tmp_path / "all", None, 2026)
    said = capsys.readouterr().out
    assert "of the area has a measured score; of what the scenarios spend," in said
    assert "a: need at the end" in said and "by the simple rule" in said
    seen = tmp_path / "seen"
    plan_command(tmp_path / "sections.csv", budgets, seen, None, 2026, only_seen=True)
    assert "2 sections of 6 were not seen and are left out" in capsys.readouterr().out
    assert not set(read_table("works", seen)["section_id"]) & {"s0001", "s0004"}
    assert read_table("works", tmp_path / "all")["assumed"].any()


def test_every_kind_of_file_says_the_same(tmp_path: Path) -> None:
    frame = table(4, 3)
    frame.to_csv(tmp_path / "s.csv", index=False)
    frame.to_parquet(tmp_path / "s.parquet")
    lines = gpd.GeoDataFrame(frame, geometry=[LineString([(0, 0), (1, 1)])] * 4, crs="EPSG:2154")
    lines.head(1).to_file(tmp_path / "s.gpkg", layer="another")
    lines.to_file(tmp_path / "s.gpkg", layer="sections")
    read = [read_sections(tmp_path / f"s.{kind}") for kind in ("csv", "parquet", "gpkg")]
    for other in read:
        assert other["section_id"].tolist() == frame["section_id"].tolist()
        assert other["area_m2"].tolist() == pytest.approx(frame["area_m2"].tolist())


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("s.csv", "", EmptyInput),
        ("s.csv", "section_id,area_m2,length_m,category,note_globale\n", EmptyInput),
        ("s.csv", "section_id\na\n", InputUnusable),
        ("s.parquet", "no parquet", NotDecodable),
        ("s.gpkg", "no database", NotDecodable),
        ("s.xlsx", "x", NotDecodable),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, name: str, text: str, error: type[Exception]
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(error) as raised:
        read_sections(path)
    assert str(path) in str(raised.value)


def french_excel(path: Path, notes: list[str]) -> Path:
    """What a French Excel saves: semicolons, decimal commas, Windows Latin, a title above."""
    rows = [f"s{n};1 250,5;208,4;3;{note};un mot" for n, note in enumerate(notes)]
    head = "Id section;Surface (m2);Longueur m;Catégorie;Note globale;Remarque"
    path.write_bytes("\r\n".join(["Relevé 2025;;;;;", head, *rows, ""]).encode("cp1252"))
    return path


def test_a_table_of_a_french_excel_loses_no_note(tmp_path: Path) -> None:
    notes = [f"{n % 20},{n % 10}" for n in range(2000)]
    frame, told = read_sections_told(french_excel(tmp_path / "s.csv", notes))
    assert frame["note_globale"].tolist() == [float(note.replace(",", ".")) for note in notes]
    assert frame["area_m2"].unique().tolist() == [1250.5]
    french = [Wording("fr").say(sentence) for sentence in told]
    assert "Windows Latin" in french[0] and "Remarque" in french[1]


def test_a_note_that_cannot_be_read_is_refused_with_its_row_and_column(tmp_path: Path) -> None:
    path = french_excel(tmp_path / "s.csv", ["16,5", "", "bon"])
    with pytest.raises(InputUnusable, match="row 5, column note_globale: 'bon'"):
        read_sections(path)


def test_a_total_is_no_section_and_is_told(tmp_path: Path) -> None:
    path = french_excel(tmp_path / "s.csv", ["16,5", "12,0"])
    path.write_bytes(path.read_bytes() + b"Total;2501;416,8;;14,25;\r\n")
    frame, told = read_sections_told(path)
    assert frame["section_id"].tolist() == ["s0", "s1"]
    assert "row 5 is a total" in Wording("en").say(told[-1])


def test_an_area_that_makes_no_road_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("section_id;area_m2;length_m;category;note\na;1,100;200;3;15\n", "utf-8")
    with pytest.raises(InputUnusable, match="row 2, column area_m2"):
        read_sections(path)


def test_a_spreadsheet_is_read_from_the_sheet_that_holds_the_sections(tmp_path: Path) -> None:
    path, frame = tmp_path / "s.xlsx", table(4, 3)
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="notes", index=False)
        frame.to_excel(book, sheet_name="sections", index=False, startrow=3)
    read = read_sections(path)
    assert read["section_id"].tolist() == frame["section_id"].tolist()
    assert read["area_m2"].tolist() == pytest.approx(frame["area_m2"].tolist())


@pytest.mark.parametrize("year", [0, -5, 1899, 2201, 99_999_999_999])
def test_a_first_year_in_which_nobody_plans_is_refused(tmp_path: Path, year: int) -> None:
    sections = tmp_path / "sections.csv"
    sections.write_text("section_id,area_m2,length_m,category,note_globale\ns,1000,200,3,12\n")
    with pytest.raises(ConfigurationError, match="command line is wrong at first_year"):
        plan_command(
            sections, Path("samples/drive/scenarios.toml"), tmp_path / "out", first_year=year
        )
    assert not (tmp_path / "out").exists()


def test_a_column_that_is_not_of_the_type_its_file_says_is_refused(tmp_path: Path) -> None:
    """Written by pandas as whole numbers, then by another program as text."""
    path = tmp_path / "s.parquet"
    table(3, 2).astype({"category": "Int64"}).to_parquet(path)
    known = pq.read_table(path)
    at = known.column_names.index("category")
    pq.write_table(known.set_column(at, "category", pa.array(["a", "b", "c"])), path)
    with pytest.raises(NotDecodable, match="cannot be read"):
        read_sections(path)


def test_a_name_of_a_section_that_is_no_text_is_refused(tmp_path: Path) -> None:
    ends, letters = np.array([0, 3, 6], "int32").tobytes(), b"a\xff\xfeb12"
    names = pa.StringArray.from_buffers(2, pa.py_buffer(ends), pa.py_buffer(letters))
    columns = table(2, 3).drop(columns="section_id").to_dict("list")
    pq.write_table(pa.table({"section_id": names, **columns}), tmp_path / "s.parquet")
    with pytest.raises(NotDecodable, match="cannot be read"):
        read_sections(tmp_path / "s.parquet")
