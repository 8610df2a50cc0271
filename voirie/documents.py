"""Files that people write, YAML or TOML: read and checked with one sentence for each mistake."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

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
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        where = where if len(where) <= LONGEST_PLACE else f"{where[:LONGEST_PLACE]}..."
        raise ConfigurationError(
            f"{what} is wrong at {where} ({first['msg']})", path, remedy
        ) from error
