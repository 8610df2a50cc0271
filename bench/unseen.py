"""Hold the notes drawn for sections that nobody saw against the truth: how far off is the need.

    python -m bench.unseen [--seeds 60]

Rendered networks whose sections wear together along a route (ten sections share a factor), three
categories; a share of them is hidden. Beside the drawn notes stand two that were not chosen: the
mean of the category, and a note drawn for each section alone.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from bench.planning_reference import MEAN_LOSS, SHAPE, SHARE, WIDTH_M
from planning.unseen import FEWEST, drawn_notes
from voirie.arrays import Bools, Floats
from voirie.catalogue.treatments import load_treatments

ALIKE = 10
PRICES = load_treatments()
UNIT_EUR = np.append([line.cost_eur_per_m2 for line in PRICES.treatments], 0.0)


def network(count: int, seed: int) -> pd.DataFrame:
    """Sections with their true notes."""
    rng = np.random.default_rng(seed)
    category = rng.choice([1, 2, 3], count, p=list(SHARE.values()))
    area = rng.uniform(100.0, 299.0, count) * np.vectorize(WIDTH_M.get)(category)
    wear = rng.gamma(2.0, 0.5, count // ALIKE + 1)[np.arange(count) // ALIKE] * 1.6
    loss = rng.gamma(SHAPE, np.vectorize(MEAN_LOSS.get)(category) / SHAPE) * wear
    ids = [f"{seed}-{i}" for i in range(count)]
    notes = np.clip(20.0 - loss, 0.0, 20.0)
    return pd.DataFrame({"id": ids, "category": category, "area_m2": area, "note": notes})


def need_eur(frame: pd.DataFrame, note: Floats) -> float:
    """Cost of every work that the notes call for."""
    called = PRICES.adequate(note, frame["category"].to_numpy())
    return float((UNIT_EUR[called] * frame["area_m2"]).sum())


def by_category(frame: pd.DataFrame, seen: Bools, rng: np.random.Generator | None) -> Floats:
    """The mean of the category, or one of its notes for each section alone."""
    note = frame["note"].to_numpy().copy()
    for number in np.unique(frame["category"][~seen]):
        same = (frame["category"] == number).to_numpy()
        donors = same & seen if (same & seen).sum() >= FEWEST else seen
        weight, hidden = frame["area_m2"][donors], same & ~seen
        if rng is None:
            note[hidden] = np.average(frame["note"][donors], weights=weight)
        else:
            share = weight / weight.sum()
            note[hidden] = rng.choice(frame["note"][donors], int(hidden.sum()), p=share)
    return note


def main() -> None:
    """Print the error of the need, percent of the truth, by size and share hidden."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=60)
    seeds = parser.parse_args().seeds
    print("mean error of the need, % of the true one; in brackets the seeds nearer than the mean")
    print("sections  hidden   mean of category   drawn alone       drawn (shipped)")
    for count in (50, 300, 2000):
        for hidden_share in (0.3, 0.8):
            errors = np.zeros((seeds, 3))
            for seed in range(seeds):
                frame, rng = network(count, seed), np.random.default_rng(1000 + seed)
                seen = rng.random(count) >= hidden_share
                seen[0] = True
                given = frame["note"].where(seen).to_numpy()
                ids, area = tuple(frame["id"]), frame["area_m2"].to_numpy()
                true = need_eur(frame, frame["note"].to_numpy())
                for k, note in enumerate(
                    (
                        by_category(frame, seen, None),
                        by_category(frame, seen, rng),
                        drawn_notes(ids, given, frame["category"].to_numpy(), area),
                    )
                ):
                    errors[seed, k] = 100.0 * abs(need_eur(frame, note) - true) / true
            mean, better = errors.mean(axis=0), (errors[:, 1:] < errors[:, :1]).sum(axis=0)
            print(
                f"{count:8} {hidden_share:7.0%} {mean[0]:18.1f}"
                f" {mean[1]:13.1f} ({better[0]})  {mean[2]:13.1f} ({better[1]} of {seeds})"
            )


if __name__ == "__main__":
    main()
