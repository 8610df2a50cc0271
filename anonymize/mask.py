"""The classless mask: which pixels of a picture were destroyed or hide the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from voirie.arrays import Bools, Floats, Floats32, Ints, Ints32


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """A union of rectangles that says nothing of what was below them.

    Attributes
    ----------
    height_px, width_px
        Size of the picture.
    boxes
        ``(N, 4)`` int32: left, top, right, bottom; right and bottom are outside.
    """

    height_px: int
    width_px: int
    boxes: Ints32

    @classmethod
    def of(cls, height_px: int, width_px: int, boxes: ArrayLike) -> Mask:
        """A mask from corners in any number type: grown to whole pixels, cut at the edges.

        Examples
        --------
        >>> Mask.of(10, 10, [[0.5, 1, 3.2, 4]]).boxes.tolist()
        [[0, 1, 4, 4]]
        """
        corners = np.asarray(boxes, np.float64).reshape(-1, 4)
        grown = np.concatenate([np.floor(corners[:, :2]), np.ceil(corners[:, 2:])], axis=1)
        limits = np.array([width_px, height_px, width_px, height_px])
        cut = np.clip(grown, 0, limits).astype(np.int32)
        full = (cut[:, 2] > cut[:, 0]) & (cut[:, 3] > cut[:, 1])
        return cls(height_px, width_px, np.unique(cut[full], axis=0))

    def pixels(self) -> Bools:
        """The mask as ``(height, width)`` booleans."""
        out = np.zeros((self.height_px, self.width_px), np.bool_)
        for left, top, right, bottom in self.boxes:
            out[top:bottom, left:right] = True
        return out

    @property
    def area_pct(self) -> float:
        """Share of the picture under the mask, in per cent."""
        return float(self.pixels().mean() * 100.0) if len(self.boxes) else 0.0

    def share_of(self, boxes: ArrayLike) -> Floats32:
        """Share of each box's area that is under the mask.

        Parameters
        ----------
        boxes
            ``(M, 4)`` corners in pixels of the picture.

        Returns
        -------
        shares
            ``(M,)`` in 0-1; a box without a pixel inside the picture gives 0.

        Examples
        --------
        >>> Mask.of(10, 10, [[0, 0, 5, 10]]).share_of([[4, 0, 6, 4]]).tolist()
        [0.5]
        """
        asked = Mask._whole(np.asarray(boxes, np.float64).reshape(-1, 4))
        limits = np.array([self.width_px, self.height_px, self.width_px, self.height_px])
        left, top, right, bottom = np.clip(asked, 0, limits).T
        sums = np.zeros((self.height_px + 1, self.width_px + 1), np.int64)
        sums[1:, 1:] = self.pixels().cumsum(axis=0).cumsum(axis=1)
        inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        area = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
        return np.where(area > 0, inside / np.maximum(area, 1), 0.0).astype(np.float32)

    @staticmethod
    def _whole(corners: Floats) -> Ints:
        return np.round(corners).astype(np.int64)

    def to_list(self) -> list[list[int]]:
        """The rectangles for JSON."""
        return [[int(v) for v in box] for box in self.boxes]

    @classmethod
    def from_list(cls, height_px: int, width_px: int, boxes: Sequence[Sequence[int]]) -> Mask:
        """The mask that `to_list` wrote."""
        return cls.of(height_px, width_px, np.asarray(boxes, np.float64).reshape(-1, 4))
