"""The tables of a survey folder, each declared once; all reading and writing goes through here.

A table is a list of columns with type, unit, nullability and meaning. NULL means "not
surveyed" or "this sensor cannot see it"; 0 means "surveyed and absent". Geometry is EPSG:2154.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from voirie.errors import NotASurvey
from voirie.table_schemas import SCHEMAS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

CRS = "EPSG:2154"

Kind = Literal["text", "int", "float", "bool", "time", "date", "binary", "geometry"]

_PANDAS: dict[str, str] = {
    "text": "string",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "time": "datetime64[us, UTC]",
    "date": "string",
    "binary": "object",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        Its name, with the unit at its end where it has one.
    kind
        Type of the values.
    nullable
        Whether NULL may stand in it.
    meaning
        One line for a person.
    """

    name: str
    kind: Kind
    nullable: bool
    meaning: str

    @property
    def unit(self) -> str:
        """Unit read from the end of the name, empty where there is none.

        Examples
        --------
        >>> Column("cumul_m", "float", False, "").unit
        'm'
        """
        tail = self.name.rsplit("_", 1)[-1]
        return tail if tail in {"m", "m2", "s", "deg", "pct", "px", "mps", "eur", "mm"} else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: its name, what one row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]

    @property
    def has_geometry(self) -> bool:
        """Whether the table carries geometry."""
        return any(column.kind == "geometry" for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def _parse(name: str, row: str, text: str) -> Table:
    """Read the compact notation of `voirie.table_schemas`: ``name kind[?] meaning`` a line."""
    columns = []
    for line in text.strip().splitlines():
        column, kind, meaning = line.split(None, 2)
        columns.append(Column(column, kind.rstrip("?"), kind.endswith("?"), meaning))  # type: ignore[arg-type]
    return Table(name, row, tuple(columns))


TABLES: dict[str, Table] = {name: _parse(name, *schema) for name, schema in SCHEMAS.items()}


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame | gpd.GeoDataFrame:
    """Give a frame the columns, order and types that its table declares.

    Nullable columns that are missing are added as NULL; columns that the table does not know,
    missing required columns and NULL where none may stand are refused.

    Parameters
    ----------
    name
        Name of the table.
    frame
        Rows, in any column order.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        A new frame; a GeoDataFrame in EPSG:2154 where the table has geometry.

    Raises
    ------
    ValueError
        When the frame cannot be made to conform: this is a mistake of the program, not of a
        user.
    """
    import geopandas as gpd
    import pandas as pd

    table = TABLES[name]
    unknown = [column for column in frame.columns if column not in table.names]
    if unknown:
        raise ValueError(f"{name} does not declare {', '.join(map(str, unknown))}")
    out: dict[str, Any] = {}
    for column in table.columns:
        if column.name in frame.columns:
            values = frame[column.name]
        elif column.nullable:
            values = pd.Series([None] * len(frame), index=frame.index, dtype="object")
        else:
            raise ValueError(f"{name}.{column.name} is required and missing")
        if not column.nullable and bool(values.isna().any()):
            raise ValueError(f"{name}.{column.name} holds NULL and may not")
        if column.kind == "geometry":
            out[column.name] = gpd.GeoSeries(values.to_numpy(), index=frame.index, crs=CRS)
        elif column.kind == "float":
            out[column.name] = pd.to_numeric(values).astype("float64")
        elif column.kind == "time":
            out[column.name] = pd.to_datetime(values, utc=True).astype("datetime64[us, UTC]")
        else:
            out[column.name] = values.astype(pd.api.types.pandas_dtype(_PANDAS[column.kind]))
    if table.has_geometry:
        return gpd.GeoDataFrame(out, geometry="geometry", crs=CRS).reset_index(drop=True)
    return pd.DataFrame(out).reset_index(drop=True)


def empty(name: str) -> pd.DataFrame | gpd.GeoDataFrame:
    """A table without rows, typed as declared."""
    import pandas as pd

    return conform(name, pd.DataFrame({c: [] for c in TABLES[name].names}))


def write_table(name: str, frame: pd.DataFrame, folder: Path) -> Path:
    """Write a table atomically as ``folder/name.parquet`` and return its path."""
    path = folder / f"{name}.parquet"
    partial = path.with_suffix(".parquet.partial")
    conform(name, frame).to_parquet(partial, index=False)
    os.replace(partial, path)
    return path


def read_table(name: str, folder: Path) -> Any:
    """Read ``folder/name.parquet`` typed as declared.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        Typed loosely because callers know which of the two their table is.

    Raises
    ------
    NotASurvey
        When the file is absent or unreadable.
    """
    import geopandas as gpd
    import pandas as pd

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise NotASurvey(
            f"the table {name} is missing", path, "run the chain again, or check the folder's name"
        )
    try:
        if TABLES[name].has_geometry:
            return conform(name, gpd.read_parquet(path))
        return conform(name, pd.read_parquet(path))
    except (OSError, ValueError) as error:
        raise NotASurvey(f"the table cannot be read ({error})", path, "run again") from error
