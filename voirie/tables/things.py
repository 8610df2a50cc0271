"""Tables of what was seen on the road."""

from __future__ import annotations

from voirie.stages import Stage
from voirie.tables.schema import Column, ForeignKey, Table
from voirie.tables.shared import (
    EXPERIMENTAL,
    FROM_BEFORE_TO,
    SEVERITY,
    code_column,
    extent_on_axis,
    family_column,
    geometry,
    place,
    position_accuracy,
)

FINDING_ID = Column("finding_id", "text", "constat, identifiant", "finding, its identifier")
OF_A_FINDING = ForeignKey("finding_id", "findings", "finding_id")

VIEW_ID = Column(
    "view_id",
    "text",
    "vue, identifiant tiré de l'image, du modèle, du cadre et de la classe",
    "view, identifier from the frame, model, box and class",
)
FRAME_OF_VIEW = ForeignKey("frame_id", "frames", "frame_id")
CAPTURE_OF_DETECTION = ForeignKey("frame_id", "captures", "frame_id")

SEEN = (
    Column("frame_id", "text", "image, identifiant", "frame, its identifier"),
    family_column(),
    Column("model_class", "text", "classe du modèle", "class of the model"),
    Column("x1_px", "float", "gauche du cadre, dans l'image publiée", "left of the box"),
    Column("y1_px", "float", "haut du cadre, dans l'image publiée", "top of the box"),
    Column("x2_px", "float", "droite du cadre, dans l'image publiée", "right of the box"),
    Column("y2_px", "float", "bas du cadre, dans l'image publiée", "bottom of the box"),
    Column("mask", "text", "masque, codé par plages", "mask, run-length code", nullable=True),
    Column(
        "masked_pct",
        "float",
        "part du cadre sur ce qui a été détruit ou sur un véhicule",
        "share of the box on what was destroyed or on a vehicle",
        nullable=True,
        low=0,
        high=100,
    ),
    Column(
        "dark_pct",
        "float",
        "noirceur du vingtième le plus sombre du cadre, comparé à sa ligne, pour un faïençage",
        "darkness of the darkest twentieth of the box beside its row, of a net of cracks",
        nullable=True,
        low=0,
        high=100,
    ),
    Column("score", "float", "score du modèle", "score of the model", low=0, high=1),
    Column(
        "value_read",
        "text",
        "chiffre lu sur le panneau, dans cette image",
        "figure read on the sign, in this frame",
        nullable=True,
    ),
    Column(
        "value_score",
        "float",
        "vraisemblance du chiffre lu",
        "likelihood of the figure read",
        nullable=True,
        low=0,
        high=1,
    ),
    Column("role", "text", "rôle du modèle dans models.toml", "role of the model in models.toml"),
    Column(
        "model_sha256",
        "text",
        "empreinte SHA-256 des poids du modèle",
        "SHA-256 of the weights of the model",
    ),
    EXPERIMENTAL,
)
"""What a model says of a box."""
CORNERS_IN_ORDER = (("x1_px", "x2_px"), ("y1_px", "y2_px"))

PLACED = (
    code_column(),
    *place(nullable=True),
    *extent_on_axis(nullable=True),
    Column("forward_m", "float", "mètres devant la caméra", "metres ahead of the camera", True),
    Column(
        "lateral_m",
        "float",
        "mètres à droite de la caméra",
        "metres right of the camera",
        nullable=True,
    ),
    Column(
        "aside_m",
        "float",
        "écart du véhicule à l'axe de sa voie, vers la droite, lu sur le marquage ; vide s'il n'en "
        "voit pas",
        "vehicle right of the middle of its lane, read on the markings; empty where it sees none",
        nullable=True,
    ),
    Column(
        "turned_deg",
        "float",
        "angle de la caméra à droite de la voie, lu sur le marquage",
        "angle of the camera to the right of the lane, read on the markings",
        nullable=True,
    ),
    Column("length_m", "float", "longueur au sol", "length on the ground", nullable=True),
    Column("width_m", "float", "largeur au sol", "width on the ground", nullable=True),
    Column("area_m2", "float", "surface au sol", "area on the ground", nullable=True),
    position_accuracy(nullable=True),
    Column(
        "scale_assumed",
        "bool",
        "échelle supposée : vrai sans caméra, ou si son inclinaison ou son champ est supposé",
        "scale assumed: True without a camera, or where its pitch or field of view is assumed",
        nullable=True,
    ),
    Column(
        "reason",
        "text",
        "motif de mise à l'écart des constats",
        "reason why it was left out of the findings",
        nullable=True,
    ),
    geometry("emprise ou point au sol", "ground polygon or point"),
)
"""Where a view lies on the road, and the code that its place in the lane gives it."""

DETECTIONS = Table(
    "detections",
    Stage.DETECT,
    "une détection dans une image, telle que le modèle la donne",
    "one detection in one frame, as the model gives it",
    (VIEW_ID, *SEEN),
    key=("view_id",),
    foreign_keys=(CAPTURE_OF_DETECTION,),
    ascending=CORNERS_IN_ORDER,
)

PLACEMENTS = Table(
    "placements",
    Stage.LOCATE,
    "la place sur la route d'une détection",
    "the place on the road of one detection",
    (VIEW_ID, *PLACED),
    key=("view_id",),
    foreign_keys=(ForeignKey("view_id", "detections", "view_id"),),
    ascending=(FROM_BEFORE_TO,),
)

VIEWS = Table(
    "views",
    Stage.FUSE,
    "une détection dans une image, avec sa place et son constat",
    "one detection in one frame, with its place and its finding",
    (
        VIEW_ID,
        Column(
            "finding_id",
            "text",
            "constat, celui auquel la vue a été rattachée",
            "finding, the one it was fused into",
            nullable=True,
        ),
        *SEEN,
        *PLACED,
    ),
    key=("view_id",),
    foreign_keys=(FRAME_OF_VIEW, OF_A_FINDING),
    ascending=(*CORNERS_IN_ORDER, FROM_BEFORE_TO),
)


def _size(name: str, unit: str, fr: str, en: str) -> tuple[Column, ...]:
    """A measure with its bounds."""
    return (
        Column(f"{name}_{unit}", "float", fr, en, nullable=True, low=0),
        Column(
            f"{name}_low_{unit}", "float", f"{fr} au plus bas", f"{en} at its lowest", True, low=0
        ),
        Column(
            f"{name}_high_{unit}",
            "float",
            f"{fr} au plus haut",
            f"{en} at its highest",
            True,
            low=0,
        ),
    )


FINDINGS = Table(
    "findings",
    Stage.FUSE,
    "un constat : une chose sur la route, vue une ou plusieurs fois",
    "one thing on the ground",
    (
        Column(
            "finding_id",
            "text",
            "constat, identifiant tiré du relevé et de la première vue",
            "finding, identifier from the survey and its first view",
        ),
        Column("survey_id", "text", "relevé, identifiant", "survey, its identifier"),
        family_column(),
        code_column(),
        Column(
            "severity",
            "int",
            "gravité, de 1 à 3, vide si elle n'est pas évaluée",
            "severity, 1 to 3, NULL where it is not graded",
            nullable=True,
            low=SEVERITY[0],
            high=SEVERITY[1],
        ),
        Column(
            "confidence",
            "float",
            "confiance, score moyen de ses vues",
            "confidence, mean score of its views",
            low=0,
            high=1,
        ),
        Column(
            "existence",
            "float",
            "probabilité d'existence, d'après ses vues, étalonnée là où son modèle a été mesuré",
            "chance that it exists, from its views, calibrated where its model was measured",
            low=0,
            high=1,
        ),
        *place(nullable=True),
        *extent_on_axis(nullable=True),
        position_accuracy(nullable=True),
        *_size("length", "m", "longueur", "length"),
        *_size("width", "m", "largeur", "width"),
        *_size("area", "m2", "surface", "area"),
        Column(
            "dark_pct",
            "float",
            "noirceur des fissures d'un faïençage, vue à 5 m : elle monte avec leur ouverture",
            "darkness of the cracks of a net, seen from 5 m: it rises as they gape",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "scale_assumed",
            "bool",
            "échelle supposée : vrai sans caméra, ou si son inclinaison ou son champ est supposé",
            "scale assumed: True without a camera, or where its pitch or field of view is assumed",
        ),
        Column("picture_id", "text", "meilleure image", "best picture", nullable=True),
        Column("n_views", "int", "nombre de vues", "number of views", low=1),
        Column(
            "n_passes", "int", "nombre de passages, ceux qui l'ont vu", "passes that saw it", low=1
        ),
        Column(
            "n_looked",
            "int",
            "passages ayant regardé là",
            "passes that looked there",
            nullable=True,
            low=1,
        ),
        Column("first_seen_at", "time", "première vue, UTC", "first view, UTC", nullable=True),
        Column("last_seen_at", "time", "dernière vue, UTC", "last view, UTC", nullable=True),
        Column(
            "origin",
            "text",
            "origine : machine, saisie, import ou modification",
            "origin: machine, human, imported or edited",
            allowed=("machine", "human", "imported", "edited"),
        ),
        Column(
            "review_state",
            "text",
            "état de la vérification : proposé, confirmé, rejeté ou corrigé",
            "state of the review: proposed, confirmed, rejected or corrected",
            allowed=("proposed", "confirmed", "rejected", "corrected"),
        ),
        EXPERIMENTAL,
        Column(
            "flags",
            "text",
            "remarques, séparées par des virgules",
            "remarks, comma separated",
            nullable=True,
        ),
        geometry("emprise ou point au sol", "ground polygon or point"),
    ),
    key=("finding_id",),
    foreign_keys=(ForeignKey("picture_id", "frames", "picture_id"),),
    ascending=(
        FROM_BEFORE_TO,
        ("length_low_m", "length_m", "length_high_m"),
        ("width_low_m", "width_m", "width_high_m"),
        ("area_low_m2", "area_m2", "area_high_m2"),
        ("first_seen_at", "last_seen_at"),
    ),
)

SIGNS = Table(
    "signs",
    Stage.FUSE,
    "les attributs d'un panneau",
    "attributes of a sign",
    (
        FINDING_ID,
        Column(
            "official_code",
            "text",
            "code de l'arrêté de 1967 sur la signalisation, vide si seule la famille est connue",
            "code of the 1967 order on road signs (arrêté), NULL when only the family is known",
            nullable=True,
        ),
        Column("sign_family", "text", "famille de l'arrêté", "family of the order", nullable=True),
        Column(
            "value", "text", "inscription, chiffre ou mots", "figure or words read", nullable=True
        ),
        Column(
            "facing_deg",
            "float",
            "orientation de la face, dans le sens des aiguilles depuis le nord",
            "direction it faces, clockwise from north",
            nullable=True,
            low=0,
            high=360,
        ),
        Column(
            "height_m",
            "float",
            "hauteur au-dessus de la chaussée",
            "height above the road",
            nullable=True,
        ),
        Column("condition", "text", "état", "condition", nullable=True),
    ),
    key=("finding_id",),
    foreign_keys=(OF_A_FINDING,),
)

DUMPING = Table(
    "dumping",
    Stage.FUSE,
    "les attributs d'un dépôt sauvage",
    "attributes of a waste heap",
    (
        FINDING_ID,
        Column(
            "kind",
            "text",
            "nature, celle de la nomenclature : bags, rubble, bulky, green, other...",
            "kind, that of the taxonomy: bags, rubble, bulky, green, other...",
        ),
        Column(
            "volume_class",
            "text",
            "classe de volume : <1, 1-5 ou >5 m3",
            "class of volume: <1, 1-5 or >5 m3",
            nullable=True,
            stated_unit="m3",
            allowed=("<1", "1-5", ">5"),
        ),
        Column(
            "status",
            "text",
            "suivi : proposé, signalé ou enlevé",
            "status: proposed, reported or removed",
            allowed=("proposed", "reported", "removed"),
        ),
    ),
    key=("finding_id",),
    foreign_keys=(OF_A_FINDING,),
)

THING_TABLES = (DETECTIONS, PLACEMENTS, VIEWS, FINDINGS, SIGNS, DUMPING)
