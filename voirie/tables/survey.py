"""Tables of what was driven and pictured."""

from __future__ import annotations

from voirie.stages import Stage
from voirie.tables.schema import Column, ForeignKey, Table
from voirie.tables.shared import (
    FROM_BEFORE_TO,
    clock,
    extent_on_axis,
    geometry,
    lane,
    place,
    position_accuracy,
)

PASS_ID = Column("pass_id", "text", "passage, identifiant", "pass, its identifier")
OF_A_PASS = ForeignKey("pass_id", "passes", "pass_id")


PASSES = Table(
    "passes",
    Stage.PLACE,
    "un passage : un parcours continu d'une caméra",
    "one continuous drive of one camera",
    (
        Column(
            "pass_id",
            "text",
            "passage, identifiant tiré de l'empreinte de ses entrées",
            "pass, SHA-based identifier of its inputs",
        ),
        Column("survey_id", "text", "relevé, identifiant", "survey it belongs to"),
        Column(
            "name", "text", "nom court, donné dans survey.toml", "short name, given in survey.toml"
        ),
        Column("vehicle", "text", "véhicule", "vehicle", nullable=True),
        Column("camera", "text", "caméra", "camera", nullable=True),
        Column("started_at", "time", "première image, UTC", "first picture, UTC", nullable=True),
        Column("ended_at", "time", "dernière image, UTC", "last picture, UTC", nullable=True),
        Column(
            "length_m",
            "float",
            "longueur parcourue, de la première image à la dernière",
            "driven length, from the first picture to the last",
            low=0,
        ),
        *clock(nullable=True),
        Column(
            "source_name",
            "text",
            "fichier d'entrée, sans son dossier",
            "input file, without its folder",
        ),
        Column("source_sha256", "text", "empreinte SHA-256 des entrées", "SHA-256 over the inputs"),
    ),
    key=("pass_id",),
    ascending=(("started_at", "ended_at"), ("offset_low_s", "offset_s", "offset_high_s")),
)

TRACK = Table(
    "track",
    Stage.PLACE,
    "un point de la trace lissée",
    "one smoothed fix",
    (
        PASS_ID,
        Column(
            "t_s",
            "float",
            "temps de la trace, depuis le début de celle du passage",
            "track time, since the start of the pass's track",
        ),
        *place(nullable=True),
        Column("speed_mps", "float", "vitesse lissée", "smoothed speed", low=0),
        Column(
            "heading_deg",
            "float",
            "cap, dans le sens des aiguilles depuis le nord",
            "heading, clockwise from north",
            low=0,
            high=360,
        ),
        position_accuracy(),
        Column(
            "bridged",
            "bool",
            "comblé : vrai dans un trou de la réception",
            "bridged: True in a gap of the receiver",
        ),
        geometry("point", "point"),
    ),
    key=("pass_id", "t_s"),
    foreign_keys=(OF_A_PASS,),
)

FRAMES = Table(
    "frames",
    Stage.PLACE,
    "une image, gardée ou refusée",
    "one frame, kept or refused",
    (
        Column(
            "frame_id",
            "text",
            "image, identifiant tiré du passage et du temps de présentation, ou de la photo",
            "frame, identifier from the pass and presentation time, or the still's hash",
        ),
        PASS_ID,
        Column(
            "source_name",
            "text",
            "fichier d'origine, sans son dossier",
            "file it came from, without its folder",
        ),
        Column(
            "pts_s",
            "float",
            "temps de présentation dans la vidéo, ou rang de la photo",
            "presentation time in the video, or index of a still",
        ),
        Column("captured_at", "time", "prise de vue, UTC", "moment it was taken, UTC", True),
        Column(
            "distance_m",
            "float",
            "distance parcourue depuis le début du passage",
            "distance driven since the start of the pass",
            low=0,
        ),
        *place(nullable=True),
        Column(
            "heading_deg",
            "float",
            "cap du véhicule, dans le sens des aiguilles depuis le nord",
            "heading of the vehicle, clockwise from north",
            nullable=True,
            low=0,
            high=360,
        ),
        Column("speed_mps", "float", "vitesse", "speed", nullable=True, low=0),
        position_accuracy(nullable=True),
        Column(
            "pitch_deg",
            "float",
            "tangage de la caméra, positif vers le bas",
            "pitch of the camera, positive down",
            nullable=True,
            low=-90,
            high=90,
        ),
        Column(
            "yaw_deg",
            "float",
            "lacet de la caméra, positif à droite du sens de marche",
            "yaw of the camera, positive right of the direction of travel",
            nullable=True,
            low=-180,
            high=180,
        ),
        Column(
            "camera_source",
            "text",
            "origine de l'orientation de la caméra, vide sans elle",
            "source of the camera's pose, NULL without one",
            nullable=True,
        ),
        Column(
            "focal_px",
            "float",
            "focale trouvée d’après le parcours, vide si elle est donnée ou inconnue",
            "focal length found from the drive, NULL where it is stated or unknown",
            nullable=True,
            low=0,
        ),
        Column(
            "vanish_x_px",
            "float",
            "colonne du point de fuite de la route, sans caméra décrite",
            "column where the edges of the road meet, where no camera is described",
            nullable=True,
        ),
        Column(
            "horizon_px",
            "float",
            "rang de l’horizon, sans caméra décrite",
            "row of the horizon, where no camera is described",
            nullable=True,
        ),
        Column("width_px", "int", "largeur de l'image", "width of the picture", True, low=1),
        Column("height_px", "int", "hauteur de l'image", "height of the picture", True, low=1),
        Column(
            "luma",
            "float",
            "luminosité moyenne, de 0 à 255",
            "mean brightness, 0 to 255",
            nullable=True,
            low=0,
            high=255,
        ),
        Column(
            "near_luma",
            "float",
            "luminosité médiane de la voie devant le véhicule, de 0 à 255",
            "median brightness of the lane just ahead, 0 to 255",
            nullable=True,
            low=0,
            high=255,
        ),
        Column(
            "darkest_luma",
            "float",
            "luminosité du centième le plus sombre de l’image, que relève un voile, de 0 à 255",
            "brightness of the darkest hundredth of the picture, which a veil raises, 0 to 255",
            nullable=True,
            low=0,
            high=255,
        ),
        Column(
            "sharpness",
            "float",
            "netteté, raideur des bords les plus francs, en part de leur contraste",
            "sharpness, steepness of the clearest edges as a share of their contrast",
            nullable=True,
            low=0,
        ),
        Column(
            "masked_pct",
            "float",
            "part détruite de l'image",
            "destroyed share of the picture",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "near_masked_pct",
            "float",
            "part masquée de la largeur de la voie proche : détruite ou cachée par un véhicule",
            "hidden share of the width of the near lane: destroyed, or behind a vehicle",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "own_masked_pct",
            "float",
            "part de cette largeur que cache notre propre véhicule",
            "share of that width that our own vehicle hides",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "blank_pct",
            "float",
            "part de cette largeur, non masquée, où rien ne se voit",
            "share of that width, not hidden, that shows nothing",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "picture_id",
            "text",
            "image publiée dans pictures/, vide si l'image est refusée",
            "picture in pictures/, NULL when the frame is refused",
            nullable=True,
        ),
        Column("reason", "text", "motif de refus", "reason of the refusal", nullable=True),
        geometry("position du véhicule", "position of the vehicle"),
    ),
    key=("frame_id",),
    foreign_keys=(OF_A_PASS,),
)

_OF_PLACE = {column.name for column in place()} | {
    "heading_deg",
    "speed_mps",
    "accuracy_m",
    "geometry",
}

CAPTURES = Table(
    "captures",
    Stage.INGEST,
    "une image, gardée ou refusée, avant que sa place soit connue",
    "one frame, kept or refused, before its place is known",
    tuple(column for column in FRAMES.columns if column.name not in _OF_PLACE),
    key=("frame_id",),
    foreign_keys=(OF_A_PASS,),
)

COVERAGE = Table(
    "coverage",
    Stage.SCORE,
    "un tronçon de voie, relevé ou non",
    "a stretch of lane, surveyed or not",
    (
        PASS_ID,
        *lane(),
        *extent_on_axis(),
        Column(
            "surveyed",
            "bool",
            "relevé : vrai si une image claire et nette montrait 60 % de la largeur de voie",
            "surveyed: True where a bright and sharp picture showed 60 % of the lane's width",
        ),
        Column(
            "reason",
            "text",
            "motif d'absence de relevé",
            "reason why it was not surveyed",
            nullable=True,
        ),
    ),
    key=("pass_id", *(column.name for column in lane()), *FROM_BEFORE_TO),
    foreign_keys=(OF_A_PASS,),
    ascending=(FROM_BEFORE_TO,),
)

CLOCKS = Table(
    "clocks",
    Stage.INGEST,
    "l’horloge d’un passage filmé",
    "the clock of a filmed pass",
    (
        PASS_ID,
        *clock(nullable=False),
        Column(
            "offset_sd_s",
            "float",
            "écart type du décalage",
            "standard deviation of the offset",
            nullable=True,
            low=0,
        ),
        Column(
            "attainable_s",
            "float",
            "écart type atteignable, selon le bruit des positions et les accélérations",
            "attainable deviation, given the noise of the positions and how the drive speeds up",
            nullable=True,
            low=0,
        ),
    ),
    key=("pass_id",),
    foreign_keys=(OF_A_PASS,),
    ascending=(("offset_low_s", "offset_s", "offset_high_s"),),
)

CERTIFICATE = Table(
    "certificate",
    Stage.INGEST,
    "une image anonymisée et publiée",
    "one sealed picture",
    (
        Column(
            "file",
            "text",
            "fichier, chemin dans le dossier, avec des barres obliques",
            "file, path inside the folder, with forward slashes",
        ),
        Column("sha256", "text", "empreinte SHA-256 du fichier", "SHA-256 of the file"),
        Column("width_px", "int", "largeur de l'image", "width of the picture", low=1),
        Column("height_px", "int", "hauteur de l'image", "height of the picture", low=1),
        Column("pts_s", "float", "temps de présentation", "presentation time"),
        Column("index", "int", "rang dans la source", "rank in its source", low=0),
        Column("source", "text", "source, sans son dossier", "source, without its folder"),
        Column(
            "destroyed_pct",
            "float",
            "part détruite de l'image",
            "destroyed share of the picture",
            low=0,
            high=100,
        ),
        Column(
            "mask",
            "rectangles",
            "masque, ce qui a été détruit ou cache la route, sans distinction de nature",
            "mask, what was destroyed or hides the road, without classes",
            stated_unit="px",
        ),
        Column(
            "destroyed",
            "rectangles",
            "parties détruites, sans distinction de nature",
            "destroyed parts, without classes",
            stated_unit="px",
        ),
    ),
    key=("file",),
)

SURVEY_TABLES = (CERTIFICATE, CLOCKS, PASSES, CAPTURES, TRACK, FRAMES, COVERAGE)
