"""The two CSV files: sections after the M3 profile, and the comparison of the scenarios."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gis.exports.m3 import M3Campaign, m3_rows
from inspection.publish.bundle import Bundle
from planning.report import write_plan_csv
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.csv_text import csv_text, french_csv_text
from voirie.files import write_text
from voirie.folder import SurveyFolder
from voirie.taxonomy import Taxonomy


def write_m3(
    folder: Path,
    out: Path,
    treatments: Treatments | None = None,
    taxonomy: Taxonomy | None = None,
) -> Path:
    """Write `m3_section.csv`: one row a section, direction and lane; UTF-8, comma, decimal point.

    Beside it stands `m3_section_fr.csv`, as a French spreadsheet opens it.

    An empty cell is NULL (not surveyed, or not observable); 0 is surveyed and absent.

    Parameters
    ----------
    folder
        The survey folder.
    out
        The file to write.
    treatments
        Price list of the run, whose tax the costs are in; the one that ships by default.
    taxonomy
        Families of the run; those that ship by default.
    """
    bundle, prices = Bundle(SurveyFolder(folder)), treatments or load_treatments()
    last = bundle.frames["captured_at"].max()
    campaign = M3Campaign(
        name=bundle.stated("campaign", "fr"),
        tax=prices.tax,
        vat_rate=prices.vat_rate,
        year=None if pd.isna(last) else int(last.year),
    )
    tables = bundle.sections, bundle.section_notes, bundle.extents, bundle.findings
    rows = pd.DataFrame(m3_rows(*tables, campaign, taxonomy).drop(columns="geometry"))
    write_text(out, csv_text(rows))
    write_text(french_form(out), french_csv_text(rows))
    return out


def write_plan(tables: Path, out: Path) -> Path:
    """Write `plan.csv`: the comparison of the scenarios, then bound, value and gap.

    Beside it stands `plan_fr.csv`, as a French spreadsheet opens it.

    Parameters
    ----------
    tables
        Folder of the tables.
    out
        The file to write.
    """
    scenarios = Bundle(SurveyFolder(tables.parent)).scenarios
    write_plan_csv(scenarios, french_form(out), "fr")
    return write_plan_csv(scenarios, out)


def french_form(path: Path) -> Path:
    """Where the French form of a file stands.

    Examples
    --------
    >>> french_form(Path("plan.csv")).name
    'plan_fr.csv'
    """
    return path.with_stem(f"{path.stem}_fr")
