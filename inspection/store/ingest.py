"""A survey folder comes into the store: whole, once, its pictures first and its rows in one go.

What a kill leaves is pictures that no row names; the next removal sweeps them away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from anonymize.certificate import Certificate
from inspection.store.database import Store
from inspection.store.load import load_rows
from inspection.store.models import STORED, bodies, networks, rows, surveys
from inspection.store.pictures import held, sweep, take_in
from voirie.errors import ConfigurationError, NotASurvey
from voirie.files import read_json
from voirie.folder import SurveyFolder, open_survey
from voirie.ids import sha256_of
from voirie.runsheet import RunSheet
from voirie.tables.batches import read_batches

Progress = Callable[[str, int], None]
"""Told the name of a table and how many of its rows are in."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a folder.

    Attributes
    ----------
    survey_id, body
        Which survey of whom.
    outcome
        ``added``, ``replaced``, or ``known`` where the store held just this already.
    n_rows
        Rows of each table.
    n_pictures
        Pictures of the survey.
    """

    survey_id: str
    body: str
    outcome: str
    n_rows: dict[str, int]
    n_pictures: int


def add_survey(
    store: Store,
    path: Path,
    body: str,
    replace: bool = False,
    progress: Progress = lambda _table, _rows: None,
) -> Added:
    """Take a survey folder into the store.

    Parameters
    ----------
    store
        The store.
    path
        A whole survey folder; it is only read.
    body
        Whose survey it is; a name that is new makes a new body.
    replace
        Whether a survey of the same identifier with other content gives way.
    progress
        Told how far the rows are.

    Raises
    ------
    NotASurvey
        When the folder is not whole, or its tables are not those of one survey.
    NotCertified
        When a picture is missing, changed, or not named by the certificate.
    ConfigurationError
        When the store holds this survey with other content and `replace` is False, or the body
        has no name.
    """
    if not body.strip():
        raise ConfigurationError("the body has no name", None, "say --body NAME")
    folder = open_survey(path)
    sheet = _sheet(folder)
    certificate = Certificate.read(folder.root)
    content = content_of(folder)
    with held(store.root):
        with store.reading() as connection:
            known = _known(connection, body, sheet.survey_id)
        if known is not None and known == content:
            return Added(sheet.survey_id, body, "known", {}, len(certificate))
        _refuse_other(known, replace, sheet, path)
        take_in(certificate, store.root)
        try:
            with store.writing() as connection:
                known = _known(connection, body, sheet.survey_id)  # another may have been quicker
                _refuse_other(known, replace, sheet, path)
                survey_no, body_no = _enter(connection, folder, sheet, certificate, body, content)
                counts = {
                    name: load_rows(
                        connection,
                        name,
                        read_batches(name, folder.tables),
                        body_no,
                        survey_no,
                        progress,
                    )
                    for name in STORED
                }
                _check_references(connection, survey_no, path)
                _check_pictures(connection, survey_no, path)
                _count(connection, survey_no, counts)
        except IntegrityError as error:
            why = " ".join(str(error.orig).split())
            raise NotASurvey(
                f"its tables hold a row twice or one without a key ({why})",
                path,
                "run the chain again",
            ) from error
    outcome = "added" if known is None else "replaced"
    if known is not None:
        sweep(store)
    return Added(sheet.survey_id, body, outcome, counts, len(certificate))


def content_of(folder: SurveyFolder) -> str:
    """SHA-256 over the tables that the store keeps; the pictures stand in one of them."""
    whole = hashlib.sha256()
    for name in sorted(STORED):
        path = folder.tables / f"{name}.parquet"
        if not path.is_file():
            raise NotASurvey(
                f"the table {name} is missing", path, "run the chain again, or check its name"
            )
        whole.update(f"{name} {sha256_of(path)}\n".encode())
    return whole.hexdigest()


def remove_survey(store: Store, body: str, survey_id: str) -> bool:
    """Remove a survey of a body with its pictures; False where there is none."""
    with store.writing() as connection:
        gone = _take_out(connection, body, survey_id)
    sweep(store)
    return gone


def _take_out(connection: Connection, body: str, survey_id: str) -> bool:
    """Delete the rows of a survey."""
    wanted = (
        select(surveys.c.survey_no)
        .join(bodies, bodies.c.body_no == surveys.c.body_no)
        .where(bodies.c.name == body, surveys.c.survey_id == survey_id)
    )
    survey_no = connection.scalar(wanted)
    if survey_no is None:
        return False
    for table in rows.values():
        connection.execute(delete(table).where(table.c.survey_no == survey_no))
    connection.execute(delete(surveys).where(surveys.c.survey_no == survey_no))
    return True


def _sheet(folder: SurveyFolder) -> RunSheet:
    try:
        return RunSheet.model_validate(read_json(folder.run_sheet))
    except (OSError, ValueError, ValidationError) as error:
        why = " ".join(str(error).split())
        raise NotASurvey(
            f"its run sheet cannot be read ({why})", folder.run_sheet, "run the chain again"
        ) from error


def _known(connection: Connection, body: str, survey_id: str) -> str | None:
    """Content of a survey that the store holds."""
    wanted = (
        select(surveys.c.content_sha256)
        .join(bodies, bodies.c.body_no == surveys.c.body_no)
        .where(bodies.c.name == body, surveys.c.survey_id == survey_id)
    )
    return connection.scalar(wanted)


def _refuse_other(known: str | None, replace: bool, sheet: RunSheet, path: Path) -> None:
    if known is not None and not replace:
        raise ConfigurationError(
            f"the store holds the survey {sheet.survey_id} with other content",
            path,
            "add --replace to have this one in its place",
        )


def _enter(
    connection: Connection,
    folder: SurveyFolder,
    sheet: RunSheet,
    certificate: Certificate,
    body: str,
    content: str,
) -> tuple[int, int]:
    """Make the row of a survey, in the place of one of the same identifier."""
    now = datetime.now(UTC)
    body_no = connection.scalar(select(bodies.c.body_no).where(bodies.c.name == body))
    if body_no is None:
        body_no = connection.scalar(
            insert(bodies).values(name=body, added_at=now).returning(bodies.c.body_no)
        )
    _take_out(connection, body, sheet.survey_id)
    survey_no = connection.scalar(
        insert(surveys)
        .values(
            body_no=body_no,
            survey_id=sheet.survey_id,
            run_id=sheet.run_id,
            campaign=sheet.campaign,
            purpose=sheet.purpose,
            controller=sheet.controller,
            legal_basis=sheet.legal_basis,
            n_passes=0,
            n_findings=0,
            n_pictures=len(certificate),
            run_sheet=sheet.model_dump_json(by_alias=True),
            certificate=folder.certificate.read_text("utf-8"),
            content_sha256=content,
            added_at=now,
        )
        .returning(surveys.c.survey_no)
    )
    assert survey_no is not None and body_no is not None, "RETURNING gives a row"
    return survey_no, body_no


def _count(connection: Connection, survey_no: int, counts: dict[str, int]) -> None:
    """Note when a survey was driven, on which network, and what it holds."""
    passes, sections = rows["passes"], rows["sections"]
    of_survey = passes.c.survey_no == survey_no
    first, last = connection.execute(
        select(func.min(passes.c.started_at), func.max(passes.c.ended_at)).where(of_survey)
    ).one()
    version = connection.scalar(
        select(sections.c.network_version).where(sections.c.survey_no == survey_no).limit(1)
    )
    body_no = connection.scalar(select(surveys.c.body_no).where(surveys.c.survey_no == survey_no))
    network_no = None
    if version is not None:
        of_body = (networks.c.body_no == body_no, networks.c.version == version)
        network_no = connection.scalar(select(networks.c.network_no).where(*of_body))
        if network_no is None:
            network_no = connection.scalar(
                insert(networks)
                .values(body_no=body_no, version=version, added_at=datetime.now(UTC))
                .returning(networks.c.network_no)
            )
    connection.execute(
        surveys.update()
        .where(surveys.c.survey_no == survey_no)
        .values(
            surveyed_from=first,
            surveyed_to=last,
            network_no=network_no,
            n_passes=counts["passes"],
            n_findings=counts["findings"],
        )
    )


def _check_references(connection: Connection, survey_no: int, path: Path) -> None:
    """Refuse a row that refers to none; by sorting, so that a million rows cost no memory."""
    for table in STORED.values():
        for key in table.foreign_keys:
            given = rows[table.name].c[key.column]
            known = rows[key.table].c[key.target]
            lost = connection.scalar(
                select(given)
                .where(given.is_not(None), rows[table.name].c.survey_no == survey_no)
                .except_(select(known).where(rows[key.table].c.survey_no == survey_no))
                .limit(1)
            )
            if lost is not None:
                raise NotASurvey(
                    f"the table {table.name} has {key.column} = {lost}, which no row of "
                    f"{key.table} has as {key.target}",
                    path,
                    "run the chain again",
                )


def _check_pictures(connection: Connection, survey_no: int, path: Path) -> None:
    """Refuse a frame whose picture the certificate does not name."""
    frames, certified = rows["frames"], rows["certificate"]
    sealed = (
        select(certified.c.row_no)
        .where(
            certified.c.survey_no == survey_no,
            certified.c.file == "pictures/" + frames.c.picture_id + ".jpg",
        )
        .exists()
    )
    lost = connection.scalar(
        select(frames.c.picture_id)
        .where(frames.c.survey_no == survey_no, frames.c.picture_id.is_not(None), ~sealed)
        .limit(1)
    )
    if lost is not None:
        raise NotASurvey(
            f"the certificate does not name the picture {lost} of a frame",
            path,
            "run the chain again",
        )
