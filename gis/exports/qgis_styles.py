"""Styles for QGIS: sections by class, findings by code, in colours that colour-blind eyes part."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

# Chosen apart in lightness as well as in hue, so that they hold for colour-blind readers and in
# a grey print: blue (mid), yellow (light), dark red (dark), grey.
CLASS_COLOUR = {"BE": "#2f7fb5", "EM": "#f0b429", "ME": "#9b1c31", "nd": "#a3abb5"}
SECTION_LABELS = {
    "BE": "BE - bon état",
    "EM": "EM - état moyen",
    "ME": "ME - mauvais état",
    "nd": "nd - non déterminé",
}
# code: (label, QGIS marker, colour); the shape parts the families, the colour the codes.
FINDING_MARKERS = {
    "FAI": ("faïençage en bande de roulement", "hexagon", "#9b1c31"),
    "FAH": ("faïençage hors bande", "hexagon", "#d98c97"),
    "FLB": ("fissure longitudinale en bande", "circle", "#4b1460"),
    "FLH": ("fissure longitudinale hors bande", "circle", "#8e4fa0"),
    "FLx": ("fissure longitudinale, voie inconnue", "circle", "#c9a6cf"),
    "FTR": ("fissure transversale", "circle", "#1f5f8b"),
    "NDP": ("nid-de-poule", "pentagon", "#000000"),
    "ARR": ("arrachement", "diamond", "#c2571a"),
    "PEL": ("pelade", "diamond", "#8a6d00"),
    "REP": ("réparation", "square", "#5a6675"),
    "dumping": ("dépôt sauvage", "cross_fill", "#3d7a4e"),
}
OTHER_FINDING = ("autre", "triangle", "#f0b429")
HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _symbol(name: int, kind: str, layer: str, options: dict[str, str]) -> str:
    written = "".join(
        f'<Option name="{key}" type="QString" value={quoteattr(value)}/>'
        for key, value in options.items()
    )
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{written}</Option></layer></symbol>'
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


def section_style() -> str:
    """Lines by class; worse is wider, unknown is dashed."""
    width = {"BE": "1.1", "EM": "1.5", "ME": "2.0", "nd": "0.9"}
    symbols = [
        _symbol(
            k,
            "line",
            "SimpleLine",
            {
                "line_color": _rgba(CLASS_COLOUR[state]),
                "line_width": width[state],
                "line_width_unit": "MM",
                "line_style": "dash" if state == "nd" else "solid",
                "capstyle": "flat",
                "joinstyle": "round",
            },
        )
        for k, state in enumerate(SECTION_LABELS)
    ]
    return _style("classe_etat", list(SECTION_LABELS.items()), symbols)


def finding_style() -> str:
    """Markers by code; the last category takes every other code, signs above all."""
    markers = [*FINDING_MARKERS.values(), OTHER_FINDING]
    symbols = [
        _symbol(
            k,
            "marker",
            "SimpleMarker",
            {
                "name": shape,
                "color": _rgba(colour),
                "outline_color": "255,255,255,255",
                "outline_width": "0.2",
                "size": "2.6",
                "size_unit": "MM",
            },
        )
        for k, (_, shape, colour) in enumerate(markers)
    ]
    categories = [(code, f"{code} - {label}") for code, (label, *_) in FINDING_MARKERS.items()]
    return _style("code", [*categories, ("", OTHER_FINDING[0])], symbols)


LAYER_STYLES = {
    "sections": ("classe d'état", section_style()),
    "section_notes": ("classe d'état par voie", section_style()),
    "findings": ("relevés par code", finding_style()),
}
