"""Values of a column become the type that it declares, or are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voirie.errors import NotConform
from voirie.tables.schema import Column, Kind, Table

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    from voirie.arrays import Bools

CRS = "EPSG:2154"

PANDAS: dict[Kind, str] = {
    "text": "string",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "date": "string",
    "rectangles": "object",
}

_GIVEN: dict[Kind, tuple[set[str], str]] = {
    "text": ({"string"}, "text"),
    "date": ({"string"}, "an ISO date"),
    "int": ({"integer", "floating", "mixed-integer-float"}, "a whole number"),
    "float": ({"integer", "floating", "mixed-integer-float"}, "a number"),
    "bool": ({"boolean"}, "True or False"),
    "time": ({"datetime64", "datetime", "string"}, "an instant"),
}
"""What pandas may infer from the values given, and the words for it."""

ISO_DATE = r"\d{4}-\d{2}-\d{2}"


def typed(table: Table, column: Column, values: pd.Series) -> pd.Series:
    """The values as the type that a column declares.

    Parameters
    ----------
    table, column
        The declaration.
    values
        As given. A number is not taken for a text, an instant or a truth, nor the reverse.

    Raises
    ------
    NotConform
        Naming table, column and the first value of another type.

    Examples
    --------
    >>> import pandas as pd
    >>> from voirie.tables import TABLES
    >>> signs = TABLES["signs"]
    >>> typed(signs, signs["value"], pd.Series([30]))
    Traceback (most recent call last):
    voirie.errors.NotConform: the table signs has value = 30 (1 row of 1), which is not text; \
correct the input that gives it.
    """
    import numpy as np
    import pandas as pd

    if column.kind == "geometry":
        return _geometry(table, column, values)
    if column.kind == "rectangles":
        return _rectangles(table, column, values)
    known = values[values.notna()]
    kinds, words = _GIVEN[column.kind]
    why = f"which is not {words}"
    if len(known) and pd.api.types.infer_dtype(known) not in kinds:
        _refuse_others(table, column, values, kinds, why)
    if column.kind == "int":
        numbers = known.to_numpy(np.float64)
        broken = ~(np.isfinite(numbers) & (numbers == np.floor(numbers)))
        refuse(table, column.name, values, _among(values, broken), why)
        # Beyond 2^53 a float no longer tells one whole number from the next.
        huge = np.abs(numbers) > 2**53
        refuse(table, column.name, values, _among(values, huge), "which is too large")
    if column.kind == "time":
        return _time(table, column, values)
    if column.kind == "date" and len(known):
        other = ~known.astype("string").str.fullmatch(ISO_DATE).to_numpy(bool)
        refuse(table, column.name, values, _among(values, other), why)
    return values.astype(pd.api.types.pandas_dtype(PANDAS[column.kind]))


def _refuse_others(
    table: Table, column: Column, values: pd.Series, kinds: set[str], why: str
) -> None:
    """Refuse naming the first value that is of another kind than may be given."""
    import numpy as np
    import pandas as pd

    known = values[values.notna()]
    other = np.array([pd.api.types.infer_dtype([one]) not in kinds for one in known])
    # Each alone may be allowed where all together are a mixture.
    wrong = other if other.any() else np.ones(len(known), dtype=np.bool_)
    refuse(table, column.name, values, _among(values, wrong), why)


def _among(values: pd.Series, wrong: Bools) -> Bools:
    """Rows that are wrong, from what is wrong among those that are not NULL."""
    import numpy as np

    rows = np.zeros(len(values), dtype=np.bool_)
    rows[np.flatnonzero(values.notna().to_numpy(bool))[wrong]] = True
    return rows


def _time(table: Table, column: Column, values: pd.Series) -> pd.Series:
    import pandas as pd

    moments = pd.to_datetime(values, utc=True, errors="coerce", format="ISO8601")
    lost = moments.isna().to_numpy(bool) & values.notna().to_numpy(bool)
    refuse(table, column.name, values, lost, "which is not an instant")
    return moments.astype("datetime64[us, UTC]")


def _geometry(table: Table, column: Column, values: pd.Series) -> gpd.GeoSeries:
    """The geometry in the one reference system; another is refused, not transformed.

    The stages compute in metres of EPSG:2154 and write nothing else. What comes in another
    system was not written by them: its offsets, lengths and areas are not to be trusted either.
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    crs = values.crs if isinstance(values, gpd.GeoSeries) else None
    if crs is not None and crs != CRS:
        raise NotConform(
            f"the table {table.name} has its {column.name} in {crs.to_string()}, not in {CRS}",
            remedy=f"transform what gives it to {CRS}",
        )
    try:
        series = gpd.GeoSeries(values.to_numpy(), index=values.index, crs=CRS)
    except TypeError as error:
        raise NotConform(
            f"the table {table.name} has a {column.name} that is no geometry",
            remedy="correct the input that gives it",
        ) from error
    shapes = np.asarray(series.to_numpy(), dtype=object)
    points, of_row = shapely.get_coordinates(shapes, return_index=True)
    infinite = np.zeros(len(shapes), dtype=np.bool_)
    infinite[of_row[~np.isfinite(points).all(axis=1)]] = True
    plain = pd.Series(shapes, index=values.index, dtype=object)
    refuse(table, column.name, plain, infinite, "which is not finite")
    refuse(table, column.name, plain, shapely.is_empty(shapes), "which is empty")
    return series


def _rectangles(table: Table, column: Column, values: pd.Series) -> pd.Series:
    import numpy as np

    known = values[values.notna()]
    wrong = np.fromiter((not _are_rectangles(one) for one in known), np.bool_, len(known))
    why = "which is not a list of whole numbers, left, top, right, bottom of each rectangle"
    refuse(table, column.name, values, _among(values, wrong), why)
    return values.astype("object")


def _are_rectangles(value: list[int] | np.ndarray | str) -> bool:
    import numpy as np

    if isinstance(value, str):
        return False
    try:
        corners = np.asarray(value)
    except ValueError:
        return False
    if corners.ndim != 1 or corners.size % 4:
        return False
    if corners.size == 0:
        return True
    if corners.dtype.kind not in "iu" or corners.min() < 0:
        return False
    left, top, right, bottom = corners.reshape(-1, 4).T
    return bool(np.all(left <= right) and np.all(top <= bottom))


def refuse(table: Table, column: str, values: pd.Series, wrong: Bools, why: str) -> None:
    """Refuse the rows that are wrong, naming the value of the first of them.

    Raises
    ------
    NotConform
        When any row is wrong.
    """
    if not wrong.any():
        return
    value, count, total = str(values[wrong].iloc[0]), int(wrong.sum()), len(wrong)
    rows = "row" if count == 1 else "rows"
    raise NotConform(
        f"the table {table.name} has {column} = {_brief(value)} ({count} {rows} of {total}), {why}",
        remedy="correct the input that gives it",
    )


def _brief(value: str) -> str:
    """At most one short line of a value."""
    line = " ".join(value.split())
    return line if len(line) <= 80 else f"{line[:77]}..."
