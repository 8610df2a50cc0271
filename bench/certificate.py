"""What it costs to open a certificate and look pictures up, beside reading it whole.

    python -m bench.certificate [ROWS]

makes a certificate of so many pictures (300,000 without a number) in a temporary folder and opens
it in two fresh processes: the memory stated is what each added to that of its imports.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from voirie.files import write_json
from voirie.ids import sha256_of
from voirie.tables import read_table
from voirie.tables.stream import write_sorted

ROWS = 300_000
LOOKUPS = 1000
MODELS = [{"role": role, "file": f"{role}.onnx", "sha256": "0" * 64} for role in ("gate", "face")]


def file_of(number: int) -> str:
    return f"pictures/{number // 10_000:06d}/{number:036d}.jpg"


def rows(count: int) -> Iterator[dict[str, object]]:
    chance = Random(1)
    for number in range(count):
        boxes = [side for _ in range(number % 4) for side in rectangle(chance)]
        yield {
            "file": file_of(number),
            "sha256": f"{chance.getrandbits(256):064x}",
            "width_px": 1920,
            "height_px": 1080,
            "pts_s": number % 10_000 / 5,
            "index": number % 10_000,
            "source": "film.mp4",
            "destroyed_pct": round(chance.random(), 3),
            "mask": boxes,
            "destroyed": boxes,
        }


def rectangle(chance: Random) -> tuple[int, int, int, int]:
    left, top = chance.randrange(1, 1800), chance.randrange(1, 1000)
    return left, top, left + chance.randrange(8, 120), top + chance.randrange(8, 80)


def make(folder: Path, count: int) -> None:
    (folder / "tables").mkdir()
    table = write_sorted("certificate", rows(count), folder / "tables")
    header = {
        "schema": "voirie.certificate/2",
        "made_by": "bench",
        "method": "solid fill",
        "people": "whole",
        "thresholds": {"gate": 0.1},
        "hold_s": 0.2,
        "models": MODELS,
        "frames": {"sealed": count, "failed": 0},
        "destroyed_pct": 0.5,
        "table": "tables/certificate.parquet",
        "table_sha256": sha256_of(table),
    }
    write_json(folder / "certificate.json", header)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(way: str, folder: Path, count: int) -> dict[str, float | str]:
    """Open and look up in this process; pyarrow and pandas are loaded beforehand."""
    from anonymize import Certificate

    with tempfile.TemporaryDirectory() as small:
        make(Path(small), 10)
        len(read_table("certificate", Path(small) / "tables"))
        Certificate.read(Path(small)).find(file_of(0))
    before, start = peak_mb(), time.perf_counter()
    wanted = [file_of(Random(k).randrange(count)) for k in range(LOOKUPS)]
    if way == "opened":
        certificate = Certificate.read(folder)
        opened = time.perf_counter()
        found = [certificate.find(file) for file in wanted]
    else:
        table = read_table("certificate", folder / "tables").set_index("file")
        opened = time.perf_counter()
        found = [table.loc[file] for file in wanted]
    end = time.perf_counter()
    assert all(entry is not None for entry in found)
    return {
        "way": way,
        "open_s": round(opened - start, 2),
        "lookups_s": round(end - opened, 2),
        "added_mb": round(peak_mb() - before, 1),
    }


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        start = time.perf_counter()
        make(folder, count)
        size = (folder / "tables" / "certificate.parquet").stat().st_size / 1e6
        print(f"{count} pictures, {size:.0f} MB, written in {time.perf_counter() - start:.1f} s")
        for way in ("opened", "read whole"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.certificate", way, made, str(count)],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            told = json.loads(done.stdout)
            print(
                f"{told['way']}: {told['open_s']} s, {LOOKUPS} look-ups {told['lookups_s']} s,"
                f" {told['added_mb']} MB more"
            )


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
