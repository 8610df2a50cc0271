"""The figures of ``weights/models.toml``, measured again on the val pictures.

    python -m bench.weights [--role ROLE] [--file OTHER.onnx] [--json FILE] [--data ../shared/data]

Prints each figure beside the one stated for the registered file and marks where they are more
than 0.005 apart, where the count differs, and what is stated but not measured here. Ends with 1
where one is marked, also with ``--file``, which measures another file in place of the registered
one of ``--role``. Where pictures are absent the role is skipped. Figures of the starts
(``*_start``) need files that are not here and are left out.

gated: plates of which 99 % lies in one vehicle box. in_person_box: faces of which 95 % lies in one
person box. recall in gate boxes: plates of which 80 % lies in one box, of all plates labelled.
ap50, recall, precision: at IoU 0.5; ap30 at 0.3. right: types told right, of the crops that
reach the threshold. What each of them grows and suppresses is in ``bench/weights_figures.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.weights_figures import MEASURES, folders_needed
from bench.weights_pass import Figure, Subject
from voirie.nets import Models, load_models
from voirie.nets.registry import REGISTER

TOLERANCE = 0.005
LINE = "{:<22} {:<50}{:>5}{:>8}{:>8}  {}"
TOTALS = ("n", "plates", "faces")
COUNTS = ("gated", "given", "in_person_box", "right")
NAMES_OF_PLACE = ("data", "what", "look_px", "threshold")

Key = tuple[str, str, int | None, float | None, str]


@dataclass(frozen=True)
class Stated:
    """A figure as ``models.toml`` states it; ``n`` is None where it is not said."""

    value: float
    n: int | None


@dataclass(frozen=True)
class Row:
    """A figure measured beside the one stated; either may be missing."""

    role: str
    key: Key
    measured: Figure | None
    stated: Stated | None

    @property
    def differs(self) -> bool:
        """True where something is stated that was not measured so."""
        if self.stated is None:
            return False
        if self.measured is None or self.stated.n not in (None, self.measured.n):
            return True
        return not abs(self.measured.value - self.stated.value) <= TOLERANCE

    @property
    def note(self) -> str:
        """What is wrong, in a few words."""
        if not self.differs or self.stated is None:
            return ""
        if self.measured is None:
            return "NOT MEASURED"
        other_n = self.stated.n not in (None, self.measured.n)
        return f"DIFFERS, n {self.stated.n} stated" if other_n else "DIFFERS"

    @property
    def what(self) -> str:
        """What says, besides the pictures, which figure it is."""
        _, what, look_px, threshold, name = self.key
        look = f"look {look_px} px" if look_px else ""
        at = name if threshold is None else f"{name} at {threshold:g}"
        return ", ".join(part for part in (what, look, at) if part)


def key_of(figure: Figure) -> Key:
    """What makes two figures the same one."""
    return figure.data, figure.what, figure.look_px, figure.threshold, figure.name


def stated_figures(tables: Sequence[Mapping[str, Any]]) -> dict[Key, Stated]:
    """Take the figures out of the ``val`` tables of a role; counts become shares of their total.

    Yes-or-no values, notes and the figures of the start are no figures of the network.
    """
    stated = {}
    for table in tables:
        total = next((int(table[name]) for name in TOTALS if name in table), None)
        for name, value in table.items():
            is_figure = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_figure or name in (*NAMES_OF_PLACE, *TOTALS) or name.endswith("_start"):
                continue
            threshold = None if name.startswith("ap") else table.get("threshold")
            key = table["data"], table.get("what", ""), table.get("look_px"), threshold, name
            stated[key] = Stated(value / total if total and name in COUNTS else value, total)
    return stated


def rows_of(role: str, subject: Subject, stated: Mapping[Key, Stated]) -> Iterator[Row]:
    """Measure a network; last come the figures stated that nothing here measures."""
    open_keys = dict(stated)
    for figure in MEASURES[role](subject):
        key = key_of(figure)
        yield Row(role, key, figure, open_keys.pop(key, None))
    for key, value in open_keys.items():
        yield Row(role, key, None, value)


def line(row: Row) -> str:
    """A row of the table."""
    n, now = ("", "") if row.measured is None else (row.measured.n, shown(row.measured.value))
    stated = "" if row.stated is None else shown(row.stated.value)
    return LINE.format(row.role, row.what, n, now, stated, row.note).rstrip()


def shown(value: float) -> str:
    """A figure in the table."""
    return "-" if math.isnan(value) else f"{value:.3f}"


def record(row: Row) -> dict[str, Any]:
    """A row for the JSON file."""
    place = dict(zip((*NAMES_OF_PLACE, "name"), row.key, strict=True))
    now = None if row.measured is None or math.isnan(row.measured.value) else row.measured.value
    return {
        "role": row.role,
        **place,
        "n": None if row.measured is None else row.measured.n,
        "measured": now,
        "stated": None if row.stated is None else asdict(row.stated),
        "differs": row.differs,
    }


def checked(models: Models, role: str) -> Path:
    """The registered file of a role; ends the run where it is not the one registered."""
    path = models.path(role)
    if not path.is_file():
        raise SystemExit(f"{models.entry(role).file} is missing")
    if sha256_of(path) != models.entry(role).sha256:
        raise SystemExit(f"{models.entry(role).file} is not the registered file")
    return path


def sha256_of(path: Path) -> str:
    """Hash of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--role", choices=tuple(MEASURES), help="only this network")
    parser.add_argument("--file", type=Path, help="measure this ONNX file in place of the role's")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    if asked.file and not asked.role:
        parser.error("--file needs --role")
    if asked.file and not asked.file.is_file():
        parser.error(f"there is no {asked.file}")
    return asked


def main() -> int:
    """Measure every role whose pictures are there."""
    asked = arguments()
    models = load_models()
    tables = tomllib.loads((models.folder / REGISTER).read_text("utf-8"))["models"]
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {}
    print(LINE.format("role", "what", "n", "now", "stated", "").rstrip())
    for role in (asked.role,) if asked.role else tuple(MEASURES):
        absent = [name for name in folders_needed(role) if not (asked.data / name).is_dir()]
        if absent or role not in models.entries:
            reason = f"there is no {absent[0]} below --data" if absent else "it is not registered"
            skipped[role] = reason
            print(f"{role:<22} skipped: {reason}", flush=True)
            continue
        entry, val = models.entry(role), tables[role].get("val", [])
        file = asked.file or checked(models, role)
        named, sha256 = (file.name if asked.file else entry.file), sha256_of(file)
        files[role] = {"file": named, "sha256": sha256}
        print(f"{role:<22} {named}, SHA-256 {sha256[:12]}")
        in_use = {value for name, value in entry.thresholds.items() if name != "iou"}
        subject = Subject(
            file=file,
            classes=entry.classes,
            imgsz_px=entry.imgsz,
            gate=checked(models, "gate") if role == "plates" else file,
            data=asked.data,
            thresholds=tuple(in_use | {t["threshold"] for t in val if "threshold" in t}),
        )
        of = ""
        for row in rows_of(role, subject, stated_figures(val)):
            rows.append(row)
            if of != row.key[0]:
                of = row.key[0]
                print(f"{role:<22} on {of}:")
            print(line(row), flush=True)
    compared = [row for row in rows if row.stated is not None]
    wrong = sum(row.differs for row in compared)
    measured = sum(row.measured is not None for row in rows)
    print(f"{measured} figures measured; {len(compared)} stated, {wrong} of them not confirmed")
    if asked.json:
        told = {"tolerance": TOLERANCE, "files": files, "skipped": skipped}
        told["figures"] = [record(row) for row in rows]
        asked.json.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
