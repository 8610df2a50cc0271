"""Reading and writing of tables, typed as declared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, overload

from voirie.errors import NotASurvey, NotConform
from voirie.files import replacing
from voirie.tables.checks import check_values
from voirie.tables.declared import TABLES, GeoTableName

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

CRS = "EPSG:2154"

_PANDAS: dict[str, str] = {
    "text": "string",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "time": "datetime64[us, UTC]",
    "date": "string",
    "rectangles": "object",
}


@overload
def conform(name: GeoTableName, frame: pd.DataFrame) -> gpd.GeoDataFrame: ...
@overload
def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame: ...
def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame the columns, order and types that its table declares, and check its values.

    Nullable columns that are missing are added as NULL; columns that the table does not know,
    missing required columns, and values that it does not allow are refused.

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
        When columns are missing or unknown, or hold another type: a mistake of the program.
    NotConform
        When a value is not allowed, out of its bounds, NULL where none may stand, or a key
        stands twice.

    Examples
    --------
    >>> import pandas as pd
    >>> conform("scenarios", pd.DataFrame({"scenario": ["low"], "year": [2026]}))
    Traceback (most recent call last):
    ValueError: scenarios does not declare year
    """
    import geopandas as gpd
    import pandas as pd

    table = TABLES[name]
    unknown = [column for column in frame.columns if column not in table.names]
    if unknown:
        raise ValueError(f"{name} does not declare {', '.join(map(str, unknown))}")
    out: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name in frame.columns:
            values = frame[column.name]
        elif column.nullable:
            values = pd.Series([None] * len(frame), index=frame.index, dtype="object")
        else:
            raise ValueError(f"{name}.{column.name} is required and missing")
        if column.kind == "geometry":
            out[column.name] = gpd.GeoSeries(values.to_numpy(), index=frame.index, crs=CRS)
        elif column.kind == "float":
            out[column.name] = pd.to_numeric(values).astype("float64")
        elif column.kind == "time":
            out[column.name] = pd.to_datetime(values, utc=True).astype("datetime64[us, UTC]")
        else:
            out[column.name] = values.astype(pd.api.types.pandas_dtype(_PANDAS[column.kind]))
    typed: pd.DataFrame = (
        gpd.GeoDataFrame(out, geometry="geometry", crs=CRS)
        if table.has_geometry
        else pd.DataFrame(out)
    ).reset_index(drop=True)
    check_values(table, typed)
    return typed


@overload
def empty(name: GeoTableName) -> gpd.GeoDataFrame: ...
@overload
def empty(name: str) -> pd.DataFrame: ...
def empty(name: str) -> pd.DataFrame:
    """A table without rows, typed as declared.

    Examples
    --------
    >>> len(empty("works")), empty("works").columns[0]
    (0, 'work_id')
    """
    import pandas as pd

    return conform(name, pd.DataFrame({c: [] for c in TABLES[name].names}))


def write_table(name: str, frame: pd.DataFrame, folder: Path) -> Path:
    """Write a table atomically as ``folder/name.parquet`` and return its path."""
    path = folder / f"{name}.parquet"
    typed = conform(name, frame)
    with replacing(path) as partial:
        typed.to_parquet(partial, index=False)
    return path


@overload
def read_table(name: GeoTableName, folder: Path) -> gpd.GeoDataFrame: ...
@overload
def read_table(name: str, folder: Path) -> pd.DataFrame: ...
def read_table(name: str, folder: Path) -> pd.DataFrame:
    """Read ``folder/name.parquet`` typed as declared.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        A GeoDataFrame in EPSG:2154 where the table has geometry.

    Raises
    ------
    NotASurvey
        When the file is absent or unreadable, or does not hold what its table declares.
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
    except NotConform as error:
        raise NotASurvey(error.message, path, "run the chain again") from error
    except (OSError, ValueError) as error:
        raise NotASurvey(f"the table cannot be read ({error})", path, "run again") from error
