"""One frame: ground, then everything that stands on it from far to near, then the camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment
from .camera import HEIGHT_PX, WIDTH_PX, Lens, Pose, View
from .carbody import Car
from .cars import draw_car
from .drive import HEIGHT_M, Actor, Motion
from .ground import Ground
from .isp import Isp, exposure
from .optics import exposure_s, mirror, smear
from .people import Sprite, cyclist, rider, walker
from .plates import plate
from .scene import Item, Scene
from .shadow import blot, darken
from .site import Light
from .sprite import Canvas, Seen, Texture, billboard_corners, quad, through
from .strips import STRIP_FROM_M
from .verge import HALF_MAP_M

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

PHASES = 8


@dataclass
class Stage:
    """All that a pass needs to draw any of its frames."""

    road: Alignment
    seed: int
    light: Light
    motion: Motion
    actors: list[Actor]
    scene: Scene
    ground: Ground
    sun_share: NDArray[np.float32]

    def __post_init__(self) -> None:
        self.lens = Lens()
        self.isp = Isp(self.seed, self.motion.name)
        self.cars: dict[str, Car] = {
            actor.name: self.scene.moving_cars(actor.name, actor.look)
            for actor in self.actors
            if actor.kind == "car"
        }
        self.sprites: dict[tuple[str, int], tuple[Sprite, Texture]] = {}
        self.item_s = np.array([item.s_m for item in self.scene.items])
        self.item_reach = np.array([item.reach_m for item in self.scene.items])
        self._lay_out()
        bearing = np.radians(self.light.bearing_deg)
        up = np.radians(self.light.elevation_deg)
        self.sun = np.array(
            [np.sin(bearing) * np.cos(up), np.cos(bearing) * np.cos(up), np.sin(up)]
        )
        self.gains = exposure(self._sun_ahead(), self.motion.t)
        self.veils = self._veils()

    def _lay_out(self) -> None:
        """Find the ground points of everything that stands, once."""
        items = self.scene.items
        sink = np.array([0.05 if item.kind == "along" else 0.03 for item in items])
        self.foot = self._points(self.item_s, np.array([item.d_m for item in items]))
        self.foot[:, 2] -= sink
        width = np.array([item.width_m for item in items])
        self.end = self._points(self.item_s + width, np.array([item.d_m for item in items]))
        self.end[:, 2] -= sink
        self.size = np.stack([width, [item.height_m for item in items]], -1)
        self.facing = np.array([item.kind in {"facing", "flat", "pole"} for item in items])

    def _points(self, s: Array, d: Array) -> Array:
        x, y = self.road.world(s, d)
        return np.stack([x, y, self.road.height_m(s, d)], -1)

    def _corners(self, canvas: Canvas, chosen: NDArray[np.intp]) -> tuple[Array, Array]:
        """Project the planes of all chosen items in one go."""
        right = self._right(canvas)
        foot, size = self.foot[chosen], self.size[chosen]
        half = right * (size[:, :1] / 2)
        lift = np.array([0.0, 0, 1.0]) * size[:, 1:]
        left = np.where(self.facing[chosen][:, None], foot - half, foot)
        far = np.where(self.facing[chosen][:, None], foot + half, self.end[chosen])
        corners = np.stack([left + lift, far + lift, far, left], axis=1)
        pixels, depth = canvas.view.project(corners.reshape(-1, 3))
        self.planes = corners
        return pixels.reshape(-1, 4, 2), depth.reshape(-1, 4)

    def _sun_ahead(self) -> NDArray[np.float32]:
        """Return the share of sun on the road 4 to 30 m ahead of each frame."""
        step = 2 * HALF_MAP_M / self.sun_share.shape[1]
        middle = self.sun_share.shape[1] // 2
        lane = self.sun_share[:, middle - 14 : middle + 14].mean(axis=1)
        ahead = np.arange(4.0, 30.0, 1.0)
        s = self.motion.s[:, None] + self.motion.direction * ahead
        row = np.clip((s - STRIP_FROM_M) / step, 0, len(lane) - 1).astype(int)
        return np.asarray(lane[row].mean(axis=1), dtype=np.float32)

    def _veils(self) -> Array:
        """Return the stray light of each frame: strong where the sun stands ahead and low."""
        off = self.motion.heading - np.radians(self.light.bearing_deg)
        facing = np.cos(off) * np.cos(np.radians(self.light.elevation_deg))
        return np.asarray(30 * np.clip((facing - 0.62) / 0.38, 0, 1) ** 2)

    def view(self, frame: int) -> View:
        """Return the camera at a frame."""
        m = self.motion
        s, d = np.array([m.s[frame]]), np.array([m.d[frame]])
        x, y = self.road.world(s, d)
        z = float(self.road.height_m(s, d)[0]) + HEIGHT_M
        return View(
            self.lens,
            Pose(
                float(x[0]),
                float(y[0]),
                z,
                float(m.heading[frame]),
                float(m.pitch[frame]),
                float(m.roll[frame]),
                float(m.speed[frame]),
                float(m.pitch_rate[frame]),
                float(m.yaw_rate[frame]),
            ),
        )

    def draw(self, frame: int) -> tuple[Image, list[Seen]]:
        """Return a frame, BGR, and the private things in it."""
        view = self.view(frame)
        land = self.ground.draw(view)
        bare = land.image.copy() if land.film is not None else land.image
        canvas = Canvas(land.image, view, self.ground.haze, self.ground.haze_m, land.distance_m)
        here, sign = float(self.motion.s[frame]), self.motion.direction
        todo: list[tuple[float, int, Any]] = []
        ahead = sign * (self.item_s - here)
        chosen = np.flatnonzero((ahead > -14.0) & (ahead < self.item_reach))
        pixels, depths = self._corners(canvas, chosen)
        shown = (
            (depths.max(axis=1) > 0.5)
            & (pixels[..., 0].max(axis=1) > 0)
            & (pixels[..., 1].max(axis=1) > 0)
            & (pixels[..., 0].min(axis=1) < WIDTH_PX)
            & (pixels[..., 1].min(axis=1) < HEIGHT_PX)
        ) | (depths.min(axis=1) < 1.0)
        kinds = {int(i): k for k, i in enumerate(chosen)}
        for index in chosen:
            item = self.scene.items[int(index)]
            where = float(ahead[index])
            if item.kind in {"facing", "flat", "along"} and not shown[kinds[int(index)]]:
                continue
            if item.kind == "along" and sign > 0:
                where += item.width_m  # walls and hedges stand behind whoever walks along them
            if item.kind == "house":
                where += 0.5 * item.width_m if sign > 0 else -0.5 * item.width_m
            todo.append((where, 0, int(index)))
        near = [(sign * (parked[2] - here), 1, parked) for parked in self.scene.parked]
        todo += [row for row in near if 0 < row[0] < 160]
        for actor in self.actors:
            s = float(actor.s[frame])
            if np.isfinite(s) and sign * (s - here) > 0:
                todo.append((sign * (s - here), 2, actor))
        for _, kind, thing in sorted(todo, key=lambda row: -row[0]):
            if kind == 0:
                k = kinds[thing]
                self._item(canvas, self.scene.items[thing], self.planes[k], (pixels[k], depths[k]))
            elif kind == 1:
                name, car, s, d, way = thing
                self._car(canvas, car, s, d, way, name)
            else:
                self._actor(canvas, thing, frame)
        canvas.hide(0, self.isp.low_row, self.isp.bonnet_mask[self.isp.low_row :])
        gain = float(self.gains[frame])
        if land.film is not None:
            open_film = np.where((canvas.image == bare).all(axis=-1), land.film, np.float32(0))
            horizon = self._ahead_px(view, 0.0)[1]
            mirror(canvas.image, open_film, land.distance_m, float(horizon), HEIGHT_M)
        way = float(self.motion.speed[frame]) * exposure_s(gain)
        grade = sign * float(self.road.grade(np.array([here]))[0])
        light = smear(canvas.image, land.distance_m, way, self._ahead_px(view, grade))
        return self.isp.develop(light, gain, float(self.veils[frame]), frame), canvas.seen

    @staticmethod
    def _ahead_px(view: View, grade: float) -> Array:
        """Return the pixel of the far point in the way the vehicle drives."""
        pose = view.pose
        way = np.array([np.sin(pose.heading_rad), np.cos(pose.heading_rad), grade])
        pixel, _ = view.project((pose.position(np.array(0.0)) + 1e5 * way)[None])
        return np.asarray(pixel[0])

    def _point(self, s: float, d: float, up: float = 0.0) -> Array:
        at_s, at_d = np.array([s]), np.array([d])
        x, y = self.road.world(at_s, at_d)
        return np.array([x[0], y[0], float(self.road.height_m(at_s, at_d)[0]) + up])

    def _right(self, canvas: Canvas) -> Array:
        heading = canvas.view.pose.heading_rad
        return np.array([np.cos(heading), -np.sin(heading), 0.0])

    def _item(self, canvas: Canvas, item: Item, corners: Array, ready: tuple[Array, Array]) -> None:
        if item.kind in {"facing", "flat", "pole"}:
            if item.kind == "pole":
                self._wires(canvas, item)
            if item.name.startswith("heap"):
                blot(canvas, self._point(item.s_m, item.d_m, -0.03), 1.3, 0.45)
            quad(canvas, item.texture, corners, ready=ready)
        elif item.kind == "along":
            quad(canvas, item.texture, corners, ready=ready)
        elif item.kind == "sign":
            self._sign(canvas, item)
        elif item.kind == "house":
            self._house(canvas, item)

    def _sign(self, canvas: Canvas, item: Item) -> None:
        foot = self._point(item.s_m, item.d_m)
        right = self._right(canvas)
        tall = item.base_m + item.height_m * 0.9
        gap = item.width_m * 0.35 if item.width_m > 1.1 else 0.0
        for off in [-gap, gap] if gap else [0.0]:
            quad(
                canvas, item.more["post"], billboard_corners(foot + right * off, right, 0.07, tall)
            )
        heading = float(self.road.heading_rad(np.array([item.s_m]))[0]) + item.turn_rad
        face = np.array([np.sin(heading), np.cos(heading), 0.0])
        across = np.array([np.cos(heading), -np.sin(heading), 0.0])
        low = foot + np.array([0, 0, item.base_m])
        eye = canvas.view.pose.position(np.array(0.0))
        front = float((low - eye) @ face) > 0
        side = across if front else -across
        board = item.texture if front else item.other
        if board is None:
            return
        move = -0.05 * face if front else 0.05 * face
        quad(canvas, board, billboard_corners(low + move, side, item.width_m, item.height_m))

    def _house(self, canvas: Canvas, item: Item) -> None:
        side = float(np.sign(item.d_m))
        s0, s1 = item.s_m, item.s_m + item.width_m
        near, far = item.d_m, item.d_m + side * 7.0
        mid = item.d_m + side * 3.5
        base = self._point((s0 + s1) / 2, item.d_m, -0.3)[2]

        def at(s: float, d: float, up: float) -> Array:
            point = self._point(s, d)
            point[2] = base + up
            return point

        first, last = (s1, s0) if self.motion.direction > 0 else (s0, s1)
        tall = item.height_m
        for s in (first, last):
            quad(
                canvas,
                item.more["gable"],
                np.array([at(s, near, 7.4), at(s, far, 7.4), at(s, far, 0), at(s, near, 0)]),
                0.86,
            )
        quad(
            canvas,
            item.more["roof"],
            np.array(
                [
                    at(s0 - 0.3, mid, 7.45),
                    at(s1 + 0.3, mid, 7.45),
                    at(s1 + 0.3, near - side * 0.45, tall - 0.15),
                    at(s0 - 0.3, near - side * 0.45, tall - 0.15),
                ]
            ),
        )
        lit = 1.05 if side * np.cos(self.motion.heading[0]) > 0 else 0.8
        quad(
            canvas,
            item.texture,
            np.array([at(s0, near, tall), at(s1, near, tall), at(s1, near, 0), at(s0, near, 0)]),
            lit,
        )

    def _wires(self, canvas: Canvas, item: Item) -> None:
        t = np.linspace(0, 1, 9)
        a = self._point(item.s_m, item.d_m, 7.85)
        b = self._point(item.s_m + 46.0, item.d_m, 7.85)
        for off in (-0.24, 0.0, 0.24):
            line = (
                a + (b - a) * t[:, None] + np.array([0, 0, 1.0]) * (-1.2 * 4 * t * (1 - t))[:, None]
            )
            line = line + self._right(canvas) * off
            pixels, depth = canvas.view.project(line)
            good = depth > 2.0
            if good.sum() > 1 and depth.min() < 75:
                points = np.round(pixels[good] * 8).clip(-30000, 30000).astype(np.int32)
                cv2.polylines(canvas.image, [points], False, (92, 86, 80), 1, cv2.LINE_AA, 3)

    def _car(self, canvas: Canvas, car: Car, s: float, d: float, way: int, name: str) -> None:
        foot = self._point(s, d)
        heading = float(self.road.heading_rad(np.array([s]))[0]) + (0.0 if way > 0 else np.pi)
        forward = np.array([np.sin(heading), np.cos(heading), 0])
        right = np.array([np.cos(heading), -np.sin(heading), 0])
        corners = np.array(
            [
                foot + forward * a * (car.length_m / 2 - 0.1) + right * b * car.width_m / 2
                for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))
            ]
        )
        darken(canvas, corners * np.array([1, 1, 1]), 0.62)
        shift = -self.sun / self.sun[2] * 1.15
        shift[2] = 0
        darken(canvas, np.concatenate([corners, corners + shift]), 0.42)
        draw_car(canvas, car, foot, heading, self.sun, name)

    def _sprite(self, actor: Actor, phase: int) -> tuple[Sprite, Texture]:
        key = (actor.name, phase)
        if key not in self.sprites:
            turn = 2 * np.pi * phase / PHASES
            if actor.kind == "walker":
                made = walker(self.seed, actor.name, actor.angle_rad, turn, actor.style, actor.skin)
            elif actor.kind == "cyclist":
                made = cyclist(self.seed, actor.name, actor.angle_rad, turn, actor.skin)
            else:
                made = rider(self.seed, actor.name, actor.angle_rad)
            if made.plate is not None:
                _paste_plate(made, plate(self.seed, actor.name, 0.2, square=True))
            self.sprites[key] = (made, Texture(made.image))
        return self.sprites[key]

    def _actor(self, canvas: Canvas, actor: Actor, frame: int) -> None:
        s, d = float(actor.s[frame]), float(actor.d[frame])
        if actor.kind == "car":
            self._car(canvas, self.cars[actor.name], s, d, actor.heading_sign, actor.name)
            return
        phase = int(np.floor(actor.phase[frame] / (2 * np.pi) * PHASES)) % PHASES
        if actor.kind == "rider":
            phase = 0
        sprite, texture = self._sprite(actor, phase)
        foot = self._point(s, d, 0.15 if abs(d) > 3.3 and actor.kind == "walker" else 0.0)
        blot(canvas, foot, 0.34, 0.5)
        shift = -self.sun / self.sun[2] * 1.5
        shift[2] = 0.02
        side = np.array([0.16, 0.0, 0.0])
        darken(
            canvas,
            np.array([foot - side, foot + side, foot + side + shift, foot - side + shift]),
            0.4,
        )
        corners = billboard_corners(foot, self._right(canvas), sprite.width_m, sprite.height_m)
        move = quad(canvas, texture, corners)
        if move is None:
            return
        self._mark(canvas, actor, sprite, texture, move)

    def _mark(
        self, canvas: Canvas, actor: Actor, sprite: Sprite, texture: Texture, move: Array
    ) -> None:
        ys, xs = np.nonzero(sprite.image[..., 3] > 100)
        kind = "person" if actor.kind == "walker" else "rider"
        outline = cv2.convexHull(np.stack([xs[::7], ys[::7]], -1).astype(np.float32)).reshape(-1, 2)
        canvas.mark(actor.name, kind, through(move, outline.astype(np.float64) + 2))
        rows, cols = sprite.image.shape[:2]
        for label, part in (("face", sprite.face), ("plate", sprite.plate)):
            if part is not None:
                corners = np.array(
                    [
                        [part[0] * cols, part[1] * rows],
                        [part[2] * cols, part[1] * rows],
                        [part[2] * cols, part[3] * rows],
                        [part[0] * cols, part[3] * rows],
                    ]
                )
                canvas.mark(f"{actor.name}-{label}", label, through(move, corners + 2))


def _paste_plate(sprite: Sprite, picture: Image) -> None:
    """Put a plate on a drawn two-wheeler."""
    assert sprite.plate is not None
    rows, cols = sprite.image.shape[:2]
    x0, y0 = int(sprite.plate[0] * cols), int(sprite.plate[1] * rows)
    x1, y1 = int(sprite.plate[2] * cols), int(sprite.plate[3] * rows)
    sprite.image[y0:y1, x0:x1] = cv2.resize(
        picture, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA
    )
