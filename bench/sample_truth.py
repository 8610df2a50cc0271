"""What the chain found on a rendered drive, against the truth that only benches may read.

    python bench/sample_truth.py out/demo           # a survey of a rendered drive
    python bench/sample_truth.py RENDERED --json    # a folder that samples/render.py wrote

Prints what people act on: things found, missed and made up, their place, size and severity; the
error of notes, works and money; whether a second pass says the same; coverage of what must be
blurred; time by stage; and beside them what the same weights do on real pictures. The drive is
rendered: its figures are never averaged with real ones. A rendered drive is surveyed first, into
``survey/`` in its folder; the truth lies beside the films. ``--json`` prints the figures alone, by
the keys of docs/sample-truth.md.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

# Run as a file, Python looks beside it first, where `planning.py` is a bench and no package.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.truth.blur import DESTROYED, WIDTHS_PX, blur_cover
from bench.truth.figures import Held, figures_of, held_against
from bench.truth.objects import Line, match
from bench.truth.sizes import right_share
from voirie.cli import main as voirie
from voirie.folder import SurveyFolder, open_survey
from voirie.nets import load_models
from voirie.taxonomy import load_taxonomy


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
    parser.add_argument("folder", type=Path, help="a survey, or a rendered drive to be surveyed")
    parser.add_argument("--json", action="store_true", help="figures alone, see sample-truth.md")
    options = parser.parse_args()
    folder = surveyed(options.folder)
    truth = json.loads(truth_of(folder).read_text("utf-8"))
    held = held_against(folder, truth)
    if options.json:
        print(json.dumps(figures_of(held), indent=1, sort_keys=True))
        return 0 if len(held.findings) else 1
    console = Console(highlight=False, width=110)
    _print_findings(console, held.lines)
    _print_codes(console, held.objects, held.findings)
    _print_sizes(console, held)
    _print_notes(console, held)
    _print_blur(console, blur_cover(folder, truth))
    _print_time(console, json.loads(folder.run_sheet.read_text("utf-8")))
    _print_real(console)
    return 0 if len(held.findings) else 1


def surveyed(folder: Path, *, experimental: bool = True) -> SurveyFolder:
    """The survey in a folder, made first where the folder is a rendered drive.

    Without the models of unclear licence it is another survey, in ``survey-default/``.

    Raises
    ------
    SystemExit
        When the run ends otherwise than with 0 or, done in part, 4.
    """
    if not (folder / "truth.json").is_file():
        return open_survey(folder)
    out = folder / ("survey" if experimental else "survey-default")
    words = ["run", str(folder / "survey.toml"), "--out", str(out)]
    code = voirie([*words, "--experimental"] if experimental else words)
    if code not in {0, 4}:
        raise SystemExit(code)
    return open_survey(out)


def truth_of(folder: SurveyFolder) -> Path:
    """The truth of the drive that a survey was made of: it lies beside the films.

    Raises
    ------
    SystemExit
        When there is none: the survey is not of a rendered drive, or the drive was moved.
    """
    sheet = folder.root / "survey.toml"
    passes = tomllib.loads(sheet.read_text("utf-8"))["passes"]
    film = folder.root / passes[0]["inputs"][0]
    truth = film.parent / "truth.json"
    if not truth.is_file():
        raise SystemExit(f"{sheet}: no truth.json lies beside {film.name}: not a rendered drive")
    return truth


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


def _print_sizes(console: Console, held: Held) -> None:
    """Sizes and severities of what was matched."""
    table = Table(title="Sizes of what was matched: found / true, and the stated interval")
    for name in ("class", "size", "n", "median ratio", "intervals that hold it", "their width"):
        table.add_column(name, justify="left" if name in {"class", "size"} else "right")
    for size in held.sizes:
        table.add_row(
            size.group, size.size, str(size.n), *map(_two, (size.ratio, size.inside, size.width))
        )
    console.print(table)
    table = Table(title="Severity given to things of true severity 1 / 2 / 3")
    for name in ("class", "true 1", "true 2", "true 3", "right"):
        table.add_column(name, justify="left" if name == "class" else "right")
    for group, confusion in held.severities.items():
        cells = [" / ".join(map(str, row)) for row in confusion[[1, 2, 3]].to_numpy()]
        table.add_row(group, *cells, _two(right_share(confusion)))
    console.print(table)
    values = held.values
    console.print(
        f"Values on signs: {values.there} matched signs have one, {values.given} were given, "
        f"{values.right} right."
    )


def _print_notes(console: Console, held: Held) -> None:
    """Notes, works and money."""
    table = Table(title="Error of notes (of 20), given less true, same metres and codes")
    columns = ("of", "n", "bias", "mean abs", "p90", "max", "within 0.5", "within 1.0", "held")
    for name in columns:
        table.add_column(name, justify="left" if name == "of" else "right")
    for name, errors in (("lanes", held.lane_notes), ("sections", held.section_notes)):
        size = np.abs(errors.error)
        table.add_row(
            name,
            str(len(size)),
            _two(errors.error.mean() if len(size) else math.nan),
            _two(size.mean() if len(size) else math.nan),
            _two(np.percentile(size, 90) if len(size) else math.nan),
            _two(size.max() if len(size) else math.nan),
            *map(_two, (errors.within(0.5), errors.within(1.0), errors.held)),
        )
    console.print(table)
    money = held.money
    console.print(
        f"Sections: {money.same_class} of {money.sections} have the true class, "
        f"{money.same_treatment} the true treatment; need {money.need_eur:,.0f} EUR, "
        f"{money.true_need_eur:,.0f} EUR by the truth."
    )
    repeat = held.repeat
    if len(repeat.difference):
        size = np.abs(repeat.difference)
        console.print(
            f"Lanes that two passes saw: {len(size)}; notes of the passes differ by "
            f"{np.median(size):.2f} (median), {np.percentile(size, 90):.2f} (p90); "
            f"{repeat.met_again} of {repeat.findings} findings were met again."
        )
    else:
        console.print("No lane was seen by two passes.")


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


def _two(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def _figure(values: np.ndarray, percentile: float) -> str:
    known = values[np.isfinite(values)]
    return f"{np.percentile(known, percentile):.2f}" if len(known) else "-"


if __name__ == "__main__":
    raise SystemExit(main())
