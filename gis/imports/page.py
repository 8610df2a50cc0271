"""Faults of a network as one page: figures, a map, and every reason, in French and English.

The page holds everything it shows; it needs no network and no script.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import shapely
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gis.imports.faults import KINDS, Fault, Weight
from gis.network.network import Network
from voirie.arrays import Floats
from voirie.files import write_text
from voirie.wording import LANGUAGES, N_, Wording

GENERATOR = '<meta name="generator" content="voirie network">'
"""By which a page is known as one of ours, that may be written over."""

WEIGHTS: dict[Weight, str] = {
    "left": N_("left out"),
    "mended": N_("mended"),
    "told": N_("to be looked at"),
}
MOST_LISTED = 300
"""Places of one kind that the page lists; the others stand in the GeoPackage."""

_WIDE, _HIGH, _EDGE = 1000.0, 640.0, 14.0


@dataclass(frozen=True, slots=True)
class _Mark:
    """A fault on the map: its number, its weight, and where."""

    number: int
    weight: Weight
    x: float
    y: float
    line: str


def write_page(
    network: Network, faults: list[Fault], out: Path, source: str, ignored: tuple[str, ...] = ()
) -> None:
    """Write the page, replacing `out` at once.

    Parameters
    ----------
    network
        The network that was made, or looked at.
    faults
        What is told of it.
    out
        The page to write.
    source
        Name of the file that was read.
    ignored
        Columns of the file that nothing was read from.

    Raises
    ------
    OutputNotWritable
        When it cannot be written.
    """
    write_text(out, page(network, faults, source, ignored))


def page(network: Network, faults: list[Fault], source: str, ignored: tuple[str, ...] = ()) -> str:
    """The text of the page.

    Examples
    --------
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> "Rien à signaler" in page(network, [], "network.gpkg")
    True
    """
    order = list(KINDS)
    faults = sorted(faults, key=lambda fault: order.index(fault.kind))
    style = resources.files("gis.imports").joinpath("templates", "faults.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    roads, marks = _drawn(network, faults)
    bodies = [_body(network, faults, source, ignored, Wording(lang)) for lang in LANGUAGES]
    template = _environment().get_template("faults.html.j2")
    return template.render(
        generator=Markup(GENERATOR),
        policy=f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
        style=Markup(style),
        title=source,
        bodies=list(zip(LANGUAGES, bodies, strict=True)),
        roads=roads,
        marks=marks,
        size=(_WIDE, _HIGH),
    )


def _body(
    network: Network, faults: list[Fault], source: str, ignored: tuple[str, ...], w: Wording
) -> Markup:
    numbered = list(enumerate(faults, start=1))
    groups = [
        (kind, weight, name, [(n, fault) for n, fault in numbered if fault.kind == kind])
        for kind, (weight, name) in KINDS.items()
    ]
    counted = {
        weight: sum(KINDS[fault.kind][0] == weight for fault in faults) for weight in WEIGHTS
    }
    routes = network.routes()
    body = _environment().get_template("faults_body.html.j2")
    return Markup(
        body.render(
            w=w,
            _=w.text,
            plural=w.plural,
            source=source,
            version=network.version,
            counted=counted,
            weights=WEIGHTS,
            groups=[group for group in groups if group[3]],
            most=MOST_LISTED,
            ignored=ignored,
            n_routes=len({route.route for route in routes}),
            length_m=sum(network.length_m(route) for route in routes),
            n_pr=int(network.pr["num"].notna().sum()),
            routes=[
                (route, network.length_m(route), network.pr_of(route)["num"].dropna())
                for route in routes
            ],
        )
    )


def _drawn(network: Network, faults: list[Fault]) -> tuple[str, list[_Mark]]:
    """Roads as one path, and a mark for each fault with a place, in the units of the drawing."""
    lines = network.axes.geometry.to_numpy()
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(lines))
    scale = min(
        (_WIDE - 2 * _EDGE) / max(east - west, 1.0), (_HIGH - 2 * _EDGE) / max(north - south, 1.0)
    )
    middle = np.array([(west + east) / 2, (south + north) / 2])

    def on_paper(xy: Floats) -> Floats:
        turned = (xy - middle) * np.array([scale, -scale])
        return np.asarray(np.round(turned + np.array([_WIDE / 2, _HIGH / 2]), 1))

    def path(shapes: list[shapely.LineString]) -> str:
        thin = shapely.simplify(np.array(shapes, dtype=object), 0.4 / scale)
        return "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in on_paper(shapely.get_coordinates(line)))
            for line in thin
        )

    marks = []
    for number, fault in enumerate(faults, start=1):
        if fault.geometry is None or fault.geometry.is_empty:
            continue
        inside = shapely.get_parts(fault.geometry)
        drawn = [part for part in inside if part.geom_type == "LineString"]
        x, y = on_paper(shapely.get_coordinates(shapely.point_on_surface(fault.geometry)))[0]
        weight = KINDS[fault.kind][0]
        marks.append(_Mark(number, weight, float(x), float(y), path(drawn) if drawn else ""))
    return path(list(lines)), marks


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gis.imports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
