"""``voirie plan``: sections and budgets in, works and the comparison of scenarios out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pyarrow.lib import ArrowException

from planning.plan import PLANNED, PlanResult, plan_sections
from planning.report import comparison, write_plan_csv
from planning.scenarios import Scenarios, load_scenarios
from planning.sections import COLUMNS, OPTIONAL_COLUMNS
from voirie.catalogue.treatments import load_treatments
from voirie.cells import text_of
from voirie.csv_text import csv_text, french_csv_text
from voirie.documents import checked
from voirie.errors import ConfigurationError, EmptyInput, NotDecodable
from voirie.files import disk_errors, write_text
from voirie.labels import ENVELOPES, SITUATIONS, label
from voirie.messages import Message, message
from voirie.private_copy import unchanged_by_reading
from voirie.spreadsheets import SPREADSHEETS, Sheet, read_sheet
from voirie.tables import TABLES, check_texts, write_table
from voirie.wording import TAXES, Wording, session

LAYER = "sections"
KINDS = "a .gpkg, .parquet, .csv or .xlsx"

WRITTEN_AS = {
    "section_id": ("id_section", "section", "identifiant", "id", "troncon"),
    "area_m2": ("surface_m2", "surface", "aire", "area"),
    "length_m": ("longueur_m", "longueur", "length"),
    "category": ("categorie", "cat"),
    "note_globale": ("note", "note_globale_20", "score"),
    "classe_etat": ("classe", "etat"),
    "assumed": ("suppose", "supposee"),
}
"""Columns of sections, and what people call them."""

SAID = {"situation": SITUATIONS, "envelope": ENVELOPES}
"""Columns of the plan's tables that hold a word of code, and what a person calls each."""

TOTALS = ("total", "totaux", "somme", "ensemble", "total général")
WIDTHS_M = (0.5, 200.0)
"""No carriageway is narrower or wider."""


def plan_command(
    sections: Annotated[Path, typer.Argument(help="Sections: .gpkg, .parquet, .csv or .xlsx")],
    budgets: Annotated[Path, typer.Option(help="scenarios.toml")],
    out: Annotated[Path, typer.Option(help="Folder for plan.csv, works.csv and the tables")],
    treatments: Annotated[Path | None, typer.Option(help="Price list; default shipped")] = None,
    first_year: Annotated[
        int | None, typer.Option(help="First year with works, 1900 to 2200")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON")] = False,
    only_seen: Annotated[
        bool, typer.Option("--only-seen", help="Leave out sections whose score is assumed")
    ] = False,
) -> None:
    """Plan works under each budget and compare them; the sections are only read.

    The first year is ``--first-year``, else that of the scenarios, else 1: never that of the
    clock, so that the same files give the same plan.
    """
    prices, scenarios = load_treatments(treatments), load_scenarios(budgets)
    if first_year is not None:
        stated = scenarios.model_dump() | {"first_year": first_year}
        scenarios = checked(Scenarios, stated, None, "the command line", "see voirie plan --help")
    table, understood = read_sections_told(sections)
    result = plan_sections(table, prices, scenarios, path=sections, only_seen=only_seen)
    write_plan(result, out)
    warnings = (*understood, *result.warnings)
    if as_json:
        told = [Wording("en").say(warning) for warning in warnings]
        rows = json.loads(result.scenarios.to_json(orient="records"))
        print(json.dumps({"scenarios": rows, "works": len(result.works), "warnings": told}))
        return
    w = session()
    for warning in warnings:
        print(w.text("warning: {told}", told=w.say(warning)))
    if len(result.scenarios):
        made = w.plural("{n} work", "{n} works", len(result.works))
        print(
            w.text(
                "price list {version}, {works}, written to {folder}",
                version=prices.version,
                works=made,
                folder=out,
            )
        )
        print(comparison(_worded(result, w), w.language).to_string(index=False))
        for line in _needs(result, w):
            print(line)
        print(_observed(result, w))


def _named(w: Wording) -> str:
    """Column with the names of the scenarios in a language."""
    return "scenario" if w.language == "fr" else "scenario_en"


def _worded(result: PlanResult, w: Wording) -> pd.DataFrame:
    """The scenarios with names, remarks and tax as the language has them."""
    own, tail = result.scenarios, "" if w.language == "fr" else "_en"
    told = {name: own[f"{name}{tail}"] for name in ("scenario", "observations")}
    return own.assign(tax=[w.text(TAXES[tax]) for tax in own["tax"]], **told)


def _needs(result: PlanResult, w: Wording) -> list[str]:
    """What is left to do at the end under the plan, the simple rule, and doing nothing."""
    return [
        w.text(
            "{scenario}: need at the end {plan} {tax} by this plan, {rule} by the simple rule, "
            "{idle} without works",
            scenario=name,
            tax=w.text(TAXES[tax]),
            plan=w.euro(plan),
            rule=w.euro(rule),
            idle=w.euro(idle),
        )
        for name, tax, plan, rule, idle in result.scenarios[
            [_named(w), "tax", "need_end_eur", "rule_need_end_eur", "do_nothing_need_end_eur"]
        ].itertuples(index=False, name=None)
    ]


def _observed(result: PlanResult, w: Wording) -> str:
    """How much of the plan rests on what was seen."""
    total = float(result.scenarios["total_eur"].sum())
    share = 100.0 * float(result.scenarios["total_assumed_eur"].sum()) / total if total else 0.0
    seen = float(result.scenarios["observed_area_pct"].iloc[0])
    return w.text(
        "{seen} of the area has a measured score; of what the scenarios spend, {share} goes to "
        "sections whose score is assumed",
        seen=w.percent(seen),
        share=w.percent(share),
    )


def write_plan(result: PlanResult, out: Path) -> None:
    """Write the tables, `plan.csv`, `works.csv` and `section_plans.csv` in a folder.

    Beside each CSV stands its form for a French spreadsheet (``works_fr.csv``): semicolons,
    decimal commas, a mark of UTF-8, heads and words in French.

    Raises
    ------
    OutputNotWritable, DiskFull
        When the folder cannot be written.
    """
    with disk_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        for name in PLANNED:
            write_table(name, getattr(result, name), out)
        write_plan_csv(result.scenarios, out / "plan.csv")
        write_plan_csv(result.scenarios, out / "plan_fr.csv", "fr")
        for name, table in (("works", result.works), ("section_plans", result.section_plans)):
            write_text(out / f"{name}.csv", csv_text(table))
            write_text(out / f"{name}_fr.csv", french_csv_text(in_french(name, table)))


def in_french(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table of the plan with heads in French, and its words of code said in French.

    Examples
    --------
    >>> said = in_french("section_plans", pd.DataFrame({"situation": ["at_once", "outranked"]}))
    >>> said.iloc[:, 0].tolist()
    ['travaux la première année', 'd’autres sections passent avant']
    """
    wording = Wording("fr")
    said = {
        column: [label(names, word, wording) for word in table[column]]
        for column, names in SAID.items()
        if column in table
    }
    heads = {column.name: column.title("fr") for column in TABLES[name]}
    return table.assign(**said).rename(columns=heads)


def read_sections(path: Path) -> pd.DataFrame:
    """Read what planning needs of a table of sections.

    Parameters
    ----------
    path
        A GeoPackage (layer ``sections``, else its first layer), a Parquet file, or a table that a
        person wrote (CSV or a spreadsheet, as `voirie.spreadsheets.read_sheet` reads them);
        `planning.sections.COLUMNS` are read, and `OPTIONAL_COLUMNS` where they are there.

    Raises
    ------
    ConfigurationError
        When the file is missing, of another kind, or lacks a column.
    EmptyInput
        When it holds no row.
    NotDecodable, InputUnusable
        When it cannot be read, or a cell of it.
    """
    return read_sections_told(path)[0]


def read_sections_told(path: Path) -> tuple[pd.DataFrame, list[Message]]:
    """`read_sections`, with how a table that a person wrote was understood."""
    readers = {".gpkg": _read_gpkg, ".parquet": _read_parquet}
    kind = path.suffix.lower()
    if not path.is_file():
        raise ConfigurationError("there is no such file", path, f"give {KINDS}")
    if kind not in readers and kind not in (".csv", ".txt", ".tsv", *SPREADSHEETS):
        raise ConfigurationError(
            "sections are not read from this kind of file", path, f"give {KINDS}"
        )
    if path.stat().st_size == 0:
        raise EmptyInput("the file holds no byte", path, "write it again")
    if kind not in readers:
        return _read_sheet(path)
    try:
        frame = readers[kind](path)
    except (OSError, TypeError, ValueError, RuntimeError, ArrowException) as error:
        raise NotDecodable(
            f"the sections cannot be read ({' '.join(str(error).split())})", path, "write it again"
        ) from error
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise ConfigurationError(
            f"the sections lack the column {missing[0]}",
            path,
            f"give a table with {', '.join(COLUMNS)}",
        )
    if len(frame) == 0:
        raise EmptyInput("the file holds no section", path, "check how it was made")
    return frame, []


def _read_gpkg(path: Path) -> pd.DataFrame:
    import pyogrio

    with unchanged_by_reading(path) as copy:
        layers = [str(name) for name in pyogrio.list_layers(copy)[:, 0]]
        layer = LAYER if LAYER in layers else layers[0]
        return pd.DataFrame(pyogrio.read_dataframe(copy, layer=layer, read_geometry=False))


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    names, wanted = pq.read_schema(path).names, (*COLUMNS, *OPTIONAL_COLUMNS)
    frame = pd.read_parquet(path, columns=[name for name in wanted if name in names])
    check_texts(frame)
    return frame


def _read_sheet(path: Path) -> tuple[pd.DataFrame, list[Message]]:
    """A table that a person wrote: every cell is read, or refused with its row and column."""
    sheet = read_sheet(path, WRITTEN_AS, COLUMNS)
    frame = pd.DataFrame(index=sheet.rows.index)
    for name in ("area_m2", "length_m", "category", "note_globale"):
        frame[name] = sheet.numbers(name)
    names = sheet.rows["section_id"].map(text_of)
    totals = names.str.lower().isin(TOTALS)
    frame, names = frame[~totals], names[~totals]
    _refuse_widths(frame, sheet)
    if (names == "").any():
        sheet.refuse_cell(names.index[names == ""][0], "section_id", "the section has no name")
    frame["section_id"] = names.astype("string")
    if "classe_etat" in sheet.rows:
        frame["classe_etat"] = sheet.rows["classe_etat"].map(text_of).replace("", None)
    if "assumed" in sheet.rows:
        frame["assumed"] = sheet.truths("assumed").loc[frame.index]
    told = [message("{file} was read with {how}", file=path.name, how=sheet.written_in)]
    if sheet.unread:
        told.append(
            message("{file}: not read: {columns}", file=path.name, columns=", ".join(sheet.unread))
        )
    if totals.any():
        rows = ", ".join(str(row) for row in totals.index[totals])
        told.append(
            message("{file}: row {rows} is a total and is left out", file=path.name, rows=rows)
        )
    return frame.reset_index(drop=True), told


def _refuse_widths(frame: pd.DataFrame, sheet: Sheet) -> None:
    """Refuse a section whose area and length make no road: a mark read as the wrong one."""
    width_m = frame["area_m2"] / frame["length_m"]
    odd = width_m.notna() & ~width_m.between(*WIDTHS_M)
    if odd.any():
        row = frame.index[odd][0]
        sheet.refuse_cell(
            row, "area_m2", f"its area and length make a road {width_m[row]:g} m wide"
        )
