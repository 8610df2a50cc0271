"""Tables that people write, CSV or a spreadsheet: read as they are, refused where doubtful.

A French Excel writes semicolons and decimal commas in Windows Latin, others commas and points in
UTF-8; titles may stand above the header. What a table is written in is found out; a value that
cannot be read is refused with its row and column, and never taken for "nothing is known".
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import python_calamine

from voirie.cells import has_decimal_commas, number_of, plain, said_in
from voirie.errors import EmptyInput, InputUnusable, NotDecodable

SPREADSHEETS = (".xlsx", ".xls", ".xlsb", ".ods")
SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}
CODECS = (("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows Latin"))
MOST_BYTES = 200_000_000
_HEADER_WITHIN = 30
"""Lines among which a header is looked for."""

_UNKNOWN = frozenset({"nd", "n.d.", "-", "–", "inconnu", "unknown"})
"""What stands for no number where numbers stand."""

_YES = frozenset({"1", "1.0", "true", "vrai", "yes", "oui", "x", "o", "y"})
_NO = frozenset({"0", "0.0", "false", "faux", "no", "non", "n"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was written.

    Attributes
    ----------
    path
        Its file.
    rows
        Cells under the names that were asked for, texts or what a spreadsheet holds; NULL where
        a cell says nothing. Its index is the number of the row in the file, from 1.
    unread
        Columns of the file that nobody asked for.
    written_in
        What was found out: separator, decimal mark and encoding, or the sheet.
    decimal_comma
        Whether numbers have a decimal comma; None where no cell tells.
    """

    path: Path
    rows: pd.DataFrame
    unread: tuple[str, ...]
    written_in: str
    decimal_comma: bool | None

    def numbers(self, column: str) -> pd.Series:
        """Numbers of a column, NaN where a cell says nothing.

        Raises
        ------
        InputUnusable
            At the first cell that is no number, or that can be read as two.
        """
        values = self.rows[column]
        out = np.full(len(values), math.nan)
        for place, (row, cell) in enumerate(zip(values.index, values, strict=True)):
            if cell is None or str(cell).lower() in _UNKNOWN:
                continue
            number = number_of(cell, self.decimal_comma)
            if number is None:
                self.refuse_cell(row, column, f"{_said(cell)} is no number")
            out[place] = number
        return pd.Series(out, index=values.index)

    def truths(self, column: str) -> pd.Series:
        """Yes or no in a column, in French or English; no where a cell says nothing.

        Raises
        ------
        InputUnusable
            At the first cell that says neither.
        """
        values = self.rows[column]
        for row, cell in values.items():
            if cell is not None and str(cell).lower() not in _YES | _NO:
                self.refuse_cell(row, column, f"{_said(cell)} is neither yes nor no")
        said = [cell is not None and str(cell).lower() in _YES for cell in values]
        return pd.Series(said, index=values.index, dtype=bool)

    def refuse_cell(self, row: object, column: str, why: str) -> None:
        """Refuse the table for one cell.

        Raises
        ------
        InputUnusable
            Always.
        """
        raise InputUnusable(
            f"row {row}, column {column}: {why}", self.path, "mend that cell, or leave it empty"
        )


def read_sheet(path: Path, names: Mapping[str, Sequence[str]], needed: Sequence[str] = ()) -> Sheet:
    r"""Read a table that a person wrote.

    Parameters
    ----------
    path
        CSV (any separator, UTF-8, UTF-16 or Windows Latin) or a spreadsheet (xlsx, xls, ods), of
        which the first sheet with the needed columns is read.
    names
        Columns that are read, and what else people call them; case, accents and what stands
        between words do not matter.
    needed
        Those without which there is no table.

    Raises
    ------
    EmptyInput
        When it holds no byte or no row.
    NotDecodable
        When it is no such file.
    InputUnusable
        When needed columns are missing: all of them, with those that the table has.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "notes.csv")
    ...     _ = path.write_text("Relevé 2025\nTronçon;Note\n12;16,5\n13;\n", "cp1252")
    ...     sheet = read_sheet(path, {"section_id": ["troncon"], "note": []}, ["note"])
    >>> sheet.numbers("note").tolist(), sheet.written_in
    ([16.5, nan], 'semicolons, decimal commas, Windows Latin')
    """
    if not path.is_file():
        raise NotDecodable("there is no such file", path, "give a CSV or a spreadsheet")
    size = path.stat().st_size
    if size == 0:
        raise EmptyInput("the file holds no byte", path, "write it again")
    if size > MOST_BYTES:
        raise NotDecodable("it is larger than any table of sections", path, "split it")
    wanted = {plain(word): name for name, words in names.items() for word in (*words, name)}
    sheet = path.suffix.lower() in SPREADSHEETS
    grids = _of_a_spreadsheet(path) if sheet else [_of_a_text(path, wanted)]
    found = max((_under_header(grid, wanted) for grid in grids), key=lambda f: len(f.rows.columns))
    missing = [name for name in needed if name not in found.rows.columns]
    if missing:
        raise InputUnusable(
            f"the column {missing[0]} is missing"
            if len(missing) == 1
            else f"the columns {', '.join(missing)} are missing",
            path,
            f"give them these names; the table has {', '.join(found.header) or 'none'}",
        )
    if found.rows.empty:
        raise EmptyInput("it holds a header and no row", path, "write its rows under it")
    comma = has_decimal_commas(found.rows.to_numpy().ravel(), found.grid.separator)
    marks = {True: ", decimal commas", False: ", decimal points", None: ""}[comma]
    told = f"{found.grid.told}{'' if sheet else marks}{found.grid.encoding}"
    return Sheet(path, found.rows, found.unread, told, comma)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells of a sheet, row by row, and what they are written in."""

    cells: list[list[object]]
    told: str
    encoding: str = ""
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows under a header."""

    grid: _Grid
    rows: pd.DataFrame
    header: tuple[str, ...]
    unread: tuple[str, ...]


def _of_a_spreadsheet(path: Path) -> list[_Grid]:
    """Every sheet of a spreadsheet."""
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        return [
            _Grid(
                [list(row) for row in book.get_sheet_by_name(name).to_python(False)],
                f"sheet {name}",
            )
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        why = " ".join(str(error).split())
        raise NotDecodable(f"it is no spreadsheet ({why})", path, "save it again") from error


def _of_a_text(path: Path, wanted: Mapping[str, str]) -> _Grid:
    text, encoding = _decoded(path)
    separator, most = ";", -1
    try:
        for mark in SEPARATORS:
            head = list(islice(_lines(text, mark), _HEADER_WITHIN))
            named = max((sum(plain(cell) in wanted for cell in line) for line in head), default=0)
            # Of marks that tell as many columns, the one that cuts the lines more often.
            found = named * 1000 + max(map(len, head), default=0)
            if found > most:
                separator, most = mark, found
        cells: list[list[object]] = [list(line) for line in _lines(text, separator)]
    except csv.Error as error:
        raise NotDecodable(f"it is no CSV ({error})", path, "save it again as CSV") from error
    return _Grid(cells, SEPARATORS[separator], encoding, separator)


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _decoded(path: Path) -> tuple[str, str]:
    """The text of a file, and how it was encoded."""
    data = path.read_bytes()
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for codec, name in CODECS[:1] if wide else CODECS[1:]:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, f", {name}"
    raise NotDecodable("it is no text", path, "save it again as CSV")


def _under_header(grid: _Grid, wanted: Mapping[str, str]) -> _Found:
    """Rows under the line that names most of the wanted columns."""
    head = grid.cells[:_HEADER_WITHIN]
    if not head:
        return _Found(grid, pd.DataFrame(), (), ())
    named = [sum(plain(cell) in wanted for cell in line) for line in head]
    at = (
        int(np.argmax(named))
        if max(named)
        else next((i for i, row in enumerate(head) if any(row)), 0)
    )
    places: dict[str, int] = {}
    for place, cell in enumerate(head[at]):
        name = wanted.get(plain(cell))
        if name is not None:
            places.setdefault(name, place)
    rows, numbers = [], []
    for number, line in enumerate(grid.cells[at + 1 :], start=at + 2):
        cells = [said_in(line[place]) if place < len(line) else None for place in places.values()]
        if any(cell is not None for cell in cells):
            rows.append(cells)
            numbers.append(number)
    table = pd.DataFrame(rows, columns=list(places), index=numbers, dtype="object")
    header = tuple(str(cell).strip() for cell in head[at] if str(cell).strip())
    unread = tuple(
        str(cell).strip()
        for place, cell in enumerate(head[at])
        if str(cell).strip() and place not in places.values()
    )
    return _Found(grid, table.where(table.notna(), None), header, unread)


def _said(cell: object) -> str:
    text = str(cell)
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
