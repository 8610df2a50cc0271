"""What the values of a table must hold to: allowed values, bounds, order, keys and references."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from voirie.tables.declared import TABLES
from voirie.tables.kinds import refuse
from voirie.tables.schema import Column, ForeignKey, Table

if TYPE_CHECKING:
    import pandas as pd

ROUNDING = 1e-9
"""Share of a bound by which a sum of floats may pass it."""


def check_values(table: Table, frame: pd.DataFrame) -> None:
    """Refuse the first column whose values are not those that the table declares.

    Parameters
    ----------
    table
        The declaration.
    frame
        Rows with the columns and types of the table.

    Raises
    ------
    NotConform
        Naming table, column, first offending value and number of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"finding_id": ["a"], "kind": ["bags"], "status": ["gone"]})
    >>> check_values(TABLES["dumping"], frame.assign(volume_class=None))
    Traceback (most recent call last):
    voirie.errors.NotConform: the table dumping has status = gone (1 row of 1), which is not one \
of proposed, reported, removed; correct the input that gives it.
    """
    for column in table.columns:
        values = frame[column.name]
        if not column.nullable:
            refuse(
                table, column.name, values, values.isna().to_numpy(bool), "which may not be NULL"
            )
        if column.kind in {"float", "int"}:
            _check_bounds(table, column, values)
        if column.allowed:
            other = ~values.isin(column.allowed).to_numpy(bool) & values.notna().to_numpy(bool)
            choice = ", ".join(column.allowed)
            refuse(table, column.name, values, other, f"which is not one of {choice}")
    _check_order(table, frame)
    _check_key(table, frame)


def _check_bounds(table: Table, column: Column, values: pd.Series) -> None:
    import numpy as np

    numbers = values.to_numpy(np.float64, na_value=np.nan)
    if column.kind == "float":
        refuse(table, column.name, values, np.isinf(numbers), "which is not finite")
    if column.low is not None:
        least = column.low - ROUNDING * max(1.0, abs(column.low))
        refuse(table, column.name, values, numbers < least, f"which is under {column.low:g}")
    if column.high is not None:
        most = column.high + ROUNDING * max(1.0, abs(column.high))
        refuse(table, column.name, values, numbers > most, f"which is over {column.high:g}")


def _check_order(table: Table, frame: pd.DataFrame) -> None:
    import numpy as np

    for names in table.ascending:
        for before, after in combinations(names, 2):
            first, second = frame[before], frame[after]
            if table[before].kind == "time":
                falls = (first > second).to_numpy(bool)
            else:
                low = first.to_numpy(np.float64, na_value=np.nan)
                high = second.to_numpy(np.float64, na_value=np.nan)
                falls = low > high + ROUNDING * np.maximum(1.0, np.abs(high))
            pair = first.astype("string") + " and " + second.astype("string")
            refuse(table, f"{before} and {after}", pair, falls, "where the first is the greater")


def _check_key(table: Table, frame: pd.DataFrame) -> None:
    import pandas as pd

    referring = [key.column for key in table.foreign_keys]
    for name in dict.fromkeys((*table.key, *referring)):
        if table[name].kind == "text":
            bare = (frame[name].str.strip() == "").fillna(False).to_numpy(bool)
            refuse(table, name, frame[name], bare, "which may not be an empty text")
    twice = frame.duplicated(list(table.key), keep="first").to_numpy(bool)
    if twice.any():
        names = ", ".join(table.key)
        keys = frame[list(table.key)].itertuples(index=False)
        rows = pd.Series([", ".join(map(str, key)) for key in keys], index=frame.index)
        refuse(table, names, rows, twice, "which another row holds already")


def check_foreign_keys(folder: Path) -> None:
    """Refuse a folder of tables in which a row refers to a row that does not exist.

    Parameters
    ----------
    folder
        Folder of the tables, ``DIR/tables``. A table that is absent refers to nothing; only the
        columns of keys are read.

    Raises
    ------
    NotConform
        Naming table, column, first value without a row and number of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lost = pd.DataFrame({"finding_id": ["a"], "kind": ["bags"], "status": ["reported"]})
    ...     lost.to_parquet(Path(folder) / "dumping.parquet")
    ...     check_foreign_keys(Path(folder))
    Traceback (most recent call last):
    voirie.errors.NotConform: the table dumping has finding_id = a (1 row of 1), which no row of \
findings has as finding_id; correct the input that gives it.
    """
    for table in TABLES.values():
        if (folder / f"{table.name}.parquet").is_file():
            for key in table.foreign_keys:
                _check_reference(folder, table, key)


def _check_reference(folder: Path, table: Table, key: ForeignKey) -> None:
    import pandas as pd

    def values(name: str, column: str) -> pd.Series:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            return pd.Series([], dtype="string")
        return pd.read_parquet(path, columns=[column])[column]

    given = values(table.name, key.column)
    known = values(key.table, key.target)
    lost = given.notna().to_numpy(bool) & ~given.isin(known).to_numpy(bool)
    refuse(table, key.column, given, lost, f"which no row of {key.table} has as {key.target}")


def check_families(folder: Path, families: Collection[str]) -> None:
    """Refuse a folder of tables in which a thing is of a family that its taxonomy has not.

    Parameters
    ----------
    folder
        Folder of the tables, ``DIR/tables``; a table that is absent names no family.
    families
        Those of the survey's taxonomy.

    Raises
    ------
    NotConform
        Naming table, first unknown family and number of rows.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     check_families(Path(folder), ["pavement", "sign"])
    """
    import pandas as pd

    for table in TABLES.values():
        path = folder / f"{table.name}.parquet"
        if "family" in table.names and path.is_file():
            given = pd.read_parquet(path, columns=["family"])["family"]
            strange = given.notna().to_numpy(bool) & ~given.isin(list(families)).to_numpy(bool)
            refuse(table, "family", given, strange, f"which is not one of {', '.join(families)}")
