"""The camera's pose of every frame, from `vehicle.toml` and what the pictures show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from inspection.camera.model import CameraPose, pose_of
from inspection.context import RunContext
from voirie.arrays import Bools, Ints

_OF_POSE = [
    "pass_id", "width_px", "height_px", "pitch_deg", "yaw_deg", "camera_source", "focal_px",
]  # fmt: skip


class Poses:
    """The pose of each frame of a table; most frames of a pass share one.

    Parameters
    ----------
    distinct
        The poses.
    number
        Which of them each frame has, -1 where its camera is unknown, (n,).

    Examples
    --------
    >>> import numpy as np
    >>> poses = Poses([CameraPose(1.3, 1000.0, 640.0, 360.0, 2.0)], np.array([0, -1, 0]))
    >>> poses.known.tolist(), poses.at(1) is None
    ([True, False, True], True)
    >>> [rows.tolist() for _, rows in poses.shared(np.array([2, 2, 1, 0]))]
    [[0, 1, 3]]
    """

    def __init__(self, distinct: Sequence[CameraPose], number: Ints) -> None:
        self.distinct = tuple(distinct)
        self._number = number

    @classmethod
    def of(cls, ctx: RunContext, frames: pd.DataFrame) -> Poses:
        """Poses of a frames table whose angles, and focal length at need, `ingest` has found."""
        cameras = {
            plan.pass_id: None if plan.vehicle is None else plan.vehicle.camera
            for plan in ctx.passes
        }
        described = [pass_id for pass_id, camera in cameras.items() if camera is not None]
        tells_focal = frames["focal_px"].notna() & frames["pass_id"].isin(list(cameras))
        known = (
            frames["camera_source"].notna()
            & frames["picture_id"].notna()
            & (frames["pass_id"].isin(described) | tells_focal)
        ).to_numpy(bool)
        own = pd.DataFrame(frames).loc[known, _OF_POSE]
        number = np.full(len(frames), -1, dtype=np.int64)
        number[known] = own.groupby(_OF_POSE, sort=False, dropna=False).ngroup().to_numpy()
        distinct = own.drop_duplicates().itertuples(index=False, name=None)
        made = [
            pose_of(
                cameras[pass_id],
                int(width),
                int(height),
                pitch,
                yaw,
                source,
                None if pd.isna(focal) else float(focal),
            )
            for pass_id, width, height, pitch, yaw, source, focal in distinct
        ]
        return cls(made, number)

    @property
    def known(self) -> Bools:
        """Whether the camera of each frame is known, (n,)."""
        return np.asarray(self._number >= 0)

    @property
    def assumed(self) -> Bools:
        """Whether the scale of each frame rests on an assumption, (n,)."""
        guessed = np.array([bool(pose.assumed) for pose in self.distinct] + [True])
        return np.asarray(guessed[self._number])

    def at(self, row: int) -> CameraPose | None:
        """Pose of the frame in a row of the table, None where the camera is unknown."""
        number = int(self._number[row])
        return None if number < 0 else self.distinct[number]

    def shared(self, rows: Ints) -> Iterator[tuple[CameraPose, Ints]]:
        """Each pose that some frames have, and the places of those frames in `rows`."""
        number = self._number[rows]
        for which in np.unique(number[number >= 0]):
            yield self.distinct[which], np.flatnonzero(number == which)
