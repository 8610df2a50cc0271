"""The files of a first survey, each key with its meaning, from what was found and answered."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gis.network.network import Network
from inspection.resources import SHIPPED
from inspection.setup.commented import WIDTH, commented
from inspection.setup.drives import Drive
from planning.scenarios import Scenarios
from voirie.catalogue.treatments import load_treatments
from voirie.inputs import Survey, Vehicle
from voirie.wording import N_, Wording

YEARS = 15
RENEWAL = "ESU"
"""A surface dressing: what keeps a road that is still sound."""

USUAL_WIDTH_M = 6.0
OPERATION_SHARE = 0.1
SCENARIOS = (
    (N_("current budget"), 1.0),
    (N_("a third less"), 2 / 3),
    (N_("half as much again"), 1.5),
)
"""Names, and how many times the budget they have."""

PRICE_COMMENTS = (
    N_(
        "Default price list. Prices are orders of magnitude for a French department, in EUR TTC of "
        "the first year; a body's own price schedule (BPU) replaces them. The ageing is fitted to "
        "one published simulation (Haute-Garonne, 2022): two campaigns of the body itself replace "
        "it."
    ),
    N_("A section needs a work when its note (/20) is in the trigger [note_min, note_max)."),
    N_("loss a year = rate x min(cap, base + slope x (20 - note)) x factor of the last renewal"),
)
"""Comments of the shipped price list, for the catalogue of texts."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What only the user knows.

    Attributes
    ----------
    name, purpose, body, controller, legal_basis
        As in survey.toml; a purpose that is not known yet is empty, and refused by a run.
    height_m
        Of the lens above the road, metres; None where nobody measured it.
    fov_deg
        Across the picture, degrees; None where nobody knows.
    budget_eur
        For works, a year, TTC; None where none was stated.
    """

    name: str
    purpose: str = ""
    body: str = ""
    controller: str = ""
    legal_basis: str = ""
    height_m: float | None = None
    fov_deg: float | None = None
    budget_eur: float | None = None


def survey_text(
    folder: Path,
    drives: Sequence[Drive],
    files: Mapping[str, Path],
    answers: Answers,
    w: Wording,
) -> str:
    """Content of survey.toml.

    Parameters
    ----------
    folder
        Where it is written: its paths start there.
    drives
        The passes.
    files
        Files that belong to no pass, by key (`network`, `vehicle`, ...).
    answers
        What the user said.
    w
        Language of the comments.
    """
    named = ("network", "vehicle", "treatments", "scenarios", "scheme", "taxonomy")
    values: dict[str, object] = {
        "purpose": answers.purpose,
        "controller": answers.controller,
        "legal_basis": answers.legal_basis,
        **{key: _path(files[key], folder) if key in files else None for key in named},
        "campaign.name": answers.name,
        "campaign.body": answers.body,
        **{f"options.{key}": None for key in ("step", "min_coverage_pct", "experimental")},
        **{f"options.{key}": None for key in ("people", "only_seen", "headline_existence")},
        "passes": [
            {
                "id": drive.id,
                "inputs": [_path(source, folder) for source in drive.sources],
                "track": None if drive.track is None else _path(drive.track, folder),
                "offset_s": None,
                "started_at": None,
            }
            for drive in drives
        ],
    }
    head = w.text(
        "What is surveyed. “voirie check survey.toml” says what is wrong in it, “voirie run "
        "survey.toml --out survey” does it. A line that begins with # is not read: take the mark "
        "away to use it."
    )
    return commented(Survey, values, w, [head])


def vehicle_text(answers: Answers, w: Wording) -> str:
    """Content of vehicle.toml; the height must be known."""
    values: dict[str, object] = {
        "vehicle.name": "vehicle",
        "vehicle.mounted_on": None,
        "vehicle.removed_on": None,
        "camera.name": "camera",
        "camera.height_m": answers.height_m,
        "camera.fov_deg": answers.fov_deg,
        "camera.pitch_deg": None,
    }
    return commented(Vehicle, values, w)


def scenarios_text(budget_eur: float, stated: bool, w: Wording) -> str:
    """Content of scenarios.toml: the budget of a year, a third less, and half as much again.

    Parameters
    ----------
    budget_eur
        Investment and operation together, TTC.
    stated
        Whether the user stated it; else the file says that it is an order of magnitude.
    w
        Language of the comments.
    """
    rows = []
    for name, times in SCENARIOS:
        whole = budget_eur * times
        operation = round(whole * OPERATION_SHARE, -2)
        phase = {
            "years": YEARS,
            "investment_eur": int(round(whole - operation, -2)),
            "operation_eur": int(operation),
        }
        rows.append(
            {
                "name": Wording("fr").text(name),
                "name_en": name,
                "tax": "TTC",
                "phases": [phase],
            }
        )
    head = (
        w.text("Budgets of each year over {n} years, from the one you stated.", n=str(YEARS))
        if stated
        else w.text(
            "Orders of magnitude, to be replaced by your budgets: what a surface dressing of every "
            "road once in {n} years costs, a third less, and half as much again.",
            n=str(YEARS),
        )
    )
    return commented(Scenarios, {"scenarios": rows, "first_year": None}, w, [head])


def usual_budget_eur(network: Network) -> float:
    """What a surface dressing of every road once in 15 years costs a year, TTC.

    Examples
    --------
    >>> from gis.network.network import read_network
    >>> round(usual_budget_eur(read_network(Path("samples/drive/network.gpkg"))), -3)
    10000.0
    """
    prices = {one.code: one.cost_eur_per_m2 for one in load_treatments(None).treatments}
    axes = network.axes
    length = (axes["cumul_to_m"] - axes["cumul_from_m"]).abs().to_numpy(float)
    width = axes["width_m"].to_numpy(float, na_value=np.nan)
    area_m2 = np.sum(length * np.where(np.isfinite(width), width, USUAL_WIDTH_M))
    return float(area_m2 * prices[RENEWAL] / YEARS)


def prices_text(w: Wording) -> str:
    """The shipped price list with its comments in the language of the reader."""
    shipped = SHIPPED["treatments"].read_text("utf-8")

    def said(match: re.Match[str]) -> str:
        english = " ".join(line.strip("# ") for line in match[0].splitlines())
        indent = re.match(r" *", match[0])
        before = "# " if indent is None else f"{indent[0]}# "
        lines = textwrap.wrap(
            w.text(english), WIDTH, initial_indent=before, subsequent_indent=before
        )
        return "\n".join(lines) + "\n"

    return re.sub(r"(?m)(^ *#.*\n)+", said, shipped)


def _path(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
