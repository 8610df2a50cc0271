"""``voirie doctor``: each lack is named, with the line that mends it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from voirie.cli import _YOLO, main
from voirie.doctor import (
    BASE,
    YOLO,
    State,
    check_cv2,
    check_dependencies,
    check_disk,
    check_packages,
    check_python,
    check_settings,
    check_weights,
)

ROOT = Path(__file__).resolve().parent.parent


def test_an_old_python_is_named() -> None:
    assert [check.state for check in check_python((3, 10, 4))] == [State.MISSING]
    assert [check.state for check in check_python((3, 12, 0))] == [State.OK]


def test_our_packages_sit_together() -> None:
    assert [check.state for check in check_packages()] == [State.OK]


def test_a_package_of_that_name_elsewhere_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gis", "planning"):
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    (tmp_path / "gis").mkdir()
    (tmp_path / "gis" / "__init__.py").touch()
    (tmp_path / "planning.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    found = {check.name: check for check in check_packages()}
    assert set(found) == {"package gis", "package planning"}
    assert all(check.state is State.MISSING for check in found.values())
    assert str(tmp_path / "gis") in found["package gis"].detail


def test_base_dependencies_and_opencv_are_fit_here() -> None:
    assert [check.state for check in check_dependencies()] == [State.OK]
    assert {check.state for check in check_cv2()} <= {State.OK}


def test_the_doctor_knows_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {requirement.split(">")[0].split("[")[0].lower() for requirement in requirements}

    assert names(project["dependencies"]) == set(BASE.values())
    assert names(project["optional-dependencies"]["yolo"]) == set(YOLO.values())


def test_the_command_line_knows_what_the_extra_holds() -> None:
    # Two lists, since `voirie --help` must not load what the doctor loads.
    assert frozenset(YOLO) == _YOLO


def _register(folder: Path, content: bytes, sha256: str) -> None:
    (folder / "pavement.onnx").write_bytes(content)
    (folder / "models.toml").write_text(
        f'[models.pavement]\nfile = "pavement.onnx"\nsha256 = "{sha256}"\n'
    )


def test_weights_as_registered(tmp_path: Path) -> None:
    _register(tmp_path, b"network", hashlib.sha256(b"network").hexdigest())
    assert [check.state for check in check_weights(tmp_path)] == [State.OK]


def test_altered_weights_are_named(tmp_path: Path) -> None:
    _register(tmp_path, b"netw0rk", hashlib.sha256(b"network").hexdigest())
    (check,) = check_weights(tmp_path)
    assert check.state is State.MISSING
    assert "pavement" in check.name
    assert "SHA-256" in check.detail


def test_absent_weights_are_named(tmp_path: Path) -> None:
    _register(tmp_path, b"network", hashlib.sha256(b"network").hexdigest())
    (tmp_path / "pavement.onnx").unlink()
    (check,) = check_weights(tmp_path)
    assert check.state is State.MISSING
    assert "pavement.onnx" in check.detail


@pytest.mark.parametrize("text", [None, "not = [toml", '[models.x]\nfile = "x.onnx"\n'])
def test_a_bad_register_is_a_check_not_a_crash(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "models.toml").write_text(text)
    (check,) = check_weights(tmp_path)
    assert check.state is State.MISSING
    assert "models.toml" in check.detail


def test_the_shipped_weights_are_whole() -> None:
    assert [check.state for check in check_weights(ROOT / "weights")] == [State.OK]


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIRIE_THREADS", "many")
    (check,) = check_settings()
    assert check.state is State.MISSING
    assert "VOIRIE_THREADS" in check.detail


def test_a_cache_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOIRIE_CACHE", str(tmp_path / "file" / "cache"))
    (check,) = check_settings()
    assert check.state is State.WARNING
    assert "VOIRIE_CACHE" in check.remedy


def test_little_room_is_a_warning(tmp_path: Path) -> None:
    (check,) = check_disk(tmp_path, wanted_gb=1e9)
    assert check.state is State.WARNING


def test_the_command_exits_2_and_names_what_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(tmp_path))
    assert main(["doctor", "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["fit"] is False
    assert [c["name"] for c in report["checks"] if c["state"] == "missing"] == ["weights"]

    assert main(["doctor"]) == 2
    assert "Something that a run needs is missing" in capsys.readouterr().out


def test_a_folder_that_was_removed_under_our_feet_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    (found,) = check_disk()
    assert found.state is State.WARNING and "cannot be looked at" in found.detail


def test_looking_at_the_dependencies_calls_nobody() -> None:
    code = (
        "import sys; from voirie.doctor import check_dependencies; list(check_dependencies());"
        "assert 'openvino' in sys.modules and sys.modules['openvino_telemetry'] is None"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
