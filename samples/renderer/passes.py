"""A pass made ready: light, paint, scene and drive, from the seed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from .alignment import Alignment
from .asphalt import FIRST_TILE, HALF_STRIP_M, LAST_TILE, TILE_M
from .drive import Motion, actors, motion
from .frame import Stage
from .ground import Ground
from .plan import Defect, place_defects
from .scene import Scene, build_scene
from .site import Site
from .sky import panorama
from .stamps import fixed_severity
from .strips import (
    LEVELS,
    STRIP_FROM_M,
    level_path,
    make_levels,
    paint_strips,
    water,
)
from .verge import STRIP_TO_M, grain_levels, ground_map, shade_map

SHADE_STEP_M = 0.2


class World:
    """What both passes share: the road, its defects, what stands beside it."""

    def __init__(self, site: Site) -> None:
        self.site, self.seed = site, site.seed
        seed = site.seed
        self.road = Alignment(site)
        self.defects: list[Defect] = place_defects(self.road, seed)
        for item in self.defects:
            fixed_severity(item, seed)
        self.scene: Scene = build_scene(self.road)

    def drive(self, name: str) -> Motion:
        """Return the motion of a pass."""
        return motion(self.road, self.seed, name, self.defects)


def _paint(args: tuple[Site, Path, list[int], str]) -> None:
    site, folder, tiles, name = args
    seed = site.seed
    cv2.setNumThreads(1)
    road = Alignment(site)
    defects = place_defects(road, seed)
    for item in defects:
        fixed_severity(item, seed)
    shade = np.load(folder / "shade.npy", mmap_mode="r")
    middle = shade.shape[1] // 2
    reach = round(HALF_STRIP_M / SHADE_STEP_M)
    strip = np.ascontiguousarray(shade[:, middle - reach : middle + reach])
    paint_strips(road, seed, folder, tiles, defects, site.lights[name], strip, SHADE_STEP_M)


def open_pass(
    world: World, name: str, folder: Path, tiles: Iterable[int] | None = None, processes: int = 2
) -> Stage:
    """Paint the strips of a pass (or some tiles of them) and return its stage.

    Parameters
    ----------
    world
        What both passes share.
    name
        "a", "b" or "c".
    folder
        Where the strips are kept while frames are drawn.
    tiles
        Tiles to paint; all when None. A tile left out is a copy of its neighbour.
    processes
        How many processes paint.
    """
    seed, road, light = world.seed, world.road, world.site.lights[name]
    folder.mkdir(parents=True, exist_ok=True)
    rows = round((STRIP_TO_M - STRIP_FROM_M) / SHADE_STEP_M)
    s = STRIP_FROM_M + (np.arange(rows, dtype=np.float64) + 0.5) * SHADE_STEP_M
    turn = np.radians(light.bearing_deg) - road.heading_rad(s)
    reach = -1 / np.tan(np.radians(light.elevation_deg))
    shade = shade_map(
        seed,
        world.scene.canopies,
        (np.cos(turn) * reach).astype(np.float32),
        (np.sin(turn) * reach).astype(np.float32),
    )
    chosen = list(range(FIRST_TILE, LAST_TILE)) if tiles is None else sorted(set(tiles))
    done = folder / f"{name}.done"
    if not (done.exists() and tiles is None):
        np.save(folder / "shade.npy", shade)
        make_levels(folder)
        jobs = [(world.site, folder, chosen[k::processes], name) for k in range(processes)]
        if processes == 1:
            _paint(jobs[0])
        else:
            with multiprocessing.get_context("fork").Pool(processes) as pool:
                pool.map(_paint, jobs)
        _copy_missing(folder, chosen)
        done.touch()
    flat = ground_map(road, seed, shade, light.shade, 0.10)
    flat[..., :3] = np.clip(flat[..., :3] * (np.array(light.tint) * light.gain), 0, 255)
    sky = panorama(
        seed + "abc".index(name),
        light.bearing_deg,
        light.elevation_deg,
        world.site.clouds[name],
    )
    drive = world.drive(name)
    everybody = actors(drive, world.site.stroll_m)
    ground = Ground(road, folder, flat, grain_levels(seed), sky, water(seed))
    return Stage(road, seed, light, drive, everybody, world.scene, ground, shade)


def _copy_missing(folder: Path, chosen: list[int]) -> None:
    for level, (_, along, _) in enumerate(LEVELS):
        if along < 0.1 or len(chosen) == LAST_TILE - FIRST_TILE:
            continue
        file = np.load(level_path(folder, level), mmap_mode="r+")
        rows = round(TILE_M / along)
        source = (chosen[-1] - FIRST_TILE) * rows
        part = file[source : source + rows].copy()
        for tile in set(range(FIRST_TILE, LAST_TILE)) - set(chosen):
            at = (tile - FIRST_TILE) * rows
            file[at : at + rows] = part
        file.flush()
