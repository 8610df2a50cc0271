"""What is looked for, by which of the registered models, and where in the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspection.camera.model import CameraPose
from inspection.detection.base import Region
from inspection.detection.regions import road, whole
from voirie.nets import ModelEntry, Models
from voirie.wording import N_

SIGN_TYPES, SIGN_VALUES = "sign_types", "sign_values"


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of thing to look for: its name, the models that may, best first, and where."""

    sought: str
    roles: tuple[str, ...]
    region: Callable[[int, int, CameraPose | None], Region]


TASKS: tuple[Task, ...] = (
    Task(N_("pavement defects"), ("pavement_experimental", "pavement"), road),
    Task(N_("signs"), ("signs",), whole("signs", 1280)),
    Task(N_("dumping"), ("dumping",), whole("waste", 640)),
)


def chosen_entries(models: Models, experimental: bool) -> list[tuple[Task, ModelEntry]]:
    """Models that look, one for each task: the first role that is allowed and registered."""
    chosen = []
    for task in TASKS:
        for role in task.roles:
            entry = models.entries.get(role)
            if entry is not None and (experimental or not entry.experimental):
                chosen.append((task, entry))
                break
    return chosen


def active_models(models: Models, experimental: bool) -> list[ModelEntry]:
    """Every model that takes part: those that look, and those that name and read signs."""
    entries = [entry for _, entry in chosen_entries(models, experimental)]
    if any(entry.role == "signs" for entry in entries):
        after = (models.entries.get(role) for role in (SIGN_TYPES, SIGN_VALUES))
        entries.extend(entry for entry in after if entry is not None)
    return entries
