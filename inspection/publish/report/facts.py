"""Figures of a survey that the report states, free of any language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
import pandas as pd

from gis.scoring.coverage import SurveyedLength, surveyed_length
from gis.scoring.extents import CHECKED, SURE_ORIGINS
from inspection.publish.bundle import Bundle
from inspection.publish.drawings.svg import CLASSES
from inspection.publish.places import Referencer, Route, by_rank, natural
from inspection.publish.rows import SectionRow, WhyNot, rows_of
from voirie.inputs import HEADLINE_EXISTENCE
from voirie.messages import Message
from voirie.places import ROUTE_KEY
from voirie.wording import N_, Language

LEAST = 3
# The page stays readable and light; what it leaves out stands in survey.gpkg, and it says so.
MOST_LISTED = 400
CATEGORY_COLUMNS: tuple[tuple[str, tuple[int, ...]], ...] = (
    (N_("Global score"), (1, 2, 3)),
    (N_("Cat. 1"), (1,)),
    (N_("Cat. 2"), (2,)),
    (N_("Cat. 3"), (3,)),
    (N_("Cat. 2 and 3"), (2, 3)),
)


@dataclass(frozen=True)
class CodeRow:
    """One code in the table of findings."""

    code: str
    count: int
    by_severity: tuple[int, int, int]
    length_m: float
    length_low_m: float
    length_high_m: float
    area_m2: float
    area_low_m2: float
    area_high_m2: float
    confidence: float
    experimental: bool
    to_check: int


@dataclass(frozen=True)
class PoleRow:
    """Mean notes of a road pole, one a column of `CATEGORY_COLUMNS`; NaN where none."""

    pole: str | None
    length_m: float
    notes: tuple[float, ...]


@dataclass(frozen=True)
class PlanTables:
    """Tables of the plan with the scenarios by their names in one language, in their order."""

    works: pd.DataFrame
    years: pd.DataFrame
    scenarios: pd.DataFrame
    asked: pd.DataFrame

    @classmethod
    def of(cls, bundle: Bundle, language: Language) -> Self:
        """Those of a survey."""
        lines = bundle.scenarios
        if language == "fr":
            return cls(bundle.works, bundle.plan_years, lines, bundle.section_plans)
        names = dict(zip(lines["scenario"], lines["scenario_en"], strict=True))
        if len(set(names.values())) < len(names):
            names = {name: name for name in names}
        works, years, scenarios, asked = (
            table.assign(scenario=table["scenario"].map(names))
            for table in (bundle.works, bundle.plan_years, lines, bundle.section_plans)
        )
        return cls(works, years, scenarios.assign(observations=lines["observations_en"]), asked)

    def why_not(self, language: Language) -> dict[str, list[WhyNot]]:
        """What each section is told of each scenario, by section, scenarios in their order."""
        told = self.asked.assign(why=self.asked[f"why_{language}"])
        order = {name: k for k, name in enumerate(self.scenarios["scenario"])}
        told = told.sort_values("scenario", key=lambda names: names.map(order), kind="stable")
        found: dict[str, list[WhyNot]] = {}
        for row in rows_of(told, WhyNot):
            found.setdefault(row.section_id, []).append(row)
        return found


@dataclass(frozen=True)
class Facts:
    """What the tables say, summed up.

    Attributes
    ----------
    bundle
        The tables.
    headline_existence
        What exists less surely, and no person looked at, is put first nowhere: it is to be checked.
    """

    bundle: Bundle
    headline_existence: float = HEADLINE_EXISTENCE

    @cached_property
    def places(self) -> Referencer:
        """PR of any chainage."""
        return Referencer(self.bundle.sections)

    @cached_property
    def noted(self) -> pd.DataFrame:
        """Sections that have a note."""
        return self.bundle.sections[self.bundle.sections["note_globale"].notna()]

    @property
    def has_notes(self) -> bool:
        """Whether any section has a note."""
        return len(self.noted) > 0

    @property
    def has_plan(self) -> bool:
        """Whether scenarios were computed."""
        return len(self.bundle.scenarios) > 0 and len(self.bundle.plan_years) > 0

    @cached_property
    def surveyed(self) -> SurveyedLength:
        """How much of the network that was to be seen was seen."""
        return surveyed_length(self.bundle.sections, self.bundle.coverage)

    @cached_property
    def days(self) -> tuple[pd.Timestamp, pd.Timestamp] | tuple[None, None]:
        """First and last moment of the survey, None where no frame has a date."""
        moments = self.bundle.frames["captured_at"].dropna()
        return (moments.min(), moments.max()) if len(moments) else (None, None)

    @cached_property
    def routes(self) -> list[Route]:
        """Keys of the routes that were driven, in order."""
        found: set[Route] = set()
        for frame in (self.bundle.sections, self.bundle.coverage, self.bundle.findings):
            keys = frame[list(ROUTE_KEY)].dropna().drop_duplicates()
            found |= set(keys.itertuples(index=False, name=None))
        return sorted(found, key=natural)

    @cached_property
    def route_ranges(self) -> dict[Route, tuple[float, float]]:
        """First and last chainage known of each route, metres, in order of the routes."""
        ends = []
        for frame in (self.bundle.sections, self.bundle.coverage):
            for column in ("cumul_from_m", "cumul_to_m"):
                ends.append(frame[[*ROUTE_KEY, column]].set_axis([*ROUTE_KEY, "m"], axis=1))
        findings = self.bundle.findings
        ends.append(findings[[*ROUTE_KEY, "cumul_m"]].set_axis([*ROUTE_KEY, "m"], axis=1))
        every = pd.concat([pd.DataFrame(part.dropna()) for part in ends if len(part)] or ends)
        spans = every.groupby(list(ROUTE_KEY))["m"].agg(["min", "max"])
        found = {k: (float(a), float(b)) for k, a, b in spans.itertuples(name=None) if b > a}
        return {route: found[route] for route in sorted(found, key=natural)}

    def routes_to_draw(self, most: int) -> dict[Route, tuple[float, float]]:
        """Ranges of the routes, or of those with most damaged length where there are too many."""
        ranges = self.route_ranges
        if len(ranges) <= most:
            return ranges
        poor = self.bundle.sections[self.bundle.sections["classe_etat"].isin(["ME", "EM"])]
        length = poor.groupby(list(ROUTE_KEY))["length_m"].sum()
        order = sorted(ranges, key=lambda route: (-length.get(route, 0.0), natural(route)))
        return {route: ranges[route] for route in sorted(order[:most], key=natural)}

    def mean_note(self, column: str = "note_globale", part: pd.DataFrame | None = None) -> float:
        """Mean of a note over sections, weighted by area (by length where no area is known)."""
        rows = self.noted if part is None else part[part["note_globale"].notna()]
        rows = rows[rows[column].notna()]
        if rows.empty:
            return float("nan")
        weight = rows["area_m2"] if rows["area_m2"].notna().all() else rows["length_m"]
        return float(np.average(rows[column], weights=weight))

    @cached_property
    def shares_pct(self) -> dict[str, float]:
        """Share of each class in the area (in the length where no area is known), percent."""
        sections = self.bundle.sections
        if sections.empty:
            return {}
        weight = sections["area_m2" if sections["area_m2"].notna().all() else "length_m"]
        total = float(weight.sum())
        return {
            state: 100 * float(weight[(sections["classe_etat"] == state)].sum()) / total
            for state in CLASSES
        }

    def family_count(self, family: str) -> int:
        """How many findings of a family."""
        return int((self.bundle.findings["family"] == family).sum())

    @cached_property
    def sure(self) -> pd.DataFrame:
        """Findings that may be put first: sure enough, or a person vouches for them."""
        findings = self.bundle.findings
        vouched = findings["origin"].isin(SURE_ORIGINS) | findings["review_state"].isin(CHECKED)
        return findings[vouched | (findings["existence"] >= self.headline_existence)]

    @cached_property
    def to_check(self) -> frozenset[str]:
        """Identifiers of the other findings."""
        findings = self.bundle.findings["finding_id"]
        return frozenset(findings[~findings.isin(self.sure["finding_id"])])

    def sure_count(self, family: str) -> int:
        """How many findings of a family may be put first."""
        return int((self.sure["family"] == family).sum())

    def check_count(self, family: str) -> int:
        """How many findings of a family are to be checked."""
        return self.family_count(family) - self.sure_count(family)

    def looked_for(self, family: str) -> bool:
        """Whether a model looked for a family: else its absence says nothing.

        The role of a model starts with the family that it looks for.
        """
        roles = [str(model["role"]) for model in self.bundle.run.get("models", [])]
        return self.family_count(family) > 0 or any(r.startswith(family) for r in roles)

    @cached_property
    def confirmed(self) -> int:
        """How many findings a person has confirmed or corrected."""
        return int(self.bundle.findings["review_state"].isin(CHECKED).sum())

    def worst(self, most: int) -> list[SectionRow]:
        """Sections with the lowest notes, worst first; good ones only to make up `LEAST`."""
        order = by_rank(self.bundle.sections)
        poor = int((order["classe_etat"] != "BE").sum())
        return rows_of(order.head(min(most, max(poor, LEAST))), SectionRow)

    def codes(self, family: str) -> list[CodeRow]:
        """One row a code of a family, most frequent first; sizes are NaN where none was given."""
        rows = []
        own = self.bundle.findings[self.bundle.findings["family"] == family]
        for code, part in own.groupby("code"):
            sums = {
                name: float(part[name].sum(min_count=1))
                for name in (
                    "length_m",
                    "length_low_m",
                    "length_high_m",
                    "area_m2",
                    "area_low_m2",
                    "area_high_m2",
                )
            }
            grades = tuple(int((part["severity"] == g).sum()) for g in (1, 2, 3))
            rows.append(
                CodeRow(
                    code=str(code),
                    count=len(part),
                    by_severity=(grades[0], grades[1], grades[2]),
                    confidence=float(part["confidence"].mean()),
                    experimental=bool(part["experimental"].any()),
                    to_check=int(part["finding_id"].isin(self.to_check).sum()),
                    **sums,
                )
            )
        return sorted(rows, key=lambda row: (-row.count, row.code))

    def poles(self) -> list[PoleRow]:
        """Mean notes by pole and category, as a road service prints them; the network last."""
        sections = self.bundle.sections
        groups = [
            (str(pole), part) for pole, part in sections.dropna(subset=["pole"]).groupby("pole")
        ]
        return [self._pole_row(pole, part) for pole, part in [*groups, (None, sections)]]

    def _pole_row(self, pole: str | None, part: pd.DataFrame) -> PoleRow:
        notes = [self.mean_note(part=part)]
        for _, wanted in CATEGORY_COLUMNS[1:]:
            notes.append(self.mean_note(part=part[part["category"].isin(wanted)]))
        return PoleRow(pole, float(part["length_m"].sum()), tuple(notes))

    @cached_property
    def missing_codes(self) -> list[str]:
        """Codes that the sensor could not see in at least one section."""
        texts = self.bundle.sections["missing_codes"].dropna()
        return sorted({code.strip() for text in texts for code in text.split(",") if code.strip()})

    @cached_property
    def refusals(self) -> dict[str, int]:
        """Frames that were not kept, by reason."""
        frames = self.bundle.frames
        reasons = frames.loc[frames["picture_id"].isna(), "reason"].fillna("unknown")
        counts = reasons.str.replace(r":.*", "", regex=True).value_counts()
        return {str(reason): int(n) for reason, n in counts.items()}

    @property
    def kept_frames(self) -> int:
        """Frames that are kept as sealed pictures."""
        return int(self.bundle.frames["picture_id"].notna().sum())

    @cached_property
    def gaps_m(self) -> dict[str, float]:
        """Metres of lane that were not seen, by reason."""
        coverage = self.bundle.coverage
        unseen = coverage[~coverage["surveyed"].astype(bool)]
        metres = (unseen["cumul_to_m"] - unseen["cumul_from_m"]).groupby(
            unseen["reason"].fillna("unknown")
        )
        return {str(reason): float(value) for reason, value in metres.sum().items()}

    @cached_property
    def experimental(self) -> bool:
        """Whether any result rests on a model whose licence is not clear."""
        return bool(self.bundle.findings["experimental"].any()) or bool(
            self.bundle.sections["experimental"].any()
        )

    @property
    def warnings(self) -> list[Message]:
        """What the stages of the run warn of."""
        stages = self.bundle.run.get("stages", [])
        return [Message.model_validate(told) for stage in stages for told in stage["warnings"]]

    def first_need_eur(self, part: Literal["all", "seen", "assumed"] = "all") -> float:
        """Cost of every work called for in the first planned year, NaN without a plan.

        Parameters
        ----------
        part
            Of all sections, of those that were seen, or of those whose state is assumed.
        """
        if not self.has_plan:
            return float("nan")
        name = "need_start_eur" if part == "all" else f"need_start_{part}_eur"
        return float(self.bundle.scenarios[name].iloc[0])

    def energy_wh(self) -> float:
        """Energy of the run, Wh; NaN where no stage measured it."""
        values = [s.get("energy_wh") for s in self.bundle.run.get("stages", [])]
        known = [float(v) for v in values if v is not None]
        return sum(known) if known else float("nan")


def is_null(value: object) -> bool:
    """Whether a cell of a row holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))
