"""The run sheet (`run.json`): what was done, by which model, for whom and at what cost."""

from __future__ import annotations

import json
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from voirie import __version__
from voirie.messages import Message


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InputRef(_Model):
    """An input, by name and content; never by its folder."""

    name: str
    sha256: str


class ModelRef(_Model):
    """A network that looked at the pictures."""

    role: str
    file: str
    sha256: str
    licence: str
    experimental: bool


class StageRecord(_Model):
    """What a stage did, and what it cost over all its tries; `inner_s` is of the last one.

    `files` are those that it wrote, by path inside the folder, with their SHA-256; its pictures
    stand in the certificate.
    """

    stage: str
    fingerprint: str
    items_in: int = 0
    items_out: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    inner_s: dict[str, float] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, float | int | str | bool | None] = Field(default_factory=dict)
    warnings: list[Message] = Field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    energy_wh: float | None = None
    energy_method: str = "not measured"
    tries: int = 1


class Coverage(_Model):
    """How much of the driven network was really seen."""

    surveyed_m: float = 0.0
    length_m: float = 0.0
    pct: float | None = None


class RunSheet(_Model):
    """Schema `voirie.run/1`."""

    schema_name: str = Field(default="voirie.run/1", alias="schema")
    version: str = __version__
    survey_id: str
    run_id: str
    campaign: str
    purpose: str
    controller: str
    legal_basis: str
    inputs: list[InputRef]
    settings_sha256: str
    models: list[ModelRef]
    backend: str
    stages: list[StageRecord] = Field(default_factory=list)
    coverage: Coverage = Field(default_factory=Coverage)
    errors: list[str] = Field(default_factory=list)
    started_at: str = ""
    ended_at: str = ""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def run_schema() -> dict[str, object]:
    """JSON Schema of the run sheet, as shipped beside this module."""
    text = files("voirie").joinpath("run.schema.json").read_text("utf-8")
    schema: dict[str, object] = json.loads(text)
    return schema
