"""The arithmetic behind a note, line by line, so that anybody can do it again by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from gis.scoring.terms import Grading, Line
from voirie.catalogue.scheme import SETS, Scheme, SetName, load_scheme, note_of
from voirie.errors import NotConform, NotFound
from voirie.taxonomy import Taxonomy, load_taxonomy
from voirie.wording import N_, Wording

SET_NAMES: Mapping[str, str] = {"structure": N_("structure"), "surface": N_("surface")}


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
        Stored bounds of the note of the lane, None without a note.
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
    stored, low, high
        Global note of the section and its bounds as the table `sections` holds them, None
        without a note.
    """

    section_id: str
    lanes: tuple[LaneExplanation, ...]
    missing_codes: tuple[str, ...]
    gradings: tuple[Grading, ...]
    scheme_version: str
    stored: float | None
    low: float | None
    high: float | None

    def d_pct(self, name: SetName) -> float | None:
        """Weighted extent of the section: mean of the lanes, weighted by surveyed length."""
        known = [(lane.d_pct(name), lane.surveyed_length_m) for lane in self.lanes if lane.noted]
        used = [(d, length) for d, length in known if d is not None]
        if not used:
            return None
        return math.fsum(d * m for d, m in used) / math.fsum(m for _, m in used)

    @property
    def note_globale(self) -> float | None:
        """Global note of the section, recomputed from the lines of its lanes."""
        extents = (self.d_pct(name) for name in SETS)
        return _lowest(None if d is None else note_of(d) for d in extents)

    def sentences(self, wording: Wording, taxonomy: Taxonomy | None = None) -> list[str]:
        """The whole arithmetic in words, one sentence a line.

        Parameters
        ----------
        wording
            Language.
        taxonomy
            Names of the codes, None for the shipped ones.
        """
        w, names = wording, taxonomy or load_taxonomy()
        out = [text for lane in self.lanes for text in _lane_sentences(lane, w, names)]
        if sum(lane.noted for lane in self.lanes) > 1:
            structure, surface = (w.number(self.d_pct(name), 2) for name in SETS)
            out.append(
                w.text(
                    "Section: mean of the lanes weighted by surveyed length: "
                    "D structure = {structure}, D surface = {surface}, global score = {note}.",
                    structure=structure,
                    surface=surface,
                    note=w.number(self.note_globale, 2),
                )
            )
        if self.missing_codes:
            out.append(
                w.text(
                    "Not observable by this sensor: {codes}. The score is a best case.",
                    codes=", ".join(self.missing_codes),
                )
            )
        out += [grading.sentence(w) for grading in self.gradings]
        out.append(w.text("Scheme {version}.", version=self.scheme_version))
        out.append(self.section_sentence(w))
        return out

    def section_sentence(self, wording: Wording) -> str:
        """Global note of the section and its interval as they are stored, not those of one lane."""
        if self.stored is None:
            return wording.text("Global score of the section: none (class nd).")
        said = wording.text(
            "Global score of the section: {note} (between {low} and {high}).",
            note=wording.number(self.stored, 2),
            low=wording.number(self.low, 2),
            high=wording.number(self.high, 2),
        )
        if self.is_wider:
            said += " " + wording.text(
                "That interval is wider than that of the lanes seen: a lane that nobody drove may "
                "be better or worse."
            )
        return said

    @property
    def is_wider(self) -> bool:
        """Whether the interval of the section goes beyond that of every lane with a note."""
        lows = [lane.low for lane in self.lanes if lane.low is not None]
        highs = [lane.high for lane in self.lanes if lane.high is not None]
        if self.low is None or self.high is None or not lows or not highs:
            return False
        return self.low < min(lows) and self.high > max(highs)


def explain_section(
    section_id: str,
    sections: pd.DataFrame,
    extents: pd.DataFrame,
    section_notes: pd.DataFrame,
    scheme: Scheme | None = None,
) -> Explanation:
    """Explain the notes of a section.

    Parameters
    ----------
    section_id
        The section.
    sections, extents, section_notes
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

    Examples
    --------
    >>> from gis.scoring.score import Observation, score
    >>> from gis.scoring.sections import cut_from_places
    >>> from voirie.tables import empty
    >>> road = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
    >>> sections = cut_from_places(pd.DataFrame([road | {"cumul_m": 100.0}]))
    >>> seen = road | {"pass_id": "p", "sens": "+", "voie": 1, "surveyed": True}
    >>> coverage = pd.DataFrame([seen | {"cumul_from_m": 0.0, "cumul_to_m": 200.0}])
    >>> told = Observation(frozenset({"NDP"}), "made by hand")
    >>> result = score(empty("findings"), coverage, sections, observation=told, survey_id="s")
    >>> section_id = sections["section_id"].iloc[0]
    >>> scored = (result.sections, result.extents, result.section_notes)
    >>> why = explain_section(section_id, *scored)
    >>> why.note_globale, why.d_pct("structure"), len(why.missing_codes) > 0
    (20.0, 0.0, True)
    """
    scheme = scheme or load_scheme()
    section = sections[sections["section_id"] == section_id]
    lanes = section_notes[section_notes["section_id"] == section_id]
    if section.empty or lanes.empty:
        raise NotFound(
            f"no lane of the section {section_id} was surveyed",
            None,
            "take one from the column section_id of the table section_notes",
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
    stored, low, high = _stored_note(section.iloc[0])
    return Explanation(
        section_id=section_id,
        lanes=told,
        missing_codes=tuple(code for code in missing.split(",") if code),
        gradings=_gradings({line.code for lane in told for line in lane.lines}, scheme),
        scheme_version=version,
        stored=stored,
        low=low,
        high=high,
    )


def _stored_note(row: pd.Series) -> tuple[float | None, float | None, float | None]:
    """Global note of a section or of a lane with its bounds, None without a note."""
    if pd.isna(row["note_globale"]):
        return None, None, None
    note, low, high = row[["note_globale", "note_globale_low", "note_globale_high"]].astype(float)
    return note, low, high


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
                if (code, severity) not in known.index:
                    raise NotConform(
                        f"the table extents lacks {code} of severity {severity} in the section "
                        f"{row['section_id']}",
                        None,
                        "run the chain again",
                    )
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
    stored, low, high = _stored_note(row)
    return LaneExplanation(
        sens=str(row["sens"]),
        voie=int(row["voie"]),
        length_m=float(row["length_m"]),
        surveyed_length_m=float(row["surveyed_length_m"]),
        coverage_pct=float(row["coverage_pct"]),
        noted=stored is not None,
        observable=tuple(observable),
        lines=tuple(lines),
        low=low,
        high=high,
    )


def _lane_sentences(lane: LaneExplanation, w: Wording, taxonomy: Taxonomy) -> list[str]:
    out = [
        w.text(
            "Lane {voie}, direction {sens}: {seen} m surveyed of {length} m ({coverage}).",
            voie=lane.voie,
            sens=lane.sens,
            seen=w.number(lane.surveyed_length_m),
            length=w.number(lane.length_m),
            coverage=w.percent(lane.coverage_pct, 1),
        )
    ]
    if not lane.noted:
        return [*out, w.text("Not enough coverage: no score (class nd).")]
    for name in SETS:
        out += _set_sentences(lane, name, w, taxonomy)
    out.append(
        w.text(
            "Lane score = the lower one = {note} (between {low} and {high}).",
            note=w.number(lane.note_globale, 2),
            low=w.number(lane.low, 2),
            high=w.number(lane.high, 2),
        )
    )
    return out


def _set_sentences(
    lane: LaneExplanation, name: SetName, w: Wording, taxonomy: Taxonomy
) -> list[str]:
    d, said = lane.d_pct(name), w.text(SET_NAMES[name])
    if d is None:
        return [w.text("Set {set}: no observable code, no score.", set=said)]
    lines = [line for line in lane.lines if line.set_name == name]
    out = [line.sentence(w, taxonomy) for line in lines]
    if not lines:
        out.append(w.text("No damage of the {set} found.", set=said))
    out.append(
        w.text(
            "D {set} = {d}; {set} score = 20 × (1 − {capped} / 100) = {note}.",
            set=said,
            d=w.number(d, 2),
            capped=w.number(min(100.0, d), 2),
            note=w.number(lane.note(name), 2),
        )
    )
    return out


def _lowest(notes: Iterable[float | None]) -> float | None:
    known = [note for note in notes if note is not None]
    return min(known) if known else None
