"""`voirie digest`: one hash over what a survey found, for comparing two runs.

Times, energy, containers and pictures are outside it: same input and same backend give the same
digest.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from voirie.folder import SurveyFolder, open_survey

COUNTED: dict[str, list[str]] = {
    "findings": ["finding_id"],
    "sections": ["section_id"],
    "section_notes": ["section_id", "sens", "voie"],
    "works": ["scenario", "year", "section_id"],
    "scenarios": ["scenario"],
}
"""Tables of the digest and the columns that order their rows."""


def canonical_csv(folder: SurveyFolder, table: str) -> bytes:
    """A table as bytes that do not depend on the machine.

    Rows are ordered by their identifiers, floats have six decimals, geometry is WKT with two.
    """
    frame = folder.read(table)
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    if "geometry" in frame.columns:
        shapes = frame["geometry"].to_wkt(rounding_precision=2)
        plain["geometry"] = shapes.where(frame["geometry"].notna(), "")
    plain = plain.sort_values(COUNTED[table], kind="stable")
    return plain.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode()


def digest_of(folder: SurveyFolder) -> dict[str, str]:
    """SHA-256 of each counted table, and of them all under ``survey``."""
    parts = {t: hashlib.sha256(canonical_csv(folder, t)).hexdigest() for t in COUNTED}
    whole = hashlib.sha256("".join(f"{t} {h}\n" for t, h in parts.items()).encode()).hexdigest()
    return {"survey": whole, **parts}


def digest_command(
    survey: Annotated[Path, typer.Argument(help="Survey folder")],
    as_json: Annotated[bool, typer.Option("--json", help="Also the hash of each table")] = False,
) -> None:
    """Print the hash of what a survey found."""
    digest = digest_of(open_survey(survey))
    print(json.dumps(digest, indent=1) if as_json else digest["survey"])
