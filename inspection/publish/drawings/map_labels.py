"""What is written on the map: route plates, PR, scale bar and north."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from inspection.publish.drawings import svg
from inspection.publish.drawings.map_sheet import WIDTH, Labels, Sheet
from inspection.publish.places import Referencer, by_route, natural, route_name
from voirie.wording import Wording

# Beyond this many sections the PR would lie on top of one another.
MANY_LINES = 400
PLATE = {"A": "#c8102e", "N": "#c8102e", "D": "#ffd23f", "M": "#7cc4e8"}
PLATE_INK = {"A": "#ffffff", "N": "#ffffff"}


def draw_plates(lines: gpd.GeoDataFrame, sheet: Sheet, labels: Labels) -> Markup:
    """Route numbers on the plates of the French signs: yellow D, red N and A."""
    drawn = []
    routes = by_route(lines)
    for key in sorted(routes, key=natural):
        parts = shapely.get_parts(routes[key]["geometry"].to_numpy())
        merged = shapely.line_merge(shapely.multilinestrings(parts))
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


def draw_communes(lines: gpd.GeoDataFrame, sheet: Sheet, labels: Labels) -> Markup:
    """Names of the communes that the roads cross, where nothing else stands."""
    drawn = []
    for name, part in lines.dropna(subset=["commune"]).groupby("commune", sort=True):
        text = str(name)
        wide = 8.6 * len(text)
        middle = part.geometry.union_all().centroid
        x, y = sheet.xy(shapely.get_coordinates(middle))[0]
        steps = [(dx, dy) for dy in (34, -34, 62, -62, 96, -96) for dx in (0, 90, -90, 180, -180)]
        spots = [(x + dx, y + dy) for dx, dy in steps]
        best = labels.place([(a - wide / 2, b - 13, a + wide / 2, b + 5) for a, b in spots])
        if best is not None:
            at = {"x": spots[best][0], "y": spots[best][1], "text_anchor": "middle"}
            look = {"font_size": 15, "font_style": "italic", "fill": "#4d5763"}
            halo = {"stroke": svg.GROUND, "stroke_width": 4, "paint_order": "stroke"}
            drawn.append(svg.tag("text", text, **at, **look, **halo))
    return svg.tag("g", *drawn)


def draw_milestones(
    lines: gpd.GeoDataFrame, places: Referencer, sheet: Sheet, labels: Labels
) -> Markup:
    """Circles at the PR with their names; none where they would be too many to read."""
    drawn: list[Markup] = []
    if len(lines) > MANY_LINES:
        return Markup("")
    for key in places.routes():
        part = places.of_route(key)
        part = part[part.index.isin(lines.index)]
        for stone in places.milestones(key):
            held = part[(part.cumul_from_m <= stone.cumul_m) & (stone.cumul_m <= part.cumul_to_m)]
            if held.empty:
                continue
            row = held.iloc[0]
            share = (stone.cumul_m - row["cumul_from_m"]) / max(row["length_m"], 1e-9)
            at = shapely.line_interpolate_point(row["geometry"], min(1.0, share), normalized=True)
            x, y = sheet.xy(shapely.get_coordinates(at))[0]
            drawn.append(
                svg.tag("circle", cx=x, cy=y, r=4, fill="#ffffff", stroke=svg.INK, stroke_width=1.6)
            )
            width = 7.2 * len(stone.name)
            left, middle = -width - 9, -width / 2
            corners = [(9, -9), (9, 19), (left, -9), (left, 19), (middle, -14), (middle, 24)]
            spots = [(x + dx, y + dy) for dx, dy in [*corners, (12, 4), (left - 3, 4)]]
            best = labels.place([(a - 2, b - 11, a + width, b + 3) for a, b in spots])
            if best is not None:
                halo = {"stroke": svg.GROUND, "stroke_width": 3.5, "paint_order": "stroke"}
                look = {"font_size": 12, "font_weight": 600, "fill": svg.INK}
                a, b = spots[best]
                drawn.append(svg.tag("text", stone.name, x=a, y=b, **look, **halo))
    return svg.tag("g", *drawn)


def scale_bar(sheet: Sheet, wording: Wording) -> Markup:
    """A round length, in four alternate parts."""
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
    look = {"font_size": 12.5, "fill": svg.INK}
    texts = [
        svg.tag("text", "0", x=x, y=y - 9, **look),
        svg.tag("text", wording.length(step), x=x + length, y=y - 9, text_anchor="middle", **look),
    ]
    return svg.tag("g", *bars, *texts)


def north_arrow(wording: Wording) -> Markup:
    """Grid north, which is up."""
    x, y = WIDTH - 32, 40.0
    arrow = f"M{svg.num(x)} {svg.num(y - 22)}l7.5 24l-7.5 -5.5l-7.5 5.5z"
    return svg.tag("path", d=arrow, fill=svg.INK) + svg.tag(
        "text",
        wording.text("N"),
        x=x,
        y=y + 16,
        text_anchor="middle",
        font_size=13,
        font_weight=700,
        fill=svg.INK,
    )
