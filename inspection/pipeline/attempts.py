"""What a stage cost over all its tries: one that was stopped counts too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from inspection.pipeline.energy import Cost, EnergyMeter
from voirie.files import write_json
from voirie.stages import Stage

_COST = TypeAdapter(Cost)


class Attempts:
    """The tries of one stage of a run.

    What they took is kept beside the record of the stage until it is done, so that Ctrl-C or an
    error loses nothing. A try that was killed could tell nothing and is not counted; tries with
    another fingerprint were other work and are not counted either.

    Parameters
    ----------
    state
        Folder of what is needed to resume.
    stage
        The stage.
    fingerprint
        What it depends on.
    """

    def __init__(self, state: Path, stage: Stage, fingerprint: str) -> None:
        self._stage = stage
        self._fingerprint = fingerprint
        self.path = state / f"{stage.value}.tries.json"
        self.cost = self._earlier()

    def _earlier(self) -> Cost | None:
        """What is kept of earlier tries; a file that cannot be read is no reason to fail."""
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            cost = _COST.validate_python(kept["cost"])
            return cost if kept["fingerprint"] == self._fingerprint else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @contextmanager
    def measure(self, meter: EnergyMeter) -> Iterator[None]:
        """Measure one more try; after the block `cost` holds the sum, however it was left."""
        cost: Cost | None = None
        try:
            with meter.stage(self._stage.value) as cost:
                yield
        finally:
            if cost is not None:
                self.cost = cost if self.cost is None else self.cost.plus(cost)
                kept = {"fingerprint": self._fingerprint, "cost": asdict(self.cost)}
                with suppress(OSError):  # a full disk is told by what needs the room
                    write_json(self.path, kept)

    def forget(self) -> None:
        """The stage is done and its record holds the sum."""
        self.path.unlink(missing_ok=True)
