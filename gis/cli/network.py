"""Commands `voirie network import`, `check` and `show`: from any file of roads to a network."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from gis.imports.checks import check_network
from gis.imports.faults import KINDS, Fault
from gis.imports.importing import Asked, Imported, import_network, mapping_for, roads_asked
from gis.imports.joins import Join
from gis.imports.mapping import as_toml
from gis.imports.roads import layers_of
from gis.imports.writing import SUFFIX, write_faults, write_network
from gis.network.network import Network, read_network
from voirie.errors import DONE, ConfigurationError
from voirie.places import ROUTE_KEY, RouteKey
from voirie.progress import progress
from voirie.wording import LANGUAGES, N_, Wording, session

OURS = {
    "--out": ("axes", "pr", "sections", "points", "lines", "elsewhere"),
    "--faults": ("points", "lines", "elsewhere"),
}
"""Layers of files that these options may replace."""

EXAMPLES = 3
"""Places of each kind of fault that are printed; all stand in the file of faults."""

GUESSED = N_("the names of its columns")

WEIGHTS = {"left": N_("left out"), "mended": N_("mended"), "told": N_("to be looked at")}


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
        list[str] | None, typer.Option(help="Names of areas: communes.gpkg:commune=nom")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="GeoPackage of the faulty places to write")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Print the mapping and write nothing")] = False,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> int:
    """Make a network of a file of roads.

    Columns are found by their names, or by a mapping. Stretches are joined along each route and
    measured; PR are used where there are some, and not needed. What is left out or mended is told.
    """
    wording = _wording(lang)
    asked = Asked(
        mapping,
        layer,
        pr,
        _pairs(column, "--column"),
        _pairs(value, "--value"),
        tuple(Join.parse(text) for text in join or ()),
    )
    if dry_run:
        print(as_toml(mapping_for(file, asked, roads_asked(file, asked))))
        return DONE
    if out is None:
        raise ConfigurationError("it is not said where to write", None, "say --out network.gpkg")
    _refuse_same({"--out": out, "--faults": faults}, file, pr, *(one.path for one in asked.joins))
    with progress() as tell:
        done = import_network(file, asked, lambda ready, of: tell("network", ready, of, file.name))
    write_network(done.network, out)
    if faults is not None and done.faults:
        write_faults(done.faults, faults)
    if as_json:
        print(json.dumps(_outcome(done), ensure_ascii=False))
        return DONE
    print(_counted(done, out, wording))
    _print_faults(done.faults, wording, faults)
    return DONE


def check_command(
    file: Annotated[Path, typer.Argument(help="network.gpkg, or a file of roads")],
    out: Annotated[Path | None, typer.Option(help="GeoPackage of the faulty places")] = None,
    mapping: Annotated[str | None, typer.Option(help="As of voirie network import")] = None,
    value: Annotated[list[str] | None, typer.Option(help="As of voirie network import")] = None,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON")] = False,
) -> int:
    """Say what is wrong in a network or in a file of roads, with the place and the reason."""
    wording = _wording(lang)
    _refuse_same({"--out": out}, file)
    layers = layers_of(file)
    if {"axes", "pr"} <= set(layers) and mapping is None:
        found = check_network(read_network(file))
    else:
        found = import_network(file, Asked(mapping, values=_pairs(value, "--value"))).faults
    if out is not None and found:
        write_faults(found, out)
    if as_json:
        print(json.dumps([_as_row(fault) for fault in found], ensure_ascii=False))
    elif found:
        _print_faults(found, wording, out)
    else:
        print(wording.text("{file}: nothing is wrong.", file=str(file)))
    return DONE


def show_command(
    file: Annotated[Path, typer.Argument(help="network.gpkg")],
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the routes as JSON")] = False,
) -> None:
    """Show the routes of a network: length, parts, PR, and what is known of them."""
    wording = _wording(lang)
    network = read_network(file)
    rows = [_route_row(network, route) for route in network.routes()]
    if as_json:
        print(json.dumps({"version": network.version, "routes": rows}, ensure_ascii=False))
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
        wording.text(
            "{file}: {n} routes and carriageways, {km} km, version {version}.",
            file=str(file),
            n=wording.number(len(rows)),
            km=wording.number(round(total / 1000, 1)),
            version=network.version,
        )
    )


def _route_row(network: Network, route: RouteKey) -> dict[str, object]:
    own = network.axes[Network.of_route(network.axes, route)]
    pr = network.pr[Network.of_route(network.pr, route) & network.pr["num"].notna()]
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
        "{out}: {n} routes, {km} km, {pr} PR, read as {mapping}; of {rows} rows of the file"
        " {left} are not meant by it.",
        out=str(out),
        n=wording.number(len(names)),
        km=wording.number(round(total / 1000, 1)),
        pr=wording.number(int(network.pr["num"].notna().sum())),
        mapping=wording.text(GUESSED) if done.mapping.name == "guessed" else done.mapping.name,
        rows=wording.number(done.rows),
        left=wording.number(done.not_meant),
    )


def _print_faults(faults: list[Fault], wording: Wording, out: Path | None) -> None:
    """Kinds of faults with their number, and the first places of each."""
    count = Counter(fault.kind for fault in faults)
    for kind, (weight, name) in KINDS.items():
        if kind not in count:
            continue
        print(
            f"{wording.number(count[kind]):>6}  {wording.text(name)}"
            f" ({wording.text(WEIGHTS[weight])})"
        )
        own = [fault for fault in faults if fault.kind == kind]
        for fault in own[:EXAMPLES]:
            print(f"        {wording.say(fault.told)}")
        if len(own) > EXAMPLES:
            more = wording.text("and {n} more", n=wording.number(len(own) - EXAMPLES))
            print(f"        {more}")
    if faults:
        where = wording.text("all of them: {file}", file=str(out)) if out else None
        print(where or wording.text("--faults FILE.gpkg writes them all, with their places"))


def _outcome(done: Imported) -> dict[str, object]:
    return {
        "version": done.network.version,
        "routes": [_route_row(done.network, route) for route in done.network.routes()],
        "mapping": done.mapping.name,
        "rows": done.rows,
        "not_meant": done.not_meant,
        "faults": [_as_row(fault) for fault in done.faults],
    }


def _as_row(fault: Fault) -> dict[str, object]:
    at = fault.geometry
    return {
        "kind": fault.kind,
        "weight": KINDS[fault.kind][0],
        "route": fault.route,
        "fr": Wording("fr").say(fault.told),
        "en": Wording("en").say(fault.told),
        "at": None if at is None or at.is_empty else [round(v, 1) for v in at.bounds[:2]],
    }


def _refuse_same(written: dict[str, Path | None], *read: Path | None) -> None:
    """Refuse to write where something is read, or twice to one file."""
    taken = {path.resolve(): str(path) for path in read if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        if path.resolve() in taken:
            raise ConfigurationError(
                f"{option} is a file that is read, or written already", path, "name another file"
            )
        if path.suffix.lower() != SUFFIX:
            raise ConfigurationError(f"{option} is written as a GeoPackage", path, "name it .gpkg")
        if not path.absolute().parent.is_dir():
            raise ConfigurationError("its folder is not there", path, "make the folder first")
        if path.exists() and not set(layers_of(path)) <= set(OURS[option]):
            raise ConfigurationError(
                "it is there and no file of ours: it would be lost", path, "name another file"
            )
        taken[path.resolve()] = str(path)


def _pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for text in texts or ():
        name, mark, word = text.partition("=")
        if not (name and mark and word):
            raise ConfigurationError(
                f"{option} {text} says nothing", None, f"write {option} ATTRIBUTE=WORD"
            )
        pairs[name.strip()] = word.strip()
    return pairs


def _wording(lang: str | None) -> Wording:
    if lang is None:
        return session()
    language = next((known for known in LANGUAGES if known == lang), None)
    if language is None:
        raise ConfigurationError(f"--lang {lang} is not known", remedy="say fr or en")
    return Wording(language)
