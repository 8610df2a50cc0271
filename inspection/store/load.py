"""Rows of a table on their way into the database, many at a time."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Table, insert

from inspection.store.columns import SRID, Rectangles, Shape
from inspection.store.models import BOX, IN_SPACE, STORED, rows

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]
HAS_SRID = 0x20000000


def load_rows(
    connection: Connection,
    name: str,
    frames: Iterable[pd.DataFrame],
    body_no: int,
    survey_no: int,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> int:
    """Put frames of a declared table into the database and return the number of rows.

    Parameters
    ----------
    connection
        In a transaction that the caller ends.
    name
        Name of the table.
    frames
        Typed as declared; taken as they come.
    body_no, survey_no
        Whose rows they are.
    progress
        Told the rows that are in.
    """
    total = 0
    for frame in frames:
        put(connection, rows[name], records(name, frame, body_no, survey_no))
        total += len(frame)
        progress(name, total)
    return total


def records(name: str, frame: pd.DataFrame, body_no: int, survey_no: int) -> list[Row]:
    """The rows of a frame as the database takes them: NULL is None, geometry is WKB in a box."""
    import numpy as np
    import shapely

    columns: dict[str, list[object]] = {}
    for column in STORED[name].columns:
        values = frame[column.name]
        if column.kind == "geometry":
            shapes = np.asarray(values.to_numpy(), dtype=object)
            columns[column.name] = shapely.to_wkb(shapes).tolist()
            if name in IN_SPACE:
                bounds = shapely.bounds(shapes).astype(object)
                bounds[shapely.is_missing(shapes)] = None
                columns |= dict(zip(BOX, bounds.T.tolist(), strict=True))
        elif column.kind == "time":
            known = values.notna().to_numpy(bool)
            instants = values.dt.to_pydatetime()
            columns[column.name] = [
                instant if is_known else None
                for instant, is_known in zip(instants, known, strict=True)
            ]
        else:
            plain = values.astype(object)
            columns[column.name] = plain.where(values.notna(), None).tolist()
    names = ("body_no", "survey_no", *columns)
    return [
        dict(zip(names, (body_no, survey_no, *row), strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def put(connection: Connection, table: Table, found: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; PostgreSQL takes them as one stream."""
    if not found:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, found)
    else:
        connection.execute(insert(table), found)


def _copy(connection: Connection, table: Table, found: Sequence[Row]) -> None:
    from psycopg import sql

    names = list(found[0])
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    turn = [_TURNED.get(type(table.c[name].type), _same) for name in names]
    cursor = connection.connection.cursor()
    with cursor.copy(into) as stream:
        for row in found:
            stream.write_row([to(row[name]) for to, name in zip(turn, names, strict=True)])


def _same(value: object) -> object:
    return value


def ewkb(value: object) -> str | None:
    """WKB with the number of its reference system, as PostGIS reads it in a stream.

    Examples
    --------
    >>> from shapely import Point, from_wkb, get_srid
    >>> int(get_srid(from_wkb(ewkb(Point(1, 2).wkb))))
    2154
    """
    if not isinstance(value, bytes):
        return None
    order = "<" if value[0] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", value, 1)
    return (value[:1] + struct.pack(f"{order}II", kind | HAS_SRID, SRID) + value[5:]).hex()


def _numbers(value: object) -> str | None:
    return None if value is None else " ".join(map(str, cast("Iterable[int]", value)))


_TURNED: dict[type, Callable[[object], object]] = {Shape: ewkb, Rectangles: _numbers}
