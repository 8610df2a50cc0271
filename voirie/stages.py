"""The stages of the chain, in order, and what each tells about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The tables name stages, and load nothing heavy.
    from voirie.messages import Message


class Stage(StrEnum):
    """One step of the chain; progress, energy, run sheet and jobs all use these words."""

    INGEST = "ingest"
    PLACE = "place"
    DETECT = "detect"
    LOCATE = "locate"
    FUSE = "fuse"
    SCORE = "score"
    PLAN = "plan"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class StageEvent:
    """A moment of a stage: feeds the progress bar, the run sheet and, later, server events.

    Attributes
    ----------
    stage
        The stage that speaks.
    done, total
        Items finished and expected; total is None while unknown.
    note
        A few words for a person.
    """

    stage: Stage
    done: int
    total: int | None
    note: str = ""


@dataclass(slots=True)
class StageReport:
    """What a stage did.

    Attributes
    ----------
    items_in, items_out
        What came in and what went out (frames, views, findings, sections, works).
    dropped
        Items that went no further, by reason.
    inner_s
        Wall seconds by inner step, for stages that report several (ingest: decode, choose,
        blur, encode).
    facts
        Figures worth keeping in the run sheet.
    warnings
        Sentences a person should read, to be said in any language.
    """

    stage: Stage
    items_in: int = 0
    items_out: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    inner_s: dict[str, float] = field(default_factory=dict)
    facts: dict[str, float | int | str | bool | None] = field(default_factory=dict)
    warnings: list[Message] = field(default_factory=list)


Listener = Callable[[StageEvent], None]


def silent(event: StageEvent) -> None:
    """A listener that hears nothing."""
