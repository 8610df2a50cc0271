"""What each step of the optimiser is worth: every one is switched off in turn.

    python -m bench.planning [--sections 16 30 ...] [--reference 500 2000] [--scenarios #01 ...]

Cases: made networks of 100-300 m sections under a tight, a middling and a loose budget, and the
published scenarios of `bench.planning_reference`. Benefit is the value over doing nothing; losses
are in percent of the full optimiser's, gaps in percent of the bound over doing nothing. A step
acts only where the table of `STEPS` says so; elsewhere it cannot lose anything. Plans are chaotic
in the last tenths of a percent at some hundreds of sections: judge by the mean of many cases.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.planning_reference import SCENARIOS, synthetic_sections
from planning.deterioration import DeteriorationModel
from planning.greedy import plan_by_rule
from planning.optimise import diving, local_search, problem, rounding
from planning.optimise.column_generation import Linear, generate
from planning.optimise.cover_rows import no_cover_rows
from planning.scenarios import load_scenarios
from planning.sections import Sections, sections_from
from planning.simulate import Budget, Plan, cost_eur, simulate
from voirie.catalogue.treatments import NONE, load_treatments

YEARS = 15
SECTION_KM = 0.2
SHARES = {"tight": 0.2, "middling": 0.5, "loose": 1.0}
"""Budget of a year, as a share of what the rule spends a year where nothing limits it."""

INVESTMENT_SHARE = 0.85
SMALL = (0, problem.EXACT_SECTIONS)


@dataclass(frozen=True)
class Step:
    """A step of the optimiser, and what stands in its place when it is switched off.

    Attributes
    ----------
    owner, name, instead
        Where its code is looked up, and what is put there.
    sizes
        Smallest and largest number of sections on which it acts.
    """

    owner: object
    name: str
    instead: object
    sizes: tuple[int, int] = (0, 10**9)


def _no_plan(made: problem.Problem, *_: object) -> tuple[Plan, bool]:
    """Doing nothing, in the place of the pooled exchange: the known plan is the better one."""
    works = np.full((made.size, made.years), NONE, dtype=np.int8)
    return Plan(works, np.zeros(works.shape, dtype=bool)), False


STEPS: dict[str, Step] = {
    "cover rows": Step(
        problem, "cover_rows", lambda cost, access, budget: no_cover_rows(*cost.shape), SMALL
    ),
    "dive": Step(rounding, "dive", plan_by_rule, (0, rounding.SMALL)),
    "near-best columns": Step(
        rounding, "_near_best", lambda problem, linear, slack: linear.columns, (0, rounding.SMALL)
    ),
    "shaken prices": Step(rounding, "SHAKES", (), (rounding.SMALL + 1, rounding.SHAKEN_SECTIONS)),
    "pooled exchange": Step(rounding, "_pooled", _no_plan),
    "paid exchange": Step(rounding, "_paid", lambda problem, pool, loss, plan: plan),
    "exchange of pairs": Step(local_search.Exchange, "improve", local_search.Exchange.ascend),
    "whole-number search": Step(
        rounding, "_prove", lambda problem, best, linear: best, (0, rounding.PROVEN_SECTIONS)
    ),
}
OF_THE_PROBLEM = ("cover rows",)
"""Steps that change the LP relaxation; without any other the relaxation is solved once a case."""


@contextmanager
def switched_off(step: Step) -> Iterator[None]:
    """Run the optimiser without a step."""
    kept = getattr(step.owner, step.name)
    setattr(step.owner, step.name, step.instead)
    try:
        yield
    finally:
        setattr(step.owner, step.name, kept)


@dataclass(frozen=True)
class Case:
    """A network and a budget."""

    name: str
    sections: Sections
    budget: Budget


@dataclass(frozen=True)
class Outcome:
    """A plan's value, its bound and what it took, CPU seconds."""

    value: float
    bound: float
    seconds: float

    @property
    def gap_pct(self) -> float:
        """Gap to the bound, percent of the bound."""
        return 100.0 * (self.bound - self.value) / self.bound


class Bench:
    """One case: the LP relaxation and the dive are made once and shared where nothing changes them.

    Parameters
    ----------
    model, case
        Price list, network and budget.
    """

    def __init__(self, model: DeteriorationModel, case: Case) -> None:
        self.model, self.case = model, case
        self.rule = plan_by_rule(case.sections, model, case.budget)
        self._relaxed, self._relaxed_s = self._relax()
        self._dive: tuple[Plan, float] | None = None

    def _relax(self) -> tuple[tuple[problem.Problem, Linear], float]:
        began = time.process_time()
        made = problem.Problem(self.case.sections, self.model, self.case.budget)
        active = np.flatnonzero((self.rule.works != NONE).any(axis=1))
        linear = generate(made, made.columns(active, self.rule.works[active]))
        return (made, linear), time.process_time() - began

    def _dive_once(self, sections: Sections, model: DeteriorationModel, budget: Budget) -> Plan:
        if self._dive is None:
            began = time.process_time()
            plan = diving.dive(sections, model, budget)
            self._dive = plan, time.process_time() - began
        return self._dive[0]

    def run(self, off: str | None = None) -> Outcome:
        """Optimise with one step off, or with all of them."""
        with ExitStack() as stack:
            shared = off not in OF_THE_PROBLEM
            if shared:
                stack.enter_context(switched_off(Step(rounding, "dive", self._dive_once)))
            if off is not None:
                stack.enter_context(switched_off(STEPS[off]))
            (made, linear), seconds = (self._relaxed, self._relaxed_s) if shared else self._relax()
            before = self._dive
            began = time.process_time()
            found = rounding.round_plan(made, linear, self.rule)
            seconds += time.process_time() - began
            if shared and off != "dive" and before is not None:
                seconds += before[1]
        simulate(self.case.sections, self.model, self.case.budget, found.plan)  # is it lawful
        return Outcome(found.value, max(found.bound, found.value), seconds)

    @property
    def rule_value(self) -> float:
        """Value of the rule."""
        return self._relaxed[0].value(self.rule.works)


def made_cases(model: DeteriorationModel, count: int, seed: int) -> Iterator[Case]:
    """A made network under three budgets."""
    table = synthetic_sections(count, seed, SECTION_KM * count)
    sections = uneven(table, seed, model)
    no_limit = np.full(YEARS, 1e12)
    free = plan_by_rule(sections, model, Budget(no_limit, no_limit))
    spend_eur = float(cost_eur(sections, model, free.works).sum()) / YEARS
    for name, share in SHARES.items():
        yearly = np.full(YEARS, spend_eur * share)
        budget = Budget(yearly * INVESTMENT_SHARE, yearly * (1.0 - INVESTMENT_SHARE))
        yield Case(f"{count}/{seed} {name}", sections, budget)


def reference_cases(model: DeteriorationModel, count: int, names: list[str]) -> Iterator[Case]:
    """The published scenarios on a department cut into `count` sections."""
    sections = uneven(synthetic_sections(count, 1), 1, model)
    for scenario in load_scenarios(SCENARIOS).scenarios:
        if not names or scenario.name in names:
            yield Case(f"{count} {scenario.name}", sections, Budget(*scenario.envelopes_eur()))


def uneven(table: pd.DataFrame, seed: int, model: DeteriorationModel) -> Sections:
    """Sections of unequal areas: equal ones would make packing a puzzle of its own."""
    table["area_m2"] *= np.random.default_rng(seed).uniform(0.5, 1.5, len(table))
    return sections_from(table, model.treatments)[0]


def main() -> None:
    """Print each case as it comes, then a line for each step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sections", type=int, nargs="*", default=[16, 30, 50, 120, 240, 500])
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--reference", type=int, nargs="*", default=[500, 2000])
    parser.add_argument("--scenarios", nargs="*", default=[], help="of the reference; all of them")
    parser.add_argument("--steps", nargs="*", default=list(STEPS))
    args = parser.parse_args()
    model = DeteriorationModel.of(load_treatments())
    cases = [c for n in args.sections for s in args.seeds for c in made_cases(model, n, s)]
    cases += [c for n in args.reference for c in reference_cases(model, n, args.scenarios)]
    lost: dict[str, list[tuple[float, float]]] = defaultdict(list)
    print(
        f"{'case':16} {'switched off':20} {'benefit':>14} {'loss %':>8} {'gap %':>7} {'CPU s':>6}"
    )
    for case in cases:
        bench = Bench(model, case)
        full = bench.run()
        if full.value <= 0.0:
            continue
        _row(case, "-", full, full)
        rule = Outcome(bench.rule_value, full.bound, 0.0)
        _row(case, "everything: the rule", rule, full)
        for name in args.steps:
            low, high = STEPS[name].sizes
            if low <= len(case.sections) <= high:
                without = bench.run(name)
                _row(case, name, without, full)
                lost[name].append((_loss_pct(without, full), without.gap_pct - full.gap_pct))
    print(f"\n{'step':20} {'cases':>5} {'mean loss %':>11} {'largest':>8} {'mean gap added':>14}")
    for name, values in lost.items():
        loss, gap = np.array(values).T
        print(f"{name:20} {len(loss):5d} {loss.mean():11.3f} {loss.max():8.3f} {gap.mean():14.3f}")


def _loss_pct(without: Outcome, full: Outcome) -> float:
    return 100.0 * (full.value - without.value) / full.value


def _row(case: Case, name: str, found: Outcome, full: Outcome) -> None:
    print(
        f"{case.name:16} {name:20} {found.value:14.0f} {_loss_pct(found, full):8.3f} "
        f"{found.gap_pct:7.3f} {found.seconds:6.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
