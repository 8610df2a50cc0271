"""Styles for QGIS: sections by class, findings by code, in colours that colour-blind eyes part."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

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


def work_style() -> str:
    """Lines of works by the envelope that pays, dashed where the state of the road is assumed.

    Scenario and year are chosen by a filter.
    """
    looks = {
        "investment": ("investissement", "#1f5f8b", "solid"),
        "operation": ("fonctionnement", "#7fb3d5", "solid"),
        "assumed": ("état supposé, section non relevée", "#7b8490", "dash"),
    }
    symbols = [
        _symbol(
            k,
            "line",
            "SimpleLine",
            {
                "line_color": _rgba(colour),
                "line_width": "1.6",
                "line_width_unit": "MM",
                "line_style": line,
            },
        )
        for k, (_, colour, line) in enumerate(looks.values())
    ]
    labels = [(value, label) for value, (label, _, _) in looks.items()]
    return _style("""if("assumed", 'assumed', "envelope")""", labels, symbols)


def finding_style(taxonomy: Taxonomy) -> str:
    """Markers by code; the last category takes every code without one, signs above all.

    The shape parts the families, the colour the codes.
    """
    own = [(code, code.symbol) for code in taxonomy.codes.values() if code.symbol is not None]
    markers = [(symbol.shape, symbol.fill or OTHER_COLOUR) for _, symbol in own]
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
        for k, (shape, colour) in enumerate([*markers, (OTHER_SHAPE, OTHER_COLOUR)])
    ]
    categories = [(code.code, f"{code.code} - {code.label_fr}") for code, _ in own]
    return _style("code", [*categories, ("", OTHER_LABEL)], symbols)


def layer_styles(taxonomy: Taxonomy) -> dict[str, tuple[str, str]]:
    """Name and QML of the style of each layer that has one.

    Examples
    --------
    >>> from voirie.taxonomy import load_taxonomy
    >>> sorted(layer_styles(load_taxonomy()))
    ['dumping', 'findings', 'section_notes', 'sections', 'signs', 'works']
    """
    return {
        "sections": ("classe d'état", section_style()),
        "section_notes": ("classe d'état par voie", section_style()),
        "findings": ("relevés par code", finding_style(taxonomy)),
        "signs": ("panneaux par code", finding_style(taxonomy)),
        "dumping": ("dépôts sauvages", finding_style(taxonomy)),
        "works": ("chantiers par enveloppe", work_style()),
    }
