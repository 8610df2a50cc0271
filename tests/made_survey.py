"""A small but realistic survey folder, made from a seed: two routes, nine sections, 60 findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from shapely import LineString, Point, box
from shapely.ops import substring

from planning.plan import PLANNED, PlanResult, plan_sections
from planning.scenarios import Scenarios
from tests.made_files import MODEL, PASS, SURVEY, write_pictures, write_sheets
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
from voirie.ids import content_id
from voirie.tables import TABLES, empty

OWNER = {"gestionnaire": "Département exemple", "dep": "031", "cote": "U"}
WEIGHTS = {
    "FAI": (0.4, 0.8, 1.2),
    "NDP": (0.4, 0.8, 1.2),
    "FLB": (0.2, 0.4, 0.7),
    "REP": (0.1, 0.2, 0.4),
    "FAH": (0.3, 0.5, 0.8),
    "FTR": (0.15, 0.3, 0.5),
    "FLH": (0.1, 0.2, 0.4),
    "ARR": (0.2, 0.5, 0.8),
}
STRUCTURE = ("FLB", "FAI", "NDP", "REP")
START = datetime(2026, 3, 17, 8, 40, tzinfo=UTC)
# route, from, to, plod, absd, plof, absf, category, pole, share of wear
SECTIONS = [
    ("D108", 0, 200, "12", 0, "12", 200, 1, "Val d'Ariège", 0.1),
    ("D108", 200, 400, "12", 200, "12", 400, 1, "Val d'Ariège", 0.7),
    ("D108", 400, 600, "12", 400, "12", 600, 1, "Val d'Ariège", 1.6),
    ("D108", 600, 800, "12", 600, "12", 800, 1, "Val d'Ariège", 0.3),
    ("D108", 800, 1140, "12", 800, "13", 0, 1, "Val d'Ariège", 0.0),
    ("D108", 1140, 1340, "13", 0, "13", 200, 1, "Val d'Ariège", 0.9),
    ("D23", 0, 200, "DS", 0, "DS", 200, 2, "Comminges", 0.2),
    ("D23", 200, 400, "1", 0, "1", 200, 2, "Comminges", 1.1),
    ("D23", 400, 600, "1", 200, "1", 400, 2, "Comminges", 0.5),
]
NOT_SURVEYED = 4


def axis_of(route: str) -> LineString:
    """Winding axis of a made route, in EPSG:2154, one metre of chainage a metre of length."""
    if route == "D108":
        s = np.arange(0, 1341.0, 5.0)
        heading = 0.5 * np.sin(s / 210) + 0.25 * np.sin(s / 83 + 1)
        start = (571_200.0, 6_269_800.0)
    else:
        s = np.arange(0, 601.0, 5.0)
        heading = 1.75 + 0.35 * np.sin(s / 150)
        start = (571_720.0, 6_269_520.0)
    x = start[0] + np.concatenate([[0], np.cumsum(5 * np.cos(heading[:-1]))])
    y = start[1] + np.concatenate([[0], np.cumsum(5 * np.sin(heading[:-1]))])
    return LineString(np.column_stack([x, y]))


AXES = {route: axis_of(route) for route in ("D108", "D23")}


def _sections() -> tuple[list[dict], list[dict], list[dict]]:
    rng = np.random.default_rng(7)
    sections, lanes, extents = [], [], []
    for k, (route, a, b, plod, absd, plof, absf, category, pole, wear) in enumerate(SECTIONS):
        section = content_id("section", route, a)
        seen = k != NOT_SURVEYED
        shares = {}
        for code in WEIGHTS:
            for severity in (1, 2, 3):
                base = 3.0 * wear * rng.gamma(1.2, {1: 5, 2: 3, 3: 1.2}[severity])
                shares[code, severity] = round(min(30.0, base), 1) if rng.random() < 0.55 else 0.0
        d = [
            sum(WEIGHTS[c][g - 1] * e for (c, g), e in shares.items() if (c in STRUCTURE) == part)
            for part in (True, False)
        ]
        note = [round(20 * (1 - min(1, x / 100)), 6) for x in d]
        lowest = min(note)
        state = "nd" if not seen else "ME" if lowest < 14.5 else "EM" if lowest < 17.75 else "BE"
        notes = {
            "classe_etat": state,
            "coverage_pct": 52.0 if not seen else 96.5,
            "upper_bound": True,
            "missing_codes": "AFF,BOR,ORN,PEL,PON,REM,RES",
            "scheme_version": "voirie-3",
        }
        for name, value in zip(("structure", "surface", "globale"), [*note, lowest], strict=True):
            notes["class_uncertain"] = seen and lowest - 0.9 < 14.5 and lowest + 0.5 >= 17.75
            notes |= {
                f"note_{name}": value if seen else None,
                f"note_{name}_low": max(0, value - 0.9) if seen else None,
                f"note_{name}_high": min(20, value + 0.5) if seen else None,
            }
        common = {"section_id": section, "length_m": float(b - a)}
        place = {"route": route, **OWNER, "plod": plod, "absd": absd, "plof": plof, "absf": absf}
        sections.append(
            {**common, **place, **notes, "network_version": "abc", "cumul_from_m": float(a)}
            | {
                "cumul_to_m": float(b),
                "width_m": 5.8,
                "width_source": "network",
                "area_m2": 5.8 * (b - a),
                "category": category,
            }
            | {"pole": pole, "commune": "Exemple-le-Vieux", "agglo": False, "surface": "BB"}
            | {"traffic": 1800, "sens_releves": 1, "experimental": True}
            | {"note_patrimoine": None, "proposed_treatment": None, "proposed_cost_eur": None}
            | {"assumed": not seen}
            | {"geometry": substring(AXES[route], a, b)}
        )
        lanes.append(
            {**common, **notes, "survey_id": SURVEY, "sens": "+", "voie": 1}
            | {"surveyed_length_m": (b - a) * notes["coverage_pct"] / 100, "width_m": 2.9}
            | {"area_m2": 2.9 * (b - a), "surveyed_on": "2026-03-17", "gnss_quality_m": 2.4}
            | {"n_frames": (b - a) // 5, "d_structure": d[0], "d_surface": d[1]}
            | {"experimental": True, "model_version": "pavement v0"}
        )
        if seen:
            extents += [
                {"section_id": section, "sens": "+", "voie": 1, "code": c, "severity": g}
                | {
                    "extent_pct": e,
                    "quantity": None,
                    "unit": None,
                    "n_findings": int(e > 0),
                    "n_assumed": 0,
                }
                for (c, g), e in shares.items()
            ]
            extents += [
                {"section_id": section, "sens": "+", "voie": 1, "code": c, "severity": g}
                | {
                    "extent_pct": None,
                    "quantity": None,
                    "unit": None,
                    "n_findings": 0,
                    "n_assumed": 0,
                }
                for c in ("AFF", "BOR", "ORN", "PEL", "PON", "REM", "RES")
                for g in (1, 2, 3)
            ]
    return sections, lanes, extents


def _frames() -> list[dict]:
    rows = []
    for route, axis in AXES.items():
        for s in np.arange(0, axis.length, 20.0):
            refused = len(rows) % 17 == 11
            at_s = len(rows) * 20.0 / 12
            frame = content_id("frame", PASS, route, float(s))
            rows.append(
                {"frame_id": frame, "pass_id": PASS, "source_name": "aller.mp4", "pts_s": at_s}
                | {"captured_at": START + timedelta(seconds=at_s), "distance_m": s, **OWNER}
                | {"route": route, "sens": "+", "voie": 1, "cumul_m": s, "offset_m": 1.5}
                | {"heading_deg": 80.0, "speed_mps": 12.0, "accuracy_m": 2.1, "pitch_deg": 3.0}
                | {"width_px": 1280, "height_px": 720, "luma": 118.0, "sharpness": 0.38}
                | {"near_luma": 110.0, "darkest_luma": 41.0, "masked_pct": 0.4}
                | {"near_masked_pct": 0.0, "own_masked_pct": 0.0, "blank_pct": 0.0}
                | {
                    "picture_id": None if refused else f"{PASS}/{frame}",
                    "reason": "not sealed" if refused else None,
                }
                | {"geometry": axis.interpolate(s)}
            )
    return rows


def _findings(frames: list[dict]) -> tuple[list[dict], list[dict], list[dict], list[dict]]:
    rng = np.random.default_rng(11)
    kept = [row for row in frames if row["picture_id"]]
    findings, views, signs, heaps = [], [], [], []
    codes = [*WEIGHTS] * 6 + [
        "B14",
        "A13b",
        "AB4",
        "AB3a",
        "B14",
        "A1a",
        "AB2",
        "dumping",
        "dumping",
    ]
    for k, code in enumerate([*codes, "FAI", "NDP", "FLB"]):
        frame = kept[int(rng.integers(len(kept)))]
        along = frame["cumul_m"] + 8
        axis = AXES[frame["route"]]
        family = "dumping" if code == "dumping" else "pavement" if code in WEIGHTS else "sign"
        finding = content_id("finding", SURVEY, k)
        length = float(rng.gamma(2, 1.6)) if family == "pavement" else None
        width = float(rng.gamma(2, 0.35)) if family == "pavement" else None
        where = axis.interpolate(min(along, axis.length))
        lateral = 4.0 if family != "pavement" else 1.2
        place = {"route": frame["route"], **OWNER, "sens": "+", "voie": 1, "cumul_m": along}
        size = {}
        for name, value in (("length_m", length), ("width_m", width)):
            stem, unit = name.rsplit("_", 1)
            size |= {name: value, f"{stem}_low_{unit}": value and value * 0.8}
            size |= {f"{stem}_high_{unit}": value and value * 1.25}
        if length and width:
            size |= {"area_m2": length * width, "area_low_m2": length * width * 0.65}
            size |= {"area_high_m2": length * width * 1.5}
        point = Point(where.x + 0.2, where.y - lateral)
        findings.append(
            {"finding_id": finding, "survey_id": SURVEY, "family": family, "code": code, **place}
            | {"severity": int(rng.integers(1, 4)) if family == "pavement" else None, **size}
            | {"confidence": float(rng.uniform(0.3, 0.9)), "existence": float(rng.uniform(0.5, 1))}
            | {"offset_m": lateral, "cumul_from_m": along, "cumul_to_m": along + (length or 0)}
            | {"accuracy_m": 2.3, "scale_assumed": False, "picture_id": frame["picture_id"]}
            | {"n_views": 3, "n_passes": 1, "first_seen_at": frame["captured_at"]}
            | {"last_seen_at": frame["captured_at"], "origin": "machine"}
            | {"review_state": "proposed", "experimental": family != "sign", "flags": None}
            | {"geometry": box(*point.buffer(0.6).bounds) if length else point}
        )
        x, y = float(rng.uniform(420, 760)), float(rng.uniform(440, 560))
        views.append(
            {"view_id": content_id("view", k), "frame_id": frame["frame_id"], "code": code}
            | {"finding_id": finding, "family": family, "model_class": code, "x1_px": x, "y1_px": y}
            | {"x2_px": x + 180, "y2_px": y + 90, "score": 0.6, "role": "pavement", **place}
            | {"model_sha256": MODEL, "experimental": True, "geometry": None}
        )
        if family == "sign":
            family_of_sign = "AB" if code.startswith("AB") else code[0]
            signs.append(
                {"finding_id": finding, "official_code": code, "sign_family": family_of_sign}
                | {"value": "50" if code == "B14" else None, "height_m": 2.1, "facing_deg": 262.0}
            )
        if family == "dumping":
            heaps.append(
                {"finding_id": finding, "kind": "bags", "volume_class": "<1", "status": "proposed"}
            )
    return findings, views, signs, heaps


@cache
def _planned(only_seen: bool) -> PlanResult:
    """Three budgets over fifteen years."""
    budgets = {"Essentiel": (9e3, 1.5e3), "Équilibre": (16e3, 3e3), "Reprise": (34e3, 4e3)}
    scenarios = [
        {"name": name, "name_en": f"{name} (English)", "remark_en": "in words", "tax": "TTC"}
        | {"remark": f"{invest / 1e3:g}x{operate / 1e3:g} k€"}
        | {"phases": [{"years": 15, "investment_eur": invest, "operation_eur": operate}]}
        for name, (invest, operate) in budgets.items()
    ]
    given = Scenarios.model_validate({"scenarios": scenarios, "first_year": 2027})
    return plan_sections(
        pd.DataFrame(_sections()[0]), load_treatments(), given, only_seen=only_seen
    )


def build(
    root: Path,
    *,
    notes: bool = True,
    geometry: bool = True,
    plan: bool = True,
    only_seen: bool = False,
) -> Path:
    """Write the folder and return its path.

    Parameters
    ----------
    root
        Where it goes; made when absent.
    notes, geometry, plan
        False takes the notes, the coordinates or the plan away, as stills by chainage do.
    only_seen
        Whether the plan leaves out the section that was not surveyed.
    """
    folder = SurveyFolder(root)
    sections, lanes, extents = _sections()
    frames = _frames()
    findings, views, signs, heaps = _findings(frames)
    rows: dict[str, list[dict] | pd.DataFrame] = {
        "passes": [
            {"pass_id": PASS, "survey_id": SURVEY, "name": "aller", "vehicle": "fourgon"}
            | {"camera": "avant", "started_at": START, "ended_at": START + timedelta(minutes=4)}
            | {"length_m": 1940.0, "offset_s": 2.4, "offset_source": "stated"}
            | {"source_name": "aller.mp4", "source_sha256": "ab" * 32}
        ],
        "track": [
            {"pass_id": PASS, "t_s": row["pts_s"], "speed_mps": 12.0, "heading_deg": 80.0}
            | {"accuracy_m": 2.0, "bridged": False, "geometry": row["geometry"], **OWNER}
            | {"route": row["route"], "sens": "+", "voie": 1, "cumul_m": row["cumul_m"]}
            for row in frames
        ],
        "frames": frames,
        "views": views,
        "findings": findings,
        "signs": signs,
        "dumping": heaps,
        "coverage": [
            {"pass_id": PASS, "route": row["route"], **OWNER, "sens": "+", "voie": 1}
            | {"cumul_from_m": row["cumul_from_m"], "cumul_to_m": row["cumul_to_m"]}
            | {"surveyed": row["classe_etat"] != "nd"}
            | {"reason": "hidden by traffic" if row["classe_etat"] == "nd" else None}
            for row in sections
        ],
        "extents": extents,
        "sections": sections,
        "section_notes": lanes,
        **{name: getattr(_planned(only_seen), name) if plan else [] for name in PLANNED},
    }
    for table, values in rows.items():
        frame = pd.DataFrame(values) if len(values) else empty(table)
        if not geometry and "geometry" in frame:
            frame["geometry"] = None
        if not notes:
            for column in frame.columns:
                if column.startswith("note_") and table in {"sections", "section_notes"}:
                    frame[column] = None
            if "classe_etat" in frame:
                frame["classe_etat"] = "nd"
                frame["class_uncertain"] = False
        assert set(frame.columns) <= set(TABLES[table].names), table
        folder.write(table, frame)
    write_pictures(folder, frames)
    write_sheets(folder)
    return root
