"""Settings of the service, from the environment (`VOIRIE_SERVE_*`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from voirie.settings import MachineSettings

LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
ALL_ADDRESSES = frozenset({"", "0.0.0.0", "::"})
"""What a socket binds to every address for; an empty text too."""


class ServeSettings(MachineSettings):
    """Where the service listens, and by which names it may be called.

    Attributes
    ----------
    host
        Address to listen on (`VOIRIE_SERVE_HOST`); this machine alone by default.
    port
        Port (`VOIRIE_SERVE_PORT`); 0 takes a free one.
    names
        Further names that the service answers to, separated by commas
        (`VOIRIE_SERVE_NAMES=roads.example.org`), for instance behind a proxy.

    Examples
    --------
    >>> ServeSettings(host="192.0.2.7", names="roads.example.org").known_names()
    ('127.0.0.1', 'localhost', '[::1]', '192.0.2.7', '[192.0.2.7]', 'roads.example.org')
    """

    model_config = SettingsConfigDict(env_prefix="VOIRIE_SERVE_")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    names: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("names", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read names from one text, as a variable of the environment holds them."""
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @property
    def on_every_address(self) -> bool:
        """Whether other machines of the network reach the service under any name."""
        return self.host in ALL_ADDRESSES

    def known_names(self) -> tuple[str, ...]:
        """Names under which the service may be called; ``*`` lets every name in."""
        if self.on_every_address:
            return ("*",)
        return (*LOCAL_NAMES, self.host, f"[{self.host}]", *self.names)
