"""Types of columns that are the same to the program on SQLite and on PostgreSQL with PostGIS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    Double,
    Integer,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import LargeBinary, TypeDecorator, TypeEngine, UserDefinedType

from voirie.tables.kinds import CRS
from voirie.tables.schema import Kind

SRID = int(CRS.partition(":")[2])
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number that counts rows; on SQLite only INTEGER is the row's own number."""


class WkbToShape(GenericFunction[bytes]):
    """WKB on its way into the database."""

    name = "voirie_wkb_to_shape"
    inherit_cache = True
    type = LargeBinary()


class ShapeToWkb(GenericFunction[bytes]):
    """Geometry on its way out, as WKB."""

    name = "voirie_shape_to_wkb"
    inherit_cache = True
    type = LargeBinary()


@compiles(WkbToShape)
@compiles(ShapeToWkb)
def _as_it_is(element: GenericFunction[bytes], compiler: SQLCompiler, **told: object) -> str:
    return compiler.process(element.clauses, **told)


@compiles(WkbToShape, "postgresql")
def _shape_of_wkb(element: WkbToShape, compiler: SQLCompiler, **told: object) -> str:
    inner = compiler.process(element.clauses, **told)
    return f"ST_GeomFromWKB(CAST({inner} AS bytea), {SRID})"


@compiles(ShapeToWkb, "postgresql")
def _wkb_of_shape(element: ShapeToWkb, compiler: SQLCompiler, **told: object) -> str:
    inner = compiler.process(element.clauses, **told)
    return f"ST_AsBinary({inner})"


class Shape(UserDefinedType[bytes]):
    """Geometry in EPSG:2154: WKB to the program, `geometry` in PostGIS, a blob in SQLite."""

    cache_ok = True

    def get_col_spec(self, **_told: object) -> str:
        """Type of the column, as `CREATE TABLE` has it."""
        return "BLOB"

    def bind_expression(self, bindvalue: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """What a value becomes on its way in."""
        return WkbToShape(bindvalue)

    def column_expression(self, column: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """What a column becomes on its way out."""
        return ShapeToWkb(column, type_=LargeBinary())


@compiles(Shape, "postgresql")
def _postgis(_element: Shape, _compiler: object, **_told: object) -> str:
    return f"geometry(Geometry, {SRID})"


class UtcTime(TypeDecorator[datetime]):
    """An instant, in UTC; SQLite forgets the time zone and is given it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant as the database keeps it.

        Raises
        ------
        ValueError
            When it says no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant as the program knows it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Rectangles(TypeDecorator[Sequence[int]]):
    """Rectangles as four whole numbers each, kept as a text of numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> str | None:
        """The numbers as the database keeps them."""
        return None if value is None else " ".join(str(int(number)) for number in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[int] | None:
        """The numbers as the program knows them."""
        return None if value is None else [int(number) for number in value.split()]


def type_of(kind: Kind) -> TypeEngine[object]:
    """The type of a column of the database for a kind of values of a table.

    Examples
    --------
    >>> type_of("time"), type_of("int")
    (UtcTime(timezone=True), BigInteger())
    """
    types: dict[Kind, TypeEngine[object]] = {
        "text": cast("TypeEngine[object]", Text()),
        "date": cast("TypeEngine[object]", Text()),
        "int": cast("TypeEngine[object]", BigInteger()),
        "float": cast("TypeEngine[object]", Double()),
        "bool": cast("TypeEngine[object]", Boolean()),
        "time": cast("TypeEngine[object]", UtcTime()),
        "rectangles": cast("TypeEngine[object]", Rectangles()),
        "geometry": cast("TypeEngine[object]", Shape()),
    }
    return types[kind]
