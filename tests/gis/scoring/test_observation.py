"""What a campaign could see, and how surely, in the notes: by lane, by existence, at the bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.gis.scoring.made_scoring import CAMERA, ROUTE, finding, scored, seen
from voirie.catalogue.scheme import load_scheme

BOTH = [seen(0.0, 400.0), seen(0.0, 400.0, sens="-")]


def test_what_is_more_likely_none_is_no_part_of_a_note_but_of_its_low_bound() -> None:
    sure = finding("NDP", 50.0)
    doubtful = finding("NDP", 120.0, existence=0.4, severity=2)
    told = replace(CAMERA, calibrated=frozenset({"NDP"}))
    note = {
        name: scored(things, observation=observation).section_notes.iloc[0]
        for name, things, observation in (
            ("alone", [sure], told),
            ("with", [sure, doubtful], told),
            ("not measured", [sure, doubtful], CAMERA),
        )
    }
    assert note["with"]["note_globale"] == note["alone"]["note_globale"]
    assert note["with"]["note_globale"] > note["not measured"]["note_globale"]
    assert note["with"]["note_globale_low"] < note["alone"]["note_globale_low"]
    dropped = scored([sure, doubtful], observation=told).dropped
    assert dropped == {"more likely none than one": 1}


def test_who_was_there_vouches_for_what_a_model_doubts() -> None:
    told = replace(CAMERA, calibrated=frozenset({"NDP"}))
    for more in ({"review_state": "confirmed"}, {"origin": "human"}):
        seen_by = scored([finding("NDP", 120.0, existence=0.1, **more)], observation=told)
        assert not seen_by.dropped
        assert seen_by.section_notes["note_globale"].iloc[0] < 20.0


def test_not_all_that_is_worse_is_worse_at_once() -> None:
    things = [finding("NDP", 50.0), finding("FAI", 90.0, 110.0), finding("FTR", 30.0)]
    scheme = load_scheme()
    whole = scheme.model_copy(
        update={"interval": scheme.interval.model_copy(update={"worse_share": 1.0})}
    )
    part, all_ = (scored(things, scheme=one).section_notes.iloc[0] for one in (scheme, whole))
    assert part["note_globale"] == all_["note_globale"]
    assert all_["note_globale_low"] < part["note_globale_low"] < part["note_globale"]
    short = part["note_structure"] - part["note_structure_low"]
    far = all_["note_structure"] - all_["note_structure_low"]
    assert short == pytest.approx(scheme.interval.worse_share * far)


def test_what_can_be_seen_is_a_fact_of_the_pictures_of_a_lane() -> None:
    """A lane of stills without a camera has NULL where the lane with one has 0."""
    place = {**ROUTE, "voie": 1, "captured_at": pd.NaT, "accuracy_m": 1.0, "picture_id": "p"}
    pictures = pd.DataFrame(
        [
            place | {"sens": sens, "camera_source": source, "cumul_m": at}
            for sens, source in (("+", "measured"), ("-", None))
            for at in (50.0, 150.0, 250.0, 350.0)
        ]
    )
    told = replace(CAMERA, without_camera=frozenset({"FLx", "FTR", "FAI", "NDP", "REP"}))
    result = scored([finding("NDP", 50.0)], BOTH, observation=told, frames=pictures)
    extents = result.extents.groupby(["sens", "code"])["extent_pct"].sum(min_count=1)
    for code in ("FLB", "FAH"):
        assert extents["+", code] == 0.0
        assert np.isnan(extents["-", code])
    for sens in "+-":
        assert extents[sens, "FLH"] == extents[sens, "FTR"] == 0.0
    lanes = result.section_notes.set_index("sens")
    assert lanes.loc["-", "vizir_if"].isna().all() and lanes.loc["+", "vizir_if"].notna().all()
    assert lanes["note_globale"].notna().all()
    missing = {sens: set(lanes.loc[[sens], "missing_codes"].iloc[0].split(",")) for sens in "+-"}
    assert missing["-"] - missing["+"] == {"FLB", "FAH"}
    assert set(result.sections["missing_codes"].iloc[0].split(",")) == missing["-"]
    alike = scored([finding("NDP", 50.0)], BOTH, observation=CAMERA, frames=pictures)
    assert alike.section_notes["missing_codes"].nunique() == 1
