"""Settings of the machine, from the environment (`VOIRIE_*`): one small class a concern.

What belongs to one survey is said on the command line or in `survey.toml`, never here, so that
a run does not depend on who runs it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from voirie.errors import ConfigurationError

_HERE = Path(__file__).resolve().parent


def shipped_weights() -> Path:
    """Folder of the weights that came with the program.

    In a wheel they lie inside the package; in a clone they are read in place.
    """
    in_wheel = _HERE / "_weights"
    return in_wheel if in_wheel.is_dir() else _HERE.parent / "weights"


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "voirie"


class MachineSettings(BaseSettings):
    """A class of settings read from the environment; others inherit from it."""

    model_config = SettingsConfigDict(env_prefix="VOIRIE_", env_ignore_empty=True, frozen=True)


class Paths(MachineSettings):
    """Where things lie on this machine.

    Attributes
    ----------
    weights
        Folder with `models.toml` (`VOIRIE_WEIGHTS`); the shipped one by default.
    cache
        Folder for what can be made again, such as compiled networks (`VOIRIE_CACHE`).
    """

    weights: Path = Field(default_factory=shipped_weights)
    cache: Path = Field(default_factory=_cache)

    @field_validator("weights", "cache")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        try:
            return value.expanduser()
        except RuntimeError as error:  # ~name of somebody who is not there
            raise ValueError(f"nobody has the home that {value} begins with") from error


class Compute(MachineSettings):
    """How much of the machine a run may take.

    Attributes
    ----------
    threads
        Threads of the networks (`VOIRIE_THREADS`); 0 is one a core.
    """

    threads: int = Field(default=0, ge=0, le=1024)


S = TypeVar("S", bound=MachineSettings)


def load(kind: type[S]) -> S:
    """Read a class of settings from the environment.

    Raises
    ------
    ConfigurationError
        When a variable holds something impossible; the sentence names it.

    Examples
    --------
    >>> load(Compute).threads >= 0
    True
    """
    try:
        return kind()
    except ValidationError as error:
        first = error.errors()[0]
        prefix = kind.model_config.get("env_prefix", "")
        variable = (prefix + str(first["loc"][0])).upper()
        raise ConfigurationError(
            f"the environment variable {variable} is wrong: {first['msg']}",
            remedy=f"correct {variable} or unset it",
        ) from error
