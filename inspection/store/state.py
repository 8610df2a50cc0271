"""The state of each lane of each section today, or as it was on a date: one query each.

Of the surveys that count, the newest that gave the lane a note wins; where none did, the newest
that drove it, so that a lane seen and not rated is told from one that nobody drove.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Select, case, func, or_, select, update

from inspection.store.database import Store
from inspection.store.models import STORED, bodies, rows, surveys

LANE = ("section_id", "sens", "voie")


def lanes(
    body: str,
    on: date | None = None,
    known_at: datetime | None = None,
    section_id: str | None = None,
) -> Select[tuple[object, ...]]:
    """The query for the state of a body's lanes: a row of `section_notes` for each of them.

    Parameters
    ----------
    body
        Whose lanes; those of another body are never among them.
    on
        Only what was surveyed on that day or before it; None for today.
    known_at
        Only what the store held at that moment, surveys withdrawn since then included.
    section_id
        One section; None for all of them.

    Examples
    --------
    >>> str(lanes("Ariège")).count("SELECT")
    2
    """
    notes = rows["section_notes"]
    newest_first = (
        case((notes.c.classe_etat == "nd", 1), else_=0),
        notes.c.surveyed_on.desc().nulls_last(),
        notes.c.survey_no.desc(),
    )
    rank = func.row_number().over(
        partition_by=[notes.c[name] for name in LANE], order_by=newest_first
    )
    wanted = (
        select(*(notes.c[name] for name in STORED["section_notes"].names), rank.label("rank"))
        .join(surveys, surveys.c.survey_no == notes.c.survey_no)
        .join(bodies, bodies.c.body_no == notes.c.body_no)
        .where(bodies.c.name == body)
    )
    if on is not None:
        wanted = wanted.where(notes.c.surveyed_on <= on.isoformat())
    if section_id is not None:
        wanted = wanted.where(notes.c.section_id == section_id)
    gone = surveys.c.withdrawn_at
    if known_at is None:
        wanted = wanted.where(gone.is_(None))
    else:
        wanted = wanted.where(surveys.c.added_at <= known_at, or_(gone.is_(None), gone > known_at))
    ranked = wanted.subquery()
    columns = (column for column in ranked.c if column.name != "rank")
    return select(*columns).where(ranked.c.rank == 1).order_by(*(ranked.c[name] for name in LANE))


def state_of(
    store: Store,
    body: str,
    on: date | None = None,
    known_at: datetime | None = None,
    section_id: str | None = None,
) -> list[dict[str, object]]:
    """The state of a body's lanes, as `lanes` asks for it."""
    with store.reading() as connection:
        found = connection.execute(lanes(body, on, known_at, section_id)).mappings()
        return [dict(row) for row in found]


def withdraw_survey(store: Store, body: str, survey_id: str) -> bool:
    """Let a survey count no more from now on; its rows stay. False where there is none.

    A survey that was withdrawn before keeps its moment.
    """
    of_body = select(bodies.c.body_no).where(bodies.c.name == body).scalar_subquery()
    with store.writing() as connection:
        done = connection.execute(
            update(surveys)
            .where(surveys.c.body_no == of_body, surveys.c.survey_id == survey_id)
            .values(withdrawn_at=func.coalesce(surveys.c.withdrawn_at, datetime.now(UTC)))
        )
    return done.rowcount > 0
