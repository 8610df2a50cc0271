"""Starting a network with classes taken over from another one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspection.train.libraries import load

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel


def with_classes(
    start: Path, classes: Sequence[str], rows: Sequence[Sequence[int]], out: Path
) -> Path:
    """Write ``start`` with a classification head for ``classes``, and return ``out``.

    Only the last convolution of the three class branches changes: its filter for a new class is
    the mean of the old classes listed in ``rows``. With one row a class the outputs are exactly
    those of the start, so that a class survives the change of head untouched.

    Parameters
    ----------
    start, out : Path
        Weights read and written (``.pt``).
    classes : sequence of str
        New class names.
    rows : sequence of sequences of int
        For each new class the classes of the start it is made of.
    """
    torch = load("torch")
    network = load("ultralytics").YOLO(str(start)).model.float()
    head = network.model[-1]
    for branch in head.cv3:
        old = branch[-1]
        new = torch.nn.Conv2d(old.in_channels, len(classes), kernel_size=1)
        with torch.no_grad():
            for index, taken in enumerate(rows):
                new.weight[index] = old.weight[list(taken)].mean(dim=0)
                new.bias[index] = old.bias[list(taken)].mean()
        branch[-1] = new
    return save_start(network, classes, out)


def save_start(network: DetectionModel, classes: Sequence[str], out: Path) -> Path:
    """Write a network whose class branches have ``classes`` outputs as a start of training.

    Parameters
    ----------
    network : DetectionModel
        A YOLO of ultralytics; it is told its classes, and left in half precision.
    classes : sequence of str
        Class names, in the order of the outputs.
    out : Path
        File written.
    """
    head = network.model[-1]
    head.nc = len(classes)
    head.no = len(classes) + 4 * head.reg_max
    network.nc = len(classes)
    network.names = dict(enumerate(classes))
    network.yaml = {**network.yaml, "nc": len(classes)}
    out.parent.mkdir(parents=True, exist_ok=True)
    load("torch").save(
        {"model": network.half(), "ema": None, "train_args": {"task": "detect"}, "epoch": -1}, out
    )
    return out
