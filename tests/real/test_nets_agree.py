"""Our arithmetic round a network against ultralytics', on real pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from voirie.nets import load_models
from voirie.nets.boxes import iou

pytestmark = [pytest.mark.real, pytest.mark.yolo]
CONF = 0.3
"""Well above the noise, so that rounding decides about few boxes."""


def test_onnx_in_openvino_sees_what_ultralytics_sees(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "true")
    monkeypatch.setenv("YOLO_AUTOINSTALL", "false")
    ultralytics = pytest.importorskip("ultralytics", reason="needs the extra 'yolo'")
    models = load_models()
    trained = models.folder / "gate.pt"
    if not trained.is_file():
        pytest.skip("gate.pt is not in this checkout")
    detector = models.detector("gate")
    theirs = ultralytics.YOLO(str(trained))
    files = sorted((data / "privacy/plates_bucharest/images").rglob("*.webp"))[::80]
    compared = agreed = 0
    for file in files:
        pixels = np.asarray(cv2.imread(str(file)), np.uint8)
        ours = detector.detect(pixels, 640, CONF)
        (other,) = theirs.predict(pixels, imgsz=640, conf=CONF, iou=0.6, verbose=False)
        boxes = other.boxes
        overlap = iou(ours.xyxy, boxes.xyxy.cpu().numpy().astype(np.float32))
        same = ours.cls[:, None] == boxes.cls.cpu().numpy().astype(int)[None]
        near = np.abs(ours.score[:, None] - boxes.conf.cpu().numpy()[None]) < 0.03
        compared += max(len(ours), len(boxes))
        agreed += int(((overlap > 0.9) & same & near).any(axis=1).sum())
    assert compared >= 20
    assert agreed >= 0.95 * compared
