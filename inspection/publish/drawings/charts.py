"""Charts: share of classes, curves of the scenarios, envelopes year by year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from markupsafe import Markup

from gis.exports.qgis_styles import CLASS_COLOUR
from inspection.publish.drawings import svg
from inspection.publish.rows import YearRow, rows_of
from voirie.catalogue.treatments import Thresholds
from voirie.labels import CLASS_NAMES, THRESHOLDS, class_code
from voirie.wording import Wording

WIDTH = 1040.0
CURVE_HEIGHT = 380.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 190.0, 16.0, 34.0
LABEL_GAP = 17.0
LEAST_APART = 0.5
"""Units between two curves that are worth two lines."""
Scale = Callable[[float], float]
SMALL_TEXT = {"font_size": 12.5, "fill": svg.MUTED}


def class_bar(shares: dict[str, float], wording: Wording) -> Markup:
    """One bar cut by class, percentages written where they fit; shares sum to 100."""
    width, height, x = WIDTH, 34.0, 0.0
    parts: list[Markup] = []
    for state in svg.CLASSES:
        share = shares.get(state, 0.0)
        if share <= 0:
            continue
        wide = width * share / 100
        fill = svg.HATCH if state == "nd" else CLASS_COLOUR[state]
        parts.append(
            svg.tag("rect", x=x, width=max(wide - 1.5, 0.5), height=height, y=0, fill=fill)
        )
        text = f"{class_code(state, wording)} {wording.percent(share)}"
        if wide > 9 * len(text) + 16:
            look = {"font_size": 15, "font_weight": 600, "fill": svg.CLASS_INK[state]}
            if state == "nd":
                look |= {"stroke": "#f3f4f6", "stroke_width": 5, "paint_order": "stroke"}
            parts.append(svg.tag("text", text, x=x + 10, y=22.5, **look))
        x += wide
    spoken = ", ".join(
        f"{wording.text(CLASS_NAMES[state])} {wording.percent(shares.get(state, 0.0))}"
        for state in svg.CLASSES
    )
    return svg.drawing(width, height, spoken, *parts, class_="classbar")


def range_bar(low: float, note: float, high: float, state: str) -> Markup:
    """Note on a line from 0 to 20, with its interval; small enough for a cell of a table."""
    width, height = 104.0, 14.0

    def x(value: float) -> float:
        return 2 + (width - 4) * min(20.0, max(0.0, value)) / 20

    parts = [svg.tag("path", d=f"M2 7H{svg.num(width - 2)}", stroke=svg.RULE, stroke_width=1)]
    if not (np.isnan(low) or np.isnan(high)):
        wide = max(2.0, x(high) - x(low))
        parts.append(svg.tag("rect", x=x(low), y=3, width=wide, height=8, rx=2, fill="#b4bfcb"))
    colour = CLASS_COLOUR.get(state, svg.INK)
    parts.append(svg.tag("rect", x=x(note) - 1.5, y=1, width=3, height=12, fill=colour))
    return svg.tag(
        "svg",
        *parts,
        viewBox=f"0 0 {svg.num(width)} {svg.num(height)}",
        width=width,
        height=height,
        aria_hidden="true",
        class_="range",
    )


def note_curves(
    years: pd.DataFrame, order: list[str], limits: Thresholds, wording: Wording
) -> Markup:
    """Note of the network year by year, one line a scenario, named at its end.

    Parameters
    ----------
    years
        Table `plan_years`; the first year of a scenario is its start.
    order
        Scenarios in the order of the comparison, which gives colours and dashes.
    limits
        Notes drawn as level lines where they are near the curves.
    wording
        Language.
    """
    first, last = int(years["year"].min()), int(years["year"].max())
    both = years[["note", "note_seen"]]
    low, high = float(both.min().min()), float(both.max().max())
    near = [v for v in (limits.surface, limits.structure) if low - 1.5 <= v <= high + 1.0]
    low, high = min([low, *near]), max([high, *near])
    step = svg.nice_step(max(high - low, 0.4), 5)
    low, high = (
        np.floor((low - step * 0.3) / step) * step,
        np.ceil((high + step * 0.3) / step) * step,
    )
    high = min(high, 20.0)

    def x(year: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - first) / max(last - first, 1)

    def y(note: float) -> float:
        return float(TOP + (CURVE_HEIGHT - TOP - BOTTOM) * (high - note) / (high - low))

    parts: list[Markup] = []
    for value in np.arange(low, high + step / 2, step):
        parts.append(
            svg.tag("path", d=f"M{LEFT} {svg.num(y(value))}H{WIDTH - RIGHT}", stroke="#e4e8ec")
        )
        digits = 1 if step >= 0.1 else 2
        parts.append(
            svg.tag(
                "text",
                wording.number(float(value), digits),
                x=LEFT - 8,
                y=y(value) + 4,
                text_anchor="end",
                **SMALL_TEXT,
            )
        )
    for year in range(first, last + 1):
        if (year - first) % 3 == 0 or year == last:
            look = {"text_anchor": "middle", **SMALL_TEXT}
            parts.append(svg.tag("text", str(year), x=x(year), y=CURVE_HEIGHT - 12, **look))
        d = f"M{svg.num(x(year))} {CURVE_HEIGHT - BOTTOM}v4"
        parts.append(svg.tag("path", d=d, stroke=svg.MUTED, stroke_width=0.8))
    for name, value in (("surface", limits.surface), ("structure", limits.structure)):
        if low <= value <= high:
            parts.append(_threshold(name, value, y(value), years, wording))
    parts.append(_curves(years, order, x, y, wording))
    label = wording.plural(
        "Curve of the mean score of {n} scenario, from {first} to {last}. The values "
        "stand in the table below.",
        "Curves of the mean score of {n} scenarios, from {first} to {last}. The values "
        "stand in the table below.",
        len(order),
        first=first,
        last=last,
    )
    return svg.drawing(WIDTH, CURVE_HEIGHT, label, *parts, class_="curves")


def _threshold(name: str, value: float, y: float, years: pd.DataFrame, wording: Wording) -> Markup:
    """Level line, named at the end where the curves are farther from it."""
    line = svg.tag(
        "path",
        d=f"M{LEFT} {svg.num(y)}H{WIDTH - RIGHT}",
        stroke=CLASS_COLOUR["ME"],
        stroke_width=1,
        stroke_dasharray="2 3",
    )
    text = wording.text(THRESHOLDS[name], value=wording.number(value, 2))
    look = {"font_size": 12.5, "fill": CLASS_COLOUR["ME"], "stroke": "#ffffff"}
    away = (years["note"] - value).abs()
    early, late = years["year"] <= years["year"].min() + 3, years["year"] >= years["year"].max() - 3
    at_end = away[late].min() > away[early].min()
    x, anchor = (WIDTH - RIGHT - 8, "end") if at_end else (LEFT + 8, "start")
    halo = {"stroke_width": 3, "paint_order": "stroke", "text_anchor": anchor}
    return line + svg.tag("text", text, x=x, y=y - 5, **look, **halo)


def series_look(order: list[str], scenario: str) -> tuple[str, str]:
    """Colour and dash of a scenario, the same in every chart."""
    k = order.index(scenario)
    return svg.SERIES[k % len(svg.SERIES)], svg.DASHES[k % len(svg.DASHES)]


def _curves(years: pd.DataFrame, order: list[str], x: Scale, y: Scale, wording: Wording) -> Markup:
    parts: list[Markup] = []
    ends = []
    for scenario in order:
        part = years[years["scenario"] == scenario].sort_values("year")
        if part.empty:
            continue
        colour, dash = series_look(order, scenario)
        rows = rows_of(part, YearRow)
        xy = np.array([[x(row.year), y(row.note)] for row in rows])
        look = {"fill": "none", "stroke": colour, "stroke_width": 2.4, "stroke_dasharray": dash}
        parts.append(
            svg.tag("path", d=svg.path_d(xy), **{k: v for k, v in look.items() if v != ""})
        )
        seen = np.array([[x(row.year), y(row.note_seen)] for row in rows])
        if np.isfinite(seen).all() and np.abs(seen[:, 1] - xy[:, 1]).max() > LEAST_APART:
            thin = {"fill": "none", "stroke": colour, "stroke_width": 1, "stroke_dasharray": "1 2"}
            name = wording.text("{scenario}, sections that were seen", scenario=scenario)
            parts.append(svg.tag("path", svg.tag("title", name), d=svg.path_d(seen), **thin))
        for row, (cx, cy) in zip(rows, xy, strict=True):
            title = svg.tag("title", f"{scenario}, {row.year} : {wording.number(row.note, 2)}")
            parts.append(svg.tag("circle", title, cx=cx, cy=cy, r=2.6, fill=colour))
        ends.append((float(xy[-1, 1]), scenario, rows[-1].note, colour))
    ends.sort()
    tops = _apart([end[0] for end in ends], LABEL_GAP, CURVE_HEIGHT - BOTTOM)
    for (cy, scenario, note, colour), top in zip(ends, tops, strict=True):
        start = WIDTH - RIGHT
        d = f"M{start + 4} {svg.num(cy)}L{start + 16} {svg.num(top)}"
        parts.append(svg.tag("path", d=d, stroke=colour, stroke_width=1, fill="none"))
        text = f"{wording.number(note, 2)}  {_shorten(scenario, 22)}"
        look = {"font_size": 12.5, "font_weight": 600, "fill": colour}
        parts.append(svg.tag("text", text, x=start + 20, y=top + 4, **look))
    return svg.tag("g", *parts)


def _apart(tops: list[float], gap: float, bottom: float) -> list[float]:
    """Push sorted positions apart by at least ``gap``, above ``bottom`` where there is room."""
    placed: list[float] = []
    for top in tops:
        placed.append(max(top, placed[-1] + gap) if placed else top)
    spill = max(0.0, (placed[-1] if placed else 0.0) - bottom)
    return [top - spill for top in placed]


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def envelope_bars(years: pd.DataFrame, scenario: str, top_eur: float, wording: Wording) -> Markup:
    """Envelopes (outlined) and spending (filled) of a scenario, year by year.

    Parameters
    ----------
    years
        Table `plan_years`.
    scenario
        Which one.
    top_eur
        Amount at the top of the drawing, the same for every scenario.
    wording
        Language.
    """
    width, height, left, base = 330.0, 118.0, 6.0, 96.0
    part = years[years["scenario"] == scenario].sort_values("year").iloc[1:]
    rows = rows_of(part, YearRow)
    step = (width - left) / max(len(rows), 1)
    scale = (base - 8) / max(top_eur, 1.0)
    parts: list[Markup] = []
    for k, row in enumerate(rows):
        x, wide = left + k * step + 1, step - 3
        invest, operate = row.spend_investment_eur * scale, row.spend_operation_eur * scale
        # What goes to roads that nobody saw lies at the foot of each colour, hatched.
        unseen = [
            (base, row.spend_investment_assumed_eur * scale),
            (base - invest, row.spend_operation_assumed_eur * scale),
        ]
        allowed = (row.budget_investment_eur + row.budget_operation_eur) * scale
        title = wording.text(
            "{year}: {invest} of investment and {operate} of operation, of {allowed}",
            year=row.year,
            invest=wording.euro(row.spend_investment_eur),
            operate=wording.euro(row.spend_operation_eur),
            allowed=wording.euro(row.budget_investment_eur + row.budget_operation_eur),
        )
        if row.spend_assumed_eur > 0:
            title += wording.text(
                "; {assumed} on roads whose state is assumed",
                assumed=wording.euro(row.spend_assumed_eur),
            )
        inner = [
            svg.tag("rect", x=x, y=base - invest, width=wide, height=invest, fill="#1f5f8b"),
            svg.tag(
                "rect", x=x, y=base - invest - operate, width=wide, height=operate, fill="#7fb3d5"
            ),
            *(
                svg.tag("rect", x=x, y=foot - tall, width=wide, height=tall, fill=svg.HATCH_OVER)
                for foot, tall in unseen
                if tall > 0
            ),
            svg.tag(
                "rect",
                x=x,
                y=base - allowed,
                width=wide,
                height=max(allowed, 0.1),
                fill="none",
                stroke=svg.INK,
                stroke_width=0.8,
            ),
        ]
        parts.append(svg.tag("g", svg.tag("title", title), *inner))
        if k in {0, len(rows) - 1}:
            anchor = "start" if k == 0 else "end"
            at = x if k == 0 else x + wide
            look = {"text_anchor": anchor, **SMALL_TEXT}
            parts.append(svg.tag("text", str(row.year), x=at, y=height - 6, **look))
    parts.append(svg.tag("path", d=f"M{left} {base}H{width}", stroke=svg.MUTED, stroke_width=0.8))
    label = wording.text("Yearly spending of the scenario {scenario}", scenario=scenario)
    return svg.drawing(width, height, label, *parts, class_="bars")
