"""`voirie calibrate`: a sealed picture with horizon and grid, to judge a camera by eye."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from anonymize import Sealer
from inspection.camera.ground_grid import with_grid
from inspection.camera.model import ASSUMED, ASSUMED_PITCH_DEG, CameraPose, pose_of
from inspection.camera.vanishing_point import Vanishing, mounting_of, vanishing_point
from voirie.arrays import Pixels
from voirie.errors import ConfigurationError, InputUnusable, NotDecodable
from voirie.files import write_bytes
from voirie.inputs import Camera, read_vehicle
from voirie.media import Video
from voirie.messages import message
from voirie.wording import N_, Wording, session

PICTURES = 30
HIGHEST, LOWEST = 0.08, 0.75
"""A horizon above or below these shares of the height is cropped, or the camera looks away."""
SOURCES = {
    "stated": N_("stated"),
    "vanishing point": N_("where the edges of the road meet"),
    ASSUMED: N_("assumed"),
}
"""Where a pitch comes from, in words."""
SUFFIXES = (".jpg", ".jpeg", ".png")


def calibrate_command(
    film: Annotated[Path, typer.Argument(help="A film of the camera on a straight, flat road")],
    out: Annotated[Path, typer.Option(help="Picture to write, .jpg or .png")],
    vehicle: Annotated[Path | None, typer.Option(help="vehicle.toml to be judged")] = None,
    at_s: Annotated[
        float | None, typer.Option("--at", min=0, help="Second of the film; its middle if none")
    ] = None,
    people: Annotated[str, typer.Option(help="whole or head: what of a person goes")] = "whole",
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON")] = False,
) -> int:
    """Draw the horizon and a grid of one metre on a sealed picture of a film.

    Edges of the road and markings must run along the lines, and a lane of 3 m take three squares.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"--out {out.name} is no picture", remedy="write .jpg or .png")
    if people not in ("whole", "head"):
        raise ConfigurationError(f"--people {people} is unknown", remedy="write whole or head")
    camera = None if vehicle is None else read_vehicle(vehicle).camera
    video = Video(film)
    pose = pose_in(video, camera)
    check_horizon(pose, video)
    times = video.facts.pts_s
    wanted = float(times[-1]) / 2 if at_s is None else at_s
    rank = int(np.argmin(np.abs(times - wanted)))
    window = next(video.windows([rank], 1), None)
    if window is None:
        raise NotDecodable("that picture of it cannot be decoded", film, "choose another --at")
    safe = Sealer(people="head" if people == "head" else "whole").seal(
        window.frame, window.before, window.after
    )
    write_bytes(out, _encoded(with_grid(safe.pixels, pose), out))
    if as_json:
        print(json.dumps(_as_json(pose, out)))
    else:
        _tell(session(), pose, out, video)
    return 0


def pose_in(video: Video, camera: Camera | None) -> CameraPose:
    """The camera as described, with the pitch that the film shows where none is stated.

    Parameters
    ----------
    video
        The film; some of its pictures are looked at, and none is kept.
    camera
        What `vehicle.toml` says; None takes a windscreen camera.
    """
    width, height = video.facts.width_px, video.facts.height_px
    ranks = range(0, len(video.facts.pts_s), max(1, len(video.facts.pts_s) // PICTURES))
    seen = (vanishing_point(frame.pixels) for frame in video.samples(list(ranks)))
    points: list[Vanishing] = [point for point in seen if point is not None]
    level = pose_of(camera, width, height, 0.0, 0.0, "level")
    found = mounting_of(points, level.focal_px, level.cx_px, level.cy_px)
    yaw = 0.0 if found is None else found.yaw_deg
    if camera is not None and camera.pitch_deg is not None:
        return pose_of(camera, width, height, camera.pitch_deg, yaw, "stated")
    if found is None:
        return pose_of(camera, width, height, ASSUMED_PITCH_DEG, 0.0, ASSUMED)
    return pose_of(camera, width, height, found.pitch_deg, yaw, "vanishing point")


def check_horizon(pose: CameraPose, video: Video) -> None:
    """Refuse a camera whose horizon the picture does not show.

    Raises
    ------
    InputUnusable
        When the horizon lies at the edge of the picture or outside it.
    """
    share = pose.horizon_px / video.facts.height_px
    if not HIGHEST <= share <= LOWEST:
        raise InputUnusable(
            f"its horizon would lie at {100 * share:.0f} % of the height of the picture",
            video.path,
            "film the whole picture, level, or mend pitch_deg",
        )


def _encoded(pixels: Pixels, out: Path) -> bytes:
    suffix = ".png" if out.suffix.lower() == ".png" else ".jpg"
    _, data = cv2.imencode(suffix, pixels)
    return bytes(data)


def _as_json(pose: CameraPose, out: Path) -> dict[str, object]:
    return {
        "picture": str(out),
        "horizon_px": round(float(pose.horizon_px), 1),
        "pitch_deg": round(float(pose.pitch_deg), 2),
        "focal_px": round(float(pose.focal_px), 1),
        "height_m": round(float(pose.height_m), 3),
        "source": pose.source,
        "assumed": [Wording("en").say(one) for one in pose.assumed],
    }


def _tell(w: Wording, pose: CameraPose, out: Path, video: Video) -> None:
    across = 2 * np.degrees(np.arctan(video.facts.width_px / 2 / pose.focal_px))
    print(
        w.text(
            "{file}: horizon at {row} % of the height; pitch {pitch} degrees ({source}), {across} "
            "degrees across, lens {height} m above the road",
            file=out.name,
            row=w.number(100 * pose.horizon_px / video.facts.height_px),
            pitch=w.number(pose.pitch_deg, 1),
            source=w.text(SOURCES[pose.source]),
            across=w.number(across),
            height=w.number(pose.height_m, 2),
        )
    )
    for assumed in pose.assumed:
        print(w.say(message("assumed: {what}", what=assumed)))
