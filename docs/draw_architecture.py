"""Draw ``docs/architecture.svg`` from the code: rooms, layers and imports as they are.

    python docs/draw_architecture.py

Rooms are packages, and their words the first sentence of their docstrings. What stands above what
is read from the layers in ``pyproject.toml``, which import-linter holds; arrows and what a package
or a stage uses come from the import graph. ``tests/test_architecture.py`` draws again and compares.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap

import grimp

from inspection.pipeline.chain import PIPELINE
from voirie.stages import Stage

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "architecture.svg"
PACKAGES = ("voirie", "anonymize", "gis", "planning", "inspection", "api")

FLOORS = (("api",), ("inspection",), ("gis", "planning", "anonymize"), ("voirie",))

WIDTH = 1240
MARGIN = 24
GAP = 10
LINE = 15
WIDEST = {"anonymize": 2, "voirie": 5}  # rooms side by side at most; a longer layer takes two lines
INK, SOFT = "#1c2733", "#5b6774"
FILL = {
    "api": "#e8eef7",
    "inspection": "#fdf1dc",
    "gis": "#e3f1e5",
    "planning": "#f3e6f2",
    "anonymize": "#fbe5e1",
    "voirie": "#e9ebee",
}


@dataclass(frozen=True)
class Room:
    """A package, or a module that stands as one: its name and what it is for."""

    name: str
    words: str


def first_sentence(module: str) -> str:
    """First sentence of a module's docstring, without what marks code."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    sentence = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return sentence.split(". ")[0].rstrip(".").replace("`", "")


def layers_of(contracts: Sequence[Mapping[str, object]], package: str) -> list[list[str]]:
    """Layers inside a package, from the top, as its contract says.

    Raises
    ------
    LookupError
        When a package has no such contract.
    """
    for contract in contracts:
        rows = contract.get("layers")
        if contract.get("containers") == [package] and isinstance(rows, list):
            layers = [[name.strip() for name in row.split("|")] for row in rows]
            return [layer for layer in layers if layer != ["__main__"]]
    raise LookupError(f"{package} has no contract of layers in pyproject.toml")


def uses_of(graph: grimp.ImportGraph, stage: Stage) -> list[str]:
    """Rooms that the module of a stage imports, context and words of the kernel left out."""
    rooms = set()
    for module in graph.find_modules_directly_imported_by(f"inspection.stages.{stage.value}"):
        package, *inside = module.split(".")
        if package == "inspection" and (ROOT / package / inside[0]).is_dir():
            rooms.add(inside[0])
        elif package in {"gis", "voirie"} and (ROOT / package / inside[0]).is_dir():
            rooms.add(f"{package}.{inside[0]}")
        elif package in {"planning", "anonymize"}:
            rooms.add(package)
    return sorted(rooms)


def uses_of_packages(graph: grimp.ImportGraph) -> dict[str, list[str]]:
    """Which of the other packages each one imports."""
    return {
        above: [
            below
            for below in reversed(PACKAGES)
            if below != above
            and graph.direct_import_exists(importer=above, imported=below, as_packages=True)
        ]
        for above in PACKAGES
    }


def text(x: float, y: float, words: str, size: int, style: str = "", fill: str = INK) -> str:
    """One line of text."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" {style}>{escape(words)}</text>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, line: str = "#9aa5b1") -> str:
    """A room's walls."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" '
        f'fill="{fill}" stroke="{line}"/>'
    )


def arrow(points: Iterable[tuple[float, float]]) -> str:
    """A line with a head at its end."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{SOFT}" stroke-width="1.6" '
        'marker-end="url(#head)"/>'
    )


def wrapped(words: str, width: float, size: int) -> list[str]:
    """Words in lines that fit a width, at half an em a letter."""
    return wrap(words, max(8, int(width / (size * 0.57))))


def chip(room: Room, x: float, y: float, width: float, height: float) -> list[str]:
    """A room inside a package."""
    out = [box(x, y, width, height, "#ffffff")]
    out.append(text(x + 8, y + 17, room.name, 13, 'font-weight="600"'))
    for rank, line in enumerate(wrapped(room.words, width - 16, 11)):
        out.append(text(x + 8, y + 33 + rank * 13, line, 11, fill=SOFT))
    return out


def chip_height(rooms: Sequence[Room], width: float) -> float:
    """Height that the longest words of a row need."""
    lines = max(len(wrapped(room.words, width - 16, 11)) for room in rooms)
    return 26 + 13 * lines


def package_box(
    package: str,
    uses: Sequence[str],
    rows: Sequence[Sequence[Room]],
    x: float,
    y: float,
    width: float,
    height: float = 0,
) -> tuple[list[str], float]:
    """A package with its rows of rooms; drawn at least ``height`` high, and its height."""
    head = wrapped(first_sentence(package), width - 130, 12)
    told = f"uses {', '.join(uses)}" if uses else "uses none of the others"
    inner = y + 38 + LINE * len(head)
    body: list[str] = []
    for layer in rows:
        places = min(len(layer), WIDEST.get(package, len(layer)))
        wide = (width - 2 * GAP - GAP * (places - 1)) / places
        for first in range(0, len(layer), places):
            row = layer[first : first + places]
            tall = chip_height(row, wide)
            for rank, room in enumerate(row):
                body += chip(room, x + GAP + rank * (wide + GAP), inner, wide, tall)
            inner += tall + 7
    tall = max(height, inner + 4 - y)
    out = [box(x, y, width, tall, FILL[package])]
    out.append(text(x + GAP, y + 20, f"{package}/", 16, 'font-weight="700"'))
    for rank, line in enumerate(head):
        out.append(text(x + 120, y + 19 + LINE * rank, line, 12))
    below = y + 19 + LINE * len(head)
    out.append(text(x + 120, below, told, 11, 'font-style="italic"', SOFT))
    return out + body, tall


def chain(graph: grimp.ImportGraph, y: float) -> tuple[list[str], float]:
    """The eight stages from left to right, each with the rooms it uses."""
    wide = (WIDTH - 2 * MARGIN - 7 * 16) / 8
    told = {
        stage: (
            wrapped(
                first_sentence(f"inspection.stages.{stage.value}").partition(": ")[2], wide - 12, 11
            ),
            wrapped(", ".join(uses_of(graph, stage)), wide - 12, 11),
        )
        for stage in Stage
    }
    words, rooms = (max(len(pair[k]) for pair in told.values()) for k in (0, 1))
    tall = 34 + 13 * words + 8 + 13 * rooms + 4
    out = []
    for rank, stage in enumerate(Stage):
        x = MARGIN + rank * (wide + 16)
        out.append(box(x, y, wide, tall, FILL["inspection"]))
        out.append(text(x + 7, y + 18, stage.value, 14, 'font-weight="700"'))
        for k, line in enumerate(told[stage][0]):
            out.append(text(x + 7, y + 34 + 13 * k, line, 11))
        for k, line in enumerate(told[stage][1]):
            below = y + 34 + 13 * words + 8 + 13 * k
            out.append(text(x + 7, below, line, 11, 'font-style="italic"', SOFT))
    return out + arrows_between_stages(wide, y), tall


def arrows_between_stages(wide: float, y: float) -> list[str]:
    """Arrows from each stage to those that read its tables; over the boxes where one is passed."""
    order = list(Stage)
    out = []
    height = 8
    for spec in PIPELINE:
        to = order.index(spec.stage)
        for source in spec.after:
            at = order.index(source)
            left, right = (MARGIN + rank * (wide + 16) for rank in (at, to))
            if to == at + 1:
                out.append(arrow([(right - 15, y + 14), (right - 2, y + 14)]))
                continue
            start, end = left + wide * 2 / 3, right + wide / 3
            over = y - height
            out.append(arrow([(start, y), (start, over), (end, over), (end, y - 2)]))
            height += 6
    return out


def drawing() -> str:
    """The whole drawing as SVG."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    # Without a cache: a drawing never depends on what an earlier one left behind.
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    out = [
        text(
            MARGIN,
            34,
            "One way through the house, from a film to a works plan",
            18,
            'font-weight="700"',
        )
    ]
    out.append(
        text(
            MARGIN,
            54,
            "inspection/stages: what each does, whose tables it reads (arrows), what it uses",
            12,
            fill=SOFT,
        )
    )
    strip, tall = chain(graph, 84)
    out += strip
    y = 84 + tall + 44
    out.append(
        text(
            MARGIN,
            y,
            "The six packages: each part may use what lies below it, never beside or above",
            18,
            'font-weight="700"',
        )
    )
    y += 16

    rows = {
        package: [
            [Room(name, first_sentence(f"{package}.{name}")) for name in row]
            for row in layers_of(contracts, package)
        ]
        for package in PACKAGES
    }
    uses = uses_of_packages(graph)
    full = WIDTH - 2 * MARGIN
    third = (full - 2 * 16) / 3
    middle = ("gis", "planning", "anonymize")
    rooms: Mapping[str, tuple[float, float]] = {
        **dict.fromkeys(("api", "inspection", "voirie"), (MARGIN, full)),
        **{name: (MARGIN + rank * (third + 16), third) for rank, name in enumerate(middle)},
    }
    top: dict[str, float] = {}
    for floor in FLOORS:
        top.update(dict.fromkeys(floor, y))
        tall = max(
            package_box(name, uses[name], rows[name], 0, 0, rooms[name][1])[1] for name in floor
        )
        for name in floor:
            x, wide = rooms[name]
            out += package_box(name, uses[name], rows[name], x, y, wide, tall)[0]
        y += tall
        if floor != FLOORS[-1]:
            below = FLOORS[FLOORS.index(floor) + 1]
            for upper in floor:
                for lower in below:
                    if lower in uses[upper]:
                        x, wide = min(rooms[upper], rooms[lower], key=lambda room: room[1])
                        out.append(arrow([(x + wide / 2, y + 2), (x + wide / 2, y + 30)]))
            y += 34
    out += past_a_floor(uses, top)
    out.append(
        text(
            MARGIN,
            y + 26,
            "Drawn by docs/draw_architecture.py from the imports and the layers in pyproject.toml.",
            11,
            fill=SOFT,
        )
    )
    height = f"{y + 40:g}"
    head = (
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{SOFT}"/></marker>'
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="Helvetica, Arial, sans-serif">',
        "<title>The rooms of Voirie and the way of a frame through them</title>",
        f"<defs>{head}</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *out,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def past_a_floor(uses: Mapping[str, Sequence[str]], top: Mapping[str, float]) -> list[str]:
    """Arrows down the margins, from a package to those of a floor below the next one."""
    out = []
    for rank, floor in enumerate(FLOORS):
        for upper in floor:
            for below in FLOORS[rank + 2 :]:
                # A package as wide as the drawing lies below everything anyway.
                sides = {below[0]: MARGIN, below[-1]: WIDTH - MARGIN} if len(below) > 1 else {}
                for lower, edge in sides.items():
                    if lower in uses[upper]:
                        outside = edge - 12 if edge == MARGIN else edge + 12
                        start, end = top[upper] + 20, top[lower] + 20
                        inside = edge - 1 if edge == MARGIN else edge + 1
                        out.append(
                            arrow([(edge, start), (outside, start), (outside, end), (inside, end)])
                        )
    return out


def main() -> None:
    """Write the drawing."""
    TARGET.write_text(drawing(), "utf-8")


if __name__ == "__main__":
    main()
