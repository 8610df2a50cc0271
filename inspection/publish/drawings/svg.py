"""Small words for drawing SVG: elements, numbers, paths, and the colours everything shares.

Only presentation attributes are used, never ``style``: the page forbids inline styles.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from markupsafe import Markup, escape

from gis.exports.qgis_styles import CLASS_COLOUR
from voirie.arrays import Floats

INK = "#1b2430"
MUTED = "#5a6675"
RULE = "#c8cfd8"
GROUND = "#f4f2ec"

CLASS_INK = {"BE": "#ffffff", "EM": "#1b2430", "ME": "#ffffff", "nd": "#1b2430"}
SEVERITY_COLOUR = {1: "#c9a6cf", 2: "#8e4fa0", 3: "#4b1460"}
CLASSES = ("BE", "EM", "ME", "nd")
SERIES = ("#1f5f8b", "#c2571a", "#3d7a4e", "#7a3e8f", "#8a6d00", "#b0345a", "#30706f", "#555b66")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 3", "12 4", "6 2 1 2")


def num(value: float) -> str:
    """Figure of a drawing, to a tenth of a unit, without a useless zero.

    Examples
    --------
    >>> num(3.04), num(2.55), num(-0.01)
    ('3', '2.5', '0')
    """
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, *children: str, **attributes: object) -> Markup:
    """One element; text children are escaped, ``Markup`` children are not.

    ``class_`` stands for ``class``, other underscores become hyphens, None is left out.

    Examples
    --------
    >>> print(tag("text", "a < b", x=1.5, font_size=10))
    <text x="1.5" font-size="10">a &lt; b</text>
    """
    written = []
    for key, value in attributes.items():
        if value is None:
            continue
        text = num(float(value)) if isinstance(value, float | int) else str(value)
        written.append(f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"')
    inner = "".join(escape(child) for child in children)
    if not children:
        return Markup(f"<{name}{''.join(written)}/>")
    return Markup(f"<{name}{''.join(written)}>{inner}</{name}>")


def join(parts: Iterable[str]) -> Markup:
    """Put elements one after the other."""
    return Markup("").join(parts)


def path_d(points: Floats) -> str:
    """Path data of a polyline, shape (n, 2), in drawing units."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points)


HATCH = "url(#hatch)"


def hatch() -> Markup:
    """Pattern of thin slanted lines, once a page: not surveyed, in print as on screen."""
    d = "M-1 6L6 -1M0 11L11 0M5 12L12 5"
    line = tag("path", d=d, stroke=CLASS_COLOUR["nd"], stroke_width=1.6)
    size = {"width": 10, "height": 10}
    ground = tag("rect", **size, fill="#f3f4f6")
    return tag("pattern", ground, line, id="hatch", patternUnits="userSpaceOnUse", **size)


HATCH_OVER = "url(#hatch-over)"


def hatch_over() -> Markup:
    """The same lines without a ground, to be laid over a colour: assumed, not seen."""
    line = tag("path", d="M-1 6L6 -1M0 11L11 0M5 12L12 5", stroke="#ffffff", stroke_width=2.2)
    size = {"width": 10, "height": 10}
    return tag("pattern", line, id="hatch-over", patternUnits="userSpaceOnUse", **size)


def drawing(width: float, height: float, label: str, *children: str, class_: str = "") -> Markup:
    """An ``svg`` element with a text for those who do not see it."""
    return tag(
        "svg",
        tag("title", label),
        *children,
        viewBox=f"0 0 {num(width)} {num(height)}",
        role="img",
        aria_label=label,
        class_=class_ or None,
    )


def nice_step(span: float, wanted: int) -> float:
    """Round step (1, 2 or 5 times a power of ten) that cuts a span in about ``wanted`` parts.

    Examples
    --------
    >>> nice_step(1340, 5)
    200.0
    """
    raw = max(span, 1e-9) / wanted
    power = 10.0 ** np.floor(np.log10(raw))
    return float(power * min((1, 2, 5, 10), key=lambda k: abs(np.log(k * power / raw))))
