"""What the chain found on the rendered sample, against the truth that only benches may read.

    python bench/sample_truth.py out/demo

Prints matched, missed and false findings by class, errors of position, coverage of what must
be blurred, wall time by stage and the time of a frame against the bare network, and beside them
what the same weights do on real pictures. The sample is rendered: its figures are never averaged
with real ones.
"""

from __future__ import annotations

import argparse
import json
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from anonymize import Certificate, Mask
from voirie.folder import SurveyFolder, open_survey
from voirie.nets import load_models
from voirie.taxonomy import load_taxonomy

TRUTH = Path(__file__).resolve().parents[1] / "samples" / "drive" / "truth.json"

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

CRACKS = {"longitudinal crack", "transverse crack", "alligator crack"}
WIDTHS_PX = ((8, 20), (20, 40), (40, 10_000))


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


def seen_objects(truth: dict[str, Any], driven: pd.DataFrame) -> pd.DataFrame:
    """Objects in lanes (pavement) or on routes (the rest) that a pass drove."""
    objects = pd.DataFrame(truth["objects"])
    objects["group"] = [
        group_of(f, c) for f, c in zip(objects["family"], objects["code"], strict=True)
    ]
    objects = objects[objects["group"].notna()]
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


def _on_something(found: pd.Series, there: pd.DataFrame) -> bool:
    same = there[there["route"] == found["route"]]
    gap = np.maximum(
        found["cumul_from_m"] - same["cumul_to_m"], same["cumul_from_m"] - found["cumul_to_m"]
    )
    across = np.abs(float(found["offset_m"] or 0.0) - same["offset_m"])
    family = str(found["family"])
    return bool(((gap <= ALONG_M[family]) & (across <= ACROSS_M[family])).any())


DESTROYED = {
    "face": ("face",),
    "plate": ("plate",),
    "person, riders too": ("person", "rider"),
    "of them riders": ("rider",),
}
"""What must be destroyed, as the table tells it: who rides is a person as well."""


def blur_cover(folder: SurveyFolder, truth: dict[str, Any]) -> pd.DataFrame:
    """Share of every private box in the kept frames that was destroyed."""
    certificate = Certificate.read(folder.root)
    frames = folder.read("frames")
    names = folder.read("passes").set_index("pass_id")["name"]
    rows = []
    for pass_id, own in frames[frames["picture_id"].notna()].groupby("pass_id"):
        name = str(names[pass_id])
        fps = float(truth["passes"][name]["fps"])
        rank = np.round(own["pts_s"].to_numpy(float) * fps).astype(int)
        picture = dict(zip(rank.tolist(), own["picture_id"], strict=True))
        masks: dict[int, Mask] = {}
        for thing in truth["private"]:
            for box in thing["passes"].get(name, []):
                at = int(box[0])
                if at not in picture:
                    continue
                if at not in masks:
                    entry = certificate.entry(folder.root / f"pictures/{picture[at]}.jpg")
                    masks[at] = Mask.from_list(entry.height_px, entry.width_px, entry.destroyed)
                rows.append(
                    {
                        "kind": thing["kind"],
                        "width_px": box[3] - box[1],
                        "visible": box[5],
                        "share": float(masks[at].share_of([box[1:5]])[0]),
                    }
                )
    return pd.DataFrame(rows, columns=["kind", "width_px", "visible", "share"])


def bare_pass_ms(times: int = 15) -> float:
    """Median time of one bare 384x640 pass of the gate network on this machine, now."""
    net = load_models().net("gate")
    picture = np.full((1, 384, 640, 3), 114, np.uint8)
    net.run(picture)
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        net.run(picture)
        spent.append(time.perf_counter() - start)
    return 1000 * float(np.median(spent))


def main() -> int:
    """Print the summary; exit 1 when the folder holds no finding at all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("survey", type=Path)
    parser.add_argument("--truth", type=Path, default=TRUTH)
    options = parser.parse_args()
    console = Console(highlight=False, width=110)
    truth = json.loads(options.truth.read_text("utf-8"))
    folder = open_survey(options.survey)
    findings = folder.read("findings")
    findings["group"] = [
        group_of(f, c) for f, c in zip(findings["family"], findings["code"], strict=True)
    ]
    frames = folder.read("frames")
    objects = seen_objects(truth, frames[frames["route"].notna()])
    lines = lines_of(objects, findings[findings["group"].notna()])
    _print_findings(console, lines)
    _print_codes(console, objects, findings)
    _print_blur(console, blur_cover(folder, truth))
    sheet = json.loads(folder.run_sheet.read_text("utf-8"))
    _print_time(console, sheet)
    _print_real(console)
    return 0 if len(findings) else 1


def _print_findings(console: Console, lines: list[Line]) -> None:
    table = Table(title="Findings on the rendered sample (position: spots only)")
    for name in ("class", "there", "matched", "missed", "false", "recall", "precision"):
        table.add_column(
            name, justify="left" if name == "class" else "right", no_wrap=name == "class"
        )
    for name in ("along m, median", "ground m, median", "ground m, p95"):
        table.add_column(name, justify="right")
    for line in lines:
        right = line.found - line.false
        table.add_row(
            line.name,
            str(line.there),
            str(line.matched),
            str(line.there - line.matched),
            str(line.false),
            _ratio(line.matched, line.there),
            _ratio(right, line.found),
            _figure(np.abs(line.along_m), 50),
            _figure(line.error_m, 50),
            _figure(line.error_m, 95),
        )
    every = np.concatenate([line.error_m for line in lines])
    along = np.abs(np.concatenate([line.along_m for line in lines]))
    table.add_row(
        "all spots", "", "", "", "", "", "",
        _figure(along, 50), _figure(every, 50), _figure(every, 95),
    )  # fmt: skip
    console.print(table)


def _print_codes(console: Console, objects: pd.DataFrame, findings: pd.DataFrame) -> None:
    """Official codes of signs that were matched."""
    there = objects[objects["group"] == "sign"].reset_index(drop=True)
    found = findings[findings["group"] == "sign"].reset_index(drop=True)
    pairs = match(there, found)
    right = sum(there["code"][i] == found["code"][j] for i, j, _, _ in pairs)
    family = load_taxonomy().codes
    known = sum(found["code"][j] in family for _, j, _, _ in pairs)
    console.print(
        f"Signs: {right} of {len(pairs)} matched ones have the right code ({known} coded)."
    )


def _print_blur(console: Console, cover: pd.DataFrame) -> None:
    table = Table(title="What had to be destroyed in the kept frames (visible by half or more)")
    for name in ("kind", "width px", "boxes", "95 % covered", "80 % covered"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    shown = cover[cover["visible"] >= 0.5]
    for name, kinds in DESTROYED.items():
        for low, high in WIDTHS_PX:
            part = shown[
                shown["kind"].isin(kinds) & (shown["width_px"] >= low) & (shown["width_px"] < high)
            ]
            label = f"{low}-{high}" if high < 10_000 else f">= {low}"
            full, most = int((part["share"] >= 0.95).sum()), int((part["share"] >= 0.8).sum())
            table.add_row(
                name, label, str(len(part)), _ratio(full, len(part)), _ratio(most, len(part))
            )
    console.print(table)


def _print_time(console: Console, sheet: dict[str, Any]) -> None:
    table = Table(title="Time by stage")
    for name in ("stage", "wall s", "CPU s", "Wh", "ms a frame", "bare passes a frame"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    bare = bare_pass_ms()
    kept = next(s["items_out"] for s in sheet["stages"] if s["stage"] == "ingest")
    for stage in sheet["stages"]:
        each = 1000 * stage["wall_s"] / max(kept, 1)
        energy = stage["energy_wh"]
        table.add_row(
            stage["stage"],
            f"{stage['wall_s']:.1f}",
            f"{stage['cpu_s']:.1f}",
            "" if energy is None else f"{energy:.2f}",
            f"{each:.1f}",
            f"{each / bare:.1f}",
        )
        for name, spent in stage["inner_s"].items():
            inner = 1000 * spent / max(kept, 1)
            table.add_row(
                f"  {name}", f"{spent:.1f}", "", "", f"{inner:.1f}", f"{inner / bare:.1f}"
            )
    console.print(table)
    console.print(
        f"{kept} kept frames; one bare 384x640 pass of the gate network: {bare:.1f} ms now."
    )


def _print_real(console: Console) -> None:
    """One row for each figure of the register: counted on which real pictures, and how well."""
    table = Table(title="The same weights on real pictures (val, from models.toml)")
    for name in ("role", "real pictures", "of what"):
        table.add_column(name)
    table.add_column("n", justify="right")
    table.add_column("measured")
    models = load_models()
    register = tomllib.loads((models.folder / "models.toml").read_text("utf-8"))["models"]
    for role, entry in models.entries.items():
        name = role + (" (experimental)" if entry.experimental else "")
        rows = _flat(register[role].get("val", []))
        for row in rows or [{"data": "not measured by us: see its card"}]:
            figures = dict(row)
            data, what = figures.pop("data", ""), figures.pop("what", "")
            counted = next((figures.pop(k) for k in ("n", "plates", "faces") if k in figures), "")
            words = [f"{k.replace('_', ' ')} {v}" for k, v in figures.items() if v is not True]
            chosen = [k.replace("_", " ") for k, v in figures.items() if v is True]
            table.add_row(name, data, str(what), str(counted), ", ".join(words + chosen))
            name = ""
        table.add_section()
    console.print(table)


def _flat(value: Any) -> list[dict[str, Any]]:
    """Tables of figures, however deep they lie in the register."""
    if isinstance(value, list):
        return [row for item in value for row in _flat(item)]
    plain = {k: v for k, v in value.items() if not isinstance(v, (dict, list))}
    inner = [row for v in value.values() if isinstance(v, (dict, list)) for row in _flat(v)]
    return ([plain] if plain else []) + inner


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def _figure(values: np.ndarray, percentile: float) -> str:
    known = values[np.isfinite(values)]
    return f"{np.percentile(known, percentile):.2f}" if len(known) else "-"


if __name__ == "__main__":
    raise SystemExit(main())
