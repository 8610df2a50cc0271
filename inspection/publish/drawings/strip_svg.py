"""The route on one strip (schéma itinéraire): PR, class, notes, defects, coverage and works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from markupsafe import Markup

from gis.exports.qgis_styles import CLASS_COLOUR
from gis.scoring.explain import SET_NAMES
from inspection.publish.drawings import svg
from inspection.publish.drawings.map_svg import marker
from inspection.publish.places import (
    Milestone,
    Referencer,
    Route,
    by_route,
    route_name,
    section_span,
)
from inspection.publish.rows import CoverageRow, FindingRow, SectionRow, SiteRow, rows_of
from voirie.labels import CLASS_NAMES, REASONS, class_code, label
from voirie.places import ROUTE_KEY
from voirie.taxonomy import Taxonomy
from voirie.wording import Wording

WIDTH = 1040.0
GUTTER = 168.0
PLOT = WIDTH - GUTTER - 30
LINE_LENGTHS_M = (2000.0, 5000.0, 10_000.0, 25_000.0, 100_000.0)
TICKS_M = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 20_000.0)
CLEAR = 42.0
MOST_STRIPS = 12
MOST_CODES = 9
# Beyond this many in a row they are drawn as one path, without a text for each.
MOST_NAMED = 60
MOST_SCENARIOS = 4
TICK = {"font_size": 12, "fill": svg.MUTED}
Row = tuple[str, float, Markup]
ROW_NAME = {"font_size": 12, "fill": svg.INK}
HALO = {"stroke": "#f3f4f6", "stroke_width": 4, "paint_order": "stroke"}


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
    """What a strip is drawn from.

    Attributes
    ----------
    places
        Sections and PR.
    findings, coverage
        Rows of each route.
    works
        Planned works of each route with the chainage of their section.
    scenarios
        Names in order.
    taxonomy
        Families and codes of the findings.
    """

    places: Referencer
    findings: dict[Route, pd.DataFrame]
    coverage: dict[Route, pd.DataFrame]
    works: dict[Route, pd.DataFrame]
    scenarios: list[str]
    taxonomy: Taxonomy

    @classmethod
    def of(
        cls,
        places: Referencer,
        findings: pd.DataFrame,
        coverage: pd.DataFrame,
        works: pd.DataFrame,
        order: list[str],
        taxonomy: Taxonomy,
    ) -> Self:
        """Sort the tables of a survey by route."""
        where = places.sections[["section_id", *ROUTE_KEY, "cumul_from_m", "cumul_to_m"]]
        placed = works.merge(pd.DataFrame(where), on="section_id", how="inner")
        return cls(
            places, by_route(findings), by_route(coverage), by_route(placed), order, taxonomy
        )


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
    rows: list[Row] = []
    sections = tables.places.of_route(stretch.route)
    inside = (sections["cumul_to_m"] > stretch.from_m) & (sections["cumul_from_m"] < stretch.to_m)
    sections = sections[inside]
    if len(sections):
        rows.append((wording.text("Class and score"), 24.0, _classes(sections, stretch, wording)))
        if sections["note_globale"].notna().any():
            rows.append((wording.text("Scores, 0 to 20"), 62.0, _notes(sections, stretch, wording)))
    rows += _defects(stretch, tables, wording)
    rows += _coverage(stretch, tables, wording)
    rows += _works(stretch, tables, wording)
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
    alt = wording.text(
        "Strip of the {route}, from {start} to {end}",
        route=route_name(stretch.route),
        start=tables.places.at(stretch.route, stretch.from_m, wording),
        end=tables.places.at(stretch.route, stretch.to_m, wording),
    )
    return svg.drawing(WIDTH, height, alt, *parts, class_="strip")


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
    parts.append(_stones(stones, stretch, height))
    d = f"M{GUTTER} 30H{svg.num(stretch.x(stretch.to_m))}"
    return svg.tag("path", d=d, stroke=svg.INK, stroke_width=1) + svg.tag("g", *parts)


def _stones(stones: list[Milestone], stretch: Stretch, height: float) -> Markup:
    """Lines at the PR and their names; of two that would overlap the PR is named, not DS or FS."""
    parts: list[Markup] = []
    named: list[tuple[float, float]] = []
    for stone in sorted(stones, key=lambda m: (not m.is_pr, m.cumul_m)):
        x, name = stretch.x(stone.cumul_m), stone.name
        d = f"M{svg.num(x)} 22V{svg.num(height - 4)}"
        parts.append(svg.tag("path", d=d, stroke=svg.INK, stroke_width=0.7, stroke_dasharray="1 3"))
        anchor = "start" if x < GUTTER + 20 else "middle"
        left = x if anchor == "start" else x - 4 * len(name)
        if all(left > b or left + 8 * len(name) < a for a, b in named):
            named.append((left, left + 8.0 * len(name)))
            look = {"font_size": 12.5, "font_weight": 700, "fill": svg.INK, "text_anchor": anchor}
            parts.append(svg.tag("text", name, x=x, y=18, **look))
    return svg.join(parts)


def _classes(sections: pd.DataFrame, stretch: Stretch, wording: Wording) -> Markup:
    parts = []
    for row in rows_of(sections, SectionRow):
        if not stretch.within(row.cumul_from_m, row.cumul_to_m):
            continue
        x, end = stretch.x(row.cumul_from_m), stretch.x(row.cumul_to_m)
        state = row.classe_etat
        fill = svg.HATCH if state == "nd" else CLASS_COLOUR[state]
        both = (("structure", row.note_structure), ("surface", row.note_surface))
        notes = ", ".join(
            f"{wording.text(SET_NAMES[name])} {wording.note(note)}" for name, note in both
        )
        title = f"{section_span(row)} · {wording.text(CLASS_NAMES[state])} · {notes}"
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
        short = class_code(state, wording)
        text = short if state == "nd" else f"{short} {wording.note(row.note_globale)}"
        if end - x > 8 * len(text):
            look = {"text_anchor": "middle", "font_size": 12, "font_weight": 600}
            ink = svg.CLASS_INK[state]
            look |= HALO if state == "nd" else {}
            parts.append(svg.tag("text", text, x=(x + end) / 2, y=16.5, fill=ink, **look))
    return svg.join(parts)


def _notes(sections: pd.DataFrame, stretch: Stretch, wording: Wording) -> Markup:
    """Steps of the two notes on a scale from 0 to 20, with the interval of the global one."""
    tall = 62.0

    def y(note: float) -> float:
        return tall * (1 - note / 20)

    end = stretch.x(stretch.to_m)
    parts = []
    for level in (0, 10, 20):
        d = f"M{GUTTER} {svg.num(y(level))}H{svg.num(end)}"
        parts.append(svg.tag("path", d=d, stroke="#e4e8ec"))
        look = {"font_size": 12, "fill": svg.MUTED}
        parts.append(svg.tag("text", str(level), x=end + 2, y=y(level) + 3, **look))
    steps = {"interval": "", "structure": "", "surface": ""}
    for row in rows_of(sections[sections["note_globale"].notna()], SectionRow):
        if not stretch.within(row.cumul_from_m, row.cumul_to_m):
            continue
        left, right = (svg.num(stretch.x(m)) for m in (row.cumul_from_m, row.cumul_to_m))
        low, high = row.note_globale_low, row.note_globale_high
        if not (np.isnan(low) or np.isnan(high)):
            steps["interval"] += f"M{left} {svg.num(y(high))}H{right}V{svg.num(y(low))}H{left}z"
        for name, note in (("structure", row.note_structure), ("surface", row.note_surface)):
            if not np.isnan(note):
                steps[name] += f"M{left} {svg.num(y(note))}H{right}"
    parts.append(svg.tag("path", d=steps["interval"], fill="#d5dde6"))
    line = {"fill": "none", "stroke_width": 2.2}
    parts.append(svg.tag("path", d=steps["structure"], stroke=svg.INK, **line))
    parts.append(
        svg.tag("path", d=steps["surface"], stroke="#1f77b4", stroke_dasharray="4 2", **line)
    )
    return svg.join(parts)


def _defects(stretch: Stretch, tables: StripTables, wording: Wording) -> list[Row]:
    own = tables.findings.get(stretch.route)
    if own is None:
        return []
    own = own[own["cumul_m"].between(stretch.from_m, stretch.to_m)]
    taxonomy = tables.taxonomy
    lying = own[own["family"].isin(taxonomy.of_form("ground"))]
    rows = []
    for code in lying["code"].value_counts().index[:MOST_CODES]:
        of_code = lying[lying["code"] == code]
        name = f"{code} ({wording.number(len(of_code))})"
        marks = _marks(of_code, stretch, tables.places, wording)
        rows.append((name, 15.0, _rail(stretch, 7.5) + marks))
    for family, known in taxonomy.families.items():
        if known.is_flat:
            continue
        part = own[own["family"] == family]
        if len(part):
            symbols = [
                marker(known.symbol, None, stretch.x(row.cumul_m), 8, svg.tag("title", told))
                for row in rows_of(part, FindingRow)
                for told in [taxonomy.label(row.code, wording.language)]
            ]
            name = f"{known.label(wording.language)} ({wording.number(len(symbols))})"
            rows.append((name, 16.0, _rail(stretch, 8) + svg.join(symbols)))
    return rows


def _marks(
    findings: pd.DataFrame, stretch: Stretch, places: Referencer, wording: Wording
) -> Markup:
    """Extents of the defects of one code; each is named unless they are too many to point at."""
    start = findings["cumul_from_m"].fillna(findings["cumul_m"])
    end = findings["cumul_to_m"].fillna(findings["cumul_m"])
    grades = findings["severity"].fillna(1).astype(int)
    whole = {1: "", 2: "", 3: ""}
    named = []
    for row, a, b, grade in zip(rows_of(findings, FindingRow), start, end, grades, strict=True):
        x = stretch.x(a)
        d = f"M{svg.num(x)} 1h{svg.num(max(stretch.x(b) - x, 3.4))}v13H{svg.num(x)}z"
        if len(findings) > MOST_NAMED:
            whole[grade] += d
            continue
        where = places.place(row, wording)
        said = wording.text("severity {n}", n=grade)
        text = f"{row.code} · {where} · {said}"
        fill = svg.SEVERITY_COLOUR[grade]
        named.append(svg.tag("path", svg.tag("title", text), d=d, fill=fill))
    named += [
        svg.tag("path", d=d, fill=svg.SEVERITY_COLOUR[grade]) for grade, d in whole.items() if d
    ]
    return svg.tag("g", *named, stroke="#ffffff", stroke_width=0.5)


def _rail(stretch: Stretch, y: float) -> Markup:
    d = f"M{GUTTER} {svg.num(y)}H{svg.num(stretch.x(stretch.to_m))}"
    return svg.tag("path", d=d, stroke="#e4e8ec", stroke_width=1)


def _coverage(stretch: Stretch, tables: StripTables, wording: Wording) -> list[Row]:
    own = tables.coverage.get(stretch.route)
    rows: list[Row] = []
    if own is None:
        return rows
    for (sens, voie), lane in own.groupby(["sens", "voie"]):
        wide = stretch.x(stretch.to_m) - GUTTER
        unseen = svg.tag("title", wording.text("not seen"))
        whole = svg.tag("rect", unseen, x=GUTTER, y=0, width=wide, height=9, fill=svg.HATCH)
        marks = []
        for row in rows_of(lane.sort_values("cumul_from_m"), CoverageRow):
            if not stretch.within(row.cumul_from_m, row.cumul_to_m):
                continue
            x, end = stretch.x(row.cumul_from_m), stretch.x(row.cumul_to_m)
            fill = "#66788c" if row.surveyed else svg.HATCH
            said = wording.text("seen") if row.surveyed else wording.text("not seen")
            reason = "" if row.reason is None else f" ({label(REASONS, row.reason, wording)})"
            title = svg.tag("title", said + reason)
            marks.append(
                svg.tag("rect", title, x=x, y=0, width=max(end - x, 0.4), height=9, fill=fill)
            )
        if marks:
            name = wording.text("Seen, way {sens} lane {voie}", sens=sens, voie=voie)
            rows.append((name, 10.0, whole + svg.join(marks)))
    return rows


def _works(stretch: Stretch, tables: StripTables, wording: Wording) -> list[Row]:
    rows: list[Row] = []
    own = tables.works.get(stretch.route)
    if own is None:
        return rows
    own = own[(own["cumul_to_m"] > stretch.from_m) & (own["cumul_from_m"] < stretch.to_m)]
    for scenario in tables.scenarios[:MOST_SCENARIOS]:
        planned: dict[str, list[SiteRow]] = {}
        works = own[own["scenario"] == scenario].sort_values("year")
        for row in rows_of(works, SiteRow):
            planned.setdefault(row.section_id, []).append(row)
        if planned:
            marks = _sites(list(planned.values()), stretch, f" ({wording.text('assumed')})")
            name = scenario if len(scenario) <= 25 else scenario[:24] + "…"
            rows.append((name, 17.0, _rail(stretch, 8.5) + marks))
    return rows


def _sites(planned: list[list[SiteRow]], stretch: Stretch, assumed: str) -> Markup:
    """The works of each section: as much of treatment and year as fits; hatched where assumed."""
    look = {"fill": "#e6efe6", "stroke": "#3d7a4e", "stroke_width": 0.9}
    marks: list[Markup] = []
    drawn = {False: "", True: ""}
    for works in planned:
        x, end = stretch.x(works[0].cumul_from_m), stretch.x(works[0].cumul_to_m)
        d = f"M{svg.num(x + 0.5)} .5h{svg.num(max(end - x - 2, 1))}v16H{svg.num(x + 0.5)}z"
        if len(planned) > MOST_NAMED:
            drawn[works[0].assumed] += d
            continue
        done = " · ".join(f"{row.treatment} {row.year}" for row in works)
        unseen = works[0].assumed
        title = svg.tag("title", done + assumed * unseen)
        marks.append(svg.tag("path", title, d=d, fill=svg.HATCH if unseen else None))
        for text in (done, f"{works[0].treatment} {works[0].year}", str(works[0].year)):
            if end - x > 6.2 * len(text) + 4:
                at = {"x": (x + end) / 2 - 0.5, "y": 12.3, "text_anchor": "middle"}
                ink = {"font_size": 12, "fill": "#23452d", "stroke": "none"}
                ink |= HALO if unseen else {}
                marks.append(svg.tag("text", text, **at, **ink))
                break
    many = [svg.tag("path", d=d, fill=svg.HATCH if k else None) for k, d in drawn.items() if d]
    return svg.tag("g", *many, *marks, **look)
