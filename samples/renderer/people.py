"""Walkers, cyclists and riders with drawn faces; eight skin tones; invented clothes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .noise import generator
from .solids import Colour, Figure, Image, render, turned

SKINS: tuple[Colour, ...] = (
    (186, 206, 236),
    (160, 186, 224),
    (140, 168, 208),
    (118, 148, 194),
    (98, 126, 174),
    (72, 100, 148),
    (54, 76, 116),
    (42, 56, 88),
)
HAIRS: tuple[Colour, ...] = (
    (24, 26, 30),
    (34, 46, 66),
    (60, 88, 120),
    (110, 160, 196),
    (150, 152, 156),
    (30, 50, 110),
)
CLOTHES: tuple[Colour, ...] = (
    (120, 62, 38),
    (48, 44, 150),
    (70, 110, 62),
    (190, 184, 178),
    (52, 48, 46),
    (40, 130, 190),
    (150, 120, 60),
    (104, 70, 128),
    (88, 96, 100),
    (196, 160, 120),
)
TROUSERS: tuple[Colour, ...] = (
    (96, 66, 44),
    (46, 42, 40),
    (76, 88, 98),
    (120, 138, 150),
    (66, 46, 34),
)


@dataclass
class Sprite:
    """A drawn figure: picture, size, and where its face lies (fractions of the picture)."""

    image: Image
    width_m: float
    height_m: float
    face: tuple[float, float, float, float] | None
    plate: tuple[float, float, float, float] | None = None


def _head(
    figure: Figure, at: tuple[float, float, float], skin: Colour, hair: Colour, style: str
) -> None:
    """Add a head that looks along +z."""
    x, y, z = at
    dark = tuple(0.82 * c for c in skin)
    figure.rod((x, y - 0.16, z - 0.01), (x, y - 0.05, z), 0.056, 0.055, dark, 0.02)  # type: ignore[arg-type]
    figure.rod((x, y - 0.045, z + 0.005), (x, y + 0.04, z), 0.076, 0.088, skin, 0.02, 0.08)
    figure.rod((x, y - 0.085, z + 0.03), (x, y - 0.06, z + 0.025), 0.05, 0.058, skin, 0.02, 0.05)
    for side in (-1, 1):
        figure.rod(
            (x + side * 0.084, y - 0.02, z - 0.01),
            (x + side * 0.088, y + 0.01, z - 0.01),
            0.018,
            0.022,
            skin,
            0.02,
        )
    if style == "helmet":
        tone = hair
        figure.rod((x, y + 0.0, z - 0.02), (x, y + 0.045, z - 0.01), 0.125, 0.13, tone, 0.0, 0.5)
        figure.rod(
            (x - 0.05, y + 0.005, z + 0.085),
            (x + 0.05, y + 0.005, z + 0.085),
            0.052,
            0.052,
            (54, 46, 40),
            0.0,
            0.9,
        )
        return
    figure.rod((x, y + 0.045, z - 0.022), (x, y + 0.058, z - 0.012), 0.095, 0.092, hair, 0.3, 0.1)
    figure.rod(
        (x - 0.05, y + 0.072, z + 0.045), (x + 0.05, y + 0.072, z + 0.045), 0.034, 0.034, hair, 0.3
    )
    if style == "long":
        figure.rod((x, y + 0.02, z - 0.05), (x, y - 0.20, z - 0.07), 0.09, 0.07, hair, 0.3, 0.1)
    if style == "hat":
        figure.rod((x, y + 0.06, z), (x, y + 0.085, z), 0.105, 0.095, (58, 92, 120), 0.1)
        figure.rod(
            (x, y + 0.055, z + 0.06), (x, y + 0.052, z + 0.12), 0.07, 0.05, (52, 84, 110), 0.1
        )
    if style == "bike":
        figure.rod(
            (x, y + 0.05, z - 0.03),
            (x, y + 0.065, z + 0.03),
            0.108,
            0.10,
            (210, 214, 216),
            0.0,
            0.4,
        )
    figure.rod((x, y + 0.005, z + 0.085), (x, y - 0.028, z + 0.096), 0.011, 0.017, skin, 0.0, 0.2)
    for side in (-1, 1):
        ex = x + side * 0.033
        figure.dot((ex, y + 0.012, z + 0.085), 0.013, 0.006, (212, 216, 220))
        figure.dot((ex, y + 0.012, z + 0.09), 0.006, 0.006, (32, 36, 46))
        figure.dot((ex, y + 0.034, z + 0.085), 0.020, 0.004, tuple(0.7 * c for c in hair))  # type: ignore[arg-type]
        figure.dot(
            (ex + side * 0.012, y - 0.03, z + 0.07),
            0.018,
            0.012,
            (0.88 * skin[0], 0.90 * skin[1], skin[2]),
        )
    if style == "mask":
        figure.rod(
            (x, y - 0.045, z + 0.055), (x, y - 0.02, z + 0.065), 0.055, 0.05, (214, 196, 170), 0.02
        )
    else:
        figure.dot(
            (x, y - 0.052, z + 0.085),
            0.027,
            0.006,
            (0.55 * skin[0], 0.55 * skin[1], 0.85 * skin[2]),
        )
        figure.dot((x, y - 0.037, z + 0.09), 0.012, 0.004, tuple(0.72 * c for c in skin))  # type: ignore[arg-type]


def _walker(
    rng: np.random.Generator, phase: float, style: str, skin: Colour
) -> tuple[Figure, float]:
    """Return a walking figure that faces the viewer, and the height of its face."""
    figure = Figure()
    tall = float(rng.uniform(1.60, 1.84))
    k = tall / 1.75
    shirt = CLOTHES[int(rng.integers(len(CLOTHES)))]
    below = TROUSERS[int(rng.integers(len(TROUSERS)))]
    hair = HAIRS[int(rng.integers(len(HAIRS)))]
    short = rng.random() < 0.3
    skirt = rng.random() < 0.25 and style == "long"
    swing = np.sin(phase)
    hip_y, shoulder_y = 0.92 * k, 1.42 * k
    for side in (-1, 1):
        step = 0.30 * side * swing
        bend = max(0.0, -side * np.cos(phase)) * 0.16
        hip = (0.09 * side, hip_y, 0.0)
        knee = (0.095 * side, 0.49 * k, 0.55 * step + 0.05 + bend)
        foot = (0.10 * side, 0.09 * k + 0.25 * bend, step - bend * 0.6)
        figure.rod(hip, knee, 0.092, 0.064, below, 0.16)
        figure.rod(knee, foot, 0.062, 0.042, skin if (short or skirt) else below, 0.14)
        figure.rod(
            (foot[0], foot[1] - 0.05, foot[2] - 0.02),
            (foot[0], foot[1] - 0.055, foot[2] + 0.13),
            0.04,
            0.034,
            (48, 46, 44),
            0.05,
            0.15,
        )
        arm = -0.26 * side * swing
        shoulder = (0.17 * side, shoulder_y - 0.05, 0.0)
        elbow = (0.222 * side, 1.15 * k, 0.4 * arm - 0.02)
        hand = (0.205 * side, 0.92 * k, arm + 0.07)
        figure.rod(shoulder, elbow, 0.06, 0.046, shirt, 0.16)
        figure.rod(elbow, hand, 0.044, 0.034, skin if short else shirt, 0.12)
        figure.rod(hand, (hand[0], hand[1] - 0.08, hand[2] + 0.01), 0.034, 0.028, skin, 0.03)
    figure.rod((-0.05, hip_y, 0), (0.05, hip_y, 0), 0.118, 0.118, below, 0.12)
    if skirt:
        figure.rod((0, hip_y, 0), (0, 0.58 * k, 0.0), 0.14, 0.20, below, 0.2)
    for x in (-0.075, 0.0, 0.075):
        figure.rod((0.7 * x, hip_y + 0.05, 0), (x, 1.30 * k, 0), 0.100, 0.106, shirt, 0.12)
    figure.rod(
        (-0.105, shoulder_y - 0.05, -0.01),
        (0.105, shoulder_y - 0.05, -0.01),
        0.074,
        0.074,
        shirt,
        0.10,
    )
    if rng.random() < 0.3:
        figure.rod((0, 1.05 * k, -0.15), (0, 1.32 * k, -0.14), 0.13, 0.12, (52, 60, 110), 0.1)
    head_y = tall - 0.115
    _head(figure, (0, head_y, 0.02), skin, hair, style)
    return figure, head_y


def walker(seed: int, name: str, angle_rad: float, phase: float, style: str, skin: int) -> Sprite:
    """Return a walker seen from an angle (0 = face to face, pi = from behind)."""
    figure, head_y = _walker(generator(seed, "walker", name), phase, style, SKINS[skin])
    width, height = 1.2, 2.0
    image = render(turned(figure, angle_rad), width, height, generator(seed, "cloth", name))
    face = None
    if abs((angle_rad + np.pi) % (2 * np.pi) - np.pi) < np.radians(105):
        x = 0.5 + 0.02 * np.sin(angle_rad) / width
        face = (
            x - 0.085 / width,
            1 - (head_y + 0.10) / height,
            x + 0.085 / width,
            1 - (head_y - 0.115) / height,
        )
    return Sprite(image, width, height, face)


def cyclist(seed: int, name: str, angle_rad: float, phase: float, skin: int) -> Sprite:
    """Return a bicycle with its rider; facing +z."""
    rng = generator(seed, "cyclist", name)
    figure = Figure()
    frame = (40.0, 44.0, 170.0) if rng.random() < 0.5 else (150.0, 90.0, 40.0)
    shirt = CLOTHES[int(rng.integers(len(CLOTHES)))]
    tone = SKINS[skin]
    black = (34.0, 33.0, 32.0)
    for z in (-0.5, 0.52):
        figure.wheel((0.0, 0.34, z), 0.325, 0.019, black)
    for a, b in (
        ((0, 0.34, -0.5), (0, 0.32, -0.08)),
        ((0, 0.32, -0.08), (0, 0.86, -0.22)),
        ((0, 0.32, -0.08), (0, 0.86, 0.36)),
        ((0, 0.80, -0.2), (0, 0.86, 0.36)),
        ((0, 0.34, -0.5), (0, 0.8, -0.2)),
        ((0, 0.34, 0.52), (0, 0.98, 0.34)),
    ):
        figure.rod(a, b, 0.022, 0.022, frame, 0.0, 0.4)
    figure.rod((-0.22, 1.0, 0.36), (0.22, 1.0, 0.36), 0.018, 0.018, black, 0.0)
    figure.rod((0, 0.9, -0.34), (0, 0.92, -0.12), 0.08, 0.04, black, 0.05)
    for side in (-1, 1):
        turn = phase + (np.pi if side > 0 else 0)
        foot = (0.11 * side, 0.30 + 0.16 * np.cos(turn), -0.06 + 0.16 * np.sin(turn))
        hip = (0.10 * side, 0.97, -0.22)
        knee = (0.12 * side, 0.72 + 0.10 * np.cos(turn), 0.16 + 0.04 * np.sin(turn))
        figure.rod(hip, knee, 0.09, 0.062, black, 0.12)
        figure.rod(knee, foot, 0.056, 0.04, tone, 0.05)
        figure.rod(foot, (foot[0], foot[1] - 0.03, foot[2] + 0.12), 0.04, 0.034, (60, 58, 56), 0.05)
        figure.rod((0.17 * side, 1.42, 0.10), (0.24 * side, 1.2, 0.2), 0.056, 0.044, shirt, 0.12)
        figure.rod((0.24 * side, 1.2, 0.2), (0.20 * side, 1.02, 0.36), 0.042, 0.034, tone, 0.04)
    figure.rod((0, 1.0, -0.22), (0, 1.36, 0.04), 0.14, 0.155, shirt, 0.18)
    figure.rod((-0.12, 1.41, 0.08), (0.12, 1.41, 0.08), 0.075, 0.075, shirt, 0.14)
    _head(figure, (0, 1.66, 0.17), tone, HAIRS[int(rng.integers(len(HAIRS)))], "bike")
    image = render(turned(figure, angle_rad), 1.9, 2.0, rng)
    face = None
    if np.cos(angle_rad) > -0.2:
        x = 0.5 + 0.17 * np.sin(angle_rad) / 1.9
        face = (x - 0.09 / 1.9, 1 - 1.76 / 2, x + 0.09 / 1.9, 1 - 1.54 / 2)
    return Sprite(image, 1.9, 2.0, face)


def rider(seed: int, name: str, angle_rad: float) -> Sprite:
    """Return a scooter with a helmeted rider; facing +z."""
    rng = generator(seed, "rider", name)
    figure = Figure()
    body = (140.0, 60.0, 36.0) if rng.random() < 0.5 else (50.0, 48.0, 46.0)
    coat = CLOTHES[int(rng.integers(len(CLOTHES)))]
    black = (32.0, 31.0, 30.0)
    for z in (-0.6, 0.68):
        figure.wheel((0.0, 0.27, z), 0.21, 0.058, black)
    figure.rod((0, 0.55, -0.72), (0, 0.60, -0.05), 0.17, 0.16, body, 0.0, 0.5)
    figure.rod((0, 0.34, 0.0), (0, 0.32, 0.4), 0.14, 0.12, body, 0.0, 0.3)
    figure.rod((0, 0.42, 0.52), (0, 0.98, 0.42), 0.17, 0.12, body, 0.0, 0.5)
    figure.rod((0, 0.34, 0.68), (0, 0.5, 0.58), 0.08, 0.09, body, 0.0, 0.4)
    figure.rod((-0.32, 1.06, 0.36), (0.32, 1.06, 0.36), 0.022, 0.022, black)
    for side in (-1, 1):
        figure.rod((0.32 * side, 1.08, 0.38), (0.40 * side, 1.24, 0.4), 0.01, 0.01, black)
        figure.rod(
            (0.37 * side, 1.26, 0.4), (0.45 * side, 1.26, 0.4), 0.045, 0.045, black, 0.0, 0.5
        )
        figure.rod(
            (0.10 * side, 0.78, -0.25), (0.2 * side, 0.66, 0.2), 0.1, 0.075, TROUSERS[1], 0.14
        )
        figure.rod((0.2 * side, 0.66, 0.2), (0.16 * side, 0.3, 0.16), 0.07, 0.05, TROUSERS[1], 0.14)
        figure.rod((0.2 * side, 1.34, -0.16), (0.31 * side, 1.12, 0.06), 0.068, 0.055, coat, 0.14)
        figure.rod((0.31 * side, 1.12, 0.06), (0.3 * side, 1.08, 0.34), 0.052, 0.042, coat, 0.12)
    figure.rod((0, 0.84, -0.28), (0, 1.28, -0.2), 0.16, 0.18, coat, 0.18)
    figure.rod((-0.14, 1.34, -0.18), (0.14, 1.34, -0.18), 0.09, 0.09, coat, 0.14)
    _head(figure, (0, 1.60, -0.12), SKINS[int(rng.integers(4))], (206.0, 208.0, 210.0), "helmet")
    if np.cos(angle_rad) < 0:
        figure.rod((-0.05, 0.70, -0.88), (0.05, 0.70, -0.88), 0.035, 0.035, (40, 36, 190), 0.0, 0.5)
    else:
        figure.rod((0, 0.86, 0.56), (0, 0.88, 0.57), 0.08, 0.08, (226, 230, 232), 0.0, 0.6)
    image = render(turned(figure, angle_rad), 1.9, 2.0, rng)
    plate = None
    if np.cos(angle_rad) < -0.5:
        plate = (0.5 - 0.105 / 1.9, 1 - 0.62 / 2, 0.5 + 0.105 / 1.9, 1 - 0.49 / 2)
    x = 0.5 - 0.12 * np.sin(angle_rad) / 1.9
    face = None
    if np.cos(angle_rad) > 0.3:
        face = (x - 0.1 / 1.9, 1 - 1.72 / 2, x + 0.1 / 1.9, 1 - 1.48 / 2)
    return Sprite(image, 1.9, 2.0, face, plate)
