"""The explanation gives back the stored note, and says so in words."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.scoring.explain import Explanation, explain_section
from gis.scoring.score import ScoreResult
from tests.gis.scoring.made_scoring import CAMERA, finding, scored, seen
from tests.made_survey import build
from voirie.catalogue.scheme import Scheme, load_scheme
from voirie.errors import NotConform, NotFound
from voirie.folder import SurveyFolder
from voirie.wording import Wording

FR, EN = Wording("fr"), Wording("en")
COVERED = [seen(0.0, 400.0), seen(0.0, 400.0, sens="-", surveyed=True), seen(0.0, 90.0, voie=2)]


def explained(section_id: str, result: ScoreResult, scheme: Scheme | None = None) -> Explanation:
    """Explain a section of a result."""
    return explain_section(
        section_id, result.sections, result.extents, result.section_notes, scheme
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(CAMERA.codes)),
            st.floats(0, 400),
            st.floats(0, 300),
            st.integers(1, 3),
            st.sampled_from(["+", "-"]),
        ),
        max_size=12,
    )
)
@settings(max_examples=12, deadline=None)
def test_recomputed_equals_stored(drawn: list[Any]) -> None:
    things = [finding(c, at, at + size, severity=g, sens=s) for c, at, size, g, s in drawn]
    result = scored(things, COVERED)
    for _, section in result.sections.iterrows():
        told = explained(section["section_id"], result)
        assert told.note_globale == pytest.approx(section["note_globale"], abs=1e-9)
        for lane in told.lanes:
            rows = result.section_notes
            row = rows[
                (rows["section_id"] == section["section_id"])
                & (rows["sens"] == lane.sens)
                & (rows["voie"] == lane.voie)
            ].iloc[0]
            if lane.noted:
                assert lane.note("structure") == pytest.approx(row["note_structure"], abs=1e-9)
                assert lane.note("surface") == pytest.approx(row["note_surface"], abs=1e-9)
                assert lane.note_globale == pytest.approx(row["note_globale"], abs=1e-9)
                assert lane.d_pct("structure") == pytest.approx(row["d_structure"], abs=1e-9)
            else:
                assert lane.note_globale is None and row["classe_etat"] == "nd"
        assert told.sentences(FR) and told.sentences(EN)


def test_words() -> None:
    result = scored([finding("FTR", 2.5 + 5 * k) for k in range(40)])
    told = explained(result.sections["section_id"].iloc[0], result)
    text = told.sentences(FR)
    assert "FTR gravité 1 (fissure transversale)\u00a0: 100,00\u00a0% × 0,15 = 15,00." in text
    assert "D surface = 15,00\u202f; note surface = 20 × (1 − 15,00 / 100) = 17,00." in text
    assert any("La note est un maximum" in line for line in text)
    english = told.sentences(EN)
    assert "FTR severity 1 (transverse crack): 100.00% × 0.15 = 15.00." in english


def test_it_tells_how_severity_was_made() -> None:
    result = scored([finding("NDP", 2.5, severity=2), finding("FAI", 20.0, 40.0, severity=1)])
    section = result.sections["section_id"].iloc[0]
    told = explained(section, result)
    assert [grading.code for grading in told.gradings] == ["NDP", "FAI"]
    french, english = told.sentences(FR), told.sentences(EN)
    assert "Gravité de NDP selon le diamètre\u00a0: 2 dès 0,45 m, 3 dès 0,70 m." in french
    assert "Severity of FAI by how dark its cracks are: 2 from 29.00%, 3 from 39.00%." in english
    assert json.dumps(asdict(told))


def test_assumed_findings_are_named() -> None:
    result = scored([finding("FLx", 0.0, 20.0, severity=None)])
    section = result.sections["section_id"].iloc[0]
    told = explained(section, result).sentences(FR)
    assert any("(dont 1 de type, de position ou de gravité supposés)" in line for line in told)


def test_the_note_of_the_section_is_the_stored_one_and_told_last() -> None:
    """One direction of two was seen: the interval of the section is wider than that of its lane."""
    result = scored([finding("FTR", 2.5 + 5 * k) for k in range(40)], [seen(0.0, 400.0)])
    row = result.sections.iloc[0]
    told = explained(row["section_id"], result)
    stored = (row["note_globale"], row["note_globale_low"], row["note_globale_high"])
    assert (told.stored, told.low, told.high) == stored
    (lane,) = (lane for lane in told.lanes if lane.noted)
    assert lane.low is not None and lane.low > row["note_globale_low"]
    note, low, high = (EN.number(value, 2) for value in stored)
    *before, last = told.sentences(EN)
    assert last.startswith(f"Global score of the section: {note} (between {low} and {high}).")
    assert "wider than that of the lanes seen" in last
    assert f"Lane score = the lower one = {note} (between {EN.number(lane.low, 2)}" in "".join(
        before
    )


def test_no_note_is_said() -> None:
    result = scored([], [seen(0.0, 100.0)])
    section = result.sections["section_id"].iloc[0]
    told = explained(section, result)
    assert told.note_globale is None
    assert any("Couverture insuffisante" in line for line in told.sentences(FR))
    assert told.sentences(FR)[-1] == "Note globale de la section\u00a0: aucune (classe nd)."


def test_unknown_section_and_other_scheme() -> None:
    result = scored([])
    with pytest.raises(NotFound, match="no lane"):
        explained("nowhere", result)
    other = load_scheme().model_copy(update={"version": "other-1"})
    section = result.sections["section_id"].iloc[0]
    with pytest.raises(NotFound, match="voirie-3"):
        explained(section, result, other)


def test_extents_that_lack_a_severity_are_told(tmp_path: Path) -> None:
    folder = SurveyFolder(build(tmp_path / "survey"))
    sections, extents, notes = map(folder.read, ("sections", "extents", "section_notes"))
    lacking = extents[~((extents["code"] == "FAI") & (extents["severity"] == 2))]
    with pytest.raises(NotConform, match="lacks FAI of severity 2"):
        explain_section(sections["section_id"].iloc[0], sections, lacking, notes)
