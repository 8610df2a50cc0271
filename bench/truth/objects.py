"""Things of the truth and findings of a survey, matched one to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

GROUPS = {
    "longitudinal crack": {"FLB", "FLH", "FLx"},
    "transverse crack": {"FTR"},
    "alligator crack": {"FAI", "FAH"},
    "pothole": {"NDP"},
}
"""Codes that count as one class here: wheel path or not is a matter of place, told apart below."""

ALONG_M = {"pavement": 8.0, "sign": 15.0, "dumping": 10.0}
ACROSS_M = {"pavement": 1.2, "sign": 6.0, "dumping": 6.0}
"""How far a finding may lie from the truth and still be the same thing."""


@dataclass(frozen=True)
class Line:
    """One class: what is there, what was found, what was made up."""

    name: str
    there: int
    matched: int
    found: int
    false: int
    along_m: np.ndarray
    error_m: np.ndarray


def group_of(family: str, code: str) -> str | None:
    """The class a code is counted in; None for what no model looks for."""
    if family == "pavement":
        return next((name for name, codes in GROUPS.items() if code in codes), None)
    return family if family in {"sign", "dumping"} else None


def grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that belong to a class, with it as ``group``."""
    names = [group_of(f, c) for f, c in zip(table["family"], table["code"], strict=True)]
    every = table.assign(group=names)
    return every[every["group"].notna()].reset_index(drop=True)


def seen_objects(truth: dict[str, Any], driven: pd.DataFrame) -> pd.DataFrame:
    """Objects in lanes (pavement) or on routes (the rest) that a pass drove."""
    objects = pd.DataFrame(truth["objects"])
    objects = objects[objects["passes"].map(lambda passes: any(passes.values()))]
    lanes = set(map(tuple, driven[["route", "sens"]].drop_duplicates().to_numpy()))
    routes = {route for route, _ in lanes}
    mine = [
        ((r, s) in lanes) if f == "pavement" else (r in routes)
        for f, r, s in zip(objects["family"], objects["route"], objects["sens"], strict=True)
    ]
    return objects[mine].reset_index(drop=True)


def match(objects: pd.DataFrame, findings: pd.DataFrame) -> list[tuple[int, int, float, float]]:
    """Nearest first, one to one: (object, finding, error along, distance on the ground)."""
    pairs = []
    for i, there in enumerate(objects.itertuples()):
        for j, found in enumerate(findings.itertuples()):
            if found.route != there.route:
                continue
            gap = max(found.cumul_from_m - there.cumul_to_m, there.cumul_from_m - found.cumul_to_m)
            across = abs((found.offset_m or 0.0) - there.offset_m)
            along = found.cumul_m - there.cumul_m
            if gap > ALONG_M[there.family] or across > ACROSS_M[there.family]:
                continue
            centre = found.geometry.centroid if found.geometry is not None else None
            error = np.hypot(centre.x - there.x, centre.y - there.y) if centre else np.nan
            pairs.append((max(gap, 0.0) + 0.1 * abs(along), i, j, along, float(error)))
    taken_there: set[int] = set()
    taken_found: set[int] = set()
    out = []
    for _, i, j, along, error in sorted(pairs):
        if i in taken_there or j in taken_found:
            continue
        taken_there.add(i)
        taken_found.add(j)
        out.append((i, j, along, error))
    return out


def matched(objects: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Matched pairs, class by class: columns of both, those of the finding with ``_found``."""
    parts = []
    for name in sorted(set(objects["group"]) & set(findings["group"])):
        there = objects[objects["group"] == name].reset_index(drop=True)
        found = findings[findings["group"] == name].reset_index(drop=True)
        pairs = match(there, found)
        left = there.iloc[[i for i, _, _, _ in pairs]].reset_index(drop=True)
        right = found.iloc[[j for _, j, _, _ in pairs]].reset_index(drop=True)
        parts.append(left.join(pd.DataFrame(right).add_suffix("_found")))
    if not parts:
        return objects.iloc[:0].join(pd.DataFrame(findings.iloc[:0]).add_suffix("_found"))
    return pd.concat(parts, ignore_index=True)


def lines_of(objects: pd.DataFrame, findings: pd.DataFrame) -> list[Line]:
    """One line a class. A finding that lies on a matched thing of its class is no false one."""
    lines = []
    for name in (*GROUPS, "sign", "dumping"):
        there = objects[objects["group"] == name].reset_index(drop=True)
        found = findings[findings["group"] == name].reset_index(drop=True)
        pairs = match(there, found)
        used = {j for _, j, _, _ in pairs}
        false = sum(
            not _on_something(found.iloc[j], there) for j in range(len(found)) if j not in used
        )
        spot = name in {"pothole", "sign", "dumping", "transverse crack"}
        lines.append(
            Line(
                name,
                len(there),
                len(pairs),
                len(found),
                false,
                np.array([p[2] for p in pairs]) if spot else np.zeros(0),
                np.array([p[3] for p in pairs]) if spot else np.zeros(0),
            )
        )
    return lines


def true_finds(objects: pd.DataFrame, findings: pd.DataFrame) -> np.ndarray:
    """Whether each finding is matched with a thing of its class, or lies on one, (n,)."""
    true = np.zeros(len(findings), dtype=bool)
    for name in set(findings["group"]):
        there = objects[objects["group"] == name].reset_index(drop=True)
        rows = np.flatnonzero((findings["group"] == name).to_numpy(bool))
        found = findings.iloc[rows].reset_index(drop=True)
        used = {j for _, j, _, _ in match(there, found)}
        true[rows] = [j in used or _on_something(found.iloc[j], there) for j in range(len(rows))]
    return true


def _on_something(found: pd.Series, there: pd.DataFrame) -> bool:
    same = there[there["route"] == found["route"]]
    gap = np.maximum(
        found["cumul_from_m"] - same["cumul_to_m"], same["cumul_from_m"] - found["cumul_to_m"]
    )
    across = np.abs(float(found["offset_m"] or 0.0) - same["offset_m"])
    family = str(found["family"])
    return bool(((gap <= ALONG_M[family]) & (across <= ACROSS_M[family])).any())
