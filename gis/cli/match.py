"""Commands of gis: `voirie match`, a GPS track laid on a network.

The file it writes is the user's own, in the format that its name asks for; it is no table of a
survey.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import numpy as np
import pandas as pd
import typer

from gis.network.network import Network, read_network
from gis.network.referencing import pr_of_places, written
from gis.tracks.matching import place_track
from gis.tracks.readers import read_track
from voirie.csv_text import csv_text
from voirie.errors import DONE, DONE_IN_PART, ConfigurationError, NoOverlap, OutputNotWritable
from voirie.files import breaks_lines, replacing
from voirie.tables import CRS
from voirie.wording import session


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What `match_track` did, for a person or a script.

    Attributes
    ----------
    fixes, matched
        Fixes in the track and those that lie on the network.
    routes
        Names of the routes driven, in order of first use.
    length_m
        Driven length.
    dist_axis_m
        Median distance of the matched fixes to their axis.
    bridged_s
        Seconds without a fix.
    dropped
        Points of the file that were no fix, by reason.
    truncated
        Whether the file ends in the middle.
    """

    fixes: int
    matched: int
    routes: tuple[str, ...]
    length_m: float
    dist_axis_m: float
    bridged_s: float
    dropped: dict[str, int]
    truncated: bool


def match_track(track: Path, network: Network, out: Path) -> MatchReport:
    """Lay a track file on a network and write one row a fix.

    Parameters
    ----------
    track
        GPX or CSV, as `gis.tracks.read_track` reads it.
    network
        The network.
    out
        File to write: ``.gpkg``, ``.geojson``, ``.parquet`` or ``.csv``; replaced when it exists.

    Raises
    ------
    ConfigurationError
        When the suffix of `out` is none of these.
    EmptyInput, NotDecodable
        When the track cannot be read.
    NoOverlap
        When the track touches no axis.
    OutputNotWritable
        When `out` cannot be written.
    """
    if out.suffix.lower() not in _WRITERS:
        raise ConfigurationError(
            f"{out.suffix or 'a name without suffix'} is no format to write", out,
            f"end its name in {', '.join(_WRITERS)}",
        )  # fmt: skip
    if breaks_lines(out):
        raise ConfigurationError("its path has a tab or a line break", out, "choose another --out")
    raw = read_track(track)
    try:
        placed = place_track(raw.fixes, network)
    except NoOverlap as error:
        raise NoOverlap(error.message, track, error.remedy) from error
    fixes = placed.fixes
    names = pr_of_places(network, fixes)
    table = gpd.GeoDataFrame(
        pd.concat([fixes.drop(columns=["x", "y"]), names], axis=1).assign(
            t_utc=raw.fixes["t_utc"], place=written(fixes, names)
        ),
        geometry=gpd.points_from_xy(fixes["x"], fixes["y"]),
        crs=CRS,
    )
    _write(table, out)
    on = fixes[fixes["matched"]]
    step = np.diff(placed.smoothed.fix_t_s)
    return MatchReport(
        len(fixes),
        len(on),
        tuple(on["route"].drop_duplicates().astype(str)),
        float(fixes["distance_m"].iloc[-1]),
        float(on["dist_axis_m"].median()),
        float(step[step > placed.smoothed.longest_step_s].sum()),
        dict(raw.dropped),
        raw.truncated,
    )


def _write(table: gpd.GeoDataFrame, out: Path) -> None:
    """Write whole or not at all; GeoPackage 1.3, since older GDAL warns on 1.4."""
    suffix = out.suffix.lower()
    try:
        with replacing(out) as partial:
            if suffix == ".gpkg":
                table.to_file(partial, layer="track", driver="GPKG", VERSION="1.3")
            elif suffix == ".geojson":
                table.to_crs(4326).to_file(partial, driver="GeoJSON")
            elif suffix == ".parquet":
                table.to_parquet(partial, index=False)
            else:
                flat = table.drop(columns="geometry").assign(x=table.geometry.x, y=table.geometry.y)
                partial.write_text(csv_text(pd.DataFrame(flat)), "utf-8")
    except (OSError, RuntimeError) as error:
        raise OutputNotWritable(
            f"the file cannot be written ({error})", out, "choose a folder that can be written"
        ) from error


_WRITERS = (".gpkg", ".geojson", ".parquet", ".csv")


def match_track_command(
    track: Annotated[Path, typer.Argument(help="GPX or CSV with times")],
    network: Annotated[Path, typer.Option(help="network.gpkg with the layers axes and pr")],
    out: Annotated[Path, typer.Option(help="File to write: .gpkg .geojson .parquet .csv")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON")] = False,
) -> int:
    """Lay a GPS track on a network: route, PR, direction and offset of each fix."""
    report = match_track(track, read_network(network), out)
    if as_json:
        print(json.dumps(asdict(report)))
    else:
        w = session()
        print(
            w.text(
                "{matched} of {fixes} fixes on {routes}; {driven} driven, median {off} m from the "
                "axis, {bridged} s bridged: {file}",
                matched=w.number(report.matched),
                fixes=w.number(report.fixes),
                routes=", ".join(report.routes),
                driven=w.length(report.length_m),
                off=w.number(report.dist_axis_m, 1),
                bridged=w.number(report.bridged_s),
                file=out,
            )
        )
    return DONE_IN_PART if report.truncated else DONE
