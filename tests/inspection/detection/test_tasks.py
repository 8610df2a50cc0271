"""Which of the registered models look, and which do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.camera.model import CameraPose
from inspection.detection.tasks import SIGN_TYPES, TASKS, active_models, chosen_entries
from voirie.nets import Models, load_models


def registered(folder: Path, *roles: str, experimental: str = "") -> Models:
    """A register of these roles; one of them was trained on data of unclear licence."""
    tables = [
        f'[models.{role}]\nfile = "{role}.onnx"\nsha256 = "{"0" * 64}"\n'
        f"experimental = {'true' if role == experimental else 'false'}\n"
        for role in roles
    ]
    (folder / "models.toml").write_text("".join(tables), encoding="utf-8")
    return load_models(folder)


def roles_of(models: Models, experimental: bool) -> list[str]:
    return [entry.role for _, entry in chosen_entries(models, experimental)]


def test_the_experimental_model_goes_first_where_it_may(tmp_path: Path) -> None:
    models = registered(
        tmp_path, "pavement", "pavement_experimental", experimental="pavement_experimental"
    )
    assert roles_of(models, experimental=True) == ["pavement_experimental"]
    assert roles_of(models, experimental=False) == ["pavement"]


def test_what_is_not_registered_or_not_allowed_is_not_looked_for(tmp_path: Path) -> None:
    models = registered(tmp_path, "signs", "dumping", "gate", experimental="dumping")
    assert roles_of(models, experimental=False) == ["signs"]
    assert roles_of(models, experimental=True) == ["signs", "dumping"]


@pytest.mark.parametrize(
    ("roles", "active"),
    [
        (("signs", SIGN_TYPES), ["signs", SIGN_TYPES]),
        (("signs",), ["signs"]),
        (("pavement", SIGN_TYPES), ["pavement"]),
    ],
)
def test_signs_are_named_only_where_they_are_found(
    roles: tuple[str, ...], active: list[str], tmp_path: Path
) -> None:
    models = registered(tmp_path, *roles)
    assert [entry.role for entry in active_models(models, experimental=False)] == active


def test_the_shipped_models_look_without_leave_for_anything_unclear() -> None:
    models = load_models()
    assert {"pavement", "signs"} <= set(roles_of(models, experimental=False))
    assert not any(entry.experimental for entry in active_models(models, experimental=False))


def test_every_task_looks_inside_the_picture() -> None:
    for pose in (None, CameraPose(1.3, 950.0, 639.5, 359.5, pitch_deg=3.0)):
        for task in TASKS:
            region = task.region(1280, 720, pose)
            assert 0 <= region.x1_px < region.x2_px <= 1280
            assert 0 <= region.y1_px < region.y2_px <= 720
