"""Commands `voirie network import`, `check` and `show`: from any file of roads to a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gis.cli.options import PAGE, asked_of, fault_row, pairs, print_faults, refuse_same, wording_in
from gis.imports.checks import check_layout, check_network
from gis.imports.importing import Asked, Imported, import_network, mapping_for, roads_asked
from gis.imports.mapping import as_toml
from gis.imports.page import write_page
from gis.imports.roads import layers_of
from gis.imports.writing import write_faults, write_network
from gis.network.network import Network, read_network
from gis.versions.files import first_version, number_in
from voirie.errors import DONE, ConfigurationError
from voirie.places import ROUTE_KEY, RouteKey
from voirie.progress import progress
from voirie.wording import N_, Wording

GUESSED = N_("the names of its columns")

MOST_COLUMNS = 12
"""Columns that were not read and are named; of more, their number."""


def import_command(
    file: Annotated[Path, typer.Argument(help="Shapefile, GeoPackage, GeoJSON, OSM, ...")],
    out: Annotated[Path | None, typer.Option(help="network.gpkg to write")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="bdtopo_v3, bdtopo_v2, osm, departement, or a TOML file")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer with the stretches of road")] = None,
    pr: Annotated[Path | None, typer.Option(help="File with the PR as points")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Where an attribute stands: width_m=largeur")
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option(help="One value for all stretches: dep=012")
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option(help="communes.gpkg:commune=nom, or a table: tmja.csv:traffic=tmja"),
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="GeoPackage of the faulty places to write")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Page with a map of what is told, to write")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Print the mapping and write nothing")] = False,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> int:
    """Make a network of a file of roads.

    Columns are found by their names, or by a mapping. Stretches are joined along each route and
    measured; PR are used where there are some, and not needed. What is left out or mended is told.
    """
    wording = wording_in(lang)
    asked = asked_of(mapping, layer, pr, column, value, join)
    if dry_run:
        print(as_toml(mapping_for(file, asked, roads_asked(file, asked))))
        return DONE
    if out is None:
        raise ConfigurationError("it is not said where to write", None, "say --out network.gpkg")
    written = {"--out": out, "--faults": faults, PAGE: page}
    refuse_same(written, file, pr, *(one.path for one in asked.joins))
    with progress() as tell:
        work = wording.text("network")
        done = import_network(file, asked, lambda ready, of: tell(work, ready, of, file.name))
    write_network(done.network, out, first_version(done.network, file.name))
    if faults is not None and done.faults:
        write_faults(done.faults, faults)
    if page is not None:
        write_page(done.network, done.faults, page, file.name, done.ignored)
    if as_json:
        print(json.dumps(_outcome(done), ensure_ascii=False))
        return DONE
    print(_counted(done, out, wording))
    for one in done.tables:
        print(f"{wording.say(one)}.")
    if done.ignored:
        print(_ignored(done.ignored, wording))
    print_faults(done.faults, wording, faults)
    return DONE


def check_command(
    file: Annotated[Path, typer.Argument(help="network.gpkg, or a file of roads")],
    out: Annotated[Path | None, typer.Option(help="GeoPackage of the faulty places")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Page with a map of what is told, to write")
    ] = None,
    mapping: Annotated[str | None, typer.Option(help="As of voirie network import")] = None,
    value: Annotated[list[str] | None, typer.Option(help="As of voirie network import")] = None,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON")] = False,
) -> int:
    """Say what is wrong in a network or in a file of roads, with the place and the reason."""
    wording = wording_in(lang)
    refuse_same({"--out": out, PAGE: page}, file)
    layers = layers_of(file)
    ignored: tuple[str, ...] = ()
    if {"axes", "pr"} <= set(layers) and mapping is None:
        network = read_network(file)
        found = [*check_layout(network), *check_network(network)]
    else:
        done = import_network(file, Asked(mapping, values=pairs(value, "--value")))
        network, found, ignored = done.network, done.faults, done.ignored
    if out is not None and found:
        write_faults(found, out)
    if page is not None:
        write_page(network, found, page, file.name, ignored)
    if as_json:
        print(json.dumps([fault_row(fault) for fault in found], ensure_ascii=False))
    elif found:
        print_faults(found, wording, out, "--out")
    else:
        print(wording.text("{file}: nothing is wrong.", file=str(file)))
    return DONE


def show_command(
    file: Annotated[Path, typer.Argument(help="network.gpkg")],
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the routes as JSON")] = False,
) -> None:
    """Show the routes of a network: length, parts, PR, and what is known of them."""
    wording = wording_in(lang)
    network = read_network(file)
    rows = [_route_row(network, route) for route in network.routes()]
    if as_json:
        told = {"version": network.version, "number": number_in(file), "routes": rows}
        print(json.dumps(told, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    heads = {
        "route": N_("route"),
        "length_m": N_("m"),
        "parts": N_("parts"),
        "pr": N_("PR"),
        "category": N_("category"),
        "width_pct": N_("width known"),
    }
    table = Table()
    for head in heads.values():
        table.add_column(wording.text(head), justify="left" if head == "route" else "right")
    for row in rows:
        table.add_row(*(_cell(row[name], wording) for name in heads))
    Console().print(table)
    total = sum(network.length_m(route) for route in network.routes())
    print(
        wording.plural(
            "{file}: {n} route or carriageway, {km} km, version {number} ({version}).",
            "{file}: {n} routes and carriageways, {km} km, version {number} ({version}).",
            len(rows),
            file=str(file),
            km=wording.number(round(total / 1000, 1)),
            number=wording.number(number_in(file)),
            version=network.version,
        )
    )


def _route_row(network: Network, route: RouteKey) -> dict[str, object]:
    own = network.axes[Network.of_route(network.axes, route)]
    pr = network.pr_of(route)
    pr = pr[pr["num"].notna()]
    length = own["cumul_to_m"] - own["cumul_from_m"]
    categories = sorted(own["category"].dropna().astype(int).unique())
    return {
        "route": str(route),
        "length_m": round(network.length_m(route)),
        "parts": int(own["part"].nunique()),
        "pr": f"{pr['num'].min()}-{pr['num'].max()}" if len(pr) else None,
        "category": ", ".join(map(str, categories)) or None,
        "width_pct": round(100.0 * float(length[own["width_m"].notna()].sum() / length.sum())),
    }


def _cell(value: object, wording: Wording) -> str:
    if value is None:
        return "–"
    return wording.number(value) if isinstance(value, int) else str(value)


def _counted(done: Imported, out: Path, wording: Wording) -> str:
    network = done.network
    names = network.axes[list(ROUTE_KEY[:3])].drop_duplicates()
    total = sum(network.length_m(route) for route in network.routes())
    return wording.text(
        "{out}: {routes}, {km} km, {pr} PR, read as {mapping}; of {rows} rows of the file"
        " {left} are not meant by it.",
        out=str(out),
        routes=wording.plural("{n} route", "{n} routes", len(names)),
        km=wording.number(round(total / 1000, 1)),
        pr=wording.number(int(network.pr["num"].notna().sum())),
        mapping=wording.text(GUESSED) if done.mapping.name == "guessed" else done.mapping.name,
        rows=wording.number(done.rows),
        left=wording.number(done.not_meant),
    )


def _ignored(columns: tuple[str, ...], wording: Wording) -> str:
    """Columns that nothing was read from: the first ones, and how many more."""
    names = ", ".join(columns[:MOST_COLUMNS])
    if len(columns) > MOST_COLUMNS:
        names = wording.text(
            "{names} and {n} more", names=names, n=wording.number(len(columns) - MOST_COLUMNS)
        )
    return wording.text("Columns that were not read: {names}.", names=names)


def _outcome(done: Imported) -> dict[str, object]:
    return {
        "version": done.network.version,
        "routes": [_route_row(done.network, route) for route in done.network.routes()],
        "mapping": done.mapping.name,
        "rows": done.rows,
        "not_meant": done.not_meant,
        "ignored": list(done.ignored),
        "faults": [fault_row(fault) for fault in done.faults],
    }
