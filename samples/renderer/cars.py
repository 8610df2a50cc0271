"""Cars as shaded meshes: a lofted body, glass that mirrors the sky, wheels, lamps and plates."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, NEAR_M, WIDTH_PX
from .plates import HEIGHT_M, WIDTH_M
from .sprite import Canvas, Texture, quad

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

COLOURS: tuple[Colour, ...] = (
    (214, 214, 214), (60, 58, 56), (150, 148, 146), (110, 58, 30), (36, 32, 150), (168, 160, 150),
    (90, 84, 70), (226, 228, 228),
)  # fmt: skip
# share of the length from the rear: height of belt, height of top (metres)
SHAPES: dict[str, tuple[float, float, tuple[tuple[float, float, float], ...]]] = {
    "hatch": (4.02, 1.74, (
        (0.0, 0.92, 0.94), (0.02, 0.95, 1.02), (0.10, 0.96, 1.40), (0.16, 0.96, 1.45),
        (0.40, 0.94, 1.48), (0.58, 0.92, 1.44), (0.765, 0.90, 0.93), (0.90, 0.82, 0.83),
        (0.97, 0.74, 0.745), (1.0, 0.66, 0.665))),
    "suv": (4.40, 1.84, (
        (0.0, 1.0, 1.02), (0.015, 1.04, 1.12), (0.08, 1.06, 1.56), (0.14, 1.06, 1.62),
        (0.45, 1.04, 1.64), (0.60, 1.02, 1.58), (0.755, 1.01, 1.05), (0.90, 0.95, 0.96),
        (0.97, 0.88, 0.885), (1.0, 0.78, 0.785))),
    "sedan": (4.55, 1.80, (
        (0.0, 0.94, 0.95), (0.03, 0.98, 1.0), (0.14, 0.98, 1.02), (0.26, 0.96, 1.36),
        (0.36, 0.95, 1.43), (0.52, 0.93, 1.44), (0.60, 0.92, 1.40), (0.755, 0.90, 0.93),
        (0.92, 0.80, 0.81), (1.0, 0.66, 0.665))),
    "van": (4.95, 1.92, (
        (0.0, 1.10, 1.84), (0.01, 1.12, 1.90), (0.05, 1.12, 1.94), (0.50, 1.10, 1.95),
        (0.72, 1.08, 1.88), (0.87, 1.04, 1.12), (0.95, 0.94, 0.96), (1.0, 0.76, 0.77))),
}  # fmt: skip
STATIONS = 34
RING = 7
SUN_TONE, SKY_TONE = 0.62, 0.40


@dataclass
class Car:
    """A vehicle's shape in its own axes: x forward, y right, z up, from the ground's middle."""

    kind: str
    colour: Colour
    plate: Texture
    front_plate: bool = True
    vertices: Array = field(init=False)
    faces: list[tuple[tuple[int, ...], str]] = field(init=False)

    def __post_init__(self) -> None:
        self.length_m, self.width_m, profile = SHAPES[self.kind]
        self._loft(np.array(profile))
        self.low = 0.26 if self.kind != "suv" else 0.32
        self.wheel_r = 0.31 if self.kind not in {"suv", "van"} else 0.345

    def _loft(self, profile: Array) -> None:
        t = np.unique(np.concatenate([np.linspace(0, 1, STATIONS), profile[:, 0]]))
        belt = np.interp(t, profile[:, 0], profile[:, 1])
        top = np.interp(t, profile[:, 0], profile[:, 2])
        x = (t - 0.5) * self.length_m
        half = self.width_m / 2 * (1 - 0.07 * np.exp(-t / 0.03) - 0.12 * np.exp(-(1 - t) / 0.05))
        low = 0.24 + 0.10 * np.exp(-t / 0.03) + 0.02 * np.exp(-(1 - t) / 0.03)
        rise = top - belt
        roof = half * 0.96 - 0.34 * rise
        ring = np.stack([
            np.stack([x, half * 0.90, low], -1),
            np.stack([x, half * 0.99, low + 0.16], -1),
            np.stack([x, half, low + 0.62 * (belt - low)], -1),
            np.stack([x, half * 0.965, belt], -1),
            np.stack([x, roof, top - 0.045 * np.clip(rise / 0.3, 0.15, 1)], -1),
            np.stack([x, roof * 0.84, top], -1),
            np.stack([x, roof * 0.0, top + 0.018], -1),
        ], axis=1)  # fmt: skip
        count = len(t)
        mirror = ring.copy()
        mirror[..., 1] *= -1
        self.vertices = np.concatenate([ring.reshape(-1, 3), mirror.reshape(-1, 3)])
        self.faces = []
        slope = np.gradient(top, x)
        for i in range(count - 1):
            mid = (t[i] + t[i + 1]) / 2
            cabin = min(rise[i], rise[i + 1]) > 0.12
            for k in range(RING - 1):
                kind = "paint"
                if k == 0:
                    kind = "sill"
                if cabin and k == 3:
                    kind = "glass"
                    pillars = (0.30, 0.50) if self.kind != "van" else (0.60,)
                    if any(abs(mid - p) < 0.014 for p in pillars):
                        kind = "trim"
                    if self.kind == "van" and mid < 0.60:
                        kind = "paint"
                steep = abs(slope[i] + slope[i + 1]) / 2 > 0.55 and max(rise[i], rise[i + 1]) > 0.10
                if steep and k >= 4:
                    kind = "glass"
                if self.kind == "van" and mid < 0.06:
                    kind = "paint" if k > 0 else "sill"
                a, b = i * RING + k, (i + 1) * RING + k
                off = count * RING
                self.faces.append(((a, b, b + 1, a + 1), kind))
                self.faces.append(((a + off + 1, b + off + 1, b + off, a + off), kind))
        last = (count - 1) * RING
        off = count * RING
        for start in (0, last):
            loop = [start + k for k in range(RING)]
            other = [start + off + k for k in range(RING - 1)][::-1]
            self.faces.append((tuple(loop + other) if start == 0 else tuple((loop + other)[::-1]), "cap"))


def _decals(car: Car) -> list[tuple[str, Array, Colour, float]]:
    """Return flat details: side, corners in car axes, colour, shine."""
    h, w = car.length_m / 2, car.width_m / 2
    top = float(SHAPES[car.kind][2][-1][1])
    rear = float(SHAPES[car.kind][2][0][1])
    out: list[tuple[str, Array, Colour, float]] = []

    def front(y0: float, y1: float, z0: float, z1: float, colour: Colour, shine: float) -> None:
        out.append(("front", np.array([[h + 0.01, y0, z1], [h + 0.01, y1, z1], [h + 0.01, y1, z0],
                                       [h + 0.01, y0, z0]]), colour, shine))  # fmt: skip

    def behind(y0: float, y1: float, z0: float, z1: float, colour: Colour, shine: float) -> None:
        out.append(("rear", np.array([[-h - 0.01, y0, z1], [-h - 0.01, y1, z1], [-h - 0.01, y1, z0],
                                      [-h - 0.01, y0, z0]]), colour, shine))  # fmt: skip

    e = 0.84 * w
    front(-e, e, 0.27, 0.36, (40, 40, 40), 0.0)
    front(-0.62 * w, 0.62 * w, top - 0.20, top - 0.06, (30, 30, 30), 0.1)
    front(-0.60 * w, 0.60 * w, top - 0.135, top - 0.12, (150, 150, 150), 0.5)
    for s in (-1, 1):
        front(min(s * 0.60 * w, s * e), max(s * 0.60 * w, s * e), top - 0.16, top - 0.02,
              (206, 204, 200), 0.6)  # fmt: skip
        front(min(s * 0.66 * w, s * 0.78 * w), max(s * 0.66 * w, s * 0.78 * w), top - 0.12, top - 0.05,
              (250, 250, 248), 0.6)  # fmt: skip
        low = rear - (0.27 if car.kind != "van" else 0.34)
        behind(min(s * 0.64 * w, s * 0.92 * w), max(s * 0.64 * w, s * 0.92 * w), low, rear - 0.03,
               (34, 28, 158), 0.35)  # fmt: skip
        behind(min(s * 0.66 * w, s * 0.88 * w), max(s * 0.66 * w, s * 0.88 * w), low + 0.03, low + 0.08,
               (120, 150, 230), 0.4)  # fmt: skip
    behind(-0.9 * w, 0.9 * w, 0.32, 0.44, (44, 44, 44), 0.0)
    behind(-0.9 * w, 0.9 * w, 0.575, 0.585, (50, 50, 50), 0.0)
    behind(-0.42 * w, 0.42 * w, 0.60, 0.78, tuple(0.8 * c for c in car.colour), 0.1)  # type: ignore[arg-type]
    if car.kind == "van":
        behind(-0.80 * w, -0.04 * w, 1.22, 1.72, (44, 40, 36), 0.4)
        behind(0.04 * w, 0.80 * w, 1.22, 1.72, (44, 40, 36), 0.4)
        behind(-0.012, 0.012, 0.5, 1.85, (40, 40, 40), 0.0)
    return out


def _environment(up: Array) -> Array:
    """Return what a mirror shows in a direction of that height: ground, horizon or sky."""
    sky = np.array([214.0, 190, 168])
    zenith = np.array([190.0, 140, 96])
    ground = np.array([88.0, 92, 92])
    high = np.clip(up, 0, 1)[:, None] ** 0.6
    low = np.clip(0.5 + up * 6, 0, 1)[:, None]
    return np.asarray((sky * (1 - high) + zenith * high) * low + ground * (1 - low))


def _shade(colours: Array, normals: Array, to_eye: Array, sun: Array, mirror: Array) -> Array:
    lambert = np.clip(normals @ sun, 0, 1)[:, None]
    open_sky = (0.55 + 0.45 * normals[:, 2:3])
    facing = np.abs(np.einsum("ij,ij->i", normals, to_eye))
    fresnel = (mirror + (1 - mirror) * 0.7 * (1 - facing) ** 4)[:, None]
    reflect = 2 * facing[:, None] * normals - to_eye
    base = colours * (SKY_TONE * open_sky + SUN_TONE * lambert)
    glint = 140 * np.clip(reflect @ sun, 0, 1)[:, None] ** 60 * (mirror[:, None] > 0)
    return np.asarray(base * (1 - fresnel) + _environment(reflect[:, 2]) * fresnel + glint)


def draw_car(
    canvas: Canvas, car: Car, place: Array, heading_rad: float, sun: Array, name: str,
    tone: float = 1.0,
) -> None:  # fmt: skip
    """Draw a car that stands on ``place`` and looks along ``heading_rad``."""
    forward = np.array([np.sin(heading_rad), np.cos(heading_rad), 0.0])
    right = np.array([np.cos(heading_rad), -np.sin(heading_rad), 0.0])
    axes = np.stack([forward, right, np.array([0.0, 0, 1.0])])
    points = car.vertices @ axes + place
    pixels, depth = canvas.view.project(points)
    if depth.min() < NEAR_M * 2 or depth.min() > 260:
        return
    x0, y0 = np.floor(pixels.min(axis=0)).astype(int) - 3
    x1, y1 = np.ceil(pixels.max(axis=0)).astype(int) + 4
    _, wheel_depth = canvas.view.project(place[None, :])
    foot, _ = canvas.view.project(place[None, :] + np.array([[0, 0, -0.02]]))
    y1 = max(y1, int(foot[0, 1]) + 14)
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, WIDTH_PX), min(y1, HEIGHT_PX)
    if x1 <= x0 + 1 or y1 <= y0 + 1:
        return
    fine = 3 if x1 - x0 < 120 else 2
    eye = canvas.view.pose.position(np.array(0.0))
    layer = np.zeros(((y1 - y0) * fine, (x1 - x0) * fine, 4), np.uint8)
    shift = 3
    local = np.round((pixels - (x0, y0)) * fine * 2**shift).astype(np.int32)
    _paint_body(car, layer, points, local, depth, axes, eye, sun, shift, tone)
    _paint_details(canvas, car, layer, place, axes, eye, (x0, y0), fine, tone)
    small = cv2.resize(layer, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    before = len(canvas.seen)
    hull = cv2.convexHull(pixels.astype(np.float32)).reshape(-1, 2).astype(np.float64)
    canvas.blend(x0, y0, small, float(depth.mean()))
    if name:
        canvas.mark(f"{name}", "vehicle", hull)
        thing = canvas.seen[-1] if len(canvas.seen) > before else None
        if thing is not None:
            thing.mask &= small[thing.y0 - y0 : thing.y0 - y0 + thing.mask.shape[0],
                                thing.x0 - x0 : thing.x0 - x0 + thing.mask.shape[1], 3] > 128 \
                if thing.mask.shape == small[thing.y0 - y0 : thing.y0 - y0 + thing.mask.shape[0],
                                             thing.x0 - x0 : thing.x0 - x0 + thing.mask.shape[1], 3
                                             ].shape else True  # fmt: skip
            thing.whole = max(float(thing.mask.sum()), 1.0)
    _draw_plates(canvas, car, place, axes, eye, name, tone)


def _paint_body(
    car: Car, layer: NDArray[np.uint8], points: Array, local: NDArray[np.int32], depth: Array,
    axes: Array, eye: Array, sun: Array, shift: int, tone: float,
) -> None:  # fmt: skip
    first = np.array([face[0][0] for face in car.faces])
    second = np.array([face[0][1] for face in car.faces])
    third = np.array([face[0][2] for face in car.faces])
    fourth = np.array([face[0][3] for face in car.faces])
    normal = np.cross(points[third] - points[first], points[fourth] - points[second])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    middle = (points[first] + points[second] + points[third] + points[fourth]) / 4
    body = (middle - points.mean(axis=0)) * np.array([1, 1, 1.6])
    normal *= np.sign(np.einsum("ij,ij->i", normal, body))[:, None]
    to_eye = eye - middle
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    seen = np.einsum("ij,ij->i", normal, to_eye) > 0
    table = {"paint": (car.colour, 0.07), "cap": (car.colour, 0.05), "glass": ((40, 36, 32), 0.20),
             "trim": ((34, 33, 32), 0.05), "sill": ((42, 42, 42), 0.0)}  # fmt: skip
    colours = np.array([table[face[1]][0] for face in car.faces], float)
    mirror = np.array([table[face[1]][1] for face in car.faces])
    shaded = np.clip(_shade(colours, normal, to_eye, sun, mirror) * tone, 0, 255)
    far = (depth[first] + depth[third]) / 2
    for index in np.argsort(-far):
        if seen[index]:
            tint = tuple(float(v) for v in shaded[index])
            polygon = local[list(car.faces[index][0])]
            cv2.fillConvexPoly(layer, polygon, (*tint, 255.0), cv2.LINE_8, shift) if len(
                polygon
            ) == 4 else cv2.fillPoly(layer, [polygon], (*tint, 255.0), cv2.LINE_8, shift)
    _ = axes


def _paint_details(
    canvas: Canvas, car: Car, layer: NDArray[np.uint8], place: Array, axes: Array, eye: Array,
    corner: tuple[int, int], fine: int, tone: float,
) -> None:  # fmt: skip
    local_eye = (eye - place) @ axes.T
    shift = 3

    def flat(points: Array) -> NDArray[np.int32]:
        pixels, _ = canvas.view.project(points @ axes + place)
        return np.round((pixels - corner) * fine * 2**shift).astype(np.int32)

    for side, corners, colour, shine in _decals(car):
        if (side == "front") != (local_eye[0] > 0) or abs(local_eye[0]) < car.length_m / 2:
            continue
        light = (0.72 + 0.25 * shine) * tone
        tint = tuple(float(min(255, light * v)) for v in colour)
        cv2.fillPoly(layer, [flat(corners)], (*tint, 255.0), cv2.LINE_8, shift)
    turn = np.linspace(0, 2 * np.pi, 22)
    for x in (-0.305 * car.length_m, 0.315 * car.length_m):
        for side in (-1, 1):
            y = side * (car.width_m / 2 * 0.985)
            outward = side * local_eye[1] > car.width_m / 2
            rim = np.stack([x + np.cos(turn), np.full_like(turn, y), np.sin(turn)], -1)

            def ring(radius: float, inset: float = 0.0, rim: Array = rim, x: float = x,
                     y: float = y) -> Array:  # fmt: skip
                out = (rim - (x, y, 0)) * (radius, 0, radius) + (x, y - np.sign(y) * inset, car.wheel_r)
                return np.asarray(out)

            if outward:
                cv2.fillPoly(layer, [flat(ring(car.wheel_r * 1.16))], (22, 22, 22, 255), cv2.LINE_8, shift)
                cv2.fillPoly(layer, [flat(ring(car.wheel_r))], (36, 36, 36, 255), cv2.LINE_8, shift)
                cv2.fillPoly(layer, [flat(ring(car.wheel_r * 0.66))], (128, 128, 126, 255), cv2.LINE_8, shift)
                for spoke in range(5):
                    angle = 2 * np.pi * spoke / 5 + 0.4
                    hub = np.array([[x + 0.42 * car.wheel_r * np.cos(angle + d), y,
                                     car.wheel_r + 0.42 * car.wheel_r * np.sin(angle + d)]
                                    for d in (-0.25, 0.25, 0.1, -0.1)])  # fmt: skip
                    cv2.fillPoly(layer, [flat(hub)], (46, 46, 46, 255), cv2.LINE_8, shift)
            else:
                tread = np.array([[x, y - side * 0.2, 0.0], [x, y, 0.0], [x, y, 0.3],
                                  [x, y - side * 0.2, 0.3]])  # fmt: skip
                end = car.length_m / 2 * (1 if local_eye[0] > 0 else -1)
                if abs(local_eye[0]) > car.length_m / 2 and x * end > 0:
                    cv2.fillPoly(layer, [flat(tread)], (28, 28, 28, 255), cv2.LINE_8, shift)
    for side in (-1, 1):
        x, y = 0.19 * car.length_m, side * (car.width_m / 2 + 0.08)
        z = 0.98 if car.kind != "van" else 1.2
        wide = np.array([[x, y - 0.1, z + 0.14], [x, y + 0.1, z + 0.14], [x, y + 0.1, z], [x, y - 0.1, z]])
        tint = tuple(float(0.62 * tone * v) for v in car.colour)
        cv2.fillPoly(layer, [flat(wide)], (*tint, 255.0), cv2.LINE_8, shift)
        if side * local_eye[1] > car.width_m / 2:
            wall = side * car.width_m / 2 * 1.0
            for at in (-0.17, 0.03, 0.21):
                door = np.array([[at * car.length_m, wall, 0.92], [at * car.length_m, wall, 0.42]])
                line = flat(door)
                cv2.line(layer, tuple(int(v) for v in line[0]), tuple(int(v) for v in line[1]),
                         (40, 40, 40, 255), 1, cv2.LINE_8, shift)  # fmt: skip


def _draw_plates(
    canvas: Canvas, car: Car, place: Array, axes: Array, eye: Array, name: str, tone: float
) -> None:
    local_eye = (eye - place) @ axes.T
    side = 1.0 if local_eye[0] > 0 else -1.0
    if abs(local_eye[0]) < car.length_m / 2 + 0.3 or (side > 0 and not car.front_plate):
        return
    x = side * (car.length_m / 2 + 0.02)
    z = 0.46 if side > 0 else 0.69 if car.kind != "van" else 0.62
    half_w, half_h = WIDTH_M / 2 * side, HEIGHT_M / 2
    # seen from outside, the left of the plate lies to the viewer's left
    local = np.array([[x, half_w, z + half_h], [x, -half_w, z + half_h], [x, -half_w, z - half_h],
                      [x, half_w, z - half_h]])  # fmt: skip
    if side < 0:
        local = local  # the same rule: half_w has changed its sign
    corners = local @ axes + place
    keep = len(canvas.seen)
    if quad(canvas, car.plate, corners, tone * 0.95) is not None and name:
        pixels, _ = canvas.view.project(corners)
        canvas.mark(f"{name}-plate", "plate", pixels)
    _ = keep
