"""What a table is: its columns, its key, what it refers to, and who writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voirie.stages import Stage

Kind = Literal["text", "int", "float", "bool", "time", "date", "rectangles", "geometry"]
"""Types of values. A date is ISO text; rectangles are whole numbers, four a rectangle: left, top,
right, bottom."""
Language = Literal["fr", "en"]

UNITS = ("m", "m2", "mm", "s", "deg", "pct", "px", "mps", "eur")
"""Units that the name of a column may end with."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        Its name, with the unit at its end where it has one.
    kind
        Type of the values.
    fr, en
        What it means, one line for a person. What stands before the first comma, semicolon or
        bracket is its title.
    nullable
        Whether NULL may stand in it: not surveyed, or not visible to this sensor.
    stated_unit
        Unit where the name does not tell it.
    allowed
        Values that it may take, in their order; empty when any will do.
    low, high
        Least and greatest value, both included; None without a bound. A float is finite.

    Examples
    --------
    >>> column = Column("cumul_m", "float", "cumul, en m", "chainage, in m")
    >>> column.unit, column.title("fr")
    ('m', 'cumul')
    """

    name: str
    kind: Kind
    fr: str
    en: str
    nullable: bool = False
    stated_unit: str = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def unit(self) -> str:
        """Unit, read from the end of the name where it stands there; empty without one."""
        tail = self.name.rsplit("_", 1)[-1]
        return tail if tail in UNITS else self.stated_unit

    def meaning(self, language: Language) -> str:
        """What it means."""
        return self.fr if language == "fr" else self.en

    def title(self, language: Language) -> str:
        """A few words for the head of a column: the meaning up to its first pause.

        Examples
        --------
        >>> Column("voie", "int", "voie (1 : la plus à droite)", "lane, 1 = rightmost").title("en")
        'lane'
        """
        text = self.meaning(language)
        for pause in (",", ";", ":", "("):
            text = text.partition(pause)[0]
        return text.strip()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Values of a column that must stand in a column of another table, NULL excepted."""

    column: str
    table: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table.

    Attributes
    ----------
    name
        Its name, which is the name of its file.
    writer
        The one stage that writes it.
    fr, en
        What one row is.
    columns
        In order.
    key
        Columns that tell one row from another, together.
    foreign_keys
        What its rows refer to.
    ascending
        Columns whose values, where they are not NULL, never fall from one to the next in a row.
    """

    name: str
    writer: Stage
    fr: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    ascending: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]

    @property
    def has_geometry(self) -> bool:
        """Whether the table carries geometry."""
        return any(column.kind == "geometry" for column in self.columns)

    def row(self, language: Language) -> str:
        """What one row is."""
        return self.fr if language == "fr" else self.en

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)
