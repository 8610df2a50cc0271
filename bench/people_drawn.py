"""Frames of unseen rendered roads that show people, drawn for `bench/people.py`.

A whole site takes hours to render. Here only the moments are drawn at which somebody walks or
rides in sight, by the drive's own numbers, each with its two neighbours as `ingest` decodes them.
The road's skin is painted for a few tiles and repeated: people stand beside it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from voirie.arrays import Bools, Floats, Ints
from voirie.media import Video
from voirie.media.video import Window

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samples"))

from renderer.asphalt import FIRST_TILE, LAST_TILE, TILE_M
from renderer.drive import FPS
from renderer.elsewhere import train_site
from renderer.frame import Stage
from renderer.passes import World, open_pass
from renderer.strips import LEVELS, level_path
from renderer.truth import MIN_VISIBLE
from renderer.video import Writer

TRAIN_SEED_SHIFT = 100_003
"""As in samples/render.py: no seed of a training site is that of a demo."""
PAINTED_TILES = (4, 11)
IN_SIGHT_M = 95.0
"""Farther away a person is under 20 px tall."""
RATE_KBPS = 2900
"""Each moment is a new scene for the encoder, so that it needs 2.6 times the rate of the sample
for pictures as good."""


@dataclass(frozen=True)
class Private:
    """Somebody or something in a frame that must be destroyed.

    Attributes
    ----------
    kind
        ``person``, ``rider``, ``face`` or ``plate``.
    box
        Left, top, right, bottom of all of it inside the frame, in pixels.
    visible
        Share of it that nothing hides.
    corner
        Left and top pixel of ``pixels``.
    pixels
        Where it is to be seen.
    """

    kind: str
    box: tuple[float, float, float, float]
    visible: float
    corner: tuple[int, int]
    pixels: Bools


def moments(stage: Stage, step_m: float) -> Ints:
    """Frames a step apart along the road at which somebody walks or rides in sight."""
    move = stage.motion
    shown = np.zeros(len(move.t), np.bool_)
    for actor in stage.actors:
        ahead = move.direction * (actor.s - move.s)
        shown |= (actor.kind != "car") & (ahead > 0) & (ahead < IN_SIGHT_M)
    way = np.abs(move.s - move.s[0])
    steps = np.floor(way / step_m)
    new = np.concatenate([[True], np.diff(steps) > 0])
    inside = (np.arange(len(shown)) > 0) & (np.arange(len(shown)) < len(shown) - 1)
    return np.flatnonzero(new & shown & inside)


def draw(seed: int, name: str, step_m: float, folder: Path) -> Path:
    """Draw the moments of one pass, unless an earlier call did; the film's path."""
    film = folder / f"seed{seed}_{name}_{step_m:g}m.mp4"
    truth = film.with_suffix(".npz")
    if truth.exists():
        return film
    folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    world = World(train_site(seed + TRAIN_SEED_SHIFT))
    rows: list[dict[str, object]] = []
    masks: list[Bools] = []
    with tempfile.TemporaryDirectory() as held:
        stage = open_pass(world, name, Path(held), PAINTED_TILES, processes=1)
        _repeat_tiles(Path(held))
        with Writer(film, FPS, "dashcam", f"pass {name}", RATE_KBPS) as writer:
            for at in moments(stage, step_m):
                for frame in (at - 1, at, at + 1):
                    image, seen = stage.draw(int(frame))
                    for thing in seen if frame == at else ():
                        if thing.fraction() < MIN_VISIBLE:
                            continue
                        rows.append(
                            {
                                "frame": writer.count,
                                "kind": thing.kind,
                                "box": [round(v, 1) for v in _inside(thing.box, image.shape)],
                                "visible": round(thing.fraction(), 3),
                                "corner": [thing.x0, thing.y0],
                                "shape": list(thing.mask.shape),
                            }
                        )
                        masks.append(thing.mask.ravel())
                    writer.add(image)
    bits = np.packbits(np.concatenate(masks)) if masks else np.zeros(0, np.uint8)
    np.savez_compressed(truth, rows=json.dumps(rows), bits=bits)
    return film


def drawn(film: Path) -> Iterator[tuple[Window, list[Private]]]:
    """The moments of a drawn pass as `ingest` meets them, with what must be destroyed."""
    by_frame: dict[int, list[Private]] = {}
    with np.load(film.with_suffix(".npz")) as stored:
        rows, bits = json.loads(str(stored["rows"])), np.unpackbits(stored["bits"])
    start = 0
    for row in rows:
        size = row["shape"][0] * row["shape"][1]
        pixels = bits[start : start + size].reshape(row["shape"]).astype(np.bool_)
        start += size
        by_frame.setdefault(row["frame"], []).append(
            Private(row["kind"], tuple(row["box"]), row["visible"], tuple(row["corner"]), pixels)
        )
    video = Video(film)
    chosen = range(1, len(video.facts.pts_s), 3)
    for window in video.windows(chosen, neighbours=1):
        yield window, by_frame.get(window.frame.index, [])


def _inside(box: tuple[float, ...], shape: tuple[int, ...]) -> Floats:
    """A box cut at the edges of the frame, as in the truth of the sample."""
    height, width = shape[:2]
    return np.clip(box, 0.0, [width - 1.0, height - 1.0, width - 1.0, height - 1.0])


def _repeat_tiles(folder: Path) -> None:
    """Fill the tiles that were not painted with the nearest that was."""
    for level, (_, along, _) in enumerate(LEVELS):
        file = np.load(level_path(folder, level), mmap_mode="r+")
        rows = round(TILE_M / along)
        for tile in set(range(FIRST_TILE, LAST_TILE)) - set(PAINTED_TILES):
            nearest = min(PAINTED_TILES, key=lambda painted: abs(painted - tile))
            source, at = (nearest - FIRST_TILE) * rows, (tile - FIRST_TILE) * rows
            file[at : at + rows] = file[source : source + rows]
        file.flush()
