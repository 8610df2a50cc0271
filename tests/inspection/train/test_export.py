"""From weights to the ONNX file, with a small untrained network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspection.commands.train import train
from inspection.train import libraries
from voirie.errors import ConfigurationError, MissingExtra

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)
needs_yolo = pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained YOLO11n with 80 classes, saved as ultralytics saves one."""
    folder = tmp_path_factory.mktemp("start")
    libraries.keep_quiet(folder)
    torch = libraries.load("torch")
    torch.manual_seed(3)
    model = libraries.load("ultralytics").YOLO("yolo11n.yaml")
    with torch.no_grad():
        for branch in model.model.model[-1].cv3:
            branch[-1].weight.normal_(0, 0.3)
            branch[-1].bias.normal_(-1, 1)
    path = folder / "start.pt"
    model.save(str(path))
    return path


def outputs(onnx: Path, batch: np.ndarray) -> np.ndarray:
    openvino = libraries.load("openvino")
    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(str(onnx)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    return np.asarray(compiled(batch)[0])


def reference(weights: Path, batch: np.ndarray) -> np.ndarray:
    torch = libraries.load("torch")
    network: Any = libraries.load("ultralytics").YOLO(str(weights)).model.float().eval()
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(batch))[0])


@needs_yolo
@pytest.mark.slow
def test_the_export_agrees_at_every_size(start: Path, tmp_path: Path) -> None:
    from inspection.train.export import export_onnx

    file = export_onnx(start, tmp_path / "net.onnx")
    draw = np.random.default_rng(0)
    for shape in ((1, 3, 320, 320), (1, 3, 192, 320), (3, 3, 160, 160)):
        batch = draw.random(shape, np.float32)
        ours, theirs = outputs(file, batch), reference(start, batch)
        assert ours.shape == theirs.shape
        # The weights are rounded to half precision, nothing else differs.
        assert np.abs(ours[:, 4:] - theirs[:, 4:]).max() < 0.02
        assert np.abs(ours[:, :4] - theirs[:, :4]).max() < 2.0


@needs_yolo
@pytest.mark.slow
def test_an_export_names_no_machine_and_no_day(start: Path, tmp_path: Path) -> None:
    from inspection.train.export import export_onnx

    one = export_onnx(start, tmp_path / "one.onnx").read_bytes()
    two = export_onnx(start, tmp_path / "two.onnx").read_bytes()
    assert one == two
    for word in (b"ultralytics", b"site-packages", str(tmp_path).encode(), b"2026"):
        assert word not in one
    assert len(one) < 6_000_000


@needs_yolo
@pytest.mark.slow
def test_taken_over_classes_score_as_before(start: Path, tmp_path: Path) -> None:
    from inspection.train.heads import with_classes

    cut = with_classes(start, ("person", "bus"), [[0], [5]], tmp_path / "cut.pt")
    batch = np.random.default_rng(1).random((1, 3, 160, 160), np.float32)
    whole, part = reference(start, batch), reference(cut, batch)
    np.testing.assert_allclose(part[:, :4], whole[:, :4], atol=0.5)
    np.testing.assert_allclose(part[:, 4:], whole[:, [4, 9]], atol=0.01)


def test_an_unknown_role_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="rails"):
        train("rails", tmp_path, tmp_path, tmp_path)


def test_training_without_torch_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "NEEDED", ("torch_that_is_not_here",))
    with pytest.raises(MissingExtra, match="torch_that_is_not_here") as caught:
        train("plates", tmp_path, tmp_path, tmp_path)
    assert caught.value.exit_code == 2


@needs_yolo
def test_missing_pictures_are_named_before_work_starts(tmp_path: Path, start: Path) -> None:
    with pytest.raises(ConfigurationError, match="dnit"):
        train("pavement", tmp_path, start, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@needs_yolo
@pytest.mark.slow
def test_what_comes_back_from_an_export_answers_as_the_export_does(
    start: Path, tmp_path: Path
) -> None:
    from inspection.train.export import export_onnx
    from inspection.train.heads import with_classes
    from inspection.train.recover import from_onnx

    narrow = with_classes(start, ("near", "far"), ((0,), (1, 2)), tmp_path / "narrow.pt")
    _as_if_trained(narrow)
    file = export_onnx(narrow, tmp_path / "narrow.onnx")
    back = from_onnx(file, ("near", "far"), tmp_path / "back.pt")
    batch = np.random.default_rng(1).random((1, 3, 96, 160)).astype(np.float32)
    np.testing.assert_allclose(
        reference(back, batch)[:, 4:], outputs(file, batch)[:, 4:], atol=2e-3
    )
    network = libraries.load("ultralytics").YOLO(str(back))
    assert network.names == {0: "near", 1: "far"}
    assert export_onnx(back, tmp_path / "again.onnx").stat().st_size == file.stat().st_size
    with pytest.raises(ConfigurationError, match="not a YOLO11n with 3 classes"):
        from_onnx(file, ("near", "far", "other"), tmp_path / "wrong.pt")


def _as_if_trained(weights: Path) -> None:
    """Give each channel numbers of its own: the export stores equal constants only once."""
    torch = libraries.load("torch")
    stored = torch.load(weights, weights_only=False)
    for values in stored["model"].state_dict().values():
        if values.ndim == 1 and values.is_floating_point():
            values += 0.1 * torch.rand_like(values)
    torch.save(stored, weights)
