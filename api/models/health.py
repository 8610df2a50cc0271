"""Whether the service is up."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    """That the service is up, which survey it serves and how many rows each layer has."""

    status: Literal["ok"] = "ok"
    version: str
    survey: str
    sections: int
    findings: int
