"""What the store holds: its surveys, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from inspection.store.database import Store
from inspection.store.models import bodies, networks, surveys


@dataclass(frozen=True, slots=True)
class Listed:
    """A survey of the store.

    Attributes
    ----------
    survey_id, body, campaign
        Which survey of whom.
    surveyed_from, surveyed_to
        First and last picture, None where that is not known.
    network_version
        Of the network its sections were cut of, None without sections.
    n_passes, n_findings, n_pictures
        What it holds.
    added_at
        When it came into the store.
    """

    survey_id: str
    body: str
    campaign: str
    surveyed_from: datetime | None
    surveyed_to: datetime | None
    network_version: str | None
    n_passes: int
    n_findings: int
    n_pictures: int
    added_at: datetime


def surveys_of(store: Store, body: str | None = None) -> list[Listed]:
    """The surveys of a body, newest first.

    Parameters
    ----------
    store
        The store.
    body
        None for those of every body: for who runs the store, never for who asks through it.
    """
    wanted = (
        select(
            surveys.c.survey_id,
            bodies.c.name.label("body"),
            surveys.c.campaign,
            surveys.c.surveyed_from,
            surveys.c.surveyed_to,
            networks.c.version.label("network_version"),
            surveys.c.n_passes,
            surveys.c.n_findings,
            surveys.c.n_pictures,
            surveys.c.added_at,
        )
        .join(bodies, bodies.c.body_no == surveys.c.body_no)
        .outerjoin(networks, networks.c.network_no == surveys.c.network_no)
        .order_by(surveys.c.surveyed_to.desc(), surveys.c.survey_no.desc())
    )
    if body is not None:
        wanted = wanted.where(bodies.c.name == body)
    with store.reading() as connection:
        return [Listed(**row) for row in connection.execute(wanted).mappings()]
