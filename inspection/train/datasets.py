"""Preparing the training pictures of a role in a work folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from inspection.train.folders import Sample, write_index, write_sample
from inspection.train.licences import refuse_unlicensed
from inspection.train.privacy_data import gate_samples, plate_samples
from inspection.train.recipes import Recipe
from inspection.train.road_data import dumping_samples, pavement_samples
from inspection.train.sign_data import german_samples, sign_samples

Source = Callable[[Path, Path | None], Iterator[tuple[str, Sample]]]

SAMPLES: Mapping[str, Source] = MappingProxyType(
    {
        "gate": gate_samples,
        "plates": lambda data, _: plate_samples(data),
        "pavement": lambda data, _: pavement_samples(data),
        "pavement_experimental": lambda data, _: pavement_samples(data),
        "signs": lambda data, _: german_samples(data),
        "signs_experimental": lambda data, _: sign_samples(data),
        "dumping": lambda data, _: dumping_samples(data),
    }
)


def prepare(recipe: Recipe, data: Path, labeller: Path | None, work: Path) -> Path:
    """Write the pictures and labels of a role below ``work`` and return its ``data.yaml``.

    Work that is already complete is left alone; half-written work is made again.

    Parameters
    ----------
    recipe : Recipe
        What the pictures are for.
    data : Path
        Root of the public data sets.
    labeller : Path or None
        ONNX export of the network that labels, for roles with machine labels.
    work : Path
        Folder written to.

    Raises
    ------
    ConfigurationError
        Where the licence of a source is not on record.
    """
    refuse_unlicensed(recipe)
    index_file = work / "data.yaml"
    if index_file.exists():
        return index_file
    if work.exists():
        shutil.rmtree(work)
    for split, sample in SAMPLES[recipe.role](data, labeller):
        write_sample(work, split, sample)
    return write_index(work, recipe.classes)
