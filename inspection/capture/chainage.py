"""Stills with a chainage: a CSV that says where each picture was taken."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd

from voirie.errors import EmptyInput, InputUnusable, NotDecodable
from voirie.places import Cote, Sens

FARTHEST_M = 10_000_000
MOST_LANES = 20
REQUIRED = ("image", "route", "chainage_m", "sens", "voie")
DEFAULTS = {"gestionnaire": "inconnu", "dep": "000", "cote": "U"}


def read_chainage(path: Path) -> pd.DataFrame:
    """Read ``image, route, chainage_m, sens, voie`` (and gestionnaire, dep, cote if given).

    Parameters
    ----------
    path
        CSV in UTF-8.

    Returns
    -------
    pandas.DataFrame
        One row an image, with the lane's key and `cumul_m`, indexed by image name.

    Raises
    ------
    EmptyInput
        When it holds no row.
    NotDecodable
        When it is no CSV.
    InputUnusable
        When a column is missing or a value impossible.
    """
    if not path.is_file():
        raise NotDecodable("there is no such file", path, f"write {', '.join(REQUIRED)}")
    if path.stat().st_size == 0:
        raise EmptyInput("the file holds no byte", path, "write image,route,chainage_m,sens,voie")
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        raise NotDecodable(f"it is no CSV ({error})", path, "save it as UTF-8 CSV") from error
    missing = [column for column in REQUIRED if column not in table.columns]
    if missing:
        raise InputUnusable(
            f"the column {missing[0]} is missing", path, f"write {', '.join(REQUIRED)}"
        )
    if table.empty:
        raise EmptyInput("it holds no row", path, "write one row an image")
    chainage = pd.to_numeric(table["chainage_m"], errors="coerce")
    lane = pd.to_numeric(table["voie"], errors="coerce")
    if "cote" in table.columns:
        _refuse(~table["cote"].isin(get_args(Cote)), f"cote ({', '.join(get_args(Cote))})", path)
    wrong = ~chainage.between(0, FARTHEST_M) | ~table["sens"].isin(get_args(Sens))
    wrong |= ~lane.between(1, MOST_LANES) | (lane % 1 != 0)
    _refuse(wrong, "chainage_m, sens (+ or -) or voie", path)
    for column in ("image", "route"):
        _refuse(table[column].str.strip() == "", column, path)
    out = table.assign(cumul_m=chainage.astype(float), voie=lane.astype(int))
    for column, value in DEFAULTS.items():
        if column not in out.columns:
            out[column] = value
    keys = ["image", "gestionnaire", "dep", "route", "cote", "sens", "voie", "cumul_m"]
    return out[keys].drop_duplicates("image").set_index("image")


def _refuse(wrong: pd.Series, what: str, path: Path) -> None:
    if wrong.any():
        line = int(wrong.to_numpy().argmax()) + 2
        raise InputUnusable(f"line {line} has no valid {what}", path, "mend that line")
