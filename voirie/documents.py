"""Files that people write, YAML or TOML: read and checked with one sentence for each mistake."""

from __future__ import annotations

import tomllib
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
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{what} cannot be read ({error})", path, f"give the path of a {kind} file"
        ) from error
    try:
        data = yaml.safe_load(text) if kind == "YAML" else tomllib.loads(text)
    except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            f"{what} is no {kind}", path, f"correct it: {' '.join(str(error).split())}"
        ) from error
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
        raise ConfigurationError(
            f"{what} is wrong at {where} ({first['msg']})", path, remedy
        ) from error
