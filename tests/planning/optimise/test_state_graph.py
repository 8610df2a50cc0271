"""The states of a section: those that its works can lead to, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel, State, evolve
from planning.optimise.state_graph import grow
from voirie.catalogue.treatments import NONE, load_treatments

MODEL = DeteriorationModel.of(load_treatments())
YEARS = 6


@settings(max_examples=20, deadline=None)
@given(st.floats(4.0, 20.0), st.integers(1, 3), st.integers(0, 10_000))
def test_a_way_through_the_graph_has_the_notes_of_the_simulation(
    note: float, category: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    categories, start = np.array([category]), np.array([note])
    graph = grow(MODEL, categories, State.start(start), YEARS)
    here, works, notes = 0, [], [note]
    for year in range(YEARS):
        assert graph.age[here] == year
        upkeep = [k for k in graph.options[here] if graph.child[here, k + 1] >= 0]
        kind = int(rng.choice([NONE, *upkeep]))
        here = int(graph.child[here, kind + 1])
        works.append(kind)
        notes.append(float(graph.note[here, 0]))
    simulated = evolve(MODEL, categories, start, np.array([works], dtype=np.int8))
    assert notes == pytest.approx(simulated[0].tolist())


def test_a_renewal_leads_out_of_the_graph_and_a_moratorium_closes_it() -> None:
    graph = grow(MODEL, np.array([3]), State.start(np.array([17.9])), YEARS)
    renewals = np.flatnonzero(~np.isnan(MODEL.set_note))
    assert (graph.child[:, renewals + 1] == -1).all()
    upkeep = MODEL.treatments.codes.index("PAT")
    after = int(graph.child[0, upkeep + 1])
    assert graph.options[after] == ()
