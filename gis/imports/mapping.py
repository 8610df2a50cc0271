"""Which column of a road file says what: mapping files, those that ship, and the one guessed.

A mapping is a TOML file: for each attribute of the network the column that holds it, with how its
values are read. Ready ones lie beside this module; of a file that none fits, columns are found by
the names that people give them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

import pandas as pd
import tomli_w
from pydantic import Field, field_validator

from voirie.cells import is_empty, plain, text_of
from voirie.documents import Strict, checked, read_mapping
from voirie.errors import ConfigurationError

Value = str | int | float | bool


class Column(Strict):
    """How one attribute is read.

    Attributes
    ----------
    column
        Name of the column; None for one value for all.
    value
        The value of all rows, or where the column is empty.
    values
        What the texts of the column stand for; `value` for any other text.
    letters
        How many letters of the text count, from its beginning.
    scale
        Factor that makes metres of a number.
    """

    column: str | None = None
    value: Value | None = None
    values: dict[str, Value] = Field(default_factory=dict)
    letters: int | None = Field(default=None, gt=0)
    scale: float | None = Field(default=None, gt=0)


class LayerMapping(Strict):
    """How the rows of one layer are read.

    Attributes
    ----------
    layer
        Name of the layer; None for the only one, or the first with such geometry.
    only
        Columns, and the texts of rows that are read; others are counted and left.
    never
        Columns, and the texts of rows that are left.
    columns
        Attribute of the network, and where it stands.
    """

    layer: str | None = None
    only: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    never: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    columns: dict[str, Column]

    @field_validator("columns", mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """``width_m = "largeur"`` is short for a table with the column alone."""
        if not isinstance(value, dict):
            return value
        return {
            name: {"column": entry} if isinstance(entry, str) else entry
            for name, entry in value.items()
        }


class NetworkMapping(Strict):
    """A mapping file.

    Attributes
    ----------
    name, title
        What it is called, and for which files it is.
    told_by
        Columns by which a file is known as one of these.
    axes, pr
        Its stretches of road, and its points of reference, None where it has none.
    """

    name: str
    title: str = ""
    told_by: tuple[str, ...] = ()
    axes: LayerMapping
    pr: LayerMapping | None = None

    @field_validator("axes")
    @classmethod
    def _known_axes(cls, value: LayerMapping) -> LayerMapping:
        return _known(value, (*AXES, *REFERENCES))

    @field_validator("pr")
    @classmethod
    def _known_pr(cls, value: LayerMapping | None) -> LayerMapping | None:
        return value if value is None else _known(value, tuple(PR))


AXES: dict[str, tuple[str, ...]] = {
    "route": (
        *("route", "axe", "numero", "cpx_numero", "num_route", "nom_route", "id_route", "voie"),
        *("nom_voie", "nom_axe", "code_route", "rd", "ref", "numero_route", "libelle_route"),
        *("lib_route", "road", "road_name", "name", "nom"),
    ),
    "gestionnaire": ("gestionnaire", "cpx_gestionnaire", "gestion", "maitre_ouvrage", "owner"),
    "dep": (
        *("dep", "departement", "code_dep", "insee_dep", "insee_departement", "num_dep", "dpt"),
        *("code_departement", "code_insee_du_departement"),
    ),
    "cote": ("cote", "chaussee", "cote_chaussee", "carriageway"),
    "way": ("sens_circulation", "sens_de_circulation", "sens_circ", "oneway", "sens"),
    "ramp": ("bretelle", "ramp"),
    "part": ("part", "troncon_ordre"),
    "cumul_from_m": ("cumul_from_m", "cumuld", "cumul_d", "cumul_debut", "pkd", "from_m", "md"),
    "cumul_to_m": ("cumul_to_m", "cumulf", "cumul_f", "cumul_fin", "pkf", "to_m", "mf"),
    "category": ("category", "categorie", "cat", "hierarchie", "niveau", "classe", "importance"),
    "width_m": (
        *("width_m", "largeur", "largeur_de_chaussee", "largeur_chaussee", "larg", "largeur_m"),
        *("largeur_revetue", "larg_chaussee", "width"),
    ),
    "agglo": ("agglo", "urbain", "agglomeration", "en_agglo", "urban"),
    "pole": ("pole", "secteur", "ut", "centre", "unite_territoriale", "cer", "subdivision"),
    "commune": (
        *("commune", "nom_commune", "nom_com", "commune_nom", "insee_commune_gauche", "insee"),
        *("inseecom_g", "code_insee"),
    ),
    "surface": ("surface", "revetement", "nature_cr", "couche_roulement", "nature_revetement"),
    "traffic": ("traffic", "tmja", "trafic", "mja", "trafic_tmja", "aadt"),
    "carried_by": ("carried_by", "portee_par", "route_porteuse", "tronc_commun"),
    "made_on": ("annee", "date_maj", "date_modification", "date_de_modification", "millesime"),
}
"""Attributes of a stretch, and the names that files of roads give their columns."""

REFERENCES: dict[str, tuple[str, ...]] = {
    "plod": ("plod", "prd", "pr_debut", "plo_d", "pr_deb"),
    "absd": ("absd", "abd", "abs_debut", "abscisse_debut", "abs_d"),
    "plof": ("plof", "prf", "pr_fin", "plo_f"),
    "absf": ("absf", "abf", "abs_fin", "abscisse_fin", "abs_f"),
}
"""PR and abscisse of both ends, where a table of stretches has them."""

PR: dict[str, tuple[str, ...]] = {
    "route": AXES["route"],
    "gestionnaire": AXES["gestionnaire"],
    "dep": AXES["dep"],
    "cote": AXES["cote"],
    "num": ("num", "numero", "pr", "num_pr", "no_pr", "numero_pr"),
    "kind": ("kind", "type_de_pr", "type_pr", "type"),
    "plo": ("plo", "libelle", "nom_pr"),
    "cumul_m": ("cumul_m", "cumul", "abscisse", "abs_cumulee", "abscisse_cumulee", "cumul_pr"),
}
"""Attributes of a point of reference, and the names that files give their columns."""

READY = ("bdtopo_v3", "bdtopo_v2", "osm", "departement")
"""Mappings that ship, in the order in which they are tried."""


def _known(layer: LayerMapping, known: tuple[str, ...]) -> LayerMapping:
    for name in layer.columns:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f", perhaps {near[0]}" if near else ""
            raise ValueError(f"there is no attribute {name}{hint}")
    return layer


def load_mapping(given: str) -> NetworkMapping:
    """A mapping that ships, by its name, or one in a file.

    Raises
    ------
    ConfigurationError
        When there is none of that name, or the file is wrong: its first fault.

    Examples
    --------
    >>> load_mapping("bdtopo_v2").axes.columns["width_m"].column
    'largeur'
    """
    if given in READY:
        with resources.as_file(
            resources.files("gis.imports") / "mappings" / f"{given}.toml"
        ) as path:
            return _read(path)
    path = Path(given)
    if not path.suffix and not path.exists():
        raise ConfigurationError(
            f"there is no mapping {given!r}",
            None,
            f"give a TOML file, or one of {', '.join(READY)}",
        )
    return _read(path)


def _read(path: Path) -> NetworkMapping:
    what = "the mapping"
    return checked(NetworkMapping, read_mapping(path, what), path, what, "mend that line")


def ready_for(columns: Iterable[str]) -> NetworkMapping | None:
    """The mapping that ships for files with these columns, None where there is none.

    Examples
    --------
    >>> ready_for(["axe", "plod", "absd", "cumuld", "plof", "absf", "cumulf"]).name
    'departement'
    >>> ready_for(["nom"]) is None
    True
    """
    there = {plain(column) for column in columns}
    ready = (load_mapping(name) for name in READY)
    return next((mapping for mapping in ready if there.issuperset(mapping.told_by)), None)


def guessed(columns: Iterable[str], names: Dictionary[str, tuple[str, ...]]) -> dict[str, Column]:
    """Columns that are called as an attribute is usually called; one column for one attribute.

    Parameters
    ----------
    columns
        Names as the file has them.
    names
        `AXES`, `REFERENCES` or `PR`.

    Examples
    --------
    >>> found = guessed(["Num_Route", "LARGEUR", "geom"], AXES)
    >>> {name: column.column for name, column in found.items()}
    {'route': 'Num_Route', 'width_m': 'LARGEUR'}
    """
    left = {plain(column): column for column in columns}
    found: dict[str, Column] = {}
    for name, usual in names.items():
        column = next((left.pop(word) for word in usual if word in left), None)
        if column is not None:
            found[name] = Column(column=column)
    return found


def nearest(columns: Iterable[str], usual: Iterable[str]) -> list[str]:
    """Columns whose names come near to how an attribute is usually called, at most three.

    Examples
    --------
    >>> nearest(["largeurs", "x", "numroute"], AXES["width_m"])
    ['largeurs']
    """
    known = {plain(column): column for column in columns}
    close = {
        hit: None for word in usual for hit in get_close_matches(word, known, n=2, cutoff=0.75)
    }
    return [known[hit] for hit in close][:3]


def own_name(columns: Iterable[str], asked: str) -> str | None:
    """The column that a mapping means, as the file writes it; None where it has none.

    Examples
    --------
    >>> own_name(["Largeur"], "largeur")
    'Largeur'
    """
    return next((name for name in columns if plain(str(name)) == plain(asked)), None)


def as_toml(mapping: NetworkMapping) -> str:
    """Content of a mapping file that `load_mapping` reads back.

    Examples
    --------
    >>> print(as_toml(load_mapping("departement")).splitlines()[0])
    name = "departement"
    """
    data = mapping.model_dump(exclude_none=True, exclude_defaults=True)
    for layer in ("axes", "pr"):
        for name, entry in data.get(layer, {}).get("columns", {}).items():
            if set(entry) == {"column"}:
                data[layer]["columns"][name] = entry["column"]
    return tomli_w.dumps(data)


def read_values(table: pd.DataFrame, column: Column) -> pd.Series:
    """Values of an attribute, one a row of the table.

    Examples
    --------
    >>> rows = pd.DataFrame({"importance": ["1", "5", None]})
    >>> read_values(rows, Column(column="importance", values={"1": 1}, value=3)).tolist()
    [1, 3, 3]
    """
    if column.column is None:
        return pd.Series([column.value] * len(table), index=table.index, dtype="object")
    own = own_name(table.columns, column.column)
    if own is None:
        return pd.Series([column.value] * len(table), index=table.index, dtype="object")
    values = [_read_one(value, column) for value in table[own]]
    return pd.Series(values, index=table.index, dtype="object")


def _read_one(value: object, column: Column) -> object:
    if is_empty(value):
        return column.value
    read = value
    if column.letters is not None:
        read = text_of(read)[: column.letters]
    if column.values:
        read = column.values.get(text_of(read), column.value)
    if column.scale is not None:
        number = pd.to_numeric(pd.Series([read]), errors="coerce")[0]
        read = None if pd.isna(number) else float(number) * column.scale
    return read
