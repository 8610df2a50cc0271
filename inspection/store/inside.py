"""Rows inside a box, a page at a time, with the number of all of them.

A row is inside when its own box meets the asked one. Pages follow the row's number, so that they
stay the same while others add, and the next one begins where the last one ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TableClause,
    and_,
    column,
    func,
    or_,
    select,
    table,
)

from inspection.store.columns import SRID
from inspection.store.models import STORED, rows

WIDE = 20_000
"""Rows in a box from which SQLite walks along the rows rather than sort what the index finds."""
ROUNDED_M = 2.0
"""What a 32-bit number of an R*Tree may be off, and more."""


@dataclass(frozen=True, slots=True)
class Metres:
    """A box in EPSG:2154.

    Attributes
    ----------
    min_x, min_y, max_x, max_y
        Its bounds in metres.
    """

    min_x: float
    min_y: float
    max_x: float
    max_y: float


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page.

    Attributes
    ----------
    rows
        Columns as declared, and `row_no`.
    matched
        Rows of all pages.
    after
        Give it to ask for the next page; None after the last one.
    """

    rows: list[dict[str, object]]
    matched: int
    after: int | None


def page_inside(
    connection: Connection,
    name: str,
    body_no: int,
    box: Metres,
    limit: int,
    after: int = 0,
    wide: int = WIDE,
) -> Page:
    """A page of the rows of a body inside a box.

    Parameters
    ----------
    connection
        One that sees one state, so that page and number agree.
    name
        A table that is asked for by place: findings, sections or frames.
    body_no
        Whose rows.
    box
        Where.
    limit
        Most rows of the page.
    after
        As the page before told it.
    wide
        See `WIDE`.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    counting = _counted_boxes(name, body_no, box) if on_sqlite else _counted(name, body_no, box)
    matched = int(connection.scalar(counting) or 0)
    own = rows[name]
    wanted = (
        select(own.c.row_no, *(own.c[one] for one in STORED[name].names))
        .where(own.c.body_no == body_no, own.c.row_no > after, exactly(name, box))
        .order_by(own.c.row_no)
        .limit(limit + 1)
    )
    if on_sqlite:
        if matched <= wide:
            index = _index(name)
            near = select(index.c.row_no).where(_near(index, body_no, box))
            wanted = wanted.where(own.c.row_no.in_(near))
    else:
        wanted = wanted.where(_meets(name, box))
    found = [dict(row) for row in connection.execute(wanted).mappings()]
    more = len(found) > limit
    found = found[:limit]
    return Page(found, matched, int(str(found[-1]["row_no"])) if more else None)


def exactly(name: str, box: Metres) -> ColumnElement[bool]:
    """Whether the box of a row, which is exact, meets another."""
    own = rows[name]
    return and_(
        own.c.max_x_m >= box.min_x,
        own.c.min_x_m <= box.max_x,
        own.c.max_y_m >= box.min_y,
        own.c.min_y_m <= box.max_y,
    )


def _meets(name: str, box: Metres) -> ColumnElement[bool]:
    """What PostGIS answers by its index."""
    asked = func.ST_MakeEnvelope(box.min_x, box.min_y, box.max_x, box.max_y, SRID)
    shape = rows[name].c.geometry
    return shape.bool_op("&&", precedence=5)(asked)


def _counted(name: str, body_no: int, box: Metres) -> Select[int]:
    own = rows[name]
    return select(func.count()).where(
        own.c.body_no == body_no, _meets(name, box), exactly(name, box)
    )


def _index(name: str) -> TableClause:
    bounds = ("row_no", "min_x", "max_x", "min_y", "max_y", "min_body", "max_body")
    return table(f"{name}_box", *(column(bound) for bound in bounds))


def _near(index: TableClause, body_no: int, box: Metres) -> ColumnElement[bool]:
    return and_(
        index.c.max_x >= box.min_x,
        index.c.min_x <= box.max_x,
        index.c.max_y >= box.min_y,
        index.c.min_y <= box.max_y,
        index.c.min_body == body_no,
    )


def _counted_boxes(name: str, body_no: int, box: Metres) -> Select[int]:
    """Count in the R*Tree alone, and look at the rows only of those near the edge."""
    index, own = _index(name), rows[name]
    well_inside = and_(
        index.c.min_x >= box.min_x + ROUNDED_M,
        index.c.max_x <= box.max_x - ROUNDED_M,
        index.c.min_y >= box.min_y + ROUNDED_M,
        index.c.max_y <= box.max_y - ROUNDED_M,
    )
    truly = select(own.c.row_no).where(own.c.row_no == index.c.row_no, exactly(name, box)).exists()
    return (
        select(func.count())
        .select_from(index)
        .where(_near(index, body_no, box), or_(well_inside, truly))
    )
