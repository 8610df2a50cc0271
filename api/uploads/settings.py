"""Settings of the inbox, from the environment (`VOIRIE_INBOX_*`)."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from voirie.settings import MachineSettings

GB = 1_000_000_000


def _keys() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "voirie" / "keys"


class InboxSettings(MachineSettings):
    """How much an inbox takes, and for how long it waits.

    Attributes
    ----------
    keys
        Folder of the keys (`VOIRIE_INBOX_KEYS`), outside every inbox.
    largest_bytes
        Most bytes of one upload.
    quota_bytes
        Most bytes that one vehicle may have in the inbox, where its token does not say.
    expire_s
        An upload to which nothing was added for so long is removed.
    idle_s
        A connection that sends no byte for so long is ended; the upload waits.
    reserve_bytes
        Room of the disk that uploads leave free.

    Examples
    --------
    >>> InboxSettings().expire_s / 86_400
    7.0
    """

    model_config = SettingsConfigDict(env_prefix="VOIRIE_INBOX_")

    keys: Path = Field(default_factory=_keys)
    largest_bytes: int = Field(default=200 * GB, gt=0)
    quota_bytes: int = Field(default=1000 * GB, gt=0)
    expire_s: float = Field(default=7 * 86_400.0, gt=0)
    idle_s: float = Field(default=60.0, gt=0)
    reserve_bytes: int = Field(default=GB, ge=0)
