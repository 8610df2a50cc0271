"""What a person sees of long work: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from voirie.stages import Listener, Stage, StageEvent

PLAIN_EVERY_S = 10.0


@contextmanager
def progress() -> Iterator[Listener]:
    """A listener for the time of a run, on standard error."""
    if not sys.stderr.isatty():
        yield _PlainLines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def listen(event: StageEvent) -> None:
            if event.stage not in tasks:
                tasks[event.stage] = bars.add_task(event.stage.value, total=event.total, note="")
            task = tasks[event.stage]
            bars.update(task, completed=event.done, total=event.total, note=event.note)

        yield listen


class _PlainLines:
    """One line when a stage begins or ends, and every ten seconds between."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._said = 0.0

    def __call__(self, event: StageEvent) -> None:
        now = time.monotonic()
        finished = event.total is not None and event.done >= event.total
        if event.stage is self._stage and not finished and now - self._said < PLAIN_EVERY_S:
            return
        self._stage, self._said = event.stage, now
        total = "" if event.total is None else f"/{event.total}"
        note = f" {event.note}" if event.note else ""
        print(f"{event.stage.value}: {event.done}{total}{note}", file=sys.stderr, flush=True)
