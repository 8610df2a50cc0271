"""Tables too long for the memory: written row by row, and looked up without being read.

A sorted table keeps its rows in the order of its key, in groups whose least and greatest key stand
in the footer of the file: to find a row is to read one group.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from voirie.files import replacing
from voirie.tables.declared import TABLES
from voirie.tables.io import conform

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 1024
"""Rows of a group: what a look-up reads."""
GROUPS_KEPT = 8
"""Groups kept between look-ups: pictures are mostly asked for in the order of a pass."""

Row = Mapping[str, object]


def write_sorted(name: str, rows: Iterable[Row], folder: Path) -> Path:
    """Write ``folder/name.parquet`` from rows in the order of the table's key, atomically.

    Parameters
    ----------
    name
        Name of a table whose key is one column of text.
    rows
        Rows as declared; they are taken as they come, `GROUP_ROWS` at a time.
    folder
        Folder of the tables.

    Raises
    ------
    ValueError
        When the rows are out of order.
    NotConform
        When a value is not one that the table allows.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, schema = TABLES[name], _arrow_schema(name)
    (key,) = table.key
    path = folder / f"{name}.parquet"
    stream, last = iter(rows), ""
    with (
        replacing(path) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd") as writer,
    ):
        while group := list(islice(stream, GROUP_ROWS)):
            keys = [last, *(str(row[key]) for row in group)]
            if any(a >= b for a, b in pairwise(keys) if a):
                raise ValueError(f"{name} is written in the order of {key}, each once")
            last = keys[-1]
            frame = conform(name, pd.DataFrame(group))
            writer.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False))
    return path


def _arrow_schema(name: str) -> pa.Schema:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "time": pa.timestamp("us", "UTC"),
        "date": pa.string(),
        "rectangles": pa.list_(pa.int32()),
    }
    return pa.schema([pa.field(c.name, kinds[c.kind], c.nullable) for c in TABLES[name]])


class SortedTable:
    """A table that `write_sorted` wrote, open for look-ups; its rows stay on disk.

    Parameters
    ----------
    name
        Name of the table.
    folder
        Folder of the tables.

    Raises
    ------
    OSError, ValueError
        When the file is absent, no Parquet, has other columns or types than those declared, or no
        bounds of its key in its footer.
    """

    def __init__(self, name: str, folder: Path) -> None:
        import pyarrow.parquet as pq

        table = TABLES[name]
        (self._key,) = table.key
        self._file = pq.ParquetFile(folder / f"{name}.parquet")
        if self._file.schema_arrow.names != table.names:
            raise ValueError(f"its columns are not those of {name}")
        strange = [
            field.name
            for field, own in zip(self._file.schema_arrow, _arrow_schema(name), strict=True)
            if field.type != own.type
        ]
        if strange:
            raise ValueError(f"its column {strange[0]} has another type than that of {name}")
        footer = self._file.metadata
        at = table.names.index(self._key)
        groups = (footer.row_group(group).column(at) for group in range(footer.num_row_groups))
        bounds = [group.statistics for group in groups]
        if not all(bound is not None and bound.has_min_max for bound in bounds):
            raise ValueError(f"its footer does not tell the bounds of {self._key}")
        self._last = [str(bound.max) for bound in bounds]
        self._rows = int(footer.num_rows)
        self._kept: OrderedDict[int, pa.Table] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return self._rows

    def find(self, key: str) -> dict[str, object] | None:
        """The row of a key, None where there is none.

        Many threads may ask at once.
        """
        import pyarrow.compute as pc

        number = bisect_left(self._last, key)
        if number == len(self._last):
            return None
        group = self._group(number)
        at = int(pc.index(group[self._key], key).as_py())
        return None if at < 0 else dict(group.slice(at, 1).to_pylist()[0])

    def __iter__(self) -> Iterator[dict[str, object]]:
        for number in range(len(self._last)):
            yield from self._group(number).to_pylist()

    def _group(self, number: int) -> pa.Table:
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
            else:
                self._kept[number] = self._file.read_row_group(number)
                if len(self._kept) > GROUPS_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[number]
