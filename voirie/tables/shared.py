"""Columns that several tables share."""

from __future__ import annotations

from typing import get_args

from voirie.places import Cote, Sens
from voirie.tables.schema import Column

NOTE_LOW, NOTE_HIGH = 0.0, 20.0
CLASSES = ("BE", "EM", "ME", "nd")
SEVERITY = (1.0, 3.0)
EXPERIMENTAL = Column(
    "experimental",
    "bool",
    "expérimental : repose sur un modèle dont la licence des données n'est pas claire",
    "experimental: rests on a model whose data have no clear licence",
)


def family_column() -> Column:
    """Family of a thing: any word, since a run may name a taxonomy of its own."""
    return Column(
        "family",
        "text",
        "famille (chaussée, panneau, dépôt, marquage, équipement)",
        "family (pavement, sign, dumping, marking, asset)",
    )


def code_column() -> Column:
    """Our code of a thing."""
    return Column("code", "text", "code de la nomenclature", "code of the taxonomy")


def route_key(*, nullable: bool = False) -> tuple[Column, ...]:
    """Key of a route."""
    return (
        Column("gestionnaire", "text", "gestionnaire de la route", "road manager", nullable),
        Column(
            "dep",
            "text",
            "département, trois caractères",
            "department, three characters",
            nullable,
        ),
        Column("route", "text", "route, par exemple D108", "route, such as D108", nullable),
        Column(
            "cote",
            "text",
            "côté : D ou G pour une chaussée parmi deux, U pour une chaussée unique",
            "side: D or G for one carriageway of two, U for a single one",
            nullable,
            allowed=get_args(Cote),
        ),
    )


def sens_and_voie(*, nullable: bool = False) -> tuple[Column, ...]:
    """Direction and lane."""
    return (
        Column(
            "sens",
            "text",
            "sens : + dans le sens des PR croissants, - à l'inverse",
            "direction: + with increasing PR, - against",
            nullable,
            allowed=get_args(Sens),
        ),
        Column(
            "voie",
            "int",
            "voie, comptée depuis le bord droit dans le sens de circulation",
            "lane, counted from the right edge in the direction of travel",
            nullable,
            low=1,
        ),
    )


def lane(*, nullable: bool = False) -> tuple[Column, ...]:
    """Key of a lane."""
    return (*route_key(nullable=nullable), *sens_and_voie(nullable=nullable))


def place(*, nullable: bool = False) -> tuple[Column, ...]:
    """Linear place: lane, chainage and offset from the axis."""
    return (
        *lane(nullable=nullable),
        Column(
            "cumul_m",
            "float",
            "cumul, mètres depuis le début de la route",
            "cumul, metres from the start of the route",
            nullable,
        ),
        Column(
            "offset_m",
            "float",
            "déport, mètres depuis l'axe, positif à droite des PR croissants",
            "offset, metres from the axis, positive right of increasing PR",
            nullable=True,
        ),
    )


def extent_on_axis(*, nullable: bool = False) -> tuple[Column, ...]:
    """Start and end along the route."""
    return (
        Column(
            "cumul_from_m",
            "float",
            "cumul de début, mètres depuis le début de la route",
            "start cumul, metres from the start of the route",
            nullable,
        ),
        Column(
            "cumul_to_m",
            "float",
            "cumul de fin, mètres depuis le début de la route",
            "end cumul, metres from the start of the route",
            nullable,
        ),
    )


FROM_BEFORE_TO = ("cumul_from_m", "cumul_to_m")
"""Order of `extent_on_axis`."""


def position_accuracy(*, nullable: bool = False) -> Column:
    """Standard deviation of a position."""
    return Column(
        "accuracy_m",
        "float",
        "précision, écart type de la position",
        "accuracy, standard deviation of the position",
        nullable,
        low=0,
    )


def geometry(fr: str, en: str, *, nullable: bool = True) -> Column:
    """Geometry in EPSG:2154."""
    return Column("geometry", "geometry", fr, en, nullable)


def _note(name: str, fr: str, en: str) -> Column:
    return Column(
        name, "float", fr, en, nullable=True, stated_unit="/20", low=NOTE_LOW, high=NOTE_HIGH
    )


NOTES_IN_THEIR_BOUNDS = tuple(
    (f"note_{part}_low", f"note_{part}", f"note_{part}_high")
    for part in ("structure", "surface", "globale")
)
"""Order of `notes`."""


def notes() -> tuple[Column, ...]:
    """Notes of a section or of a lane of it, and what they rest on."""
    columns: list[Column] = []
    for part, fr, en in (
        ("structure", "note de structure", "note of the structure"),
        ("surface", "note de surface", "note of the surface"),
        ("globale", "note globale", "global note"),
    ):
        which = ", la plus basse des deux" if part == "globale" else ""
        whichever = ", the lower of the two" if part == "globale" else ""
        columns += [
            _note(f"note_{part}", f"{fr}{which}, de 0 à 20", f"{en}{whichever}, 0 to 20"),
            _note(f"note_{part}_low", f"{fr} au plus bas", f"{en} at its lowest"),
            _note(f"note_{part}_high", f"{fr} au plus haut", f"{en} at its highest"),
        ]
    return (
        *columns,
        Column(
            "classe_etat",
            "text",
            "classe d'état : BE bon (dès 17,75), EM moyen (dès 14,5), ME mauvais, nd non déterminé",
            "class of condition: BE good (from 17.75), EM middling (from 14.5), ME bad, nd unknown",
            allowed=CLASSES,
        ),
        Column(
            "class_uncertain",
            "bool",
            "classe incertaine : vrai quand l'intervalle de la note va de ME à BE",
            "uncertain class: True when the interval of the note runs from ME to BE",
        ),
        Column(
            "coverage_pct",
            "float",
            "couverture, part relevée de la longueur",
            "coverage, surveyed share of the length",
            low=0,
            high=100,
        ),
        Column(
            "upper_bound",
            "bool",
            "note majorée : vrai quand des codes invisibles au capteur manquent à la somme",
            "best case: True when codes the sensor cannot see leave the sum",
        ),
        Column(
            "missing_codes",
            "text",
            "codes non observables par ce capteur, séparés par des virgules",
            "codes that this sensor cannot see, comma separated",
        ),
        Column(
            "scheme_version",
            "text",
            "version du barème",
            "version of the rating scheme",
        ),
    )


def clock(nullable: bool) -> tuple[Column, ...]:
    """Columns that say how film time becomes track time, and how sure that is."""
    return (
        Column(
            "offset_s",
            "float",
            "décalage, ajouté au temps de la vidéo pour avoir celui de la trace",
            "offset, added to video time to get track time",
            nullable=nullable,
        ),
        Column("offset_low_s", "float", "décalage au plus bas", "offset at its lowest", True),
        Column("offset_high_s", "float", "décalage au plus haut", "offset at its highest", True),
        Column(
            "offset_source",
            "text",
            "origine du décalage : donné, estimé d’après le parcours ou aucun",
            "source of the offset: stated, estimated from the drive or none",
            nullable=nullable,
            allowed=("stated", "estimated", "none"),
        ),
    )
