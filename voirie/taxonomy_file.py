"""What `taxonomy.yaml` may say, checked before anything reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import Field, model_validator

from voirie.documents import Strict, Words, checked
from voirie.families import AttributeTable, Family, Label, Symbol
from voirie.tables import ATTRIBUTE_TABLES, TABLES

Damage = Literal["structural", "surface", "sealing"]
Unit = Literal["nb", "m", "m2"]

WHAT = "the taxonomy"


class CodeEntry(Strict):
    """One of our codes; `voirie.codes.Code` explains the keys."""

    family: str
    damage: Damage | None = None
    unit: Unit
    fr: Words
    en: Words
    rdd: str | None = None
    lpc52: int | None = None
    vizir: str | None = None
    m3: str | None = None
    osm: str | None = None
    symbol: Symbol | None = None
    is_round: bool = False
    is_across: bool = False
    is_net: bool = False


class ClassEntry(Strict):
    """A class of a model: its meaning, or another class that means the same."""

    code: str = ""
    outside: str | None = None
    unknown: str | None = None
    flag: str | None = None
    attributes: Mapping[str, str] = {}
    same_as: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.code) == (self.same_as is not None):
            raise ValueError("a class has either a code or same_as")
        if (self.outside is None) != (self.unknown is None):
            raise ValueError("outside and unknown go together")
        return self


class SignEntry(Strict):
    """A class of a model of signs: a code of the decree, or no more than its family."""

    official: str | None = None
    family: str = ""
    value: str | None = None
    same_as: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum((self.official is not None, bool(self.family), self.same_as is not None)) != 1:
            raise ValueError("a sign has one of official, family and same_as")
        return self


class Signs(Strict):
    """Signs of the decree of 24 November 1967.

    Attributes
    ----------
    family
        The family of things that they are.
    families
        Families of the decree.
    classes
        Classes of the models.
    values
        Codes whose figure is read, and the figures that the decree knows for them.
    """

    family: str
    families: Mapping[str, Label]
    values: Mapping[str, tuple[str, ...]] = {}
    classes: Mapping[str, SignEntry]


class WheelPath(Strict):
    """Band each side of the axis of the lane."""

    nearest: Annotated[float, Field(alias="from", ge=0)]
    farthest: Annotated[float, Field(alias="to", gt=0)]
    edge: Annotated[float, Field(ge=0)] = 0.0
    """Of the lane, which belongs to its edge or to the axis of the road and to no wheel path."""


class TaxonomyFile(Strict):
    """The whole file."""

    version: str
    families: Mapping[str, Family]
    codes: Mapping[str, CodeEntry]
    wheel_path_m: WheelPath
    classes: Mapping[str, ClassEntry]
    signs: Signs

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, code in self.codes.items():
            if code.family not in self.families:
                raise ValueError(f"the code {name} is of no known family: {code.family}")
        if self.signs.family not in self.families:
            raise ValueError(f"signs are of no known family: {self.signs.family}")
        classes = resolved(self.classes)
        for name, family in self.families.items():
            for named in family.named_codes():
                if named not in self.codes or self.codes[named].family != name:
                    raise ValueError(f"the family {name} names {named}, which is no code of it")
            told = [
                entry.attributes
                for entry in classes.values()
                if entry.code in self.codes and self.codes[entry.code].family == name
            ]
            if family.attributes is not None and (why := _unfit(family.attributes, told)):
                raise ValueError(f"the family {name} {why}")
        for name, entry in classes.items():
            for code_of in (entry.code, entry.outside, entry.unknown):
                if code_of is not None and code_of not in self.codes:
                    raise ValueError(f"the class {name} leads to no known code: {code_of}")
            table = self.families[self.codes[entry.code].family].attributes
            strange = sorted(set(entry.attributes) - set(table.columns if table else ()))
            if strange:
                raise ValueError(f"the class {name} tells {strange[0]}, which its family has not")
        for name, sign in resolved(self.signs.classes).items():
            if sign.official is None and sign.family not in self.signs.families:
                raise ValueError(f"the sign {name} is of no known family: {sign.family}")
            allowed = self.signs.values.get(sign.official or "")
            if allowed and sign.value is not None and sign.value not in allowed:
                raise ValueError(f"the sign {name} tells {sign.value}, no value of {sign.official}")
        return self


def _unfit(attributes: AttributeTable, told: Sequence[Mapping[str, str]]) -> str | None:
    """Why a family cannot fill its table, None where it can; `told` is what its classes say."""
    if attributes.table not in ATTRIBUTE_TABLES:
        choice = ", ".join(ATTRIBUTE_TABLES)
        return f"has its attributes in {attributes.table}, which is none of {choice}"
    table = TABLES[attributes.table]
    free = [column for column in table if column.name not in table.key]
    if strange := sorted(set(attributes.columns) - {column.name for column in free}):
        return f"has the attribute {strange[0]}, which the table {table.name} has not"
    for column in free:
        default = attributes.columns.get(column.name)
        if default is None and not column.nullable:
            return f"needs a value for {column.name}, which may not be NULL in {table.name}"
        values = {default, *(one.get(column.name) for one in told)} - {None}
        if values and column.kind != "text":
            return f"gives words for {column.name}, which is a {column.kind} in {table.name}"
        if column.allowed and (others := sorted(map(str, values - set(column.allowed)))):
            choice = ", ".join(column.allowed)
            return f"gives {column.name} = {others[0]}, which is not one of {choice}"
    return None


class _Entry(Protocol):
    @property
    def same_as(self) -> str | None: ...


E = TypeVar("E", bound=_Entry)


def resolved(entries: Mapping[str, E]) -> dict[str, E]:
    """Entries by name, each `same_as` followed to what it means.

    Raises
    ------
    ValueError
        When it leads to nothing, or to another `same_as`.
    """
    out: dict[str, E] = {}
    for name, entry in entries.items():
        meant = entry if entry.same_as is None else entries.get(entry.same_as)
        if meant is None or meant.same_as is not None:
            raise ValueError(f"the class {name} is the same as {entry.same_as}, which has no code")
        out[name] = meant
    return out


def parse_taxonomy(data: Mapping[str, object], path: Path | None = None) -> TaxonomyFile:
    """Validate the content of a taxonomy.

    Raises
    ------
    ConfigurationError
        Naming what is at fault.
    """
    remedy = "correct it after the shipped voirie/taxonomy.yaml"
    return checked(TaxonomyFile, data, path, WHAT, remedy)
