"""Styles for QGIS: sections by class, findings by code, in colours that colour-blind eyes part."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

import numpy as np

from gis.scoring.extents import CHECKED, SURE_ORIGINS
from voirie.inputs import HEADLINE_EXISTENCE
from voirie.taxonomy import Taxonomy

# Chosen apart in lightness as well as in hue, so that they hold for colour-blind readers and in
# a grey print: blue (mid), yellow (light), dark red (dark), grey.
CLASS_COLOUR = {"BE": "#2f7fb5", "EM": "#f0b429", "ME": "#7f1127", "nd": "#a3abb5"}
SECTION_LABELS = {
    "BE": "BE - bon état",
    "EM": "EM - état moyen",
    "ME": "ME - mauvais état",
    "nd": "nd - non déterminé",
}
OTHER_LABEL, OTHER_SHAPE, OTHER_COLOUR = "autre", "triangle", "#f0b429"
ASSUMED_LABEL = "état supposé, section non relevée"
YEAR_RAMP = ("#2d0b59", "#8c2369", "#d4513c", "#f6a21c", "#f3e55d")
"""Dark to light, so that the order of the years survives grey and colour blindness."""

TO_CHECK = (
    f'coalesce("existence", 1) < {HEADLINE_EXISTENCE}'
    f""" and coalesce("origin", '') not in {SURE_ORIGINS}"""
    f""" and coalesce("review_state", '') not in {CHECKED}"""
)
"""What is too doubtful to be put first, and nobody vouches for."""

BESIDE_THE_AXIS = {"offset": """if("sens" = '-', -1, 1) * coalesce("voie", 1)"""}
"""QGIS draws to the right of a line what has a positive offset, in millimetres."""

HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _symbol(
    name: int,
    kind: str,
    layer: str,
    options: dict[str, str],
    by_row: dict[str, str] | None = None,
) -> str:
    """A symbol of one layer; ``by_row`` are properties that an expression tells row by row."""
    written = "".join(
        f'<Option name="{key}" type="QString" value={quoteattr(value)}/>'
        for key, value in options.items()
    )
    expressions = "".join(
        f'<Option name="{key}" type="Map"><Option name="active" type="bool" value="true"/>'
        f'<Option name="expression" type="QString" value={quoteattr(value)}/>'
        '<Option name="type" type="int" value="3"/></Option>'
        for key, value in (by_row or {}).items()
    )
    properties = (
        '<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/>'
        f'<Option name="properties" type="Map">{expressions}</Option>'
        '<Option name="type" type="QString" value="collection"/></Option>'
        "</data_defined_properties>"
    )
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{written}</Option>{properties if expressions else ""}'
        "</layer></symbol>"
    )


def _style(attribute: str, categories: list[tuple[str, str]], symbols: list[str]) -> str:
    listed = "".join(
        f'<category symbol="{k}" value={quoteattr(value)} label={quoteattr(label)} render="true"/>'
        for k, (value, label) in enumerate(categories)
    )
    return (
        f'{HEAD}<qgis version="3.22.0" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(attribute)} symbollevels="0"'
        f' forceraster="0" enableorderby="0"><categories>{listed}</categories>'
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2></qgis>\n"
    )


def section_style(by_row: dict[str, str] | None = None) -> str:
    """Lines by class; worse is wider, unknown is dashed."""
    width = {"BE": "1.1", "EM": "1.5", "ME": "2.0", "nd": "0.9"}
    symbols = [
        _line(k, CLASS_COLOUR[state], width[state], "dash" if state == "nd" else "solid", by_row)
        for k, state in enumerate(SECTION_LABELS)
    ]
    return _style("classe_etat", list(SECTION_LABELS.items()), symbols)


def lane_style() -> str:
    """As the sections, each direction on its own side of the axis."""
    return section_style(BESIDE_THE_AXIS)


def _line(
    name: int,
    colour: str,
    width_mm: str,
    line: str = "solid",
    by_row: dict[str, str] | None = None,
) -> str:
    options = {
        "line_color": _rgba(colour),
        "line_width": width_mm,
        "line_width_unit": "MM",
        "line_style": line,
        "capstyle": "flat",
        "joinstyle": "round",
    }
    return _symbol(name, "line", "SimpleLine", options, by_row)


def work_style() -> str:
    """Lines of works by the envelope that pays, dashed where the state of the road is assumed.

    Scenario and year are chosen by a filter.
    """
    looks = {
        "investment": ("investissement", "#1f5f8b", "solid"),
        "operation": ("fonctionnement", "#7fb3d5", "solid"),
        "assumed": (ASSUMED_LABEL, "#7b8490", "dash"),
    }
    symbols = [_line(k, colour, "1.6", line) for k, (_, colour, line) in enumerate(looks.values())]
    labels = [(value, label) for value, (label, _, _) in looks.items()]
    return _style("""if("assumed", 'assumed', "envelope")""", labels, symbols)


def year_style(years: Sequence[int]) -> str:
    """Lines of works by year, the first darkest, dashed where the state of the road is assumed.

    Parameters
    ----------
    years
        Years of the plan in order.

    Examples
    --------
    >>> 'label="2027"' in year_style([2027, 2028])
    True
    """
    dashes = {"outlineStyle": """if("assumed", 'dash', 'solid')"""}
    shares = np.linspace(0, 1, max(len(years), 1))
    ramp = np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in YEAR_RAMP], dtype=float)
    at = np.linspace(0, 1, len(ramp))
    symbols = []
    for k, share in enumerate(shares[: len(years)]):
        red, green, blue = (round(np.interp(share, at, ramp[:, c])) for c in range(3))
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        symbols.append(_line(k, colour, "2.2", by_row=dashes))
    return _style("year", [(str(year), str(year)) for year in years], symbols)


def coverage_style() -> str:
    """What was seen of each lane, on its own side of the axis; what was not is dashed."""
    symbols = [
        _line(0, CLASS_COLOUR["BE"], "0.7", by_row=BESIDE_THE_AXIS),
        _line(1, CLASS_COLOUR["ME"], "0.7", "dash", BESIDE_THE_AXIS),
    ]
    labels = [("seen", "relevé"), ("not", "non relevé")]
    return _style("""if("surveyed", 'seen', 'not')""", labels, symbols)


def pass_style() -> str:
    """The line that was driven."""
    return _single(_line(0, "#5a6675", "0.4"))


def track_style() -> str:
    """Fixes of the smoothed track: those measured, and those bridged where GNSS was lost."""
    symbols = [_marker(0, "circle", "#5a6675", "1.2"), _marker(1, "cross", "#c2571a", "2.0")]
    labels = [("measured", "position mesurée"), ("bridged", "position reconstituée, GNSS perdu")]
    return _style("""if("bridged", 'bridged', 'measured')""", labels, symbols)


def frame_style() -> str:
    """Where pictures were taken: those kept, and those left out."""
    symbols = [_marker(0, "circle", "#1f5f8b", "1.4"), _marker(1, "cross2", "#7f1127", "2.0")]
    labels = [("kept", "image gardée"), ("refused", "image écartée")]
    return _style("""if("picture_id" is null, 'refused', 'kept')""", labels, symbols)


def outline_style() -> str:
    """Outlines on the road by severity, worse is darker."""
    looks = {"1": ("gravité 1", "#c9a6cf"), "2": ("gravité 2", "#8e4fa0")}
    looks |= {"3": ("gravité 3", "#4b1460"), "": ("sans gravité", "#a3abb5")}
    symbols = [
        _symbol(
            k,
            "fill",
            "SimpleFill",
            {"color": _rgba(colour), "outline_color": _rgba("#1b2430"), "outline_width": "0.2"},
        )
        for k, (_, colour) in enumerate(looks.values())
    ]
    return _style("severity", [(value, label) for value, (label, _) in looks.items()], symbols)


def _single(symbol: str) -> str:
    return (
        f'{HEAD}<qgis version="3.22.0" styleCategories="Symbology">'
        '<renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0" enableorderby="0">'
        f"<symbols>{symbol}</symbols></renderer-v2></qgis>\n"
    )


def _marker(
    name: int, shape: str, colour: str, size_mm: str, by_row: dict[str, str] | None = None
) -> str:
    crossed = shape.startswith("cross")  # a cross has no inside to fill
    options = {
        "name": shape,
        "color": _rgba(colour),
        "outline_color": _rgba(colour) if crossed else "255,255,255,255",
        "outline_width": "0.4" if crossed else "0.2",
        "size": size_mm,
        "size_unit": "MM",
    }
    return _symbol(name, "marker", "SimpleMarker", options, by_row)


def finding_style(taxonomy: Taxonomy) -> str:
    """Markers by code; the last category takes every code without one, signs above all.

    The shape parts the families, the colour the codes. What is to be checked is hollow.
    """
    own = [(code, code.symbol) for code in taxonomy.codes.values() if code.symbol is not None]
    markers = [(symbol.shape, symbol.fill or OTHER_COLOUR) for _, symbol in own]
    drawn = [*markers, (OTHER_SHAPE, OTHER_COLOUR)]
    symbols = [
        _marker(k, shape, colour, "2.6", _hollow_to_check(colour))
        for k, (shape, colour) in enumerate(drawn)
    ]
    categories = [(code.code, f"{code.code} - {code.label_fr}") for code, _ in own]
    return _style("code", [*categories, ("", OTHER_LABEL)], symbols)


def _hollow_to_check(colour: str) -> dict[str, str]:
    """White inside and a rim of its colour where a marker is of what is to be checked."""
    looks = {"fillColor": ("#ffffff", colour), "outlineColor": (colour, "#ffffff")}
    return {key: f"if({TO_CHECK}, '{hollow}', '{full}')" for key, (hollow, full) in looks.items()}


def layer_styles(taxonomy: Taxonomy) -> dict[str, tuple[str, str]]:
    """Name and QML of the style of each layer that can stand on a map.

    Examples
    --------
    >>> from voirie.taxonomy import load_taxonomy
    >>> sorted(layer_styles(load_taxonomy()))[:4]
    ['coverage', 'dumping', 'finding_outlines', 'findings']
    """
    return {
        "sections": ("classe d'état", section_style()),
        "section_notes": ("classe d'état par voie", lane_style()),
        "findings": ("constats par code, en creux à vérifier", finding_style(taxonomy)),
        "finding_outlines": ("emprises par gravité", outline_style()),
        "signs": ("panneaux par code", finding_style(taxonomy)),
        "dumping": ("dépôts sauvages", finding_style(taxonomy)),
        "works": ("travaux par enveloppe", work_style()),
        "frames": ("images gardées et écartées", frame_style()),
        "track": ("positions mesurées et reconstituées", track_style()),
        "coverage": ("relevé et non relevé", coverage_style()),
        "passes": ("passages", pass_style()),
    }
