"""Files that people write, YAML or TOML: read and checked with one sentence for each mistake."""

from __future__ import annotations

import copy
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from voirie.errors import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)

Words = Annotated[str, Field(pattern=r"\S")]
"""A text that says something."""


class Strict(BaseModel):
    """A part of a file that a person writes.

    A misspelt key is an error rather than a default, numbers are finite, and nothing is changed
    afterwards.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


LONGEST_PLACE = 200
"""Characters of a key that a message repeats."""

MOST_BYTES = {"YAML": 1 << 20, "TOML": 1 << 24}
"""No person writes more; a megabyte of YAML takes some ten seconds to read."""

DEEPEST = 40
"""Levels of a file inside one another; the shipped ones have six."""


class _Loader(yaml.SafeLoader):
    """YAML without what a reader of the file would not see.

    A key that stands twice would lose the first value; an alias makes a few lines stand for
    millions.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has an alias (*): write out what it stands for")
        self._depth += 1
        if self._depth > DEEPEST:
            raise yaml.YAMLError(f"more than {DEEPEST} levels inside one another")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        names = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = next((name for name, times in names.items() if times > 1), None)
        if twice is not None:
            raise yaml.YAMLError(f"{twice} stands twice from line {node.start_mark.line + 1} on")
        return super().construct_mapping(node, deep)


def read_mapping(path: Path, what: str) -> dict[str, object]:
    """Read a YAML (``.yaml``, ``.yml``) or TOML file.

    Parameters
    ----------
    path
        The file.
    what
        What it is, for the message: "the rating scheme".

    Raises
    ------
    ConfigurationError
        When it cannot be read, is no YAML or TOML, or is empty.

    Examples
    --------
    >>> read_mapping(Path("samples/drive/vehicle.toml"), "the vehicle")["vehicle"]
    {'name': 'patrol car (rendered)'}
    """
    kind = "YAML" if path.suffix.lower() in {".yaml", ".yml"} else "TOML"
    remedy = f"give the path of a {kind} file"
    try:
        # A pipe or a device may never end.
        if path.exists() and not path.is_file():
            raise ConfigurationError(f"{what} is no file", path, remedy)
        if path.stat().st_size > MOST_BYTES[kind]:
            raise ConfigurationError(f"{what} is too large", path, remedy)
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(f"{what} is not there: no such file", path, remedy) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigurationError(f"{what} cannot be read ({why})", path, remedy) from error
    except ValueError as error:
        raise ConfigurationError(f"{what} cannot be read ({error})", path, remedy) from error
    try:
        data = yaml.load(text, _Loader) if kind == "YAML" else tomllib.loads(text)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        why = " ".join(str(error).split())
        raise ConfigurationError(f"{what} is no {kind}", path, f"correct it: {why}") from error
    if not isinstance(data, dict) or not data:
        raise ConfigurationError(f"{what} is empty", path, "fill it as the shipped example shows")
    return data


def checked(
    model: type[Model], data: Mapping[str, object], path: Path | None, what: str, remedy: str
) -> Model:
    """Validate the content of a file.

    Raises
    ------
    ConfigurationError
        Naming the first key at fault.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _refusals(model, error, path, what, remedy)[0] from error


def checked_as_far_as_right(
    model: type[Model], data: Mapping[str, object], path: Path | None, what: str, remedy: str
) -> tuple[Model | None, list[ConfigurationError]]:
    """Validate the content of a file and tell everything that is wrong in it at once.

    Returns
    -------
    Model or None
        What the file says without the values at fault, a misspelt key read as the one it resembles;
        None where it cannot do without them.
    list of ConfigurationError
        One for each key at fault.

    Examples
    --------
    >>> class Tape(Strict):
    ...     height_m: float = 1.2
    ...     name: str = "tape"
    >>> said = {"hieght_m": 1.4, "name": 7}
    >>> tape, wrong = checked_as_far_as_right(Tape, said, None, "the tape", "mend it")
    >>> tape, len(wrong)
    (Tape(height_m=1.4, name='tape'), 2)
    >>> print(wrong[-1])
    the tape has a key hieght_m that is not known; perhaps height_m.
    """
    wrong: list[ConfigurationError] = []
    left = copy.deepcopy(dict(data))
    told: set[tuple[int | str, ...]] = set()
    for _ in range(MOST_ROUNDS):
        try:
            return model.model_validate(left), wrong
        except ValidationError as error:
            places = _at_fault(error)
            refused = _refusals(model, error, path, what, remedy)
            # A key that is missing because it was taken out was told before.
            wrong += [one for loc, one in zip(places, refused, strict=True) if loc not in told]
            told |= set(places)
            # The last of a list first, so that the places of the others stay what they are; and
            # misspelt keys at the end, which may stand for one that was said to be missing.
            meant = {loc: _meant(model, loc) for loc in places}
            last_first = places[::-1]
            misspelt = [loc for loc in last_first if meant[loc] not in (None, *loc[-1:])]
            others = [loc for loc in last_first if loc not in misspelt]
            gone = [_taken_out(left, loc, meant[loc]) for loc in (*others, *misspelt)]
            if not any(gone):
                return None, wrong
    return None, wrong


MOST_ROUNDS = 20
"""What is at fault only once another key is gone is found in the next round."""


def _taken_out(data: object, loc: tuple[int | str, ...], meant: str | None) -> bool:
    """Take the key at fault out of the content; whether there was one.

    The value of a misspelt key goes on under the one that was meant, where that is free, so that
    what depends on it can be looked at as well.
    """
    *way, last = loc or ("",)
    inner: object = data
    for part in way:
        if isinstance(inner, dict) and part in inner:
            inner = inner[part]
        elif isinstance(inner, list) and isinstance(part, int) and part < len(inner):
            inner = inner[part]
        else:
            return False
    if isinstance(inner, dict) and last in inner:
        value = inner.pop(last)
        if meant is not None and meant != last:
            inner.setdefault(meant, value)
        return True
    if isinstance(inner, list) and isinstance(last, int) and last < len(inner):
        del inner[last]
        return True
    return False


def _at_fault(error: ValidationError) -> list[tuple[int | str, ...]]:
    """Places of the keys at fault; a list is not said to be short for what is wrong inside it."""
    places = [one["loc"] for one in error.errors(include_url=False)]
    return [
        loc
        for loc in places
        if not any(len(other) > len(loc) and other[: len(loc)] == loc for other in places)
    ]


def _refusals(
    model: type[BaseModel], error: ValidationError, path: Path | None, what: str, remedy: str
) -> list[ConfigurationError]:
    """What pydantic found, a sentence of ours for each key."""
    found = []
    places = _at_fault(error)
    for detail in error.errors(include_url=False):
        loc, reason = detail["loc"], detail["msg"]
        if loc not in places:
            continue
        where = ".".join(str(part) for part in loc) or "the file"
        where = where if len(where) <= LONGEST_PLACE else f"{where[:LONGEST_PLACE]}..."
        near = _meant(model, loc)
        if detail["type"] == "extra_forbidden" and near is not None:
            found.append(
                ConfigurationError(
                    f"{what} has a key {where} that is not known", path, f"perhaps {near}"
                )
            )
        else:
            found.append(ConfigurationError(f"{what} is wrong at {where} ({reason})", path, remedy))
    return found


def _meant(model: type[BaseModel], loc: tuple[int | str, ...]) -> str | None:
    """The key that one resembles, or is; None where it resembles none."""
    near = get_close_matches(str(loc[-1]), _siblings(model, loc), n=1) if loc else []
    return near[0] if near else None


def _siblings(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Names that the part of the file may hold in which a key stands."""
    here = model
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part)
        inner = None if field is None else model_in(field.annotation)
        if inner is None:
            return []
        here = inner
    return list(here.model_fields)


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation holds: itself, in a tuple, or beside None.

    Examples
    --------
    >>> model_in(tuple[Strict, ...]).__name__, model_in(Strict | None).__name__, model_in(int)
    ('Strict', 'Strict', None)
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(model_in, get_args(annotation))), None)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a file that people write.

    Attributes
    ----------
    name
        Dotted; ``[]`` marks a list: ``passes[].track``.
    field
        What the model says of it: bounds, default, examples.
    """

    name: str
    field: FieldInfo

    @property
    def meaning(self) -> str:
        """What it says, in English; the French is in the catalogue."""
        return self.field.description or ""


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[Key]:
    """Keys of a file, in their order.

    Examples
    --------
    >>> from voirie.inputs import Vehicle
    >>> key = next(key for key in keys_of(Vehicle) if key.name == "camera.height_m")
    >>> key.meaning
    'metres of the lens above the road'
    """
    for name, field in model.model_fields.items():
        inner = model_in(field.annotation)
        if inner is None:
            yield Key(f"{before}{name}", field)
        else:
            listed = "[]" if get_origin(field.annotation) is tuple else ""
            yield from keys_of(inner, f"{before}{name}{listed}.")
