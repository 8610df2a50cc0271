"""Rows of the tables as pages and drawings read them: each cell by its name and its type."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import pandas as pd

RowT = TypeVar("RowT", bound=NamedTuple)


class SectionRow(NamedTuple):
    """A section with its notes; NaN where it has none."""

    section_id: str
    gestionnaire: str
    dep: str
    route: str
    cote: str
    plod: str
    absd: int
    plof: str
    absf: int
    cumul_from_m: float
    cumul_to_m: float
    length_m: float
    width_m: float
    category: int | None
    commune: str | None
    traffic: int | None
    note_structure: float
    note_surface: float
    note_globale: float
    note_globale_low: float
    note_globale_high: float
    classe_etat: str
    class_uncertain: bool
    coverage_pct: float
    sens_releves: int
    assumed: bool
    proposed_treatment: str | None
    proposed_cost_eur: float
    experimental: bool


class FindingRow(NamedTuple):
    """A thing on the ground."""

    finding_id: str
    family: str
    code: str
    severity: int | None
    confidence: float
    gestionnaire: str | None
    dep: str | None
    route: str | None
    cote: str | None
    cumul_m: float
    picture_id: str | None
    experimental: bool


class ObjectRow(NamedTuple):
    """A thing of a family that has attributes; None where its family knows no such attribute."""

    finding_id: str
    code: str
    official_code: str | None
    value: str | None
    kind: str | None
    volume_class: str | None
    status: str | None
    gestionnaire: str | None
    dep: str | None
    route: str | None
    cote: str | None
    cumul_m: float
    offset_m: float
    accuracy_m: float
    confidence: float
    review_state: str
    experimental: bool


class ViewRow(NamedTuple):
    """A detection in a frame, pixels of that frame."""

    finding_id: str
    code: str
    x1_px: float
    y1_px: float
    x2_px: float
    y2_px: float


class CoverageRow(NamedTuple):
    """A stretch of lane, surveyed or not."""

    cumul_from_m: float
    cumul_to_m: float
    surveyed: bool
    reason: str | None


class WorkRow(NamedTuple):
    """A planned work."""

    scenario: str
    year: int
    section_id: str
    treatment: str
    envelope: str
    area_m2: float
    cost_eur: float
    note_before: float
    note_after: float
    assumed: bool
    reason_fr: str
    reason_en: str


class SiteRow(NamedTuple):
    """A planned work with the chainage of its section."""

    section_id: str
    year: int
    treatment: str
    assumed: bool
    cumul_from_m: float
    cumul_to_m: float


class WhyNot(NamedTuple):
    """What a section is told of a scenario."""

    scenario: str
    section_id: str
    situation: str
    planned_in: int | None
    why: str


class ScenarioRow(NamedTuple):
    """A line of the comparison of the scenarios."""

    scenario: str
    note_start: float
    note_end: float
    note_high: float
    note_low: float
    note_mean: float
    total_eur: float
    total_seen_eur: float
    total_assumed_eur: float
    tax: str
    need_start_eur: float
    need_start_seen_eur: float
    need_start_assumed_eur: float
    need_end_eur: float
    need_end_seen_eur: float
    need_end_assumed_eur: float
    rule_note_end: float
    rule_total_eur: float
    rule_need_end_eur: float
    do_nothing_need_end_eur: float
    observations: str
    value: float
    bound: float
    do_nothing_value: float
    rule_value: float
    gap_pct: float
    scope: str
    assumed_area_pct: float
    observed_area_pct: float


class YearRow(NamedTuple):
    """A year of a scenario."""

    year: int
    note: float
    note_seen: float
    budget_investment_eur: float
    budget_operation_eur: float
    spend_investment_eur: float
    spend_investment_assumed_eur: float
    spend_operation_eur: float
    spend_operation_assumed_eur: float
    spend_assumed_eur: float
    backlog_eur: float
    backlog_assumed_eur: float
    km_below_surface: float
    km_below_surface_assumed: float
    km_below_structure: float
    km_below_structure_assumed: float
    km_below_12: float
    km_below_12_assumed: float


def rows_of(frame: pd.DataFrame, kind: type[RowT]) -> list[RowT]:
    """Rows of a table, in its order; NULL is None in texts and counts, NaN in measures.

    Parameters
    ----------
    frame
        Rows that have every column that the kind names; others are left out.
    kind
        What a row is.

    Examples
    --------
    >>> frame = pd.DataFrame({"cumul_from_m": [0.0], "cumul_to_m": [50.0], "pass_id": ["a"],
    ...                       "surveyed": [True], "reason": [pd.NA]})
    >>> rows_of(frame, CoverageRow)
    [CoverageRow(cumul_from_m=0.0, cumul_to_m=50.0, surveyed=True, reason=None)]
    """
    columns = [_cells(frame[name]) for name in kind._fields]
    return [kind._make(cells) for cells in zip(*columns, strict=True)]


def _cells(column: pd.Series) -> list[object]:
    if pd.api.types.is_float_dtype(column):
        return column.tolist()
    return column.astype(object).where(column.notna(), None).tolist()
