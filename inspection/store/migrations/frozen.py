"""Tables as a file beside a migration holds them, and how the file is written.

``python -m inspection.store.migrations.frozen > inspection/store/migrations/versions/vNNNN.json``
writes today's tables; the test of the models says when a migration is due.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from inspection.store.models import IN_SPACE, STORED
from voirie.tables.schema import Kind


class FrozenColumn(TypedDict):
    """A column: its name, kind of values and whether NULL may stand in it."""

    name: str
    kind: Kind
    nullable: bool


class FrozenTable(TypedDict):
    """A table: its columns, its key and whether it is asked for by place."""

    columns: list[FrozenColumn]
    key: list[str]
    in_space: bool


def todays_tables() -> dict[str, FrozenTable]:
    """The tables of a survey as they are declared today.

    Examples
    --------
    >>> todays_tables()["signs"]["key"]
    ['finding_id']
    """
    return {
        name: {
            "columns": [
                {"name": c.name, "kind": c.kind, "nullable": c.nullable} for c in table.columns
            ],
            "key": list(table.key),
            "in_space": name in IN_SPACE,
        }
        for name, table in STORED.items()
    }


def written(tables: dict[str, FrozenTable]) -> str:
    """The tables as text, one line a column."""
    lines = []
    for name, table in tables.items():
        columns = ",\n   ".join(json.dumps(column) for column in table["columns"])
        head = f'"key": {json.dumps(table["key"])}, "in_space": {json.dumps(table["in_space"])}'
        lines.append(f' {json.dumps(name)}: {{{head}, "columns": [\n   {columns}]}}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def frozen_tables(path: Path) -> dict[str, FrozenTable]:
    """The tables that a file beside a migration holds."""
    tables: dict[str, FrozenTable] = json.loads(path.read_text("utf-8"))
    return tables


if __name__ == "__main__":
    print(written(todays_tables()), end="")
