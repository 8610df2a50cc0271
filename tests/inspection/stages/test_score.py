"""The stage that scores: the rules and the families of the survey, not those that ship."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from inspection.commands.explain import explain_command
from inspection.stages import fuse, locate, publish, score
from tests.inspection.stages.made_drive import (
    VEHICLE,
    context,
    frames,
    own_taxonomy,
    spot,
    straight_road,
    survey,
    the_pass,
    views_of,
)
from voirie.catalogue.scheme import load_scheme
from voirie.tables import empty


def own_scheme(folder: Path) -> Path:
    """The shipped scheme with weights for manholes and sections of 100 m."""
    data = yaml.safe_load(load_scheme().model_dump_json())
    data["version"] = "own-1"
    data["sections"] |= {"step_m": 100.0, "shortest_m": 50.0}
    data["influence_m"]["REG"] = 5.0
    data["severity"]["REG"] = {"quantity": "larger_m", "bounds": [0.3, 5.0]}
    data["weights"]["surface"]["REG"] = [0.5, 1.0, 2.0]
    data["estate"]["cures"]["REG"] = ["patch", "patch", "patch"]
    path = folder / "scheme.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def test_a_rated_family_of_a_file_is_scored_explained_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    views = views_of(table, [spot(150.0, 1.0, 0.6)]).assign(family="manhole")
    made = survey(tmp_path / "s", table, views)
    taxonomy = own_taxonomy(tmp_path, "pothole", rated=True)
    ctx = context(straight_road(tmp_path), VEHICLE, taxonomy, scheme=own_scheme(tmp_path))
    made.write("passes", the_pass(table["pass_id"].iloc[0], ctx.survey_id))
    for stage in (locate, fuse, score, publish):
        stage.run(made, ctx)

    extents = made.read("extents")
    found = extents[(extents["code"] == "REG") & (extents["extent_pct"] > 0)]
    (extent,) = found.itertuples()
    assert (extent.severity, extent.unit, extent.n_findings) == (2, "nb", 1)
    # Five metres of influence in a section of 100 m that was seen from end to end.
    assert extent.extent_pct == pytest.approx(5.0, abs=0.5)
    notes = made.read("section_notes").set_index("section_id")["note_surface"]
    assert notes[extent.section_id] == pytest.approx(20 * (1 - extent.extent_pct / 100))

    rows = pd.read_csv(made.root / "m3_section.csv").set_index("id_section")
    assert rows.loc[extent.section_id, "reg_pct_g23"] == pytest.approx(extent.extent_pct, abs=0.06)
    assert rows.loc[extent.section_id, "validation"] == "proposed"
    assert rows["ndp_pct_g1"].isna().all()  # no class of a model gives it any more

    made.run_sheet.write_text("{}", encoding="utf-8")
    made.inputs.mkdir()
    for file in (taxonomy, tmp_path / "scheme.yaml"):
        shutil.copy(file, made.inputs)
    explain_command(extent.section_id, made.root, lang="fr")
    told = capsys.readouterr().out
    assert "REG gravité 2 (regard)\N{NO-BREAK SPACE}:" in told and "Barème own-1." in told


def test_sections_are_as_long_as_the_scheme_of_the_survey_says(tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    made = survey(tmp_path / "s", table, views_of(table, [spot(150.0, 1.0, 0.6)]))
    taxonomy = own_taxonomy(tmp_path, rated=True)
    ctx = context(straight_road(tmp_path), VEHICLE, taxonomy, scheme=own_scheme(tmp_path))
    for stage in (locate, fuse, score):
        stage.run(made, ctx)
    sections = made.read("sections")
    assert sections["length_m"].tolist() == [100.0] * 5


def test_a_clean_lane_is_as_sure_as_the_model_that_looked(tmp_path: Path) -> None:
    """What was measured of the shipped network widens the interval; the note stays 20."""
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    made = survey(tmp_path / "s", table, views_of(table, [spot(150.0, 1.0, 0.6)]))
    made.write("findings", empty("findings"))
    ctx = context(straight_road(tmp_path), VEHICLE)
    made.write("passes", the_pass(table["pass_id"].iloc[0], ctx.survey_id))
    score.run(made, ctx)
    (note,) = made.read("section_notes").dropna(subset="note_globale").itertuples()
    assert (note.note_globale, note.note_globale_high) == (20.0, 20.0)
    observed = score.observation_of(ctx, in_lane=True)
    assert {"FLB", "FAI", "FTR", "NDP"} <= set(observed.met)
    unseen = (1 - note.coverage_pct / 100) * load_scheme().interval.unseen_least_d
    were_nothing_missed = 20.0 * (1 - unseen / 100)
    assert note.note_globale_low < were_nothing_missed - 0.1
