"""Stills with a chainage: a CSV that says where each picture was taken."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pandas as pd

from voirie.cells import text_of
from voirie.errors import InputUnusable
from voirie.places import Cote, Sens
from voirie.spreadsheets import read_sheet

FARTHEST_M = 10_000_000
MOST_LANES = 20
REQUIRED = ("image", "route", "chainage_m", "sens", "voie")
WRITTEN_AS = {
    "image": ("photo", "fichier", "picture", "nom_image"),
    "route": ("axe", "rd"),
    "chainage_m": ("cumul_m", "cumul", "abscisse_m", "chainage"),
    "sens": ("direction",),
    "voie": ("lane",),
    "gestionnaire": (),
    "dep": ("departement",),
    "cote": (),
}
"""Columns that are read, and what people call them."""

DEFAULTS = {"gestionnaire": "inconnu", "dep": "000", "cote": "U"}


def read_chainage(path: Path) -> pd.DataFrame:
    """Read ``image, route, chainage_m, sens, voie`` (and gestionnaire, dep, cote if given).

    Parameters
    ----------
    path
        CSV or a spreadsheet, as `voirie.spreadsheets.read_sheet` reads them.

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
    sheet = read_sheet(path, WRITTEN_AS, REQUIRED)
    chainage, lane = sheet.numbers("chainage_m"), sheet.numbers("voie")
    table = sheet.rows.map(text_of)
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
        line = wrong.index[wrong][0]
        raise InputUnusable(f"line {line} has no valid {what}", path, "mend that line")
