"""Layers of the GeoPackage: the tables, each with its route, PR, pole and picture, and a line.

Tables of the whole network (`plan_years`, `scenarios`) have no place on a road.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from gis.exports.nearest_picture import PictureIndex
from gis.network.pr_text import PrText
from gis.scoring.cells import SectionIndex
from voirie.arrays import Floats, Ints
from voirie.places import ROUTE_KEY
from voirie.tables import CRS, TABLES, Column, empty, read_table

OF_THE_ROAD = ("plod", "absd", "plof", "absf", "pole", "commune")
"""What a layer along the sections tells of the road, beside its own columns."""

ADDED = {
    "pr": Column(
        "pr", "text", "PR + abscisse, lieu le long de la route", "PR + abscisse, place", True
    ),
    "pr_to": Column(
        "pr_to",
        "text",
        "PR + abscisse de fin, lieu le long de la route",
        "PR + abscisse of the end, place",
        True,
    ),
    "picture_path": Column(
        "picture_path",
        "text",
        "chemin de l'image, dans le dossier du relevé",
        "path of the picture, inside the survey folder",
        True,
    ),
}
"""Columns that the layers have beside those of the tables."""

NEAR_M = 25.0
"""How far along the road the picture of a place may have been taken."""

TITLES = {
    "sections": "Sections",
    "section_notes": "Notes par voie",
    "findings": "Constats",
    "finding_outlines": "Emprises mesurées",
    "signs": "Panneaux",
    "dumping": "Dépôts sauvages",
    "works": "Travaux",
    "frames": "Images",
    "track": "Trace",
    "coverage": "Couverture",
    "extents": "Étendues par code",
    "passes": "Passages",
    "plan_years": "Années du programme",
    "scenarios": "Scénarios",
    "section_plans": "Sections par scénario",
}
"""What the layers are called by who reads them; their names stay those of the tables."""


def survey_layers(tables: Path) -> dict[str, pd.DataFrame]:
    """Layers of the GeoPackage by name, in the order in which they are listed.

    Parameters
    ----------
    tables
        Folder of the tables, ``DIR/tables``; one that is absent counts as empty.

    Returns
    -------
    dict of str to pandas.DataFrame
        A layer that can have lines or points is a GeoDataFrame in EPSG:2154.

    Raises
    ------
    voirie.errors.NotASurvey
        When a table cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     layers = survey_layers(Path(folder))
    >>> [name for name, frame in layers.items() if "route" not in frame.columns]
    ['plan_years', 'scenarios']
    """

    def table(name: str) -> pd.DataFrame:
        return read_table(name, tables) if (tables / f"{name}.parquet").is_file() else empty(name)

    def located(name: str) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(table(name), geometry="geometry", crs=CRS)

    frames, sections = located("frames"), located("sections")
    road = Road(sections, frames)
    sections = road.sections
    findings = road.along(located("findings"))

    def with_finding(frame: pd.DataFrame) -> gpd.GeoDataFrame:
        own = [c for c in findings.columns if c == "finding_id" or c not in frame.columns]
        joined = frame.merge(findings[own], on="finding_id", how="left", validate="one_to_one")
        return _as_points(gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS))

    outlined = findings.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    outline = ["finding_id", "code", "severity", "route", "pr", "pole", "commune", "picture_path"]
    track = road.along(located("track"))
    return {
        "sections": sections,
        "section_notes": road.on_section(table("section_notes")),
        "findings": _as_points(findings),
        "finding_outlines": findings.loc[outlined, [*outline, "geometry"]],
        "signs": with_finding(table("signs")),
        "dumping": with_finding(table("dumping")),
        "works": road.on_section(table("works")),
        "frames": road.along(frames),
        "track": track,
        "coverage": road.stretches(table("coverage")),
        "extents": _without_line(road.on_section(table("extents"))),
        "passes": _driven(table("passes"), track),
        "plan_years": table("plan_years"),
        "scenarios": table("scenarios"),
        "section_plans": _without_line(road.on_section(table("section_plans"))),
    }


class Road:
    """The sections of a survey: they give everything that lies on them its place in words.

    Parameters
    ----------
    sections, frames
        The tables of that name.
    """

    def __init__(self, sections: gpd.GeoDataFrame, frames: pd.DataFrame) -> None:
        self.index = SectionIndex(sections)
        self.pictures = PictureIndex(self.index, frames)
        self._stones = {
            name: PrText.after(str(name)).point
            for name in pd.unique(sections[["plod", "plof"]].to_numpy().ravel())
        }
        start_m, end_m = self.index.start_m, self.index.end_m
        route, middle_m = self.index.route_of(sections), (start_m + end_m) / 2
        self.sections = sections.assign(
            pr=self._written(sections["plod"], sections["absd"].to_numpy(float)),
            pr_to=self._written(sections["plof"], sections["absf"].to_numpy(float)),
            picture_path=self.pictures.nearest(route, middle_m, (end_m - start_m) / 2),
        )
        self._middle_m = middle_m

    def along(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Points with their PR, pole, commune and picture, their own or the nearest."""
        route, at_m = self.index.route_of(frame), frame["cumul_m"].to_numpy(dtype=float)
        out = frame.assign(pr=self.pr(route, at_m), **self._owners(route, at_m))
        if "picture_id" in frame.columns:
            return out.assign(picture_path=self.pictures.path(frame["picture_id"]))
        near = self.pictures.nearest(route, at_m, np.full(len(frame), NEAR_M), frame["sens"])
        return out.assign(picture_path=near)

    def stretches(self, frame: pd.DataFrame) -> gpd.GeoDataFrame:
        """Stretches of lanes, with PR of both ends, the picture of the middle, and their line."""
        route = self.index.route_of(frame)
        low_m = frame["cumul_from_m"].to_numpy(dtype=float)
        high_m = frame["cumul_to_m"].to_numpy(dtype=float)
        middle_m, half_m = (low_m + high_m) / 2, np.abs(high_m - low_m) / 2
        out = frame.assign(
            pr=self.pr(route, low_m),
            pr_to=self.pr(route, high_m),
            **self._owners(route, middle_m),
            picture_path=self.pictures.nearest(route, middle_m, half_m, frame["sens"]),
        )
        lines = self._cut(route, np.minimum(low_m, high_m), np.maximum(low_m, high_m))
        return gpd.GeoDataFrame(out, geometry=lines, crs=CRS)

    def on_section(self, frame: pd.DataFrame) -> gpd.GeoDataFrame:
        """Rows of sections with what their road is called, and the line of the section."""
        told = ["section_id", *ROUTE_KEY, "pr", "pr_to", *OF_THE_ROAD, "picture_path", "geometry"]
        own = [c for c in told if c == "section_id" or c not in frame.columns]
        joined = frame.merge(
            self.sections[own].assign(_row=np.arange(len(self.sections))),
            on="section_id",
            how="left",
            validate="many_to_one",
        )
        if "sens" in frame.columns and len(self.sections):
            row = joined["_row"].to_numpy(dtype=float, na_value=-1).astype(int)
            half_m = (self.index.end_m - self.index.start_m)[row] / 2
            route = np.where(row < 0, -1, self.index.route_of(self.sections)[row])
            near = self.pictures.nearest(route, self._middle_m[row], half_m, joined["sens"])
            joined = joined.assign(picture_path=near)
        return gpd.GeoDataFrame(joined.drop(columns="_row"), geometry="geometry", crs=CRS)

    def pr(self, route: Ints, at_m: Floats) -> pd.Series:
        """PR and abscisse of places, NULL where no section holds them."""
        out = pd.Series(pd.NA, index=range(len(at_m)), dtype="string")
        where = self.index.at(route, at_m)
        rows = np.flatnonzero(where >= 0)
        own = self.sections.iloc[where[rows]]
        abs_m = own["absd"].to_numpy(float) + np.round(at_m[rows] - self.index.start_m[where[rows]])
        out.iloc[rows] = self._written(own["plod"], abs_m).array
        return out

    def _written(self, stones: pd.Series, abs_m: Floats) -> pd.Series:
        metres = pd.Series(abs_m.astype(np.int64), index=stones.index).astype("string")
        return stones.map(self._stones).astype("string") + "+" + metres.str.zfill(4)

    def _owners(self, route: Ints, at_m: Floats) -> dict[str, pd.Series]:
        where = self.index.at(route, at_m)
        rows = np.flatnonzero(where >= 0)
        out = {}
        for name in ("pole", "commune"):
            told = pd.Series(pd.NA, index=range(len(at_m)), dtype="string")
            told.iloc[rows] = self.sections[name].iloc[where[rows]].astype("string").array
            out[name] = told
        return out

    def _cut(self, route: Ints, low_m: Floats, high_m: Floats) -> gpd.GeoSeries:
        """Line of each stretch, cut out of the sections that it overlaps; None without one."""
        lines = shapely.line_merge(np.asarray(self.sections.geometry))
        start_m, end_m = self.index.start_m, self.index.end_m
        pieces: list[list[shapely.LineString]] = [[] for _ in low_m]
        for item, row in zip(*self.index.spans(route, low_m, high_m), strict=True):
            line, length_m = lines[row], end_m[row] - start_m[row]
            if not isinstance(line, shapely.LineString) or line.is_empty or length_m <= 0:
                continue
            ends = np.clip([low_m[item] - start_m[row], high_m[item] - start_m[row]], 0, length_m)
            if ends[1] > ends[0]:
                pieces[item].append(substring(line, ends[0] / length_m, ends[1] / length_m, True))
        merged = [
            shapely.line_merge(shapely.MultiLineString(own)) if own else None for own in pieces
        ]
        return gpd.GeoSeries(np.array(merged, dtype=object), crs=CRS)


def _as_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.geometry.centroid)


def _without_line(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Several rows a section and lane: their lines would lie upon each other."""
    return pd.DataFrame(frame.drop(columns="geometry"))


def _driven(passes: pd.DataFrame, track: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Passes with the line that was driven, its routes, and where it starts and ends."""
    rows = []
    of_pass = dict(iter(track.groupby("pass_id", sort=False)))
    for pass_id in passes["pass_id"]:
        own = of_pass.get(pass_id, track.iloc[:0]).sort_values("t_s", kind="stable")
        placed = own[own["pr"].notna()]
        points = own.geometry[own.geometry.notna()].tolist()
        ends = (placed["route"] + " " + placed["pr"]).tolist()
        seen = placed["picture_path"].dropna().tolist()
        rows.append(
            {
                "route": ", ".join(placed["route"].dropna().unique()) or pd.NA,
                "pr": ends[0] if ends else pd.NA,
                "pr_to": ends[-1] if ends else pd.NA,
                "pole": ", ".join(placed["pole"].dropna().unique()) or pd.NA,
                "commune": ", ".join(placed["commune"].dropna().unique()) or pd.NA,
                "picture_path": seen[0] if seen else pd.NA,
                "geometry": shapely.LineString(points) if len(points) > 1 else None,
            }
        )
    told = ["route", "pr", "pr_to", "pole", "commune", "picture_path", "geometry"]
    added = pd.DataFrame(rows, columns=told, index=passes.index)
    added = added.astype(dict.fromkeys(told[:-1], "string"))
    return gpd.GeoDataFrame(passes.join(added), geometry="geometry", crs=CRS)


def declared(layer: str, column: str) -> Column | None:
    """The declaration of a column; what is not a layer's own comes from another table.

    Examples
    --------
    >>> declared("works", "pr").title("fr"), declared("works", "route").title("fr")
    ('PR + abscisse', 'route')
    """
    if column == "geometry":
        return None
    if column in ADDED:
        return ADDED[column]
    for name in (layer, "findings", "sections"):
        if name in TABLES and column in TABLES[name].names:
            return TABLES[name][column]
    return None
