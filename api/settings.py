"""Settings of the service, from the environment (`VOIRIE_SERVE_*`)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import inet_aton
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from voirie.settings import MachineSettings

LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")
"""A name or an address as a browser writes it."""


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a text means to a socket; None for a name.

    An empty text means every address, and so does a number in any of the old ways to write it.

    Examples
    --------
    >>> [str(address_of(text)) for text in ("", "0", "127.1", "::0", "::ffff:0.0.0.0")]
    ['0.0.0.0', '0.0.0.0', '127.0.0.1', '::', '0.0.0.0']
    >>> address_of("roads.example.org") is None
    True
    """
    try:
        found = ip_address(host) if ":" in host else IPv4Address(inet_aton(host or "0"))
    except (OSError, ValueError):
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


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

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if NAME.fullmatch(name) is None:
                raise ValueError(f"{name!r} is no name of a machine")
        return names

    @property
    def on_every_address(self) -> bool:
        """Whether other machines of the network reach the service under any name."""
        address = address_of(self.host)
        return address is not None and address.is_unspecified

    def known_names(self) -> tuple[str, ...]:
        """Names under which the service may be called; ``*`` lets every name in."""
        if self.on_every_address:
            return ("*",)
        return (*LOCAL_NAMES, self.host, f"[{self.host}]", *self.names)
