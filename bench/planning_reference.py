"""Replay the eleven scenarios that Haute-Garonne published in 2022, beside the printed figures.

    python -m bench.planning_reference [--sections 30000] [--seed 1]

The network is synthetic (6,000 km, area-weighted mean note 18.15); the parameters are fitted to
this one table under our reading of it, not measured. `bench.planning` has the optimum beside it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd

from planning.deterioration import DeteriorationModel
from planning.greedy import plan_by_rule
from planning.scenarios import load_scenarios
from planning.sections import Sections, sections_from
from planning.simulate import Budget, simulate
from voirie.catalogue.treatments import load_treatments

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parent / "samples" / "haute_garonne.toml"

# end, high, low, mean, spend in MEUR, as printed; None where the cell is blank
PRINTED: dict[str, tuple[float, float, float | None, float, float]] = {
    "#01": (18.25, 18.69, None, 18.48, 177.554404),
    "#02": (18.53, 18.53, 17.85, 18.18, 154.988782),
    "#03": (18.29, 18.59, None, 18.46, 177.430293),
    "#04": (18.27, 18.64, None, 18.47, 177.419688),
    "#05": (18.28, 18.60, None, 18.45, 166.389445),
    "#06": (18.35, 18.51, None, 18.41, 190.058011),
    "#07": (18.45, 18.59, None, 18.47, 204.340070),
    "#08": (18.47, 18.50, None, 18.31, 164.393054),
    "#09": (18.31, 18.31, 17.84, 18.02, 129.997083),
    "#10": (18.51, 18.59, None, 18.29, 160.004611),
    "#11": (18.32, 18.35, 17.85, 18.19, 156.284869),
}

LENGTH_KM = 6000.0
START_NOTE = 18.15
SHARE = {1: 0.15, 2: 0.25, 3: 0.60}
WIDTH_M = {1: 6.5, 2: 5.5, 3: 4.5}
MEAN_LOSS = {1: 2.5, 2: 2.2, 3: 1.55}
SHAPE = 1.8


def synthetic_sections(count: int, seed: int, length_km: float = LENGTH_KM) -> pd.DataFrame:
    """A network, a department of 6,000 km by default, in `count` equal sections.

    Notes are ``20 - Gamma(1.8)`` with the category's mean, shifted to an area mean of 18.15.
    """
    rng = np.random.default_rng(seed)
    numbers = [round(count * SHARE[c]) for c in (1, 2)]
    category = np.repeat([1, 2, 3], [*numbers, count - sum(numbers)])
    length_m = np.full(count, length_km * 1000.0 / count)
    area_m2 = length_m * np.array([WIDTH_M[c] for c in category.tolist()])
    mean = np.array([MEAN_LOSS[c] for c in category.tolist()])
    note = 20.0 - rng.gamma(SHAPE, mean / SHAPE)
    for _ in range(50):  # clipping at 0 and 20 moves the mean a little each time
        note = np.clip(note + START_NOTE - np.average(note, weights=area_m2), 0.0, 20.0)
    return pd.DataFrame(
        {
            "section_id": [f"s{i:06d}" for i in range(count)],
            "area_m2": area_m2,
            "length_m": length_m,
            "category": category,
            "note_globale": note,
        }
    )


def figures(sections: Sections, model: DeteriorationModel, budget: Budget) -> tuple[float, ...]:
    """End, high, low, mean and spend in MEUR of the rule."""
    result = simulate(sections, model, budget, plan_by_rule(sections, model, budget))
    note = sections.mean_note(result.notes)
    spend = float((result.investment_eur + result.operation_eur).sum()) / 1e6
    return float(note[-1]), float(note.max()), float(note.min()), float(note.mean()), spend


def main() -> None:
    """Print simulated / printed for each scenario."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sections", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    treatments = load_treatments()
    model = DeteriorationModel.of(treatments)
    sections, _ = sections_from(synthetic_sections(args.sections, args.seed), treatments)
    print(f"{args.sections} sections, {sections.area_m2.sum() / 1e6:.1f} Mm2, seed {args.seed}")
    print("the rule (need, benefit over cost): simulated / printed")
    print("#     end           high          low           mean          MEUR           s")
    for scenario in load_scenarios(SCENARIOS).scenarios:
        began = time.perf_counter()
        got = figures(sections, model, Budget(*scenario.envelopes_eur()))
        cells = []
        for value, printed in zip(got[:4], PRINTED[scenario.name][:4], strict=True):
            cells.append(f"{value:5.2f} / {'-' if printed is None else f'{printed:.2f}':5}")
        spend = f"{got[4]:5.1f} / {PRINTED[scenario.name][4]:5.1f}"
        print(scenario.name, "  ".join(cells), spend, f"{time.perf_counter() - began:.1f}")


if __name__ == "__main__":
    main()
