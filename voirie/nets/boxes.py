"""Boxes as arrays: the one value that networks give and finders pass on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from voirie.arrays import Bools, Floats32, Ints, Ints32

Labels = Floats32
"""Labelled boxes of one picture, ``(N, 5)``: class, then left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Boxes in the pixels of one picture.

    Attributes
    ----------
    xyxy
        ``(N, 4)`` float32: left, top, right, bottom in pixels; right and bottom are outside.
    score
        ``(N,)`` float32 in 0-1.
    cls
        ``(N,)`` int32: index into the classes of the model that found them.
    """

    xyxy: Floats32
    score: Floats32
    cls: Ints32

    @classmethod
    def none(cls) -> Boxes:
        """No box at all."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int32))

    @classmethod
    def of(cls, xyxy: ArrayLike, score: float = 1.0, label: int = 0) -> Boxes:
        """Boxes that no network scored, such as a band derived from another box.

        Examples
        --------
        >>> len(Boxes.of([[0, 0, 4, 2], [1, 1, 3, 3]]))
        2
        """
        corners = np.asarray(xyxy, np.float32).reshape(-1, 4)
        n = len(corners)
        return cls(corners, np.full(n, score, np.float32), np.full(n, label, np.int32))

    @classmethod
    def joined(cls, parts: Sequence[Boxes]) -> Boxes:
        """All boxes of several sets, in order."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([p.xyxy for p in parts]),
            np.concatenate([p.score for p in parts]),
            np.concatenate([p.cls for p in parts]),
        )

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, rows: Bools | Ints | slice) -> Boxes:
        return Boxes(self.xyxy[rows], self.score[rows], self.cls[rows])

    @property
    def width(self) -> Floats32:
        """Widths in pixels, ``(N,)``."""
        return np.asarray(self.xyxy[:, 2] - self.xyxy[:, 0], np.float32)

    @property
    def height(self) -> Floats32:
        """Heights in pixels, ``(N,)``."""
        return np.asarray(self.xyxy[:, 3] - self.xyxy[:, 1], np.float32)

    def of_classes(self, wanted: Sequence[int]) -> Boxes:
        """The boxes of some classes, best score first.

        Examples
        --------
        >>> found = Boxes.joined([Boxes.of([0, 0, 4, 2], 0.3), Boxes.of([1, 1, 3, 3], 0.8, 2)])
        >>> found.of_classes([0, 2]).cls.tolist()
        [2, 0]
        """
        chosen = self[np.isin(self.cls, wanted)]
        return chosen[np.argsort(-chosen.score, kind="stable")]

    def labels(self) -> Labels:
        """The boxes as labels, without their scores."""
        return np.hstack([self.cls[:, None], self.xyxy]).astype(np.float32)

    def moved(self, dx: float, dy: float) -> Boxes:
        """The boxes shifted by whole or part pixels."""
        shift = np.array([dx, dy, dx, dy], np.float32)
        return Boxes(self.xyxy + shift, self.score, self.cls)

    def inflated(self, factor_x: float, factor_y: float | None = None) -> Boxes:
        """The boxes grown round their centres; ``factor_y`` is ``factor_x`` when left out.

        Examples
        --------
        >>> Boxes.of([10, 10, 20, 20]).inflated(2.0).xyxy.tolist()
        [[5.0, 5.0, 25.0, 25.0]]
        """
        grow = np.stack(
            [
                self.width * (factor_x - 1.0) / 2.0,
                self.height * ((factor_x if factor_y is None else factor_y) - 1.0) / 2.0,
            ],
            axis=1,
        ).astype(np.float32)
        return Boxes(
            np.concatenate([self.xyxy[:, :2] - grow, self.xyxy[:, 2:] + grow], axis=1),
            self.score,
            self.cls,
        )

    def clipped(self, height: int, width: int) -> Boxes:
        """The boxes cut at the edges of a picture; those left without area are dropped."""
        limits = np.array([width, height, width, height], np.float32)
        xyxy = np.clip(self.xyxy, 0.0, limits)
        cut = Boxes(xyxy.astype(np.float32), self.score, self.cls)
        return cut[(cut.width > 0) & (cut.height > 0)]


def intersections(a: Floats32, b: Floats32) -> Floats32:
    """Areas shared by each box of ``a`` (N, 4) and each of ``b`` (M, 4), in px2, (N, M)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.clip(high - low, 0.0, None)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def _areas(a: Floats32) -> Floats32:
    return np.asarray((a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1]), np.float32)


def share_inside(a: Floats32, b: Floats32) -> Floats32:
    """Share of the area of each box of ``a`` that lies in each box of ``b``, (N, M).

    Examples
    --------
    >>> share_inside(np.float32([[0, 0, 2, 2]]), np.float32([[1, 0, 9, 9]])).tolist()
    [[0.5]]
    """
    return np.asarray(intersections(a, b) / np.maximum(_areas(a), 1e-9)[:, None], np.float32)


def iou(a: Floats32, b: Floats32) -> Floats32:
    """Intersection over union of each box of ``a`` with each of ``b``, (N, M)."""
    shared = intersections(a, b)
    union = _areas(a)[:, None] + _areas(b)[None, :] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)


def suppress(boxes: Boxes, max_iou: float, limit: int = 300) -> Boxes:
    """Non-maximum suppression within each class, best score first.

    Parameters
    ----------
    boxes
        Candidates.
    max_iou
        A box that shares more than this with a better one of its class is dropped.
    limit
        At most this many are kept.
    """
    if len(boxes) == 0:
        return boxes
    xywh = boxes.xyxy.astype(np.float64)
    xywh[:, 2:] -= xywh[:, :2]
    kept = cv2.dnn.NMSBoxesBatched(
        xywh.tolist(), boxes.score.tolist(), boxes.cls.tolist(), 0.0, float(max_iou)
    )
    rows = np.asarray(kept, np.int64).reshape(-1)
    order = np.argsort(-boxes.score[rows], kind="stable")
    return boxes[rows[order][:limit]]
