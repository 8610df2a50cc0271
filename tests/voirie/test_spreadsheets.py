"""Tables that people write: found out, read whole, refused with row and column."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.errors import EmptyInput, InputUnusable, NotDecodable, VoirieError
from voirie.spreadsheets import SEPARATORS, read_sheet

NAMES = {"route": ("axe",), "note": ("note_globale",), "vu": ()}


def written(path: Path, text: str, codec: str = "utf-8") -> Path:
    path.write_bytes(text.encode(codec))
    return path


@pytest.mark.parametrize("separator", list(SEPARATORS))
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings(separator: str, codec: str, tmp_path: Path) -> None:
    mark = "." if separator == "," else ","
    lines = [["Axe", "Note globale", "Remarque"], ["D67", f"16{mark}5", "été"], ["D9", "", ""]]
    path = written(tmp_path / "t.csv", "\n".join(separator.join(line) for line in lines), codec)
    sheet = read_sheet(path, NAMES, ["route"])
    assert sheet.rows["route"].tolist() == ["D67", "D9"]
    assert sheet.numbers("note").fillna(-1).tolist() == [16.5, -1]
    assert sheet.unread == ("Remarque",)
    assert SEPARATORS[separator] in sheet.written_in


def test_rows_are_called_as_the_file_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "Relevé\n\naxe;note\nD67;16,5\n;\nD9;bon\n")
    sheet = read_sheet(path, NAMES)
    assert sheet.rows.index.tolist() == [4, 6]
    with pytest.raises(InputUnusable, match="row 6, column note: 'bon' is no number"):
        sheet.numbers("note")


def test_quoted_cells_keep_their_separators_and_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", 'axe,note\n"D 67, nord","16,5"\n"D\n9",7\n')
    sheet = read_sheet(path, NAMES)
    assert sheet.rows["route"].tolist() == ["D 67, nord", "D\n9"]
    assert sheet.numbers("note").tolist() == [16.5, 7.0]


def test_yes_and_no(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path / "t.csv", "axe;vu\nA;oui\nB;FAUX\nC;\n"), NAMES)
    assert sheet.truths("vu").tolist() == [True, False, False]
    wrong = read_sheet(written(tmp_path / "t.csv", "axe;vu\nA;peut-être\n"), NAMES)
    with pytest.raises(InputUnusable, match="row 2, column vu"):
        wrong.truths("vu")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_spreadsheets(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    frame = pd.DataFrame({"axe": ["D67", "D9"], "note": [16.5, None], "vu": [True, False]})
    engine = "odf" if kind == "ods" else None
    if engine == "odf":
        pytest.importorskip("odf", reason="odfpy, which writes such files, is not installed")
    frame.to_excel(path, index=False, engine=engine)
    sheet = read_sheet(path, NAMES, ["route", "note"])
    assert sheet.numbers("note").fillna(-1).tolist() == [16.5, -1]
    assert sheet.truths("vu").tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("t.csv", b"", EmptyInput, "no byte"),
        ("t.csv", b"axe;note\n", EmptyInput, "no row"),
        ("t.csv", b"a;b\n1;2\n", InputUnusable, "route, note are missing.*the table has a, b"),
        ("t.csv", b"axe;remarque\nD67;x\n", InputUnusable, "the column note is missing"),
        ("t.csv", bytes(range(256)) * 3, NotDecodable, "no text"),
        ("t.xlsx", b"no spreadsheet", NotDecodable, "no spreadsheet"),
        ("t.csv", None, NotDecodable, "no such file"),
    ],
)
def test_what_is_no_table_is_told(
    name: str, content: bytes | None, error: type[VoirieError], told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=told):
        read_sheet(path, NAMES, ["route", "note"])


@given(st.binary(max_size=200), st.sampled_from(["csv", "xlsx", "ods", "xls"]))
def test_no_bytes_are_a_mistake_of_ours(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = tmp_path_factory.mktemp("t") / f"t.{kind}"
    path.write_bytes(data)
    try:
        sheet = read_sheet(path, NAMES)
        if "note" in sheet.rows:
            sheet.numbers("note")
    except VoirieError as error:
        assert str(path) in str(error)
