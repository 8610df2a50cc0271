"""Time and memory of scoring a department: ``python -m bench.scoring [sections] [findings]``.

Made sections of 200 m, both directions surveyed, made findings spread evenly. Prints wall and
CPU seconds of each step and the peak of memory of the process.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from gis.exports.m3 import M3Campaign, m3_rows
from gis.scoring.cells import LaneGrid
from gis.scoring.explain import explain_section
from gis.scoring.score import Observation, score
from gis.scoring.sections import cut_from_places
from voirie.catalogue.scheme import load_scheme
from voirie.places import ROUTE_KEY
from voirie.tables import conform

PER_ROUTE = 100
SEEN = ("FLB", "FLH", "FLx", "FTR", "FAI", "FAH", "NDP", "REP")


def _route(number: np.ndarray) -> dict[str, object]:
    names = pd.array([f"D{k}" for k in range(int(number.max()) + 1)], dtype="string")
    return {"gestionnaire": "CD", "dep": "031", "route": names.take(number), "cote": "U"}


def made(sections: int, findings: int, seed: int = 7) -> tuple[pd.DataFrame, ...]:
    """Sections, coverage and findings of a made department."""
    rng = np.random.default_rng(seed)
    routes = sections // PER_ROUTE
    place = np.arange(sections)
    stills = pd.DataFrame({**_route(place // PER_ROUTE), "cumul_m": place % PER_ROUTE * 200.0 + 1})
    cut = cut_from_places(stills).assign(category=rng.integers(1, 4, sections))
    both = np.tile(np.arange(routes), 2)
    coverage = pd.DataFrame(
        {**_route(both), "pass_id": "p", "sens": np.repeat(["+", "-"], routes), "voie": 1}
        | {"cumul_from_m": 0.0, "cumul_to_m": PER_ROUTE * 200.0, "surveyed": True}
    )
    middle = rng.uniform(0, PER_ROUTE * 200, findings)
    length = rng.gamma(1.5, 3.0, findings)
    things = pd.DataFrame(
        {
            **_route(rng.integers(0, routes, findings)),
            "finding_id": pd.Series(np.arange(findings)).astype("string"),
            "survey_id": "s",
            "family": "pavement",
            "code": pd.array(SEEN, dtype="string").take(rng.integers(0, len(SEEN), findings)),
            "severity": rng.integers(1, 4, findings),
            "confidence": rng.uniform(0.3, 0.9, findings),
            "existence": rng.uniform(0.3, 1.0, findings),
            "sens": pd.array(["+", "-"], dtype="string").take(rng.integers(0, 2, findings)),
            "voie": 1,
            "cumul_m": middle,
            "cumul_from_m": middle - length / 2,
            "cumul_to_m": middle + length / 2,
            "length_m": length,
            "area_m2": length * 0.6,
            "scale_assumed": False,
            "n_views": 3,
            "n_passes": 1,
            "origin": "machine",
            "review_state": "proposed",
            "experimental": False,
        }
    )
    return cut, conform("coverage", coverage), conform("findings", things)


def main(sections: int = 30_000, findings: int = 1_000_000) -> None:
    """Score once and print."""
    cut, coverage, things = made(sections, findings)
    base_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{sections:,} sections, both directions, {findings:,} findings")
    print(f"inputs made: peak {base_mb:,.0f} MB")

    def now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def step(name: str, begun: tuple[float, float]) -> None:
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall_s, cpu_s = (b - a for a, b in zip(begun, now(), strict=True))
        print(f"{name:<28}{wall_s:8.2f} s wall {cpu_s:8.2f} s CPU   peak {peak_mb:,.0f} MB")

    begun = now()
    grid = LaneGrid.of(cut, coverage)
    step(f"cells ({grid.first[-1]:,})", begun)
    begun = now()
    result = score(
        things,
        coverage,
        cut,
        observation=Observation(frozenset(SEEN), "made"),
        survey_id="s",
    )
    step("score, cells included", begun)
    begun = now()
    rows = m3_rows(
        result.sections,
        result.section_notes,
        result.extents,
        things,
        M3Campaign("bench", "TTC", 0.2),
    )
    step(f"m3 rows ({len(rows):,})", begun)
    begun = now()
    one = result.section_notes["section_id"].iloc[0]
    explanation = explain_section(
        one, result.sections, result.extents, result.section_notes, load_scheme()
    )
    step("explain one section", begun)
    stored = result.sections.set_index("section_id").loc[one, "note_globale"]
    mean = result.sections["note_globale"].mean()
    print(f"mean note {mean:.2f}; {len(result.extents):,} rows of extents")
    print(f"explained {explanation.note_globale:.6f}, stored {stored:.6f}")
    assert set(ROUTE_KEY) <= set(result.sections.columns)


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:3]))
