"""Error of the vehicle's position on the rendered sample, with and without the clock offset.

    python bench/clock.py

For every picture of both passes: where the chain places the vehicle against where it was, with
the offset stated in `survey.toml`, with no offset, and for the raw fixes (interpolated, with the
offset) as the reference.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from inspection.capture.pass_track import track_of
from inspection.context import context_of
from inspection.options import Options

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "drive"


def main() -> None:
    """Print the table."""
    truth = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    ctx = context_of(
        [SAMPLE / "survey.toml"],
        options=Options(),
    )
    table = Table(title="Position of the vehicle, metres (rendered sample)")
    for name in ("pass", "what", "median", "p95", "ratio to raw fixes"):
        table.add_column(name, justify="left" if name in {"pass", "what"} else "right")
    for plan in ctx.passes:
        known = truth["passes"][plan.name]
        rows = np.asarray(known["trajectory"], dtype=float)
        columns = {name: k for k, name in enumerate(known["trajectory_columns"])}
        film, there = rows[:, columns["t_s"]], rows[:, [columns["x"], columns["y"]]]
        found = track_of(plan, float(film[-1]), ctx.resources)
        placed = ctx.resources.placed(found.track.source)
        fixes = found.track.fixes

        times = found.times(film)
        xy = [np.interp(times, fixes["t_s"], fixes[name]) for name in ("x", "y")]
        raw = np.hypot(*(np.stack(xy, axis=1) - there).T)
        cases = {"raw fixes, stated offset": raw}
        for name, moments in (
            ("placed, stated offset", times),
            ("placed, no offset", times - plan.offset_s),
        ):
            at = placed.at(moments)[["x", "y"]].to_numpy(float)
            cases[name] = np.hypot(*(at - there).T)
        for name, values in cases.items():
            ratio = np.nanmedian(values) / np.median(raw)
            table.add_row(
                plan.name,
                name,
                f"{np.nanmedian(values):.2f}",
                f"{np.nanpercentile(values, 95):.2f}",
                f"{ratio:.2f}",
            )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
