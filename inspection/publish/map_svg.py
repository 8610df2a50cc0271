"""The map: sections by class, what was found, PR, scale bar and north, drawn from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup
from numpy.typing import NDArray

from inspection.publish import svg
from inspection.publish.facts import MOST_LISTED
from inspection.publish.places import Referencer, natural, route_name, section_span
from inspection.publish.wording import Wording
from voirie.places import ROUTE_KEY

WIDTH = 1040.0
MARGIN = 46.0
MIN_HEIGHT, MAX_HEIGHT = 300.0, 780.0
# Beyond this many sections each class is one path without a title, so that the page stays light.
MANY_SECTIONS = 1500
MANY_FINDINGS = 1500
CLASS_WIDTH = {"BE": 5.0, "EM": 6.0, "ME": 7.0, "nd": 4.0}
PLATE = {"A": "#c8102e", "N": "#c8102e", "D": "#ffd23f", "M": "#7cc4e8"}
PLATE_INK = {"A": "#ffffff", "N": "#ffffff"}

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """From metres on the ground (EPSG:2154) to units of the drawing."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    height: float

    @classmethod
    def around(cls, bounds: Box) -> Sheet:
        """Sheet that holds bounds (minx, miny, maxx, maxy), whatever their shape."""
        wide, tall = max(bounds[2] - bounds[0], 60.0), max(bounds[3] - bounds[1], 60.0)
        room = WIDTH - 2 * MARGIN
        scale = min(room / wide, (MAX_HEIGHT - 2 * MARGIN) / tall)
        height = min(MAX_HEIGHT, max(MIN_HEIGHT, tall * scale + 2 * MARGIN))
        middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        return cls(middle[0], middle[1], scale, WIDTH / 2, height / 2, height)

    def xy(self, points: Any) -> Array:
        """Drawing units, shape (n, 2), of ground coordinates of that shape."""
        ground = np.asarray(points, dtype=float)[:, :2]
        shifted = (ground - (self.west, self.north)) * (self.scale, -self.scale)
        return np.asarray(shifted + np.array([self.left, self.top]), dtype=float)


@dataclass
class Labels:
    """Where labels may stand: never over another, over as little as possible of the roads.

    Attributes
    ----------
    height
        Height of the sheet.
    drawn
        Points of everything drawn, shape (n, 2), drawing units.
    taken
        Boxes of the labels that already stand.
    """

    height: float
    drawn: Array
    taken: list[Box]

    def place(self, boxes: Sequence[Box]) -> int | None:
        """Take the best of several boxes and return its rank; None when none is free."""
        free = [k for k, box in enumerate(boxes) if self._is_free(box)]
        if not free:
            return None
        best = min(free, key=lambda k: self._covered(boxes[k]))
        self.taken.append(boxes[best])
        return best

    def _is_free(self, box: Box) -> bool:
        if box[0] < 2 or box[1] < 2 or box[2] > WIDTH - 2 or box[3] > self.height - 2:
            return False
        return all(
            box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1]
            for other in self.taken
        )

    def _covered(self, box: Box) -> int:
        inside = (self.drawn > box[:2]) & (self.drawn < box[2:])
        return int(inside.all(axis=1).sum())


def draw_map(
    sections: Any, findings: Any, track: Any, places: Referencer, wording: Wording
) -> Markup | None:
    """Draw the map of a survey.

    Parameters
    ----------
    sections, findings, track
        Tables of the survey, geometry in EPSG:2154, NULL where unknown.
    places
        Gives the PR.
    wording
        Language of labels and texts.

    Returns
    -------
    markupsafe.Markup or None
        An ``svg`` element; None when nothing has coordinates.
    """
    lines = sections[sections.geometry.notna()]
    fixes = track[track.geometry.notna()]
    points = findings[findings.geometry.notna()]
    if lines.empty and fixes.empty and points.empty:
        return None
    every = [part.total_bounds for part in (lines, fixes, points) if len(part)]
    stacked = np.array(every)
    low, high = stacked[:, :2].min(axis=0), stacked[:, 2:].max(axis=0)
    sheet = Sheet.around((low[0], low[1], high[0], high[1]))
    corners = [(0.0, sheet.height - 44, 240.0, sheet.height), (WIDTH - 60, 0.0, WIDTH, 70.0)]
    labels = Labels(sheet.height, _drawn_points(lines, points, sheet), corners)
    parts = [
        svg.tag("rect", width=WIDTH, height=sheet.height, fill=svg.GROUND),
        _grid(sheet),
        _draw_track(fixes, sheet),
        _draw_sections(lines, sheet, wording),
        _draw_findings(points, sheet, places, wording),
        _draw_plates(lines, sheet, labels),
        _draw_milestones(lines, places, sheet, labels),
        _scale_bar(sheet, wording),
        _north(wording),
    ]
    label = wording.text("map.alt", sections=len(lines), findings=len(points))
    return svg.drawing(WIDTH, sheet.height, label, *parts, class_="map")


def _drawn_points(lines: Any, points: Any, sheet: Sheet) -> Array:
    """Points every few units along the roads, and every finding: what labels should not hide."""
    dense = shapely.segmentize(lines.geometry.to_numpy(), 4 / sheet.scale)
    ground = np.concatenate(
        [
            shapely.get_coordinates(dense),
            shapely.get_coordinates(points.geometry.centroid.to_numpy()),
        ]
    )
    return sheet.xy(ground)


def _grid(sheet: Sheet) -> Markup:
    """Lines of the projection's grid: they give the eye a measure all over the sheet."""
    step = svg.nice_step(130 / sheet.scale, 1)
    wide, tall = WIDTH / sheet.scale, sheet.height / sheet.scale
    d = []
    for x in np.arange(np.ceil((sheet.west - wide / 2) / step) * step, sheet.west + wide / 2, step):
        d.append(
            f"M{svg.num((x - sheet.west) * sheet.scale + sheet.left)} 0V{svg.num(sheet.height)}"
        )
    for y in np.arange(
        np.ceil((sheet.north - tall / 2) / step) * step, sheet.north + tall / 2, step
    ):
        d.append(f"M0 {svg.num((sheet.north - y) * sheet.scale + sheet.top)}H{svg.num(WIDTH)}")
    return svg.tag("path", d="".join(d), fill="none", stroke="#ffffff", stroke_width=1)


def _draw_track(fixes: Any, sheet: Sheet) -> Markup:
    drawn = []
    for _, part in fixes.groupby("pass_id", sort=False):
        xy = sheet.xy(shapely.get_coordinates(part.geometry.to_numpy()))
        jumps = np.flatnonzero(np.hypot(*np.diff(xy, axis=0).T) > 300 * sheet.scale) + 1
        for piece in np.split(xy, jumps):
            if len(piece) > 1:
                drawn.append(svg.path_d(piece))
    return svg.tag("path", d="".join(drawn), fill="none", stroke="#d5d0c2", stroke_width=2)


def _thin(lines: Any, sheet: Sheet) -> list[str]:
    """Path data of each line, shape (n,), without the points that the eye cannot tell."""
    simple = shapely.simplify(np.asarray(lines, dtype=object), 0.4 / sheet.scale)
    parts, owner = shapely.get_parts(simple, return_index=True)
    ground, part_of = shapely.get_coordinates(parts, return_index=True)
    xy = sheet.xy(ground)
    cuts = np.flatnonzero(np.diff(part_of)) + 1
    drawn = [""] * len(simple)
    for piece, part in zip(np.split(xy, cuts), part_of[np.r_[0, cuts]], strict=True):
        drawn[owner[part]] += svg.path_d(piece)
    return drawn


def _draw_sections(lines: Any, sheet: Sheet, wording: Wording) -> Markup:
    if lines.empty:
        return Markup("")
    drawn: list[Markup] = []
    listed = len(lines) <= MOST_LISTED
    paths = pd.Series(_thin(lines.geometry, sheet), index=lines.index, dtype="object")
    casing = "".join(paths)
    drawn.append(
        svg.tag("path", d=casing, fill="none", stroke="#ffffff", stroke_width=9.5)
        + svg.tag("path", d=casing, fill="none", stroke="#7b8490", stroke_width=0.6)
    )
    for state in ("nd", "BE", "EM", "ME"):
        part = lines[lines["classe_etat"] == state]
        look: dict[str, object] = {
            "fill": "none",
            "stroke": svg.CLASS_COLOUR[state],
            "stroke_width": CLASS_WIDTH[state],
            "stroke_dasharray": "5 3" if state == "nd" else None,
        }
        if len(lines) > MANY_SECTIONS:
            drawn.append(svg.tag("path", d="".join(paths[part.index]), **look))
            continue
        for row, d in zip(part.itertuples(), paths[part.index], strict=True):
            title = wording.text(
                "map.section",
                route=row.route,
                span=section_span(row),
                note=wording.note(row.note_globale),
                state=wording.text(f"class.{state}"),
            )
            path = svg.tag("path", svg.tag("title", title), d=d, **look)
            target = f"#{wording.language}-s-{row.section_id}"
            own = {"class_": "sec", "data_section": row.section_id}
            drawn.append(svg.tag("a", path, href=target, **own) if listed else path)
    return svg.tag("g", *drawn, stroke_linecap="butt", stroke_linejoin="round")


def marker(family: str, severity: int | None, x: float, y: float, *children: Markup) -> Markup:
    """Symbol of a finding: the shape tells the family, the size and tone the severity."""
    edge = {"stroke": "#ffffff", "stroke_width": 0.9}
    if family == "sign":
        d = f"M{svg.num(x)} {svg.num(y - 5.4)}l5 8.8h-10z"
        return svg.tag("path", *children, d=d, fill="#ffffff", stroke="#1b2430", stroke_width=1.4)
    if family == "dumping":
        d = f"M{svg.num(x - 4.6)} {svg.num(y - 4.6)}h9.2v9.2h-9.2z"
        return svg.tag("path", *children, d=d, fill="#2f6b45", **edge)
    grade = severity or 1
    radius = 2.4 + 0.7 * grade
    colour = svg.SEVERITY_COLOUR[grade]
    return svg.tag("circle", *children, cx=x, cy=y, r=radius, fill=colour, **edge)


def legend_symbol(family: str, severity: int | None) -> Markup:
    """The symbol of a finding, alone, for a legend."""
    sign = marker(family, severity, 7, 8 if family == "sign" else 7)
    return svg.tag("svg", sign, viewBox="0 0 14 14", aria_hidden="true")


def _draw_findings(points: Any, sheet: Sheet, places: Referencer, wording: Wording) -> Markup:
    shown = points
    if len(points) > MANY_FINDINGS:
        shown = points.sort_values(["severity", "confidence"], ascending=False).head(MANY_FINDINGS)
    shown = shown.sort_values("severity", na_position="last")
    xy = sheet.xy(shapely.get_coordinates(shown.geometry.centroid.to_numpy()).reshape(-1, 2))
    drawn = []
    for row, (x, y) in zip(shown.itertuples(), xy, strict=True):
        grade = None if pd.isna(row.severity) else int(row.severity)
        title = f"{row.code} · {row.route} {places.place(row, wording)}"
        drawn.append(marker(row.family, grade, x, y, svg.tag("title", title)))
    return svg.tag("g", *drawn)


def _draw_plates(lines: Any, sheet: Sheet, labels: Labels) -> Markup:
    """Route numbers on the plates of the French signs: yellow D, red N and A."""
    drawn = []
    for key in sorted(set(lines[list(ROUTE_KEY)].itertuples(index=False, name=None)), key=natural):
        same = (lines[list(ROUTE_KEY)] == list(key)).all(axis=1)
        merged = shapely.line_merge(
            shapely.multilinestrings(shapely.get_parts(lines[same].geometry))
        )
        longest = max(shapely.get_parts(merged), key=shapely.length)
        name = route_name(key)
        width = 8.0 * len(name) + 12
        shares = np.array([0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9])
        at = shapely.line_interpolate_point(longest, shares, normalized=True)
        spots = [
            (x + dx, y + dy)
            for x, y in sheet.xy(shapely.get_coordinates(at))
            for dx, dy in ((0, -26), (0, 26), (-width / 2 - 16, 0), (width / 2 + 16, 0))
        ]
        boxes = [(x - width / 2 - 4, y - 14, x + width / 2 + 4, y + 14) for x, y in spots]
        best = labels.place(boxes)
        if best is not None:
            drawn.append(_plate(name, *spots[best], width))
    return svg.tag("g", *drawn)


def _plate(name: str, x: float, y: float, width: float) -> Markup:
    colour = PLATE.get(name[:1], "#ffffff")
    ink = PLATE_INK.get(name[:1], svg.INK)
    frame = svg.tag(
        "rect",
        x=x - width / 2,
        y=y - 9.5,
        width=width,
        height=19,
        rx=3,
        fill=colour,
        stroke="#ffffff",
        stroke_width=1.5,
    )
    look = {"text_anchor": "middle", "font_size": 12.5, "font_weight": 700, "fill": ink}
    return frame + svg.tag("text", name, x=x, y=y + 4.5, **look)


def _draw_milestones(lines: Any, places: Referencer, sheet: Sheet, labels: Labels) -> Markup:
    drawn = []
    for key in places.routes():
        part = places.of_route(key)
        part = part[part.index.isin(lines.index)]
        for stone in places.milestones(key):
            held = part[(part.cumul_from_m <= stone.cumul_m) & (stone.cumul_m <= part.cumul_to_m)]
            if held.empty:
                continue
            row = held.iloc[0]
            share = (stone.cumul_m - row["cumul_from_m"]) / max(row["length_m"], 1e-9)
            at = shapely.line_interpolate_point(row.geometry, min(1.0, share), normalized=True)
            x, y = sheet.xy(shapely.get_coordinates(at))[0]
            label = f"PR {stone.name}" if stone.name[:1].isdigit() else stone.name
            drawn.append(
                svg.tag("circle", cx=x, cy=y, r=4, fill="#ffffff", stroke=svg.INK, stroke_width=1.6)
            )
            width = 7.2 * len(label)
            left, middle = -width - 9, -width / 2
            corners = [(9, -9), (9, 19), (left, -9), (left, 19), (middle, -14), (middle, 24)]
            spots = [(x + dx, y + dy) for dx, dy in [*corners, (12, 4), (left - 3, 4)]]
            best = labels.place([(a - 2, b - 11, a + width, b + 3) for a, b in spots])
            if best is not None:
                halo = {"stroke": svg.GROUND, "stroke_width": 3.5, "paint_order": "stroke"}
                look = {"font_size": 12, "font_weight": 600, "fill": svg.INK}
                a, b = spots[best]
                drawn.append(svg.tag("text", label, x=a, y=b, **look, **halo))
    return svg.tag("g", *drawn)


def _scale_bar(sheet: Sheet, wording: Wording) -> Markup:
    step = svg.nice_step(190 / sheet.scale, 1)
    length = step * sheet.scale
    x, y = 20.0, sheet.height - 18
    bars = [
        svg.tag(
            "rect",
            x=x + k * length / 4,
            y=y - 5,
            width=length / 4,
            height=5,
            fill=svg.INK if k % 2 == 0 else "#ffffff",
            stroke=svg.INK,
            stroke_width=0.8,
        )
        for k in range(4)
    ]
    look = {"font_size": 11.5, "fill": svg.INK}
    texts = [
        svg.tag("text", "0", x=x, y=y - 9, **look),
        svg.tag("text", wording.length(step), x=x + length, y=y - 9, text_anchor="middle", **look),
    ]
    return svg.tag("g", *bars, *texts)


def _north(wording: Wording) -> Markup:
    x, y = WIDTH - 32, 40.0
    arrow = f"M{svg.num(x)} {svg.num(y - 22)}l7.5 24l-7.5 -5.5l-7.5 5.5z"
    return svg.tag("path", d=arrow, fill=svg.INK) + svg.tag(
        "text",
        wording.text("map.north"),
        x=x,
        y=y + 16,
        text_anchor="middle",
        font_size=13,
        font_weight=700,
        fill=svg.INK,
    )
