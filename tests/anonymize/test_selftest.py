from pathlib import Path

import cv2
import pytest

from anonymize.finders import Finder
from anonymize.selftest import FACE_BOX, check, drawn_face
from tests.anonymize.made_weights import spoiled
from voirie.cli import main
from voirie.nets import Models


@pytest.mark.parametrize(
    ("role", "how"),
    [
        ("gate", "gone"),
        ("plates", "byte"),
        ("face", "byte"),
        ("gate", "nan"),
        ("plates", "zero"),
        ("face", "nan"),
        ("face", "zero"),
    ],
)
def test_an_unfit_network_ends_with_exit_5_and_nothing_written(
    models: Models,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    role: str,
    how: str,
) -> None:
    pytest.importorskip("onnx", reason="spoiling weights needs the extra 'yolo'")
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(spoiled(models, tmp_path / "w", role, how)))
    source = tmp_path / "in"
    source.mkdir()
    cv2.imwrite(str(source / "a.png"), drawn_face())
    before = sorted(tmp_path.rglob("*"))
    assert main(["anonymize", str(source), "--out", str(tmp_path / "out")]) == 5
    assert sorted(tmp_path.rglob("*")) == before
    said = capsys.readouterr().err
    assert said.startswith("voirie: ") and said.count("\n") == 1


def test_the_shipped_networks_are_awake(models: Models) -> None:
    check(Finder(models))


def test_the_drawn_face_lies_where_it_is_looked_for() -> None:
    picture = drawn_face()
    left, top, right, bottom = FACE_BOX
    assert picture[top:bottom, left:right].std() > 4 * picture[:50].std()
