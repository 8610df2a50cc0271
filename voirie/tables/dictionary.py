"""The data dictionary, written from the declarations: ``python -m voirie.tables.dictionary``.

It prints Markdown; ``docs/data-dictionary.md`` is that text, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from voirie.tables.declared import TABLES
from voirie.tables.schema import Column, Table

TYPES = {
    "text": "texte / text",
    "int": "entier / integer",
    "float": "réel / float",
    "bool": "booléen / boolean",
    "time": "instant UTC / instant, UTC",
    "date": "date ISO / ISO date",
    "rectangles": "liste d'entiers, 4 par rectangle / list of integers, 4 a rectangle",
    "geometry": "géométrie EPSG:2154 / geometry, EPSG:2154",
}

HEAD = """\
# Dictionnaire des données / Data dictionary

Écrit par `python -m voirie.tables.dictionary` d'après `voirie/tables/` : ne pas modifier à la main.
Written by `python -m voirie.tables.dictionary` from `voirie/tables/`: do not edit.

NULL : non relevé, ou invisible pour ce capteur ; 0 : relevé et absent.
NULL: not surveyed, or this sensor cannot see it; 0: surveyed and absent.

Une clé ou une référence n'est jamais un texte vide ; un réel et une géométrie sont finis ; un ordre
vaut pour les valeurs qui ne sont pas NULL.
A key or a reference is never an empty text; a float and a geometry are finite; an order holds for
the values that are not NULL.
"""


def data_dictionary() -> str:
    """Every table and column, in French and English, as Markdown.

    Examples
    --------
    >>> print(data_dictionary().splitlines()[0])
    # Dictionnaire des données / Data dictionary
    """
    return "\n".join([HEAD, *(line for table in TABLES.values() for line in _table(table))])


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield f"{_sentence(table.fr)} / {_sentence(table.en)}"
    yield ""
    yield f"- Étape / stage: `{table.writer}`"
    yield f"- Clé / key: {', '.join(f'`{name}`' for name in table.key)}"
    for key in table.foreign_keys:
        yield f"- Référence / reference: `{key.column}` → `{key.table}.{key.target}`"
    for names in table.ascending:
        yield f"- Ordre / order: {' ≤ '.join(f'`{name}`' for name in names)}"
    yield ""
    yield "| Colonne / column | Type | Unité / unit | NULL | Valeurs / values | Sens | Meaning |"
    yield "|---|---|---|---|---|---|---|"
    for column in table:
        null = "oui / yes" if column.nullable else ""
        cells = (f"`{column.name}`", TYPES[column.kind], column.unit, null, _values(column))
        yield _row(*cells, column.fr, column.en)
    yield ""


def _values(column: Column) -> str:
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    low, high = column.low, column.high
    if low is not None and high is not None:
        return f"{low:g} … {high:g}"
    if low is not None:
        return f"≥ {low:g}"
    return "" if high is None else f"≤ {high:g}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    print(data_dictionary())
