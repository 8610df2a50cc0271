import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.errors import ConfigurationError, WeightsMissing
from voirie.nets import Boxes, letterbox, load_models, share_inside
from voirie.nets.boxes import iou, suppress
from voirie.nets.centerface import decode_faces
from voirie.nets.yolo import decode, fitted_shape

side = st.integers(2, 900)


@given(side, side, st.sampled_from([320, 640]))
def test_a_box_goes_into_the_canvas_and_back(height: int, width: int, longest: int) -> None:
    picture = np.zeros((height, width, 3), np.uint8)
    rows, columns = fitted_shape(height, width, longest)
    assert rows % 32 == 0 and columns % 32 == 0
    canvas, laid = letterbox(picture, rows, columns)
    assert canvas.shape == (rows, columns, 3)
    corners = np.array([[0, 0, width, height]], np.float32)
    scale = [laid.scale_x, laid.scale_y] * 2
    inside = Boxes.of(corners * scale + [laid.left, laid.top, laid.left, laid.top])
    assert inside.xyxy.min() >= 0 and (inside.xyxy[0, 2:] <= (columns, rows)).all()
    assert np.abs(laid.back(inside).xyxy - corners).max() < 0.01


def test_suppression_keeps_the_best_of_each_class() -> None:
    corners = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [50, 50, 60, 60]])
    found = Boxes(
        corners.astype(np.float32),
        np.array([0.5, 0.9, 0.4, 0.3], np.float32),
        np.array([0, 0, 1, 0], np.int32),
    )
    kept = suppress(found, 0.5)
    assert kept.score.tolist() == pytest.approx([0.9, 0.4, 0.3])
    assert len(suppress(Boxes.none(), 0.5)) == 0


def test_overlaps() -> None:
    a = np.array([[0, 0, 2, 2]], np.float32)
    b = np.array([[1, 0, 3, 2], [5, 5, 6, 6]], np.float32)
    assert iou(a, b)[0].tolist() == pytest.approx([1 / 3, 0.0])
    assert share_inside(a, b).tolist() == [[0.5, 0.0]]


def test_a_face_is_decoded_by_the_formula_of_its_authors() -> None:
    heat = np.zeros((8, 8), np.float32)
    heat[3, 5] = 0.7
    log_size = np.full((2, 8, 8), np.log(3.0), np.float32)
    offset = np.stack([np.full((8, 8), 0.25), np.full((8, 8), -0.25)]).astype(np.float32)
    found = decode_faces(heat, log_size, offset, 0.5)
    centre_x, centre_y = (5 - 0.25 + 0.5) * 4, (3 + 0.25 + 0.5) * 4
    assert found.xyxy[0].tolist() == pytest.approx(
        [centre_x - 6, centre_y - 6, centre_x + 6, centre_y + 6]
    )
    assert len(decode_faces(heat, log_size, offset, 0.8)) == 0


@pytest.mark.yolo
def test_before_and_after_a_network_agree_with_ultralytics(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "true")
    monkeypatch.setenv("YOLO_AUTOINSTALL", "false")
    pytest.importorskip("ultralytics", reason="needs the extra 'yolo'")
    import torch
    from ultralytics.data.augment import LetterBox
    from ultralytics.utils.nms import non_max_suppression
    from ultralytics.utils.ops import scale_boxes

    chance = np.random.default_rng(4)
    for height, width in ((720, 1280), (375, 500), (641, 333)):
        picture = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        shape = fitted_shape(height, width, 640)
        ours, laid = letterbox(picture, *shape)
        theirs = LetterBox((640, 640), auto=True, stride=32)(image=picture)
        assert np.array_equal(ours, theirs)

        raw = np.zeros((10, 150), np.float32)
        raw[0] = chance.uniform(0, shape[1], 150)
        raw[1] = chance.uniform(0, shape[0], 150)
        raw[2:4] = chance.uniform(20, 200, (2, 150))
        raw[4:] = chance.uniform(0, 1, (6, 150)) ** 4
        mine = laid.back(decode(raw, 0.25, 0.7)).clipped(height, width)
        (other,) = non_max_suppression(torch.from_numpy(raw[None]), 0.25, 0.7)
        other[:, :4] = scale_boxes(shape, other[:, :4], (height, width))
        assert len(mine) == len(other)
        assert np.abs(mine.xyxy - other[:, :4].numpy()).max() < 0.01
        assert mine.cls.tolist() == other[:, 5].int().tolist()


def register(folder: Path, text: str) -> Path:
    (folder / "models.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_register_that_lacks_something(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="no register"):
        load_models(tmp_path)
    with pytest.raises(ConfigurationError):
        load_models(register(tmp_path, "models = [ this is no TOML"))
    with pytest.raises(ConfigurationError):
        load_models(register(tmp_path, '[models.gate]\nfile = "a.onnx"\nsha256 = "short"\n'))
    models = load_models(
        register(tmp_path, f'[models.gate]\nfile = "a.onnx"\nsha256 = "{"0" * 64}"\n')
    )
    with pytest.raises(WeightsMissing, match="'signs'"):
        models.net("signs")
    with pytest.raises(WeightsMissing, match="cannot be read"):
        models.net("gate")
    (tmp_path / "a.onnx").write_bytes(b"other")
    with pytest.raises(WeightsMissing, match="not the registered"):
        models.net("gate")


def test_openvino_cannot_call_home() -> None:
    code = (
        "import sys\n"
        "from voirie.nets import backend\n"
        "assert 'openvino' not in sys.modules\n"
        "backend._core()\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
        "assert not any(m.startswith('openvino_telemetry.') for m in sys.modules)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
