"""The camera above the ground plane: from pixels to metres ahead and to the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from voirie.arrays import Floats
from voirie.inputs import Camera
from voirie.messages import Message, message

ASSUMED = "assumed"
"""Source of angles that nobody stated and no picture shows."""
HEIGHT_SD_M = 0.05
"""Of a height measured with a tape, and of the load."""
PITCH_SD_DEG = 0.35
"""What suspension and crests make of a pitch that is stated or found."""
ASSUMED_PITCH_DEG, ASSUMED_PITCH_SD_DEG = 2.0, 2.0
"""A windscreen camera looks a little down; by how much differs from car to car."""
ASSUMED_HEIGHT_M, ASSUMED_HEIGHT_SD_M = 1.3, 0.12
"""Of a camera behind the windscreen of a car or a small van, where nobody measured it."""
FOUND_FOCAL_SD_SHARE = 0.045
"""Of a focal length that the drive tells (`inspection.capture.ground_scale`)."""
ASSUMED_FOV_DEG, ASSUMED_FOCAL_SD_SHARE = 65.0, 0.3
"""Dashcams see 50 to 100 degrees across, which is as much as 30 % of the focal length."""


@dataclass(frozen=True, slots=True)
class CameraPose:
    """A pinhole camera with radial distortion, above a flat road.

    Attributes
    ----------
    height_m
        Height of the lens above the road.
    focal_px
        Focal length in pixels of the stored picture.
    cx_px, cy_px
        Principal point.
    pitch_deg
        Angle of the optical axis below the road's plane, positive down.
    yaw_deg
        Angle of the optical axis to the right of the direction of travel.
    k1, k2
        Radial distortion of the lens (Brown's model).
    pitch_sd_deg, height_sd_m
        Standard deviations, from which sizes and places get their bounds.
    focal_sd_share
        Deviation of the focal length as a share of it, 0 where it is stated.
    source
        Where the pose comes from, for the frames table.
    bonnet_rows_pct
        Share of the rows, from below, where the vehicle itself hides the road.
    assumed
        What nobody stated and nothing shows, so that the scale is a guess.
    """

    height_m: float
    focal_px: float
    cx_px: float
    cy_px: float
    pitch_deg: float
    yaw_deg: float = 0.0
    k1: float = 0.0
    k2: float = 0.0
    pitch_sd_deg: float = PITCH_SD_DEG
    height_sd_m: float = HEIGHT_SD_M
    focal_sd_share: float = 0.0
    source: str = "stated"
    bonnet_rows_pct: float = 0.0
    assumed: tuple[Message, ...] = ()

    def rays(self, u_px: Any, v_px: Any) -> tuple[Floats, Floats]:
        """Undistorted directions (x right, y down, z = 1) of pixels, before any rotation.

        The distortion is inverted by five fixed-point steps, enough to 1e-4 for |k1| < 0.3.
        """
        xd = (np.asarray(u_px, dtype=np.float64) - self.cx_px) / self.focal_px
        yd = (np.asarray(v_px, dtype=np.float64) - self.cy_px) / self.focal_px
        x, y = xd, yd
        if self.k1 or self.k2:
            for _ in range(5):
                r2 = x * x + y * y
                factor = 1.0 + r2 * (self.k1 + r2 * self.k2)
                x, y = xd / factor, yd / factor
        return x, y

    def bearing_deg(self, u_px: Any, v_px: Any) -> Floats:
        """Angle right of the direction of travel under which a pixel is seen."""
        x, y = self.rays(u_px, v_px)
        pitch = np.radians(self.pitch_deg)
        ahead = np.cos(pitch) - y * np.sin(pitch)
        return np.asarray(np.degrees(np.arctan2(x, ahead)) + self.yaw_deg, dtype=np.float64)

    def ground(self, u_px: Any, v_px: Any) -> tuple[Floats, Floats]:
        """Where pixels meet the road.

        Parameters
        ----------
        u_px, v_px
            Pixels, any shape.

        Returns
        -------
        forward_m, lateral_m
            Metres ahead of the lens and to its right, along the direction of travel; NaN at and
            above the horizon.

        Examples
        --------
        >>> pose = CameraPose(1.3, 1000.0, 640.0, 360.0, pitch_deg=0.0)
        >>> forward, lateral = pose.ground(740.0, 490.0)
        >>> float(forward), float(lateral)
        (10.0, 1.0)
        """
        x, y = self.rays(u_px, v_px)
        pitch, yaw = np.radians(self.pitch_deg), np.radians(self.yaw_deg)
        down = y * np.cos(pitch) + np.sin(pitch)
        ahead = np.cos(pitch) - y * np.sin(pitch)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(down > 1e-6, self.height_m / down, np.nan)
        forward, right = scale * ahead, scale * x
        return (
            forward * np.cos(yaw) - right * np.sin(yaw),
            forward * np.sin(yaw) + right * np.cos(yaw),
        )

    def pixels(self, forward_m: Any, lateral_m: Any, up_m: Any = 0.0) -> tuple[Floats, Floats]:
        """Where points of the road are seen; the inverse of `ground`."""
        forward = np.asarray(forward_m, dtype=np.float64)
        lateral = np.asarray(lateral_m, dtype=np.float64)
        pitch, yaw = np.radians(self.pitch_deg), np.radians(self.yaw_deg)
        ahead = forward * np.cos(yaw) + lateral * np.sin(yaw)
        right = -forward * np.sin(yaw) + lateral * np.cos(yaw)
        down = self.height_m - np.asarray(up_m, dtype=np.float64)
        depth = ahead * np.cos(pitch) + down * np.sin(pitch)
        y = (down * np.cos(pitch) - ahead * np.sin(pitch)) / depth
        x = right / depth
        r2 = x * x + y * y
        factor = 1.0 + r2 * (self.k1 + r2 * self.k2)
        return self.cx_px + self.focal_px * x * factor, self.cy_px + self.focal_px * y * factor

    def forward_sd_m(self, forward_m: Any) -> Floats:
        """Standard deviation of a distance read on the road, from pitch, height and focal length.

        Examples
        --------
        >>> pose = CameraPose(1.3, 1000.0, 640.0, 360.0, pitch_deg=2.0)
        >>> round(float(pose.forward_sd_m(8.0)), 2)
        0.43
        """
        distance = np.asarray(forward_m, dtype=np.float64)
        by_pitch = distance**2 / self.height_m * np.radians(self.pitch_sd_deg)
        by_height = distance * self.height_sd_m / self.height_m
        by_focal = distance * self.focal_sd_share
        return np.asarray(np.hypot(np.hypot(by_pitch, by_height), by_focal), dtype=np.float64)

    @property
    def horizon_px(self) -> float:
        """Row of the horizon in the middle of the picture, without distortion."""
        return self.cy_px - self.focal_px * float(np.tan(np.radians(self.pitch_deg)))


def assumptions_of(
    camera: Camera | None, source: str, focal_is_found: bool = False
) -> tuple[Message, ...]:
    """What of a camera is assumed, in words that name the key that would state it.

    Parameters
    ----------
    camera
        The camera as `vehicle.toml` states it; None where there is none.
    source
        Where its angles come from.
    focal_is_found
        Whether the drive tells its focal length.

    Examples
    --------
    >>> (pitch,) = assumptions_of(Camera(height_m=1.3, focal_px=950), ASSUMED)
    >>> pitch.text, pitch.values
    ('a pitch of {degrees} degrees (state pitch_deg)', {'degrees': 2.0})
    """
    said: list[Message] = []
    if camera is None:
        said.append(message("a height of {metres} m (state height_m)", metres=ASSUMED_HEIGHT_M))
    if source == ASSUMED:
        said.append(
            message(
                "a pitch of {degrees} degrees (state pitch_deg)",
                degrees=ASSUMED_PITCH_DEG,
            )
        )
    is_stated = camera is not None and (camera.focal_px is not None or camera.fov_deg is not None)
    if not is_stated and not focal_is_found:
        said.append(
            message(
                "a field of view of {degrees} degrees (state focal_px or fov_deg)",
                degrees=ASSUMED_FOV_DEG,
            )
        )
    return tuple(said)


def pose_of(
    camera: Camera | None,
    width_px: int,
    height_px: int,
    pitch_deg: float,
    yaw_deg: float,
    source: str,
    found_focal_px: float | None = None,
) -> CameraPose:
    """Pose of a mounted camera for pictures of a given size.

    Parameters
    ----------
    camera
        The camera as `vehicle.toml` states it, for its own picture size; None where there is none
        and a windscreen camera is assumed.
    width_px, height_px
        Size of the stored pictures.
    pitch_deg, yaw_deg
        Angles found in the pictures or stated.
    source
        Where the angles come from.
    found_focal_px
        Focal length that the drive tells, in pixels of the stored picture; None where it is
        stated or unknown.
    """
    given = Camera(height_m=ASSUMED_HEIGHT_M) if camera is None else camera
    focal_is_known = given.focal_px is not None or given.fov_deg is not None
    focal_sd_share = 0.0 if focal_is_known else ASSUMED_FOCAL_SD_SHARE
    if found_focal_px is not None:
        focal, focal_sd_share = found_focal_px, FOUND_FOCAL_SD_SHARE
    elif given.focal_px is not None:
        focal = given.focal_px * width_px / given.image_width_px
    else:
        fov = np.radians(ASSUMED_FOV_DEG if given.fov_deg is None else given.fov_deg)
        focal = width_px / 2 / float(np.tan(fov / 2))
    return CameraPose(
        height_m=given.height_m,
        focal_px=focal,
        cx_px=(width_px - 1) / 2,
        cy_px=(height_px - 1) / 2,
        pitch_deg=pitch_deg,
        yaw_deg=yaw_deg,
        k1=given.k1,
        k2=given.k2,
        pitch_sd_deg=ASSUMED_PITCH_SD_DEG if source == ASSUMED else PITCH_SD_DEG,
        height_sd_m=ASSUMED_HEIGHT_SD_M if camera is None else HEIGHT_SD_M,
        focal_sd_share=focal_sd_share,
        source=source,
        bonnet_rows_pct=given.bonnet_rows_pct,
        assumed=assumptions_of(camera, source, found_focal_px is not None),
    )
