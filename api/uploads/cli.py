"""`voirie token`: which vehicles may upload into an inbox."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.uploads.accounts import TokenBook
from voirie.errors import ConfigurationError
from voirie.files import disk_errors
from voirie.wording import session

Folder = Annotated[Path, typer.Option("--inbox", help="Folder of the inbox")]
Name = Annotated[str, typer.Argument(help="Name of the vehicle")]


def add_command(
    name: Name,
    inbox: Folder,
    quota_gb: Annotated[
        float | None, typer.Option(min=0.001, help="Most GB that it may have in the inbox")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON")] = False,
) -> None:
    """Make a token with which a vehicle may upload; it is told once."""
    with disk_errors(inbox):
        inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    quota = None if quota_gb is None else round(quota_gb * 1e9)
    token = TokenBook(inbox).add(_named(name), quota)
    if as_json:
        typer.echo(json.dumps({"name": name, "token": token}))
    else:
        typer.echo(token)
        typer.echo(
            session().text("Keep it in a file of the vehicle: it is not told again."), err=True
        )


def list_command(
    inbox: Folder, as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON")] = False
) -> None:
    """List the tokens of an inbox, never the tokens themselves."""
    lines = _book(inbox).lines()
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines]))
        return
    w = session()
    for line in lines:
        made = line.created_at[:10]
        if line.revoked_at is None:
            typer.echo(w.text("{name}: made on {date}", name=line.name, date=made))
        else:
            typer.echo(
                w.text(
                    "{name}: made on {date}, revoked on {end}",
                    name=line.name,
                    date=made,
                    end=line.revoked_at[:10],
                )
            )


def revoke_command(
    name: Name,
    inbox: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON")] = False,
) -> None:
    """Revoke every token of a vehicle; what it sends is refused from now on."""
    done = _book(inbox).revoke(name)
    if as_json:
        typer.echo(json.dumps({"name": name, "revoked": done}))
    else:
        typer.echo(session().plural("{n} token was revoked.", "{n} tokens were revoked.", done))


def _named(name: str) -> str:
    """A name that a list can show.

    Raises
    ------
    ConfigurationError
        When it is empty or breaks a line.
    """
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise ConfigurationError("this is no name of a vehicle", remedy="give one line of text")
    return name


def _book(inbox: Path) -> TokenBook:
    if not inbox.is_dir():
        raise ConfigurationError(
            "there is no inbox here", inbox, "make a token first: voirie token add NAME --inbox DIR"
        )
    return TokenBook(inbox)
