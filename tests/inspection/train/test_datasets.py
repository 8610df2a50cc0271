"""Preparing the training pictures of each role, from a small generated data root."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspection.train.datasets import prepare
from inspection.train.folders import Sample, read_folder, write_sample
from inspection.train.recipes import PAVEMENT, RECIPES


def noise(width_px: int, height_px: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).integers(60, 180, (height_px, width_px, 3))
    return values.astype(np.uint8)


def test_pavement_is_prepared_once(tmp_path: Path) -> None:
    dnit = tmp_path / "data" / "pavement" / "dnit"
    for split in ("train", "val"):
        boxes = np.asarray([[2, 300, 300, 500, 500]], np.float32)
        write_sample(dnit, split, Sample(f"{split}1", noise(896, 560), boxes))
    work = tmp_path / "work"
    index_file = prepare(RECIPES["pavement"], tmp_path / "data", None, work)
    (sample,) = read_folder(work, "train")
    assert sample.image.shape == (320, 640, 3)
    assert int(sample.boxes[0, 0]) == PAVEMENT.index("alligator_crack")
    written = (work / "images" / "train" / "train1.jpg").stat().st_mtime_ns
    assert prepare(RECIPES["pavement"], tmp_path / "data", None, work) == index_file
    assert (work / "images" / "train" / "train1.jpg").stat().st_mtime_ns == written


def test_half_written_work_is_made_again(tmp_path: Path) -> None:
    dnit = tmp_path / "data" / "pavement" / "dnit"
    for split in ("train", "val"):
        write_sample(dnit, split, Sample("new", noise(896, 560), np.zeros((0, 5), np.float32)))
    work = tmp_path / "work"
    write_sample(work, "train", Sample("old", noise(64, 64), np.zeros((0, 5), np.float32)))
    prepare(RECIPES["pavement"], tmp_path / "data", None, work)
    assert [sample.name for sample in read_folder(work, "train")] == ["new"]


def test_dumping_takes_garbage_only(tmp_path: Path) -> None:
    riyadh, malta = tmp_path / "dumping" / "riyadh", tmp_path / "dumping" / "malta_bags"
    boxes = np.asarray([[0, 10, 10, 50, 50], [1, 60, 10, 90, 50]], np.float32)
    for split in ("train", "val"):
        write_sample(riyadh, split, Sample("r", noise(112, 64), boxes))
    write_sample(malta, "train", Sample("m", noise(64, 64), boxes[:1]))
    work = tmp_path / "work"
    prepare(RECIPES["dumping"], tmp_path, None, work)
    found = {sample.name: len(sample.boxes) for sample in read_folder(work, "train")}
    assert found == {"r": 1, "m": 1}
