"""French road signs drawn from vectors at regulation size, then faded and dirtied."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .board import BLACK, BLUE, RED, WHITE, YELLOW, Board, Colour, Image
from .noise import fractal, generator, smooth
from .site import Site


def _triangle(back: Colour, down: bool = False) -> Board:
    board = Board(1.0, 0.9)
    k = -1.0 if down else 1.0
    outer = [(0.0, -0.86 * k), (0.98, 0.84 * k), (-0.98, 0.84 * k)]
    inner = [(0.0, -0.50 * k), (0.68, 0.66 * k), (-0.68, 0.66 * k)]
    board.round_poly(outer, 0.05, WHITE)
    board.round_poly([(x * 0.95, y * 0.95) for x, y in outer], 0.05, RED)
    board.round_poly(inner, 0.03, back)
    return board


def _walker(board: Board, x: float, y: float, size: float, colour: Colour = BLACK) -> None:
    """Draw a walking figure."""

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x + a * size, y + b * size) for a, b in points]

    board.disc(*at([(0.0, -0.86)])[0], 0.17 * size, colour)
    board.line(at([(0.0, -0.58), (-0.04, 0.05)]), 0.30 * size, colour)
    board.line(at([(-0.04, 0.05), (0.30, 0.48), (0.34, 0.95)]), 0.17 * size, colour)
    board.line(at([(-0.04, 0.05), (-0.26, 0.5), (-0.50, 0.92)]), 0.17 * size, colour)
    board.line(at([(0.02, -0.52), (0.32, -0.2), (0.50, -0.1)]), 0.12 * size, colour)
    board.line(at([(-0.02, -0.52), (-0.36, -0.12)]), 0.12 * size, colour)


def _ring(text: str) -> Board:
    board = Board(0.85, 0.85)
    board.disc(0, 0, 0.99, WHITE)
    board.disc(0, 0, 0.95, RED)
    board.disc(0, 0, 0.72, WHITE)
    if text:
        board.text(text, 0.66, BLACK, weight=700, fill=0.86)
    return board


def a13b() -> Board:
    """Danger: pedestrian crossing."""
    board = _triangle(WHITE)
    for x in (-0.42, -0.14, 0.14, 0.42):
        board.poly([(x - 0.07, 0.62), (x + 0.07, 0.62), (x + 0.05, 0.48), (x - 0.05, 0.48)], BLACK)
    _walker(board, 0.02, 0.16, 0.42)
    return board


def a1a() -> Board:
    """Danger: bend to the right."""
    board = _triangle(WHITE)
    board.line([(-0.14, 0.60), (-0.14, 0.22), (0.12, 0.02), (0.12, -0.10)], 0.13, BLACK)
    board.poly([(0.12, -0.30), (0.26, -0.06), (-0.02, -0.06)], BLACK)
    return board


def a1b() -> Board:
    """Danger: bend to the left."""
    board = a1a()
    board.image = np.ascontiguousarray(board.image[:, ::-1])
    return board


def a2a() -> Board:
    """Danger: uneven road."""
    board = _triangle(WHITE)
    curve = [
        (
            x,
            0.42
            - 0.26 * (np.exp(-(((x + 0.24) / 0.15) ** 2)) + np.exp(-(((x - 0.24) / 0.15) ** 2))),
        )
        for x in np.linspace(-0.56, 0.56, 40)
    ]
    board.poly([*curve, (0.56, 0.56), (-0.56, 0.56)], BLACK)
    return board


def a14() -> Board:
    """Danger: other hazards."""
    board = _triangle(WHITE)
    board.poly([(-0.09, -0.22), (0.09, -0.22), (0.05, 0.28), (-0.05, 0.28)], BLACK)
    board.disc(0, 0.44, 0.085, BLACK)
    return board


def a15b() -> Board:
    """Danger: wild animals."""
    board = _triangle(WHITE)
    board.poly(
        [
            (-0.36, 0.16),
            (-0.10, 0.04),
            (0.14, 0.06),
            (0.26, -0.12),
            (0.34, -0.06),
            (0.24, 0.16),
            (0.12, 0.24),
            (-0.16, 0.26),
            (-0.34, 0.30),
        ],
        BLACK,
    )
    for start, end in (
        ((-0.32, 0.22), (-0.46, 0.58)),
        ((-0.24, 0.24), (-0.24, 0.56)),
        ((0.10, 0.20), (0.34, 0.36)),
        ((0.14, 0.18), (0.22, 0.54)),
        ((0.28, -0.10), (0.20, -0.28)),
        ((0.30, -0.10), (0.36, -0.28)),
    ):
        board.line([start, end], 0.055, BLACK)
    return board


def ab1() -> Board:
    """Priority to the right at the next junction."""
    board = _triangle(WHITE)
    board.line([(-0.28, -0.02), (0.28, 0.54)], 0.15, BLACK)
    board.line([(0.28, -0.02), (-0.28, 0.54)], 0.15, BLACK)
    return board


def ab3a() -> Board:
    """Give way."""
    return _triangle(WHITE, down=True)


def ab4() -> Board:
    """Stop."""
    board = Board(0.8, 0.8)

    def octagon(r: float) -> list[tuple[float, float]]:
        return [(r * np.cos(a), r * np.sin(a)) for a in np.pi / 8 + np.arange(8) * np.pi / 4]

    board.poly(octagon(1.06), WHITE)
    board.poly(octagon(1.0), RED)
    board.text("STOP", 0.50, WHITE, weight=800, fill=0.8)
    return board


def ab2() -> Board:
    """Priority at the next junction."""
    board = _triangle(WHITE)
    board.poly(
        [
            (0, -0.26),
            (0.12, -0.04),
            (0.06, -0.04),
            (0.06, 0.58),
            (-0.06, 0.58),
            (-0.06, -0.04),
            (-0.12, -0.04),
        ],
        BLACK,
    )
    board.line([(-0.34, 0.30), (0.34, 0.30)], 0.08, BLACK)
    return board


def b21a1() -> Board:
    """Keep right."""
    board = Board(0.85, 0.85)
    board.disc(0, 0, 0.99, WHITE)
    board.disc(0, 0, 0.94, BLUE)
    board.line([(-0.42, -0.42), (0.22, 0.22)], 0.24, WHITE)
    board.poly([(0.58, 0.58), (0.50, -0.12), (-0.12, 0.50)], WHITE)
    return board


def b3() -> Board:
    """No overtaking."""
    board = _ring("")
    for x, colour in ((-0.27, RED), (0.27, BLACK)):
        board.poly(
            [
                (x - 0.22, 0.22),
                (x - 0.22, -0.02),
                (x - 0.14, -0.06),
                (x - 0.09, -0.24),
                (x + 0.09, -0.24),
                (x + 0.14, -0.06),
                (x + 0.22, -0.02),
                (x + 0.22, 0.22),
            ],
            colour,
        )
        board.disc(x - 0.13, 0.24, 0.06, colour)
        board.disc(x + 0.13, 0.24, 0.06, colour)
    return board


def ak5() -> Board:
    """Road works."""
    board = _triangle(YELLOW)
    board.disc(-0.06, -0.12, 0.09, BLACK)
    board.line([(-0.06, 0.0), (-0.16, 0.28)], 0.14, BLACK)
    board.line([(-0.16, 0.28), (-0.30, 0.60)], 0.10, BLACK)
    board.line([(-0.16, 0.28), (0.02, 0.60)], 0.10, BLACK)
    board.line([(-0.08, 0.04), (0.14, 0.18), (0.26, 0.44)], 0.07, BLACK)
    board.poly([(0.10, 0.62), (0.30, 0.34), (0.56, 0.62)], BLACK)
    return board


def c20a() -> Board:
    """Pedestrian crossing, on the spot."""
    board = Board(0.7, 0.7)
    board.round_poly([(-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92)], 0.06, WHITE)
    board.round_poly([(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)], 0.06, BLUE)
    board.poly([(0, -0.72), (0.78, 0.66), (-0.78, 0.66)], WHITE)
    for x in (-0.46, -0.16, 0.16, 0.46):
        board.poly([(x - 0.08, 0.62), (x + 0.08, 0.62), (x + 0.06, 0.46), (x - 0.06, 0.46)], BLACK)
    _walker(board, 0.0, 0.10, 0.40)
    return board


def c1a() -> Board:
    """Parking."""
    board = Board(0.7, 0.7)
    board.round_poly([(-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92)], 0.06, WHITE)
    board.round_poly([(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)], 0.06, BLUE)
    board.text("P", 1.1, WHITE, weight=700)
    return board


def _town(name: str, crossed: bool) -> Board:
    board = Board(1.6, 0.5)
    w = 3.1
    board.round_poly([(-w, -0.92), (w, -0.92), (w, 0.92), (-w, 0.92)], 0.05, RED)
    board.round_poly(
        [(-w + 0.14, -0.78), (w - 0.14, -0.78), (w - 0.14, 0.78), (-w + 0.14, 0.78)], 0.03, WHITE
    )
    board.text(name, 0.58, BLACK, weight=500, fill=0.9)
    if crossed:
        board.line([(-w + 0.1, 0.78), (w - 0.1, -0.78)], 0.13, RED)
    return board


def _panel(text: str) -> Board:
    board = Board(1.3, 0.35)
    w = 3.6
    board.round_poly([(-w, -0.9), (w, -0.9), (w, 0.9), (-w, 0.9)], 0.05, BLACK)
    board.round_poly(
        [(-w + 0.1, -0.8), (w - 0.4, -0.8), (w, 0.0), (w - 0.4, 0.8), (-w + 0.1, 0.8)], 0.03, WHITE
    )
    board.text(text, 0.62, BLACK, weight=500, fill=0.72)
    return board


DRAWN: dict[str, Callable[[], Board]] = {
    "A13b": a13b,
    "A1a": a1a,
    "A1b": a1b,
    "A2a": a2a,
    "A14": a14,
    "A15b": a15b,
    "AB1": ab1,
    "AB2": ab2,
    "AB3a": ab3a,
    "AB4": ab4,
    "B21a1": b21a1,
    "B3": b3,
    "AK5": ak5,
    "C20a": c20a,
    "C1a": c1a,
}


def _draw(code: str, value: int | None, site: Site) -> Board:
    if code == "B14":
        return _ring(str(value))
    if code in {"EB10", "EB20"}:
        return _town(site.towns[0], code == "EB20")
    if code == "D21a":
        return _panel(site.towns[1])
    return DRAWN[code]()


def sign(code: str, value: int | None, site: Site, name: str, wear: float) -> Image:
    """Return a worn sign as BGRA at 2.5 mm a pixel.

    Parameters
    ----------
    code, value
        Official code; the speed of a B14.
    site, name
        Where the towns and the wear come from.
    wear
        0 as new, 1 faded, dirty and scratched.
    """
    rng = generator(site.seed, "sign", name)
    image = _draw(code, value, site).done().astype(np.float32)
    rows, cols = image.shape[:2]
    grey = image[..., :3].mean(axis=-1, keepdims=True)
    fade = 0.45 * wear
    image[..., :3] = image[..., :3] * (1 - fade) + (0.55 * grey + 92) * fade
    dirt = np.clip(fractal(rng, rows, cols, cols / 4, 5) * 0.5 + 0.25, 0, 1) * wear
    image[..., :3] = image[..., :3] * (1 - 0.4 * dirt[..., None]) + 40 * 0.3 * dirt[..., None]
    shine = 1 + 0.05 * smooth(rng, rows, cols, cols / 2)
    image[..., :3] *= shine[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)


def back(code: str, site: Site) -> Image:
    """Return the grey back of a sign."""
    front = sign(code, 50, site, "back", 0.0)
    rows, cols = front.shape[:2]
    tone = 118 + 6 * smooth(generator(site.seed, "back", code), rows, cols, 40.0)
    front[..., :3] = tone[..., None].clip(0, 255)
    for row in (rows // 3, 2 * (rows // 3)):
        front[row : row + 10, :, :3] = 92
    return front
