"""The map: sections by class, what was found, PR, scale bar and north, drawn from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from gis.exports.qgis_styles import CLASS_COLOUR
from inspection.publish.drawings import svg
from inspection.publish.drawings.map_labels import (
    draw_communes,
    draw_milestones,
    draw_plates,
    north_arrow,
    scale_bar,
)
from inspection.publish.drawings.map_sheet import WIDTH, Labels, Sheet
from inspection.publish.places import Referencer, section_span
from inspection.publish.report.facts import MOST_LISTED
from inspection.publish.rows import FindingRow, SectionRow, rows_of
from voirie.arrays import Floats
from voirie.families import Shape, Symbol
from voirie.labels import CLASS_NAMES
from voirie.taxonomy import Taxonomy
from voirie.wording import Wording

MANY_FINDINGS = 1500
CLASS_WIDTH = {"nd": 6.0, "BE": 5.0, "EM": 6.0, "ME": 7.0}
CASING = 9.5
DOUBT_WIDTH = 1.2
"""Of the line in a road whose class is uncertain."""
# Sections that fit at full width; more of them are drawn finer, down to a quarter.
ROOMY = 300
ROOMY_POINTS = 80
ENOUGH_POINTS = 20_000
# Where each outline starts, left of and above the place, and how it goes on.
OUTLINES: dict[Shape, tuple[float, float, str]] = {
    "triangle": (0.0, 5.4, "l5 8.8h-10z"),
    "square": (4.6, 4.6, "h9.2v9.2h-9.2z"),
    "diamond": (0.0, 5.4, "l5.4 5.4l-5.4 5.4l-5.4 -5.4z"),
    "pentagon": (0.0, 5.0, "l4.8 3.5l-1.8 5.6h-6l-1.8 -5.6z"),
    "hexagon": (2.6, 4.6, "h5.2l2.6 4.6l-2.6 4.6h-5.2l-2.6 -4.6z"),
    "cross_fill": (1.6, 4.8, "h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2z"),
}


@dataclass(frozen=True)
class MapContent:
    """What the map shows, laid on its sheet once for every language.

    Attributes
    ----------
    lines, points, fixes
        Sections, findings and track that have coordinates.
    places
        Gives the PR.
    taxonomy
        Gives the symbols.
    """

    lines: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    fixes: gpd.GeoDataFrame
    places: Referencer
    taxonomy: Taxonomy

    @classmethod
    def of(
        cls,
        sections: gpd.GeoDataFrame,
        findings: gpd.GeoDataFrame,
        track: gpd.GeoDataFrame,
        places: Referencer,
        taxonomy: Taxonomy,
    ) -> MapContent | None:
        """Lay the tables on a sheet; None when nothing of them has coordinates."""
        lines, points, fixes = (t[t.geometry.notna()] for t in (sections, findings, track))
        if lines.empty and points.empty and fixes.empty:
            return None
        return cls(lines, points, fixes, places, taxonomy)

    @cached_property
    def sheet(self) -> Sheet:
        """Sheet that holds everything."""
        bounds = [p.total_bounds for p in (self.lines, self.points, self.fixes) if len(p)]
        stacked = np.array(bounds)
        low, high = stacked[:, :2].min(axis=0), stacked[:, 2:].max(axis=0)
        return Sheet.around((low[0], low[1], high[0], high[1]))

    @property
    def is_listed(self) -> bool:
        """Whether each section has a row in the table of the page, so that it can lead there."""
        return len(self.lines) <= MOST_LISTED

    @cached_property
    def paths(self) -> pd.Series:
        """Path data of each section, by the index of `lines`."""
        drawn = _thin(self.lines.geometry, self.sheet) if len(self.lines) else []
        return pd.Series(drawn, index=self.lines.index, dtype="object")

    @cached_property
    def drawn(self) -> Floats:
        """Points every few units along the roads, and every finding: labels avoid them."""
        dense = shapely.segmentize(self.lines.geometry.to_numpy(), 4 / self.sheet.scale)
        centres = self.points.geometry.centroid.to_numpy()
        ground = [shapely.get_coordinates(dense), shapely.get_coordinates(centres)]
        every = self.sheet.xy(np.concatenate(ground))
        return every[:: 1 + len(every) // ENOUGH_POINTS]

    def definitions(self) -> Markup:
        """Roads by class, once a page; the map of each language refers to them."""
        return svg.join(
            svg.tag(
                "path", id=f"roads-{state}", d="".join(self.paths[self.lines.classe_etat == state])
            )
            for state in CLASS_WIDTH
        )


def draw_map(
    ground: MapContent, wording: Wording, pictures: Mapping[str, str] | None = None
) -> Markup:
    """Draw the map as an ``svg`` element; it needs `MapContent.definitions` in the same page.

    Parameters
    ----------
    ground
        What it shows.
    wording
        Language.
    pictures
        Where in the page the picture of a finding opens, by identifier of the picture.
    """
    sheet = ground.sheet
    corners = [(0.0, sheet.height - 44, 240.0, sheet.height), (WIDTH - 60, 0.0, WIDTH, 70.0)]
    labels = Labels(sheet.height, ground.drawn, corners)
    parts = [
        svg.tag("rect", width=WIDTH, height=sheet.height, fill=svg.GROUND),
        _grid(sheet),
        _draw_track(ground.fixes, sheet),
        _draw_sections(ground, wording),
        _draw_findings(ground, wording, pictures or {}),
        draw_plates(ground.lines, sheet, labels),
        draw_milestones(ground.lines, ground.places, sheet, labels),
        draw_communes(ground.lines, sheet, labels),
        scale_bar(sheet, wording),
        north_arrow(wording),
    ]
    label = wording.text(
        "Map of {sections} sections by class, and of {findings} findings. The same data"
        " stand in the tables.",
        sections=len(ground.lines),
        findings=len(ground.points),
    )
    return svg.drawing(WIDTH, sheet.height, label, *parts, class_="map")


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


def _draw_track(fixes: gpd.GeoDataFrame, sheet: Sheet) -> Markup:
    drawn = []
    for _, part in fixes.groupby("pass_id", sort=False):
        xy = sheet.xy(shapely.get_coordinates(part.geometry.to_numpy()))
        jumps = np.flatnonzero(np.hypot(*np.diff(xy, axis=0).T) > 300 * sheet.scale) + 1
        for piece in np.split(xy, jumps):
            if len(piece) > 1:
                drawn.append(svg.path_d(piece))
    return svg.tag("path", d="".join(drawn), fill="none", stroke="#d5d0c2", stroke_width=2)


def _thin(lines: gpd.GeoSeries, sheet: Sheet) -> list[str]:
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


def _draw_sections(ground: MapContent, wording: Wording) -> Markup:
    fine = min(1.0, max(0.25, (ROOMY / max(len(ground.lines), 1)) ** 0.5))
    looks = [("#7b8490", CASING + 0.6), ("#ffffff", CASING)]
    drawn = [
        svg.tag("use", href=f"#roads-{state}", stroke=colour, stroke_width=width * fine)
        for colour, width in looks
        for state in CLASS_WIDTH
    ]
    for state, width in CLASS_WIDTH.items():
        # Short dashes across a wide line: the road is hatched where nobody saw it.
        dash = "1.8 2.6" if state == "nd" else None
        look = {"stroke": CLASS_COLOUR[state], "stroke_dasharray": dash}
        if ground.is_listed:
            roads = svg.join(_links(ground, state, wording))
        else:
            roads = svg.tag("use", href=f"#roads-{state}")
        drawn.append(svg.tag("g", roads, stroke_width=width * fine, **look))
    doubtful = "".join(ground.paths[ground.lines["class_uncertain"].to_numpy(bool)])
    if doubtful:
        look = {"stroke": "#ffffff", "stroke_width": DOUBT_WIDTH * fine, "pointer_events": "none"}
        drawn.append(svg.tag("path", d=doubtful, **look))
    return svg.tag("g", *drawn, fill="none", stroke_linecap="butt", stroke_linejoin="round")


def _links(ground: MapContent, state: str, wording: Wording) -> list[Markup]:
    """Sections of a class, each named and leading to its row."""
    part = ground.lines[ground.lines["classe_etat"] == state]
    links = []
    for row, d in zip(rows_of(part, SectionRow), ground.paths[part.index], strict=True):
        title = wording.text(
            "{route}, {span}: score {note}, {state}",
            route=row.route,
            span=section_span(row),
            note=wording.note(row.note_globale),
            state=wording.text(CLASS_NAMES[state]),
        )
        if row.class_uncertain:
            title += wording.text(", class uncertain")
        if row.assumed:
            title += wording.text("; its state is assumed where a plan needs one")
        path = svg.tag("path", svg.tag("title", title), d=d)
        target = f"#{wording.language}-s-{row.section_id}"
        own = {"class_": "sec", "data_section": row.section_id}
        links.append(svg.tag("a", path, href=target, **own))
    return links


def marker(
    symbol: Symbol, severity: int | None, x: float, y: float, *children: Markup, fine: float = 1.0
) -> Markup:
    """Symbol of a finding: the shape tells the family, the size and tone the severity."""
    grade = severity or 1
    fill = svg.SEVERITY_COLOUR[grade] if symbol.fill is None else symbol.fill
    # What is as light as the ground needs a stronger outline.
    look = {"fill": fill, "stroke": symbol.edge, "stroke_width": 1.4 if fill == "#ffffff" else 0.9}
    if symbol.shape == "circle":
        return svg.tag("circle", *children, cx=x, cy=y, r=(2.4 + 0.7 * grade) * fine, **look)
    left, up, outline = OUTLINES[symbol.shape]
    d = f"M{svg.num(x - left)} {svg.num(y - up)}{outline}"
    return svg.tag("path", *children, d=d, **look)


def legend_symbol(symbol: Symbol, severity: int | None) -> Markup:
    """The symbol of a finding, alone, for a legend."""
    low = symbol.shape == "triangle"
    drawn = marker(symbol, severity, 7, 8 if low else 7)
    return svg.tag("svg", drawn, viewBox="0 0 14 14", aria_hidden="true")


def beside(points: Floats, lines: gpd.GeoSeries, distance_m: float) -> Floats:
    """Places beside the road, on the side of each point: symbols then leave its colour in sight.

    Parameters
    ----------
    points
        Ground coordinates, shape (n, 2).
    lines
        The roads; points stay where they are without any.
    distance_m
        From the axis.
    """
    roads = lines.to_numpy()
    if not len(roads) or not len(points):
        return points
    spots = shapely.points(points)
    road = roads[shapely.STRtree(roads).nearest(spots)]
    at = shapely.line_locate_point(road, spots)
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(road, np.maximum(at + step, 0.0)))
        for step in (-2.0, 0.0, 2.0)
    ]
    along = ends[2] - ends[0]
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    off = points - ends[1]
    left = np.where(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0] >= 0, 1.0, -1.0)
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    return np.asarray(ends[1] + normal * (left * distance_m)[:, None], dtype=float)


def _draw_findings(ground: MapContent, wording: Wording, pictures: Mapping[str, str]) -> Markup:
    points, sheet, places = ground.points, ground.sheet, ground.places
    shown = points
    if len(points) > MANY_FINDINGS:
        shown = points.sort_values(["severity", "confidence"], ascending=False).head(MANY_FINDINGS)
    shown = shown.sort_values("severity", na_position="last")
    own = shapely.get_coordinates(shown.geometry.centroid.to_numpy()).reshape(-1, 2)
    xy = sheet.xy(beside(own, ground.lines.geometry, (CASING / 2 + 7) / sheet.scale))
    fine = min(1.0, max(0.5, (ROOMY_POINTS / max(len(shown), 1)) ** 0.5))
    drawn = []
    for row, (x, y) in zip(rows_of(shown, FindingRow), xy, strict=True):
        title = f"{row.code} · {row.route} {places.place(row, wording)}"
        symbol = ground.taxonomy.families[row.family].symbol
        drawing = marker(symbol, row.severity, x, y, svg.tag("title", title), fine=fine)
        target = pictures.get(row.picture_id or "")
        drawn.append(drawing if target is None else svg.tag("a", drawing, href=f"#{target}"))
    return svg.tag("g", *drawn)
