from pathlib import Path

import cv2
import pytest

from anonymize.finders import Finder
from anonymize.regions import People
from anonymize.sealer import Sealer
from anonymize.selftest import FACE_BOX, check, drawn_face
from tests.anonymize.made_weights import spoiled
from voirie.cli import main
from voirie.errors import AnonymiserUnfit
from voirie.nets import Models
from voirie.nets.registry import ModelEntry


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


def register_with(models: Models, role: str, **changed: object) -> Models:
    """The shipped networks, with one line of the register changed."""
    entries = dict(models.entries)
    entry = entries[role].model_dump() | changed
    entries[role] = ModelEntry.model_validate(entry)
    return Models(models.folder, entries)


@pytest.mark.parametrize("role", ["gate", "plates", "face"])
def test_a_threshold_above_the_shipped_one_is_refused(models: Models, role: str) -> None:
    with pytest.raises(AnonymiserUnfit, match="above the shipped"):
        Sealer(register_with(models, role, thresholds={"default": 0.5}))


@pytest.mark.parametrize("role", ["gate", "plates"])
def test_an_overlap_below_the_shipped_one_is_refused(models: Models, role: str) -> None:
    own = models.entry(role).thresholds
    with pytest.raises(AnonymiserUnfit, match="below the shipped"):
        Sealer(register_with(models, role, thresholds=own | {"iou": 0.01}))


def test_who_answers_for_a_threshold_stands_in_the_certificate(models: Models) -> None:
    one = register_with(models, "plates", thresholds={"default": 0.12}, accepts_weaker=True)
    assert Sealer(one).settings.weaker == ("plates",)
    assert Sealer(models).settings.weaker == ()


def test_a_threshold_at_which_the_plate_is_missed_is_refused(models: Models) -> None:
    raised = register_with(models, "plates", thresholds={"default": 0.95}, accepts_weaker=True)
    with pytest.raises(AnonymiserUnfit, match="plates of the self-test"):
        Sealer(raised)


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (("cat", "bicycle", "car", "motorcycle", "bus", "truck"), "no class person"),
        (("car", "bicycle", "person", "motorcycle", "bus", "truck"), "self-test"),
    ],
    ids=["other names", "names in another order"],
)
def test_other_names_of_classes_are_refused(
    models: Models, classes: tuple[str, ...], said: str
) -> None:
    with pytest.raises(AnonymiserUnfit, match=said):
        Sealer(register_with(models, "gate", classes=classes))


@pytest.mark.parametrize("how", ["whole", "head"])
def test_the_street_is_seen_in_either_way(models: Models, how: People) -> None:
    check(Finder(models, how))


def test_the_drawn_face_lies_where_it_is_looked_for() -> None:
    picture = drawn_face()
    left, top, right, bottom = FACE_BOX
    assert picture[top:bottom, left:right].std() > 4 * picture[:50].std()
