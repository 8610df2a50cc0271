"""The route on one strip (schéma itinéraire): PR, class, notes, defects, coverage and works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from inspection.publish import svg
from inspection.publish.map_svg import marker
from inspection.publish.places import Referencer, Route, route_name, section_span
from inspection.publish.wording import Wording
from voirie.places import ROUTE_KEY
from voirie.taxonomy import load_taxonomy

WIDTH = 1040.0
GUTTER = 168.0
PLOT = WIDTH - GUTTER - 30
LINE_LENGTHS_M = (2000.0, 5000.0, 10_000.0, 25_000.0, 100_000.0)
TICKS_M = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 20_000.0)
CLEAR = 42.0
MOST_STRIPS = 24
MOST_CODES = 9
# Beyond this a row of defects is a smear: the gravest are drawn, the count stays true.
MOST_MARKS = 400
MOST_SCENARIOS = 4
TICK = {"font_size": 11, "fill": svg.MUTED}
ROW_NAME = {"font_size": 12, "fill": svg.INK}


@dataclass(frozen=True)
class Stretch:
    """A stretch of a route on one strip, and where its metres fall on the drawing."""

    route: Route
    from_m: float
    to_m: float
    scale: float

    def x(self, cumul_m: float) -> float:
        """Drawing unit of a chainage, held inside the strip."""
        return GUTTER + (min(max(cumul_m, self.from_m), self.to_m) - self.from_m) * self.scale

    def within(self, low_m: float, high_m: float) -> bool:
        """Whether an extent touches the stretch."""
        return bool(high_m >= self.from_m and low_m <= self.to_m)


@dataclass(frozen=True)
class StripTables:
    """What a strip is drawn from."""

    places: Referencer
    findings: Any
    coverage: Any
    works: Any
    scenarios: list[str]


def stretches(ranges: dict[Route, tuple[float, float]]) -> list[Stretch]:
    """Cut routes in stretches short enough to read, few enough to print.

    Parameters
    ----------
    ranges
        First and last chainage of each route, metres.
    """
    for line_m in LINE_LENGTHS_M:
        pieces = {r: max(1, int(np.ceil((b - a) / line_m - 0.25))) for r, (a, b) in ranges.items()}
        if sum(pieces.values()) <= MOST_STRIPS:
            break
    longest = max(((b - a) / pieces[r] for r, (a, b) in ranges.items()), default=1.0)
    scale = PLOT / max(longest, 1.0)
    return [
        Stretch(
            route, a + k * (b - a) / pieces[route], a + (k + 1) * (b - a) / pieces[route], scale
        )
        for route, (a, b) in list(ranges.items())[:MOST_STRIPS]
        for k in range(pieces[route])
    ][:MOST_STRIPS]


def draw_strip(stretch: Stretch, tables: StripTables, wording: Wording) -> Markup:
    """Draw one strip as an ``svg`` element."""
    rows: list[tuple[str, float, Markup]] = []
    sections = tables.places.of_route(stretch.route)
    if len(sections):
        rows.append((wording.text("strip.class"), 24.0, _classes(sections, stretch, wording)))
        if sections["note_globale"].notna().any():
            rows.append((wording.text("strip.notes"), 62.0, _notes(sections, stretch, wording)))
    rows += _defects(stretch, tables, wording)
    rows += _coverage(stretch, tables, wording)
    rows += _works(sections, stretch, tables, wording)
    top = 34.0
    height = top + sum(row[1] + 5 for row in rows) + 6
    parts = [_scale(stretch, tables.places, height, wording)]
    for name, tall, content in rows:
        parts.append(
            svg.tag(
                "text", name, x=GUTTER - 10, y=top + tall / 2 + 4, text_anchor="end", **ROW_NAME
            )
        )
        parts.append(svg.tag("g", content, transform=f"translate(0 {svg.num(top)})"))
        top += tall + 5
    label = wording.text(
        "strip.alt",
        route=route_name(stretch.route),
        start=tables.places.at(stretch.route, stretch.from_m, wording),
        end=tables.places.at(stretch.route, stretch.to_m, wording),
    )
    return svg.drawing(WIDTH, height, label, *parts, class_="strip")


def _scale(stretch: Stretch, places: Referencer, height: float, wording: Wording) -> Markup:
    parts: list[Markup] = []
    every = places.milestones(stretch.route)
    stones = [m for m in every if stretch.within(m.cumul_m, m.cumul_m)]
    step = next(m for m in TICKS_M if m * stretch.scale > CLEAR)
    origins = [m.cumul_m for m in every if m.cumul_m <= stretch.to_m]
    if not origins or origins[0] > stretch.from_m:
        origins.insert(0, stretch.from_m)
    for origin, following in zip(origins, [*origins[1:], np.inf], strict=True):
        for metre in np.arange(origin + step, min(following, stretch.to_m) + 0.5, step):
            if metre < stretch.from_m:
                continue
            x = stretch.x(metre)
            d = f"M{svg.num(x)} 24v6"
            parts.append(svg.tag("path", d=d, stroke=svg.MUTED, stroke_width=0.8))
            if all(abs(stretch.x(stone.cumul_m) - x) > CLEAR for stone in stones):
                text = f"+{wording.number(metre - origin)}"
                parts.append(svg.tag("text", text, x=x, y=18, text_anchor="middle", **TICK))
    for stone in stones:
        x = stretch.x(stone.cumul_m)
        d = f"M{svg.num(x)} 22V{svg.num(height - 4)}"
        parts.append(svg.tag("path", d=d, stroke=svg.INK, stroke_width=0.7, stroke_dasharray="1 3"))
        name = f"PR {stone.name}" if stone.name[:1].isdigit() else stone.name
        anchor = "start" if x < GUTTER + 20 else "middle"
        look = {"font_size": 12.5, "font_weight": 700, "fill": svg.INK, "text_anchor": anchor}
        parts.append(svg.tag("text", name, x=x, y=18, **look))
    d = f"M{GUTTER} 30H{svg.num(stretch.x(stretch.to_m))}"
    return svg.tag("path", d=d, stroke=svg.INK, stroke_width=1) + svg.tag("g", *parts)


def _classes(sections: Any, stretch: Stretch, wording: Wording) -> Markup:
    parts = []
    for row in sections.itertuples():
        if not stretch.within(row.cumul_from_m, row.cumul_to_m):
            continue
        x, end = stretch.x(row.cumul_from_m), stretch.x(row.cumul_to_m)
        state = row.classe_etat
        fill = svg.HATCH if state == "nd" else svg.CLASS_COLOUR[state]
        title = f"{section_span(row)} · {wording.text(f'class.{state}')}"
        parts.append(
            svg.tag(
                "rect",
                svg.tag("title", title),
                x=x,
                width=max(end - x - 1, 0.6),
                height=24,
                fill=fill,
            )
        )
        text = state if state == "nd" else f"{state} {wording.note(row.note_globale)}"
        if end - x > 8 * len(text):
            look = {"text_anchor": "middle", "font_size": 12, "font_weight": 600}
            ink = svg.CLASS_INK[state]
            halo = {"stroke": "#f3f4f6", "stroke_width": 4, "paint_order": "stroke"}
            look |= halo if state == "nd" else {}
            parts.append(svg.tag("text", text, x=(x + end) / 2, y=16.5, fill=ink, **look))
    return svg.join(parts)


def _notes(sections: Any, stretch: Stretch, wording: Wording) -> Markup:
    """Steps of the two notes on a scale from 0 to 20, with the interval of the lower one."""
    tall = 62.0

    def y(note: float) -> float:
        return tall * (1 - note / 20)

    parts = []
    for level in (0, 10, 20):
        x_end = svg.num(stretch.x(stretch.to_m))
        parts.append(svg.tag("path", d=f"M{GUTTER} {svg.num(y(level))}H{x_end}", stroke="#e4e8ec"))
        look = {"font_size": 9.5, "fill": svg.MUTED}
        end = stretch.x(stretch.to_m) + 2
        parts.append(svg.tag("text", str(level), x=end, y=y(level) + 3, **look))
    noted = sections[sections["note_globale"].notna()]
    for row in noted.itertuples():
        if not stretch.within(row.cumul_from_m, row.cumul_to_m):
            continue
        x, end = stretch.x(row.cumul_from_m), stretch.x(row.cumul_to_m)
        if not np.isnan(row.note_globale_low):
            top, low = y(row.note_globale_high), y(row.note_globale_low)
            parts.append(
                svg.tag("rect", x=x, y=top, width=end - x, height=low - top, fill="#dfe5ec")
            )
        for name, colour, dash in (("structure", svg.INK, None), ("surface", "#1f77b4", "4 2")):
            note = getattr(row, f"note_{name}")
            title = svg.tag("title", f"{wording.text(f'set.{name}')} {wording.note(note)}")
            d = f"M{svg.num(x)} {svg.num(y(note))}H{svg.num(end)}"
            parts.append(
                svg.tag("path", title, d=d, stroke=colour, stroke_width=2.2, stroke_dasharray=dash)
            )
    return svg.join(parts)


def _on(frame: Any, route: Route) -> Any:
    return frame[(frame[list(ROUTE_KEY)] == list(route)).fillna(False).all(axis=1)]


def _defects(
    stretch: Stretch, tables: StripTables, wording: Wording
) -> list[tuple[str, float, Markup]]:
    own = _on(tables.findings, stretch.route)
    own = own[own["cumul_m"].between(stretch.from_m, stretch.to_m)]
    pavement = own[own["family"] == "pavement"]
    rows = []
    for code in pavement["code"].value_counts().index[:MOST_CODES]:
        of_code = pavement[pavement["code"] == code]
        count = len(of_code)
        if count > MOST_MARKS:
            of_code = of_code.nlargest(MOST_MARKS, ["severity", "confidence"])
        marks = []
        for row in of_code.itertuples():
            start = row.cumul_m if pd.isna(row.cumul_from_m) else row.cumul_from_m
            end = row.cumul_m if pd.isna(row.cumul_to_m) else row.cumul_to_m
            x = stretch.x(start)
            wide = max(stretch.x(end) - x, 3.4)
            grade = 1 if pd.isna(row.severity) else int(row.severity)
            where = tables.places.place(row, wording)
            title = svg.tag("title", f"{code} · {where} · {wording.text('unit.severity', n=grade)}")
            look = {"fill": svg.SEVERITY_COLOUR[grade], "stroke": "#ffffff", "stroke_width": 0.5}
            marks.append(svg.tag("rect", title, x=x, y=1, width=wide, height=13, **look))
        name = f"{code} ({wording.number(count)})"
        rows.append((name, 15.0, _rail(stretch, 7.5) + svg.join(marks)))
    for family in ("sign", "dumping"):
        part = own[own["family"] == family]
        if len(part):
            marks = [
                marker(
                    family, None, stretch.x(row.cumul_m), 8, svg.tag("title", _named(row, wording))
                )
                for row in part.itertuples()
            ]
            name = f"{wording.text(f'family.{family}')} ({wording.number(len(marks))})"
            rows.append((name, 16.0, _rail(stretch, 8) + svg.join(marks)))
    return rows


def _named(row: Any, wording: Wording) -> str:
    return load_taxonomy().label(row.code, wording.language)


def _rail(stretch: Stretch, y: float) -> Markup:
    d = f"M{GUTTER} {svg.num(y)}H{svg.num(stretch.x(stretch.to_m))}"
    return svg.tag("path", d=d, stroke="#e4e8ec", stroke_width=1)


def _coverage(
    stretch: Stretch, tables: StripTables, wording: Wording
) -> list[tuple[str, float, Markup]]:
    own = _on(tables.coverage, stretch.route)
    rows = []
    for (sens, voie), lane in own.groupby(["sens", "voie"]):
        marks = []
        for row in lane.sort_values("cumul_from_m").itertuples():
            if not stretch.within(row.cumul_from_m, row.cumul_to_m):
                continue
            x, end = stretch.x(row.cumul_from_m), stretch.x(row.cumul_to_m)
            fill = "#66788c" if row.surveyed else svg.HATCH
            said = "seen" if row.surveyed else "unseen"
            reason = "" if pd.isna(row.reason) else f" ({reason_text(row.reason, wording)})"
            title = svg.tag("title", wording.text(f"strip.{said}") + reason)
            marks.append(
                svg.tag("rect", title, x=x, y=0, width=max(end - x, 0.4), height=9, fill=fill)
            )
        if marks:
            rows.append((wording.text("strip.lane", sens=sens, voie=voie), 10.0, svg.join(marks)))
    return rows


def reason_text(reason: str, wording: Wording) -> str:
    """Reason of a refusal or a gap in the language, or the word of the table itself."""
    return wording.known(f"reason.{reason}", str(reason).replace("_", " "))


def _works(
    sections: Any, stretch: Stretch, tables: StripTables, wording: Wording
) -> list[tuple[str, float, Markup]]:
    rows = []
    spans = sections.set_index("section_id")[["cumul_from_m", "cumul_to_m"]]
    for scenario in tables.scenarios[:MOST_SCENARIOS]:
        own = tables.works[tables.works["scenario"] == scenario]
        own = own[own["section_id"].isin(spans.index)].sort_values("year")
        marks = []
        for section_id, planned in own.groupby("section_id", sort=False):
            low, high = spans.loc[section_id]
            if not stretch.within(low, high):
                continue
            x, end = stretch.x(low), stretch.x(high)
            done = " · ".join(f"{row.treatment} {row.year}" for row in planned.itertuples())
            title = svg.tag("title", done)
            look = {"fill": "#e6efe6", "stroke": "#3d7a4e", "stroke_width": 0.9}
            marks.append(
                svg.tag(
                    "rect", title, x=x + 0.5, y=0.5, width=max(end - x - 2, 1), height=16, **look
                )
            )
            short = next(planned.itertuples())
            for text in (done, f"{short.treatment} {short.year}", str(short.year)):
                if end - x > 6.2 * len(text) + 4:
                    middle = {"text_anchor": "middle", "font_size": 10.5, "fill": "#23452d"}
                    marks.append(svg.tag("text", text, x=(x + end) / 2 - 0.5, y=12.3, **middle))
                    break
        if marks:
            name = scenario if len(scenario) <= 22 else scenario[:21] + "…"
            rows.append((name, 17.0, _rail(stretch, 8.5) + svg.join(marks)))
    return rows
