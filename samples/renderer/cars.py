"""Cars as shaded meshes: a lofted body, glass that mirrors the sky, wheels, lamps and plates."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, NEAR_M, WIDTH_PX
from .carbody import Car, decals
from .plates import HEIGHT_M, WIDTH_M
from .sprite import Canvas, quad

Array = NDArray[np.float64]
Flat = Callable[[Array], NDArray[np.int32]]
"""From points in a car's own axes to the layer it is painted on, in fixed point."""

SHIFT = 3  # binary digits of that fixed point

SUN_TONE, SKY_TONE = 0.62, 0.40


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
    open_sky = 0.55 + 0.45 * normals[:, 2:3]
    facing = np.abs(np.einsum("ij,ij->i", normals, to_eye))
    fresnel = (mirror + (1 - mirror) * 0.7 * (1 - facing) ** 4)[:, None]
    reflect = 2 * facing[:, None] * normals - to_eye
    base = colours * (SKY_TONE * open_sky + SUN_TONE * lambert)
    glint = 140 * np.clip(reflect @ sun, 0, 1)[:, None] ** 60 * (mirror[:, None] > 0)
    return np.asarray(base * (1 - fresnel) + _environment(reflect[:, 2]) * fresnel + glint)


def draw_car(
    canvas: Canvas,
    car: Car,
    place: Array,
    heading_rad: float,
    sun: Array,
    name: str,
    tone: float = 1.0,
) -> None:
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
    foot, _ = canvas.view.project(place[None, :] + np.array([[0, 0, -0.02]]))
    y1 = max(y1, int(foot[0, 1]) + 14)
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, WIDTH_PX), min(y1, HEIGHT_PX)
    if x1 <= x0 + 1 or y1 <= y0 + 1:
        return
    fine = 3 if x1 - x0 < 120 else 2
    eye = canvas.view.pose.position(np.array(0.0))
    layer = np.zeros(((y1 - y0) * fine, (x1 - x0) * fine, 4), np.uint8)
    local_eye = (eye - place) @ axes.T

    def on_layer(at: Array) -> NDArray[np.int32]:
        return np.asarray(np.round((at - (x0, y0)) * fine * 2**SHIFT), dtype=np.int32)

    def flat(of_car: Array) -> NDArray[np.int32]:
        return on_layer(canvas.view.project(of_car @ axes + place)[0])

    _paint_behind(car, layer, flat, local_eye, tone)
    _paint_body(car, layer, points, on_layer(pixels), depth, eye, sun, tone)
    _paint_details(car, layer, flat, local_eye, tone)
    small = cv2.resize(layer, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    before = len(canvas.seen)
    hull = cv2.convexHull(pixels.astype(np.float32)).reshape(-1, 2).astype(np.float64)
    canvas.blend(x0, y0, np.asarray(small, dtype=np.uint8), float(depth.mean()))
    if name:
        canvas.mark(f"{name}", "vehicle", hull)
        thing = canvas.seen[-1] if len(canvas.seen) > before else None
        if thing is not None:
            thing.mask &= (
                small[
                    thing.y0 - y0 : thing.y0 - y0 + thing.mask.shape[0],
                    thing.x0 - x0 : thing.x0 - x0 + thing.mask.shape[1],
                    3,
                ]
                > 128
                if thing.mask.shape
                == small[
                    thing.y0 - y0 : thing.y0 - y0 + thing.mask.shape[0],
                    thing.x0 - x0 : thing.x0 - x0 + thing.mask.shape[1],
                    3,
                ].shape
                else True
            )
            thing.whole = max(float(thing.mask.sum()), 1.0)
    _draw_plates(canvas, car, place, axes, eye, name, tone)


def _paint_body(
    car: Car,
    layer: NDArray[np.uint8],
    points: Array,
    local: NDArray[np.int32],
    depth: Array,
    eye: Array,
    sun: Array,
    tone: float,
) -> None:
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
    table = {
        "paint": (car.colour, 0.07),
        "cap": (car.colour, 0.05),
        "glass": ((46, 42, 38), 0.26),
        "trim": ((34, 33, 32), 0.05),
        "sill": ((42, 42, 42), 0.0),
    }
    colours = np.array([table[face[1]][0] for face in car.faces], float)
    mirror = np.array([table[face[1]][1] for face in car.faces])
    shaded = np.clip(_shade(colours, normal, to_eye, sun, mirror) * tone, 0, 255)
    far = (depth[first] + depth[third]) / 2
    for index in np.argsort(-far):
        if seen[index]:
            tint = tuple(float(v) for v in shaded[index])
            polygon = local[list(car.faces[index][0])]
            if len(polygon) == 4:
                cv2.fillConvexPoly(layer, polygon, (*tint, 255.0), cv2.LINE_8, SHIFT)
            else:
                cv2.fillPoly(layer, [polygon], (*tint, 255.0), cv2.LINE_8, SHIFT)


def _paint_details(
    car: Car,
    layer: NDArray[np.uint8],
    flat: Flat,
    local_eye: Array,
    tone: float,
) -> None:
    for end, corners, colour, shine in decals(car):
        if (end == "front") != (local_eye[0] > 0) or abs(local_eye[0]) < car.length_m / 2:
            continue
        light = (0.72 + 0.25 * shine) * tone
        tint = tuple(float(min(255, light * v)) for v in colour)
        cv2.fillPoly(layer, [flat(corners)], (*tint, 255.0), cv2.LINE_8, SHIFT)
    turn = np.linspace(0, 2 * np.pi, 22)
    for x in (-0.305 * car.length_m, 0.315 * car.length_m):
        for side in (-1, 1):
            y = side * (car.width_m / 2 * 0.985)
            outward = side * local_eye[1] > car.width_m / 2
            rim = np.stack([x + np.cos(turn), np.full_like(turn, y), np.sin(turn)], -1)

            def ring(
                radius: float, inset: float = 0.0, rim: Array = rim, x: float = x, y: float = y
            ) -> Array:
                out = (rim - (x, y, 0)) * (radius, 0, radius) + (
                    x,
                    y - np.sign(y) * inset,
                    car.wheel_r,
                )
                return np.asarray(out)

            if outward:
                cv2.fillPoly(
                    layer, [flat(ring(car.wheel_r * 1.16))], (22, 22, 22, 255), cv2.LINE_8, SHIFT
                )
                cv2.fillPoly(layer, [flat(ring(car.wheel_r))], (36, 36, 36, 255), cv2.LINE_8, SHIFT)
                cv2.fillPoly(
                    layer, [flat(ring(car.wheel_r * 0.66))], (128, 128, 126, 255), cv2.LINE_8, SHIFT
                )
                for spoke in range(5):
                    angle = 2 * np.pi * spoke / 5 + 0.4
                    hub = np.array(
                        [
                            [
                                x + 0.42 * car.wheel_r * np.cos(angle + d),
                                y,
                                car.wheel_r + 0.42 * car.wheel_r * np.sin(angle + d),
                            ]
                            for d in (-0.25, 0.25, 0.1, -0.1)
                        ]
                    )
                    cv2.fillPoly(layer, [flat(hub)], (46, 46, 46, 255), cv2.LINE_8, SHIFT)
    if local_eye[0] > 0:
        _paint_mirrors(car, layer, flat, tone)
    for side in (-1, 1):
        if side * local_eye[1] > car.width_m / 2:
            wall = side * car.width_m / 2 * 1.0
            for at in (-0.17, 0.03, 0.21):
                door = np.array([[at * car.length_m, wall, 0.92], [at * car.length_m, wall, 0.42]])
                line = flat(door)
                cv2.line(
                    layer,
                    tuple(int(v) for v in line[0]),
                    tuple(int(v) for v in line[1]),
                    (40, 40, 40, 255),
                    1,
                    cv2.LINE_8,
                    SHIFT,
                )


def _paint_mirrors(car: Car, layer: NDArray[np.uint8], flat: Flat, tone: float) -> None:
    tint = tuple(float(0.62 * tone * v) for v in car.colour)
    for side in (-1, 1):
        x, y = 0.19 * car.length_m, side * (car.width_m / 2 + 0.08)
        z = 0.98 if car.kind != "van" else 1.2
        wide = np.array(
            [
                [x, y - 0.075, z + 0.11],
                [x, y + 0.075, z + 0.11],
                [x, y + 0.075, z],
                [x, y - 0.075, z],
            ]
        )
        cv2.fillPoly(layer, [flat(wide)], (*tint, 255.0), cv2.LINE_8, SHIFT)


def _paint_behind(
    car: Car,
    layer: NDArray[np.uint8],
    flat: Flat,
    local_eye: Array,
    tone: float,
) -> None:
    """Paint what the body partly hides: tyres seen from the end, and mirrors seen from behind."""
    if local_eye[0] < 0:
        _paint_mirrors(car, layer, flat, tone)
    for x in (-0.305 * car.length_m, 0.315 * car.length_m):
        for side in (-1, 1):
            y = side * car.width_m / 2 * 0.985
            tread = np.array(
                [[x, y - side * 0.2, 0.0], [x, y, 0.0], [x, y, 0.4], [x, y - side * 0.2, 0.4]]
            )
            cv2.fillPoly(layer, [flat(tread)], (28, 28, 28, 255), cv2.LINE_8, SHIFT)


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
    local = np.array(
        [
            [x, half_w, z + half_h],
            [x, -half_w, z + half_h],
            [x, -half_w, z - half_h],
            [x, half_w, z - half_h],
        ]
    )
    cos, sin = np.cos(car.plate_tilt_rad), np.sin(car.plate_tilt_rad)
    level = local[:, 1:] - (0.0, z)
    local[:, 1:] = level @ np.array([[cos, sin], [-sin, cos]]) + (0.0, z)
    corners = local @ axes + place
    if quad(canvas, car.plate, corners, tone * 0.95) is not None and name:
        pixels, _ = canvas.view.project(corners)
        canvas.mark(f"{name}-plate", "plate", pixels)
