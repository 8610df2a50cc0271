"""How the camera of a pass looks at the road: stated, found in its pictures, or assumed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from inspection.camera.model import (
    ASSUMED,
    ASSUMED_HEIGHT_M,
    ASSUMED_PITCH_DEG,
    CameraPose,
    pose_of,
)
from inspection.camera.vanishing_point import Vanishing, horizon_of, mounting_of
from inspection.capture.ground_scale import GroundScale
from inspection.capture.journal import FrameRecord
from inspection.context import PassSetup
from voirie.inputs import Camera


def expected_pose(plan: PassSetup, width_px: int, height_px: int) -> CameraPose | None:
    """How the camera most likely looks at the road, before its pictures are known."""
    if plan.vehicle is None:
        return None
    camera = plan.vehicle.camera
    pitch = ASSUMED_PITCH_DEG if camera.pitch_deg is None else camera.pitch_deg
    return pose_of(camera, width_px, height_px, pitch, 0.0, ASSUMED)


def with_mounting(
    frames: pd.DataFrame,
    records: Sequence[FrameRecord],
    plan: PassSetup,
    scale: GroundScale | None = None,
) -> pd.DataFrame:
    """Pitch and yaw of the pass: stated, else from the markings, else assumed and said so.

    Parameters
    ----------
    frames
        Rows of `captures` of one pass.
    records
        What is known of each of its pictures.
    plan
        The pass. Where no camera is described and the drive tells none, the frames get the
        horizon that the pictures agree on.
    scale
        What the drive tells of the camera: the focal length where nobody states it, and with an
        assumed height all that distances ahead need.
    """
    sized = [record for record in records if record.width_px is not None]
    width, height = (sized[0].width_px or 0, sized[0].height_px or 0) if sized else (0, 0)
    points = [Vanishing(*record.vanishing) for record in sized if record.vanishing]
    one_size = len({(record.width_px, record.height_px) for record in sized}) == 1
    stated = None if plan.vehicle is None else plan.vehicle.camera
    focal_px = _found_focal_px(stated, scale, width) if one_size else None
    if stated is None:
        horizon = horizon_of(points, width, height) if one_size else None
        if focal_px is None or horizon is None:
            column, row = horizon or (None, None)
            return frames.assign(
                pitch_deg=np.nan,
                yaw_deg=np.nan,
                camera_source=None,
                focal_px=np.nan,
                vanish_x_px=column,
                horizon_px=row,
            )
    if not sized:
        return frames.assign(
            pitch_deg=np.nan, yaw_deg=np.nan, camera_source=None, focal_px=np.nan,
            vanish_x_px=np.nan, horizon_px=np.nan,
        )  # fmt: skip
    level = pose_of(stated, width, height, 0.0, 0.0, "level", focal_px)
    found = mounting_of(points, level.focal_px, level.cx_px, level.cy_px)
    if stated is not None and stated.pitch_deg is not None:
        pitch, yaw, source = stated.pitch_deg, 0.0 if found is None else found.yaw_deg, "stated"
    elif found is not None:
        pitch, yaw, source = found.pitch_deg, found.yaw_deg, "vanishing point"
    else:
        pitch, yaw, source = ASSUMED_PITCH_DEG, 0.0, ASSUMED
    return frames.assign(
        pitch_deg=round(pitch, 3),
        yaw_deg=round(yaw, 3),
        camera_source=source,
        focal_px=np.nan if focal_px is None else round(focal_px, 1),
        vanish_x_px=np.nan,
        horizon_px=np.nan,
    )


def _found_focal_px(
    stated: Camera | None, scale: GroundScale | None, width_px: int
) -> float | None:
    """Focal length that the drive tells, where nobody states one."""
    if scale is None or (stated is not None and (stated.focal_px or stated.fov_deg)):
        return None
    camera = scale.camera_of(stated or Camera(height_m=ASSUMED_HEIGHT_M), width_px)
    return None if camera is None else camera.focal_px
