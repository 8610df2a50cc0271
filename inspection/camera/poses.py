"""The camera's pose of every frame, from `vehicle.toml` and what the pictures show."""

from __future__ import annotations

import pandas as pd

from inspection.camera.model import CameraPose, pose_of
from inspection.context import RunContext


class Poses:
    """Looks up the pose of a frame; None where the camera is unknown.

    Parameters
    ----------
    by_frame
        Pose by index of the frames table.
    """

    def __init__(self, by_frame: dict[int, CameraPose]) -> None:
        self._by_frame = by_frame

    @classmethod
    def of(cls, ctx: RunContext, frames: pd.DataFrame) -> Poses:
        """Poses of a frames table whose angles `ingest` has found."""
        vehicles = {plan.pass_id: plan.vehicle for plan in ctx.passes}
        made: dict[tuple[object, ...], CameraPose] = {}
        poses: dict[int, CameraPose] = {}
        known = frames[frames["camera_source"].notna() & frames["picture_id"].notna()]
        columns = ("pass_id", "width_px", "height_px", "pitch_deg", "yaw_deg", "camera_source")
        values = zip(known.index.tolist(), *(known[c].tolist() for c in columns), strict=True)
        for index, pass_id, width, height, pitch, yaw, source in values:
            vehicle = vehicles.get(pass_id)
            if vehicle is None:
                continue
            key = (pass_id, width, height, pitch, yaw)
            if key not in made:
                made[key] = pose_of(vehicle.camera, width, height, pitch, yaw, source)
            poses[index] = made[key]
        return cls(poses)

    def at(self, index: int) -> CameraPose | None:
        """Pose of the frame at an index of the frames table."""
        return self._by_frame.get(index)
