"""Tables read a few thousand rows at a time, however long they are, typed as declared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voirie.errors import NotASurvey, NotConform
from voirie.tables.declared import TABLES
from voirie.tables.io import UNREADABLE, check_texts, conform
from voirie.tables.kinds import CRS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

BATCH_ROWS = 5000
"""Rows that are in memory at once."""


def read_batches(name: str, folder: Path, rows: int = BATCH_ROWS) -> Iterator[pd.DataFrame]:
    """Read ``folder/name.parquet`` in frames of so many rows, each typed and checked as declared.

    That no key stands twice is checked inside a frame only: who takes the rows checks the whole.

    Parameters
    ----------
    name
        Name of the table.
    folder
        Folder of the tables, ``DIR/tables``.
    rows
        Most rows of a frame.

    Raises
    ------
    NotASurvey
        When the file is absent or unreadable, or does not hold what its table declares.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> from voirie.tables import write_table
    >>> heaps = [{"finding_id": f, "kind": "bags", "status": "reported"} for f in "abc"]
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_table("dumping", pd.DataFrame(heaps), Path(folder))
    ...     [len(frame) for frame in read_batches("dumping", Path(folder), rows=2)]
    [2, 1]
    """
    import numpy as np
    import pyarrow.parquet as pq
    from pyarrow import ArrowException
    from shapely.errors import ShapelyError

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise NotASurvey(
            f"the table {name} is missing", path, "run the chain again, or check the folder's name"
        )
    try:
        with pq.ParquetFile(path) as file:
            if TABLES[name].has_geometry:
                _check_crs(name, file.schema_arrow)
            for batch in file.iter_batches(rows):
                with np.errstate(invalid="ignore"):  # what is no number is refused by conform
                    frame = _frame(name, batch)
                check_texts(frame)
                yield conform(name, frame)
    except NotConform as error:
        raise NotASurvey(error.message, path, "run the chain again") from error
    except (*UNREADABLE, ArrowException, ShapelyError) as error:
        why = " ".join(str(error).split())
        raise NotASurvey(f"the table cannot be read ({why})", path, "run again") from error


def _frame(name: str, batch: pa.RecordBatch) -> pd.DataFrame:
    frame: pd.DataFrame = batch.to_pandas()
    if TABLES[name].has_geometry:
        import geopandas as gpd

        frame["geometry"] = gpd.GeoSeries.from_wkb(frame["geometry"].to_numpy(), crs=CRS)
    return frame


def _check_crs(name: str, schema: pa.Schema) -> None:
    """Refuse geometry in another reference system, or none that is named."""
    from pyproj import CRS as System

    told = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    column = told.get("columns", {}).get("geometry", {})
    if column.get("encoding", "WKB") != "WKB":
        raise ValueError(f"its geometry is in {column['encoding']}, not in WKB")
    crs = System.from_user_input(column.get("crs") or "OGC:CRS84")
    if crs != System.from_user_input(CRS):
        raise NotConform(
            f"the table {name} has its geometry in {crs.to_string()}, not in {CRS}",
            remedy=f"transform what gives it to {CRS}",
        )
