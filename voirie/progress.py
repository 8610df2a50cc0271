"""What a person sees of long work: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_EVERY_S = 10.0

ProgressCallback = Callable[[str, int, int | None, str], None]
"""Called with a name for the work, items done, items expected (None if unknown) and a note."""


@contextmanager
def progress(console: Console | None = None) -> Iterator[ProgressCallback]:
    """Show how far work has come, for the time of a block.

    Parameters
    ----------
    console
        Where it is shown: standard error if None. A quiet one shows nothing.

    Yields
    ------
    ProgressCallback
        To be called as often as one likes.

    Examples
    --------
    >>> import sys
    >>> from rich.console import Console
    >>> with progress(Console(file=sys.stdout, force_terminal=False)) as tell:
    ...     for done in range(1, 4):
    ...         tell("ingest", done, 3, "D108")
    ingest: 1/3 D108
    ingest: 3/3 D108
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _PlainLines(console)
        return
    columns = (
        TextColumn("{task.description:8}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def tell(work: str, done: int, total: int | None, note: str) -> None:
            if work not in tasks:
                tasks[work] = bars.add_task(work, total=total, note="")
            bars.update(tasks[work], completed=done, total=total, note=note)

        yield tell


class _PlainLines:
    """One line when work begins or ends, and every ten seconds between."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._work: str | None = None
        self._said_s = 0.0

    def __call__(self, work: str, done: int, total: int | None, note: str) -> None:
        now_s = time.monotonic()
        finished = total is not None and done >= total
        if work == self._work and not finished and now_s - self._said_s < PLAIN_EVERY_S:
            return
        self._work, self._said_s = work, now_s
        line = f"{work}: {done}{'' if total is None else f'/{total}'} {note}".rstrip()
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
