"""Command `voirie network update`: a newer file of roads, and the identifiers of the older one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gis.cli.options import PAGE, asked_of, fault_row, print_faults, refuse_same, wording_in
from gis.imports.checks import check_layout, check_network
from gis.imports.faults import Fault
from gis.imports.importing import Asked, import_network
from gis.imports.page import write_page
from gis.imports.roads import layers_of
from gis.imports.writing import as_written, write_faults, write_network
from gis.network.network import Network, read_network
from gis.versions.files import layers_after, layers_in
from gis.versions.history import summary
from gis.versions.updating import Updated, update
from voirie.catalogue.scheme import load_scheme
from voirie.errors import DONE
from voirie.progress import progress
from voirie.wording import N_, Wording

KINDS = {
    "kept": N_("kept"),
    "transferred": N_("kept, on a road of another name or manager"),
    "split": N_("split, or cut short"),
    "merged": N_("merged"),
    "realigned": N_("realigned: another way between the same places"),
    "removed": N_("no longer there"),
    "new": N_("new"),
}


def update_command(
    old: Annotated[Path, typer.Argument(help="network.gpkg that surveys were made on")],
    new: Annotated[Path, typer.Argument(help="Newer file of roads, or network.gpkg")],
    out: Annotated[Path, typer.Option(help="network.gpkg to write")],
    mapping: Annotated[str | None, typer.Option(help="As of voirie network import")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer with the stretches of road")] = None,
    pr: Annotated[Path | None, typer.Option(help="File with the PR as points")] = None,
    column: Annotated[list[str] | None, typer.Option(help="As of voirie network import")] = None,
    value: Annotated[list[str] | None, typer.Option(help="As of voirie network import")] = None,
    join: Annotated[list[str] | None, typer.Option(help="As of voirie network import")] = None,
    faults: Annotated[
        Path | None, typer.Option(help="GeoPackage of the faulty places to write")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Page with a map of what is told, to write")
    ] = None,
    scheme: Annotated[
        Path | None, typer.Option(help="Rating scheme of the surveys, for the length of sections")
    ] = None,
    recut: Annotated[
        bool, typer.Option(help="Cut all sections anew instead of keeping their ends")
    ] = False,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> int:
    """Bring a network up to a newer file of roads.

    Sections that lie where they lay keep their ends and identifiers, whatever is called otherwise
    now. What became of each stands in the layer section_history. A survey is read again on the
    newer network by voirie run FOLDER/survey.toml --network network2.gpkg.
    """
    wording = wording_in(lang)
    asked = asked_of(mapping, layer, pr, column, value, join)
    areas = [one.path for one in asked.joins]
    refuse_same({"--out": out, "--faults": faults, PAGE: page}, old, new, pr, *areas)
    before, known = read_network(old), layers_in(old)
    after, found = _newer(new, asked, wording)
    done = update(
        before,
        after,
        known["axis_ids"] if len(known["axis_ids"]) else None,
        load_scheme(scheme).sections,
        recut=recut,
    )
    layers = layers_after(old, before, done, new.name)
    write_network(done.network, out, layers)
    if faults is not None and found:
        write_faults(found, faults)
    if page is not None:
        write_page(done.network, found, page, new.name)
    number = int(layers["versions"]["number"].iloc[-1])
    if as_json:
        print(json.dumps(_outcome(before, done, number, found), ensure_ascii=False))
        return DONE
    print(_told(before, done, out, number, wording))
    for kind, n, km in summary(done.history):
        print(
            f"{wording.number(n):>8}  {wording.text(KINDS[kind])}"
            f" ({wording.number(round(km, 1))} km)"
        )
    print_faults(found, wording, faults)
    return DONE


def _newer(path: Path, asked: Asked, wording: Wording) -> tuple[Network, list[Fault]]:
    """A network as it will be written: read where the file is one, else made of roads."""
    if {"axes", "pr"} <= set(layers_of(path)) and asked == Asked():
        network = as_written(read_network(path))
        return network, [*check_layout(network), *check_network(network)]
    with progress() as tell:
        work = wording.text("network")
        done = import_network(path, asked, lambda ready, of: tell(work, ready, of, path.name))
    return done.network, done.faults


def _told(before: Network, done: Updated, out: Path, number: int, wording: Wording) -> str:
    if done.network.version == before.version:
        return wording.text(
            "{out}: nothing has changed; it is still version {number} ({version}).",
            out=str(out),
            number=wording.number(number),
            version=before.version,
        )
    return wording.text(
        "{out}: version {number} ({version}), after {before}. What became of the sections:",
        out=str(out),
        number=wording.number(number),
        version=done.network.version,
        before=before.version,
    )


def _outcome(before: Network, done: Updated, number: int, found: list[Fault]) -> dict[str, object]:
    return {
        "version": done.network.version,
        "number": number,
        "before": before.version,
        "sections": {
            kind: {"sections": n, "km": round(km, 3)} for kind, n, km in summary(done.history)
        },
        "faults": [fault_row(fault) for fault in found],
    }
