"""The arithmetic behind a note, line by line, so that anybody can do it again by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from voirie.catalogue.scheme import SETS, Quantity, Scheme, SetName, load_scheme, note_of
from voirie.errors import NotFound
from voirie.taxonomy import load_taxonomy

Language = Literal["fr", "en"]

_TEXT: dict[Language, dict[str, str]] = {
    "fr": {
        "lane": "Voie {voie}, sens {sens} : {seen} m relevés sur {length} m ({coverage} %).",
        "nd": "Couverture insuffisante : aucune note (classe nd).",
        "line": "{code} gravité {severity} ({label}) : {extent} % × {weight} = {product}",
        "assumed": " (dont {n} constat(s) de type, de position ou de gravité supposés)",
        "clean": "Aucun dommage de {set} relevé.",
        "set": "D {set} = {d} ; note {set} = 20 × (1 − {capped} / 100) = {note}.",
        "unseen": "Ensemble {set} : aucun code observable, pas de note.",
        "global": "Note globale = la plus basse = {note} (entre {low} et {high}).",
        "mean": "Section : moyenne des voies pondérée par la longueur relevée : "
        "D structure = {structure}, D surface = {surface}, note globale = {note}.",
        "bound": "Non observables par ce capteur : {codes}. La note est un maximum.",
        "severity": "Gravité de {code} selon {quantity} : 2 dès {second} {unit}, "
        "3 dès {third} {unit}.",
        "larger_m": "le plus grand côté",
        "length_m": "la longueur",
        "width_m": "la largeur",
        "area_m2": "la surface",
        "scheme": "Barème {version}.",
        "structure": "structure",
        "surface": "surface",
    },
    "en": {
        "lane": "Lane {voie}, direction {sens}: {seen} m surveyed of {length} m ({coverage} %).",
        "nd": "Not enough coverage: no note (class nd).",
        "line": "{code} severity {severity} ({label}): {extent} % x {weight} = {product}",
        "assumed": " (of which {n} finding(s) of assumed type, position or severity)",
        "clean": "No damage of the {set} found.",
        "set": "D {set} = {d}; {set} note = 20 x (1 - {capped} / 100) = {note}.",
        "unseen": "{set}: no observable code, no note.",
        "global": "Global note = the lower one = {note} (between {low} and {high}).",
        "mean": "Section: mean of the lanes weighted by surveyed length: "
        "D structure = {structure}, D surface = {surface}, global note = {note}.",
        "bound": "Not observable by this sensor: {codes}. The note is a best case.",
        "severity": "Severity of {code} by {quantity}: 2 from {second} {unit}, "
        "3 from {third} {unit}.",
        "larger_m": "the larger side",
        "length_m": "length",
        "width_m": "width",
        "area_m2": "area",
        "scheme": "Scheme {version}.",
        "structure": "structure",
        "surface": "surface",
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """One term of a weighted extent.

    Attributes
    ----------
    set_name
        Structure or surface.
    code, severity
        What was seen.
    extent_pct, weight
        Share of the surveyed length, and weight of the scheme.
    n_findings, n_assumed
        Findings behind it, and those whose type, position or severity is assumed.
    """

    set_name: SetName
    code: str
    severity: int
    extent_pct: float
    weight: float
    n_findings: int
    n_assumed: int

    @property
    def product(self) -> float:
        """Percent it adds to D."""
        return self.extent_pct * self.weight


@dataclass(frozen=True, slots=True)
class Grading:
    """How the scheme makes the severity of a code from a size.

    Attributes
    ----------
    code, quantity
        What is judged, and by what.
    second, third
        Value from which severity is 2, then 3.
    """

    code: str
    quantity: Quantity
    second: float
    third: float


@dataclass(frozen=True, slots=True)
class LaneExplanation:
    """How the notes of one lane come about.

    Attributes
    ----------
    sens, voie, length_m, surveyed_length_m, coverage_pct
        The lane.
    noted
        Whether coverage was enough for a note.
    observable
        Sets of which at least one code can be seen.
    lines
        Terms with an extent above 0.
    low, high
        Stored bounds of the global note, None without a note.
    """

    sens: str
    voie: int
    length_m: float
    surveyed_length_m: float
    coverage_pct: float
    noted: bool
    observable: tuple[SetName, ...]
    lines: tuple[Line, ...]
    low: float | None
    high: float | None

    def d_pct(self, name: SetName) -> float | None:
        """Weighted extent of a set, None without a note."""
        if not self.noted or name not in self.observable:
            return None
        return math.fsum(line.product for line in self.lines if line.set_name == name)

    def note(self, name: SetName) -> float | None:
        """Note of a set, recomputed from the lines."""
        d = self.d_pct(name)
        return None if d is None else note_of(d)

    @property
    def note_globale(self) -> float | None:
        """The lower of the two notes, recomputed from the lines."""
        return _lowest(self.note(name) for name in SETS)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the note of a section comes about.

    Attributes
    ----------
    section_id
        The section.
    lanes
        Its lanes.
    missing_codes
        Codes the sensor cannot see: where there are any, the note is a best case.
    gradings
        Bounds of severity of the codes that stand in a line, or enter the note as one of them.
    scheme_version
        Rating scheme.
    """

    section_id: str
    lanes: tuple[LaneExplanation, ...]
    missing_codes: tuple[str, ...]
    gradings: tuple[Grading, ...]
    scheme_version: str

    def d_pct(self, name: SetName) -> float | None:
        """Weighted extent of the section: mean of the lanes, weighted by surveyed length."""
        known = [(lane.d_pct(name), lane.surveyed_length_m) for lane in self.lanes if lane.noted]
        used = [(d, length) for d, length in known if d is not None]
        if not used:
            return None
        return math.fsum(d * m for d, m in used) / math.fsum(m for _, m in used)

    @property
    def note_globale(self) -> float | None:
        """Note of the section, recomputed from the lines of its lanes."""
        extents = (self.d_pct(name) for name in SETS)
        return _lowest(None if d is None else note_of(d) for d in extents)

    def sentences(self, language: Language = "fr") -> list[str]:
        """The whole arithmetic in words, one sentence a line."""
        words = _TEXT[language]
        out: list[str] = []
        for lane in self.lanes:
            out += _lane_sentences(lane, language)
        if sum(lane.noted for lane in self.lanes) > 1:
            structure, surface = (_number(self.d_pct(name), 2, language) for name in SETS)
            note = _number(self.note_globale, 2, language)
            out.append(words["mean"].format(structure=structure, surface=surface, note=note))
        if self.missing_codes:
            out.append(words["bound"].format(codes=", ".join(self.missing_codes)))
        for grading in self.gradings:
            out.append(
                words["severity"].format(
                    code=grading.code,
                    quantity=words[grading.quantity],
                    second=_number(grading.second, 2, language),
                    third=_number(grading.third, 2, language),
                    unit="m²" if grading.quantity == "area_m2" else "m",
                )
            )
        out.append(words["scheme"].format(version=self.scheme_version))
        return out


def explain_section(
    section_id: str,
    extents: pd.DataFrame,
    section_notes: pd.DataFrame,
    scheme: Scheme | None = None,
) -> Explanation:
    """Explain the notes of a section.

    Parameters
    ----------
    section_id
        The section.
    extents, section_notes
        Tables of those names.
    scheme
        Rating scheme that the notes were made with, None for the shipped one.

    Returns
    -------
    Explanation
        What is recomputed from its lines equals what is stored.

    Raises
    ------
    NotFound
        When no lane of such a section was surveyed, or the notes were made with another scheme.
    """
    scheme = scheme or load_scheme()
    lanes = section_notes[section_notes["section_id"] == section_id]
    if lanes.empty:
        raise NotFound(
            f"no lane of the section {section_id} was surveyed",
            None,
            "take an identifier from the table section_notes",
        )
    version = str(lanes["scheme_version"].iloc[0])
    if version != scheme.version:
        raise NotFound(
            f"the section was scored with the scheme {version}, not {scheme.version}",
            None,
            "give the scheme.yaml that the run used, or score again",
        )
    own = extents[extents["section_id"] == section_id]
    missing = str(lanes["missing_codes"].iloc[0])
    told = tuple(_lane(row, own, scheme) for _, row in lanes.iterrows())
    return Explanation(
        section_id=section_id,
        lanes=told,
        missing_codes=tuple(code for code in missing.split(",") if code),
        gradings=_gradings({line.code for lane in told for line in lane.lines}, scheme),
        scheme_version=version,
    )


def _gradings(codes: set[str], scheme: Scheme) -> tuple[Grading, ...]:
    return tuple(
        Grading(code, rule.quantity, *rule.bounds)
        for code, rule in scheme.severity.items()
        if scheme.counted(code) in codes
    )


def _lane(row: pd.Series, extents: pd.DataFrame, scheme: Scheme) -> LaneExplanation:
    own = extents[(extents["sens"] == row["sens"]) & (extents["voie"] == row["voie"])]
    known = own[own["extent_pct"].notna()].set_index(["code", "severity"])
    lines: list[Line] = []
    observable: list[SetName] = []
    for name in SETS:
        seen = [code for code in scheme.weights[name] if (code, 1) in known.index]
        observable += [name] if seen else []
        for code in seen:
            for severity, weight in enumerate(scheme.weights[name][code], start=1):
                cell = known.loc[(code, severity)]
                if cell["extent_pct"] > 0:
                    lines.append(
                        Line(
                            name,
                            code,
                            severity,
                            float(cell["extent_pct"]),
                            weight,
                            int(cell["n_findings"]),
                            0 if pd.isna(cell["n_assumed"]) else int(cell["n_assumed"]),
                        )
                    )
    noted = pd.notna(row["note_globale"])
    return LaneExplanation(
        sens=str(row["sens"]),
        voie=int(row["voie"]),
        length_m=float(row["length_m"]),
        surveyed_length_m=float(row["surveyed_length_m"]),
        coverage_pct=float(row["coverage_pct"]),
        noted=bool(noted),
        observable=tuple(observable),
        lines=tuple(lines),
        low=float(row["note_globale_low"]) if noted else None,
        high=float(row["note_globale_high"]) if noted else None,
    )


def _lane_sentences(lane: LaneExplanation, language: Language) -> list[str]:
    words, taxonomy = _TEXT[language], load_taxonomy()
    out = [
        words["lane"].format(
            voie=lane.voie,
            sens=lane.sens,
            seen=_number(lane.surveyed_length_m, 0, language),
            length=_number(lane.length_m, 0, language),
            coverage=_number(lane.coverage_pct, 1, language),
        )
    ]
    if not lane.noted:
        return [*out, words["nd"]]
    for name in SETS:
        d, note = lane.d_pct(name), lane.note(name)
        if d is None:
            out.append(words["unseen"].format(set=words[name]))
            continue
        lines = [line for line in lane.lines if line.set_name == name]
        for line in lines:
            text = words["line"].format(
                code=line.code,
                severity=line.severity,
                label=taxonomy.label(line.code, language),
                extent=_number(line.extent_pct, 2, language),
                weight=_number(line.weight, 2, language),
                product=_number(line.product, 2, language),
            )
            assumed = words["assumed"].format(n=line.n_assumed) if line.n_assumed else ""
            out.append(f"{text}{assumed}.")
        if not lines:
            out.append(words["clean"].format(set=words[name]))
        capped = _number(min(100.0, d), 2, language)
        values = {"d": _number(d, 2, language), "note": _number(note, 2, language)}
        out.append(words["set"].format(set=words[name], capped=capped, **values))
    out.append(
        words["global"].format(
            note=_number(lane.note_globale, 2, language),
            low=_number(lane.low, 2, language),
            high=_number(lane.high, 2, language),
        )
    )
    return out


def _lowest(notes: Iterable[float | None]) -> float | None:
    known = [note for note in notes if note is not None]
    return min(known) if known else None


def _number(value: float | None, decimals: int, language: Language) -> str:
    if value is None:
        return "-"
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "fr" else text
