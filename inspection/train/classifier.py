"""A small network that reads the type of a sign from a crop."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inspection.train.export import INPUT, OPSET, finish_onnx
from inspection.train.libraries import has_fast_bfloat16, load
from voirie.arrays import Floats32, Pixels

if TYPE_CHECKING:
    from torch.nn import Module

SIDE_PX = 40
SCORES = "scores"
EPOCHS = 40
BATCH = 64
RATE = 2e-3

# A detector's box is not tight: how far a crop is moved and enlarged, as a share of its side.
SHIFT_SHARE = 0.10
ZOOM_SHARE = 0.15


def network(classes: int) -> Module:
    """Build the network: six convolutions, 0.3 M weights."""
    nn = load("torch").nn

    def block(inside: int, outside: int, stride: int) -> Module:
        return nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.SiLU()
        )

    return nn.Sequential(
        block(3, 24, 1),
        block(24, 48, 2),
        block(48, 48, 1),
        block(48, 96, 2),
        block(96, 96, 1),
        block(96, 160, 2),
        nn.AvgPool2d(3, stride=2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(160 * 4, classes),
    )


def as_input(image: Pixels) -> Pixels:
    """Scale a square BGR crop to what the network reads, as RGB."""
    how = cv2.INTER_AREA if image.shape[0] > SIDE_PX else cv2.INTER_LINEAR
    small = cv2.resize(image, (SIDE_PX, SIDE_PX), interpolation=how)
    return np.ascontiguousarray(small[..., ::-1])


def disturb(image: Pixels, draw: np.random.Generator) -> Pixels:
    """Change a crop as a drive does: loose box, small, blurred, dark, tilted; never mirrored."""
    zoom = 1 + draw.uniform(-ZOOM_SHARE, ZOOM_SHARE)
    centre = image.shape[1] / 2, image.shape[0] / 2
    turn = cv2.getRotationMatrix2D(centre, draw.uniform(-8, 8), zoom)
    turn[:, 2] += draw.uniform(-SHIFT_SHARE, SHIFT_SHARE, 2) * image.shape[0]
    turn[0, 1] += draw.uniform(-0.1, 0.1)
    size = (image.shape[1], image.shape[0])
    changed = cv2.warpAffine(image, turn, size, borderMode=cv2.BORDER_REPLICATE)
    if draw.random() < 0.4:
        side = int(draw.integers(12, 32))
        changed = cv2.resize(changed, (side, side), interpolation=cv2.INTER_AREA)
    if draw.random() < 0.2:
        changed = cv2.GaussianBlur(changed, (0, 0), draw.uniform(0.4, 1.2))
    small = as_input(np.asarray(changed, np.uint8)).astype(np.float32)
    small = small * draw.uniform(0.45, 1.4) + draw.uniform(-30, 30)
    small *= draw.uniform(0.9, 1.1, 3)
    small += draw.normal(0, draw.uniform(0, 8), small.shape)
    return np.asarray(small.clip(0, 255), np.uint8)


def fit_classifier(
    crops: Iterable[tuple[int, Pixels]],
    classes: int,
    out: Path,
    epochs: int = EPOCHS,
    seed: int = 0,
) -> Path:
    """Train on crops and write the network as ONNX: input (n, 3, 40, 40) RGB 0-1, softmax out."""
    torch = load("torch")
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    numbers, pictures = zip(*crops, strict=True)
    labels = np.asarray(numbers)
    # Channels last and bfloat16 halve the time on a processor that has it.
    net = network(classes).to(memory_format=torch.channels_last)
    fast = has_fast_bfloat16()
    # Rare types are drawn more often, but not so often that one crop fills the epoch.
    weight = 1 / np.sqrt(np.bincount(labels, minlength=classes).clip(1))[labels]
    weight /= weight.sum()
    steps = max(1, len(labels) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps * epochs)
    net.train()
    for _ in range(epochs):
        order = draw.choice(len(labels), steps * BATCH, p=weight)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = tensor([disturb(pictures[index], draw) for index in chosen])
            with torch.autocast("cpu", torch.bfloat16, enabled=fast):
                scores = net(torch.from_numpy(batch)).float()
            target = torch.from_numpy(labels[chosen])
            loss = torch.nn.functional.cross_entropy(scores, target, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return write_onnx(net, out)


def tensor(images: Iterable[Pixels]) -> Floats32:
    """Stack RGB pictures of one size to (n, 3, height, width), 0 to 1."""
    stack = np.stack(list(images)).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(stack, np.float32) / np.float32(255)


def write_onnx(net: Module, out: Path) -> Path:
    """Write the trained classifier with a softmax at its end."""
    torch, onnx = load("torch"), load("onnx")
    plain = net.to(memory_format=torch.contiguous_format)
    whole = torch.nn.Sequential(plain, torch.nn.Softmax(dim=1)).eval()
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / "traced.onnx"
        torch.onnx.export(
            whole,
            (torch.zeros(2, 3, SIDE_PX, SIDE_PX),),
            str(traced),
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[SCORES],
            dynamic_axes={INPUT: {0: "batch"}, SCORES: {0: "batch"}},
            dynamo=False,
        )
        graph = onnx.load(str(traced))
    return finish_onnx(graph, out)
