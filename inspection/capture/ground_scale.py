"""The focal length of a camera, found from its drive: how fast the road passes under it.

On a flat road a point that many rows below the horizon is (focal length x height of the camera /
rows) metres away. How far the road moved by its rows, against how far the positions say that the
car drove, therefore tells focal length x height, and a height that somebody measured once gives
the focal length. Distances ahead need the product alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspection.capture.clock_offset import ways_of
from inspection.capture.road_motion import WIDTH_PX, RoadMotion
from voirie.arrays import Bools, Floats
from voirie.inputs import Camera

SLOWEST_MPS = 5.0
"""Slower, the noise of the positions counts too much."""
LEAST_WAYS = 20
SYSTEMATIC_SHARE = 0.03
"""What a horizon a pixel off, crests and the load make of it: rendered drives give 1 to 4 %."""
WORST_SHARE = 0.10
NARROWEST_DEG, WIDEST_DEG = 30.0, 130.0


@dataclass(frozen=True, slots=True)
class GroundScale:
    """What a drive tells of its camera.

    Attributes
    ----------
    product_m
        Focal length, in widths of the picture, times height of the camera in metres.
    sd_share
        Standard deviation of it, as a share.

    Examples
    --------
    >>> scale = GroundScale(0.965, 0.03)
    >>> camera = scale.camera_of(Camera(height_m=1.3), 1280)
    >>> round(camera.focal_px), camera.image_width_px
    (950, 1280)
    """

    product_m: float
    sd_share: float

    def camera_of(self, camera: Camera, width_px: int) -> Camera | None:
        """The camera with its focal length; None where that could be no camera's."""
        focal = self.product_m / camera.height_m
        across_deg = 2 * np.degrees(np.arctan(0.5 / focal))
        if not NARROWEST_DEG <= across_deg <= WIDEST_DEG:
            return None
        update = {"focal_px": focal * width_px, "image_width_px": width_px}
        return camera.model_copy(update=update)


def ground_scale(
    motion: RoadMotion, t_s: Floats, xy: Floats, outlier: Bools, offset_s: float = 0.0
) -> GroundScale | None:
    """Compare the way of the pictures with the way of the positions.

    Parameters
    ----------
    motion
        The drive as its pictures tell it.
    t_s, xy
        Fixes on the film's clock as far as it is known, (n,) and (n, 2).
    outlier
        Fixes that are not believed, (n,).
    offset_s
        What was found beside that clock.

    Returns
    -------
    GroundScale or None
        None where fewer than twenty ways at 5 m/s or more agree.
    """
    ways = ways_of(t_s - offset_s, xy, outlier)
    if not len(motion) or not len(ways):
        return None
    inside = (ways.start_s >= motion.t_s[0]) & (ways.end_s <= motion.t_s[-1])
    ways = ways.only(inside & (np.abs(ways.way) > SLOWEST_MPS * (ways.end_s - ways.start_s)))
    if len(ways) < LEAST_WAYS:
        return None
    driven = np.r_[0.0, np.cumsum(motion.step)]
    steps = np.interp(ways.end_s, motion.t_s, driven) - np.interp(ways.start_s, motion.t_s, driven)
    ratio = steps / np.abs(ways.way)
    unit = float(np.median(ratio))
    if unit <= 0:
        return None
    spread = 1.4826 * float(np.median(np.abs(ratio - unit))) / unit
    sd_share = float(np.hypot(SYSTEMATIC_SHARE, 1.25 * spread / np.sqrt(len(ways) / 3)))
    if sd_share > WORST_SHARE:
        return None
    return GroundScale(1.0 / unit / WIDTH_PX, sd_share)
