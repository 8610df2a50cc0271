"""Commands `voirie store add`, `list`, `remove`, `backup`, `restore` and `upgrade`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from inspection.store.backup import back_up, restore
from inspection.store.database import (
    Store,
    connect,
    migrate,
    newest_revision,
    open_store,
    place_of,
    revision_of,
)
from inspection.store.ingest import add_survey, remove_survey
from inspection.store.listing import surveys_of
from inspection.store.settings import StoreSettings
from voirie.errors import ConfigurationError, NotFound
from voirie.settings import load
from voirie.wording import N_, session

HEADS = (
    N_("body"),
    N_("campaign"),
    N_("day"),
    N_("findings"),
    N_("pictures"),
    N_("survey"),
)


def add_command(
    survey: Annotated[Path, typer.Argument(help="Survey folder")],
    body: Annotated[
        str | None, typer.Option(help="Whose survey it is; as survey.toml says if none")
    ] = None,
    replace: Annotated[
        bool, typer.Option(help="Take the place of the same survey with other content")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> None:
    """Take a survey folder into the store: whole, once, with its sealed pictures.

    The folder is only read. The same folder again changes nothing.
    """
    whose = body if body is not None else _body_of(survey)
    with _opened() as store:
        added = add_survey(store, survey, whose, replace)
    if as_json:
        print(json.dumps(asdict(added), ensure_ascii=False))
        return
    w = session()
    told = {
        "added": w.text(
            "The survey {id} of {body} is in the store.", id=added.survey_id, body=whose
        ),
        "replaced": w.text(
            "The survey {id} of {body} has taken the place of the one before.",
            id=added.survey_id,
            body=whose,
        ),
        "known": w.text(
            "The store holds the survey {id} of {body} already.", id=added.survey_id, body=whose
        ),
    }
    print(told[added.outcome])
    if added.n_rows:
        print(
            w.text(
                "{findings} findings, {sections} sections, {pictures} pictures.",
                findings=w.number(added.n_rows["findings"]),
                sections=w.number(added.n_rows["sections"]),
                pictures=w.number(added.n_pictures),
            )
        )


def list_command(
    body: Annotated[str | None, typer.Option(help="Those of one body")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON")] = False,
) -> None:
    """List the surveys of the store, newest first."""
    with _opened() as store:
        found = surveys_of(store, body)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    w = session()
    if not found:
        print(w.text("The store holds no survey."))
        return
    heads = [w.text(head) for head in HEADS]
    table = Table(*heads)
    table.columns[-1].no_wrap = True  # the identifier is what `remove` is given
    for one in found:
        day = w.day(one.surveyed_to.date()) if one.surveyed_to else "–"
        counts = (w.number(one.n_findings), w.number(one.n_pictures))
        table.add_row(one.body, one.campaign, day, *counts, one.survey_id)
    Console().print(table)


def remove_command(
    survey_id: Annotated[str, typer.Argument(help="Identifier, as voirie store list shows it")],
    body: Annotated[str, typer.Option(help="Whose survey it is")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> None:
    """Remove a survey from the store, with the pictures that no other survey holds."""
    with _opened() as store:
        gone = remove_survey(store, body, survey_id)
    if not gone:
        raise NotFound(
            f"{body} has no survey {survey_id} in the store", None, "see voirie store list"
        )
    if as_json:
        print(json.dumps({"survey_id": survey_id, "body": body, "outcome": "removed"}))
        return
    print(
        session().text("The survey {id} of {body} is gone from the store.", id=survey_id, body=body)
    )


def backup_command(
    out: Annotated[Path, typer.Argument(help="Folder to make")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what it holds as JSON")] = False,
) -> None:
    """Copy the whole store into a new folder, rows and pictures, while others go on.

    A backup of PostgreSQL can be restored into SQLite, and the reverse.
    """
    with _opened() as store:
        told = back_up(store, out)
    _tell_copied(told.model_dump(mode="json"), as_json, out)


def restore_command(
    folder: Annotated[Path, typer.Argument(help="Folder that voirie store backup made")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what it holds as JSON")] = False,
) -> None:
    """Fill an empty store from a backup: all of it, or nothing."""
    with _opened() as store:
        told = restore(store, folder)
    _tell_copied(told.model_dump(mode="json"), as_json, folder)


def upgrade_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> None:
    """Bring the database to the schema of this program, in one transaction."""
    engine = connect(load(StoreSettings))
    try:
        before, known = revision_of(engine), newest_revision()
        if before is not None and before > known:
            raise ConfigurationError(
                f"the store has the schema {before}, which this program does not know",
                place_of(engine),
                "install the version of voirie that made it, or a later one",
            )
        if before != known:
            migrate(engine, known)
    finally:
        engine.dispose()
    if as_json:
        print(json.dumps({"before": before, "after": known}))
        return
    print(session().text("The store has the schema {revision}.", revision=known))


@contextmanager
def _opened() -> Iterator[Store]:
    store = open_store()
    try:
        yield store
    finally:
        store.close()


def _body_of(survey: Path) -> str:
    """The body that the survey.toml of a folder names."""
    try:
        told = tomllib.loads((survey / "survey.toml").read_text("utf-8"))
        body = told["campaign"]["body"]
    except (OSError, ValueError, LookupError, TypeError):
        body = None
    if not isinstance(body, str) or not body.strip():
        raise ConfigurationError("it does not say whose survey it is", survey, "say --body NAME")
    return body


def _tell_copied(told: dict[str, object], as_json: bool, folder: Path) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    w = session()
    counts = told["rows"]
    assert isinstance(counts, dict)
    print(
        w.text(
            "{folder}: {surveys} surveys, {findings} findings, {pictures} pictures.",
            folder=str(folder),
            surveys=w.number(counts["surveys"]),
            findings=w.number(counts["findings"]),
            pictures=told["pictures"],
        )
    )
