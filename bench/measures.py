"""What `weights/measures.toml` holds, measured of the networks that looked at rendered drives.

    python -m bench.measures DRIVE [DRIVE ...] [--without-experimental] [--toml FILE]

`DRIVE` is a survey of a rendered drive, or a folder that `samples/render.py` wrote, which is
surveyed first (`bench/sample_truth.py` keeps it in ``survey/``). Drives of several roads
(``--set train --seed ...``) and of both qualities: every road is then held against what was fitted
on the others, and that is printed first. The fit on all of them follows, by the SHA-256 of each
network's file, as it is written into `measures.toml`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bench.sample_truth import surveyed, truth_of
from bench.truth.crossed import HeldOut, held_out, off_by, said_and_right
from bench.truth.drives import Drive, drives_of
from bench.truth.fitting import fitted
from voirie.nets import Measured, load_models


def main(argv: list[str] | None = None) -> int:
    """Print how far what was fitted on other roads holds, then the fit on all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="surveys or rendered drives")
    parser.add_argument(
        "--without-experimental", action="store_true", help="survey with the default networks"
    )
    parser.add_argument("--toml", type=Path, help="write the tables there too")
    options = parser.parse_args(argv)
    by_file: dict[str, list[Drive]] = {}
    for path in options.folders:
        folder = surveyed(path, experimental=not options.without_experimental)
        truth = json.loads(truth_of(folder).read_text("utf-8"))
        for drive in drives_of(folder, truth):
            by_file.setdefault(drive.sha256, []).append(drive)
    roles = {entry.sha256: role for role, entry in load_models().entries.items()}
    told = []
    for sha256, drives in sorted(by_file.items()):
        role = roles.get(sha256, f"network_{sha256[:12]}")
        roads = sorted({drive.site for drive in drives})
        print(f"{role} ({sha256[:12]}): {len(drives)} drives of {len(roads)} roads")
        if len(roads) == 1:
            print("one road only: what follows is held against the drives it was fitted on")
        print_held(held_out(drives))
        told.append(as_toml(role, fitted(drives, f"rendered drives of roads {', '.join(roads)}")))
    text = "\n".join(told)
    print(text)
    if options.toml is not None:
        options.toml.write_text(text, encoding="utf-8")
    return 0 if by_file else 1


def print_held(held: HeldOut) -> None:
    """The figures of what was said of roads that had no part in the fit."""
    print("class                there  found  recall  precision  severity right")
    for line in held.lines:
        if line.there:
            true = (line.found - line.false) / line.found if line.found else float("nan")
            print(
                f"{line.name:20} {line.there:5} {line.found:6} {line.matched / line.there:7.2f}"
                f" {true:10.2f} {held.severity.get(line.name, float('nan')):15.2f}"
            )
    print("class                size      n  found / true  bounds hold  width / value")
    for size in held.sizes:
        print(
            f"{size.group:20} {size.size:7} {size.n:3} {size.ratio:13.2f} {size.inside:12.2f}"
            f" {size.width:14.2f}"
        )
    print("existence said    n   mean   right")
    for low, high, number, said, right in said_and_right(held.existence, held.true):
        print(f"{low:.2f} to {high:.2f}  {number:5}  {said:5.2f}  {right:5.2f}")
    print(
        f"said and right differ by {off_by(held.existence, held.true):.3f}, as the scores say it by"
        f" {off_by(held.raw, held.true):.3f}; squared error {_brier(held.existence, held):.3f},"
        f" {_brier(held.raw, held):.3f}"
    )
    error, size = held.notes.error, np.abs(held.notes.error)
    print(
        f"notes of {len(error)} lanes: bias {error.mean():+.2f}, mean error {size.mean():.2f},"
        f" within 0.5 {held.notes.within(0.5):.2f}, within 1.0 {held.notes.within(1.0):.2f},"
        f" interval holds {held.notes.held:.2f}"
    )
    sections = sum(one.sections for one in held.money)
    need = sum(one.need_eur for one in held.money) / sum(one.true_need_eur for one in held.money)
    print(
        f"{sections} sections: same class {sum(one.same_class for one in held.money)}, same"
        f" treatment {sum(one.same_treatment for one in held.money)}, need / true {need:.2f}"
    )


def _brier(existence: np.ndarray, held: HeldOut) -> float:
    return float(np.mean((existence - held.true) ** 2))


def as_toml(role: str, measured: Measured) -> str:
    """One network's tables.

    Examples
    --------
    >>> print(as_toml("pavement", Measured(sha256="0" * 64, measured_on="nothing")))
    [pavement]
    sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
    measured_on = "nothing"
    <BLANKLINE>
    """
    lines = [f"[{role}]", f'sha256 = "{measured.sha256}"']
    lines += [f'measured_on = "{measured.measured_on}"', ""]
    for table in ("sizes", "found", "existence"):
        for name, told in getattr(measured, table).items():
            lines += [f"[{role}.{table}.{name}]", *_lines(told.model_dump(exclude_defaults=True))]
            lines.append("")
    return "\n".join(lines)


def _lines(told: Mapping[str, object]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in told.items()]


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines(value)) + " }"
    return repr(value)


if __name__ == "__main__":
    sys.exit(main())
