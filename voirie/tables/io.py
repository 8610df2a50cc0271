"""Reading and writing of tables, typed as declared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, overload

from voirie.errors import NotASurvey, NotConform
from voirie.files import replacing
from voirie.tables.checks import check_values
from voirie.tables.declared import TABLES, GeoTableName
from voirie.tables.kinds import CRS, typed

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

UNREADABLE = (OSError, ValueError, TypeError, AttributeError, LookupError, RuntimeError)
"""What the readers of Parquet and of geometry raise at a file that was not written here."""


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
        When columns are missing or unknown: a mistake of the program.
    NotConform
        When a value is of another type, not allowed, out of its bounds or its order, or NULL where
        none may stand, when a key is empty or stands twice, and when the geometry is in another
        reference system.

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
        out[column.name] = typed(table, column, values)
    whole: pd.DataFrame = (
        gpd.GeoDataFrame(out, geometry="geometry", crs=CRS)
        if table.has_geometry
        else pd.DataFrame(out)
    ).reset_index(drop=True)
    check_values(table, whole)
    return whole


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
    """Write a table atomically as ``folder/name.parquet`` and return its path.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> row = {"finding_id": "a", "kind": "bags", "status": "reported"}
    >>> with TemporaryDirectory() as folder:
    ...     write_table("dumping", pd.DataFrame([row]), Path(folder)).name
    'dumping.parquet'
    """
    path = folder / f"{name}.parquet"
    whole = conform(name, frame)
    with replacing(path) as partial:
        whole.to_parquet(partial, index=False)
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

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> row = {"finding_id": "a", "kind": "bags", "status": "reported"}
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_table("dumping", pd.DataFrame([row]), Path(folder))
    ...     read_table("dumping", Path(folder)).values.tolist()
    [['a', 'bags', <NA>, 'reported']]
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from pyarrow import ArrowException
    from shapely.errors import ShapelyError

    foreign = (ArrowException, ShapelyError)
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise NotASurvey(
            f"the table {name} is missing", path, "run the chain again, or check the folder's name"
        )
    try:
        read = gpd.read_parquet if TABLES[name].has_geometry else pd.read_parquet
        with np.errstate(invalid="ignore"):  # coordinates that are no numbers are refused below
            frame = read(path)
        check_texts(frame)
        return conform(name, frame)
    except NotConform as error:
        raise NotASurvey(error.message, path, "run the chain again") from error
    except UNREADABLE + foreign as error:
        why = " ".join(str(error).split())
        raise NotASurvey(f"the table cannot be read ({why})", path, "run again") from error


def check_texts(frame: pd.DataFrame) -> None:
    """Refuse texts that are none: they are kept as bytes, and end the process when they are shown.

    Parameters
    ----------
    frame
        A table as it was read of a Parquet file.

    Raises
    ------
    pyarrow.ArrowInvalid
        When a text is not in UTF-8.

    Examples
    --------
    >>> import pandas as pd
    >>> check_texts(pd.DataFrame({"route": ["D67"]}, dtype="string"))
    """
    import pandas as pd
    import pyarrow as pa

    for _, values in frame.items():
        if isinstance(values.dtype, pd.StringDtype):
            pa.array(values.array).validate(full=True)
