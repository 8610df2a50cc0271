"""The road network: axes oriented by increasing PR, on which places are measured.

A route is a list of homogeneous rows. Its cumul is calibrated on the ground and may differ
from the length of the drawn line; within a row it is spread evenly along the line.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import ArrayLike
from shapely.errors import ShapelyError
from shapely.geometry import LineString, MultiLineString

from gis.network.axes import Source, normalise_axes, normalise_pr, normalise_sections, orient
from gis.network.content_hash import version_of
from gis.network.routes import by_route
from gis.network.segments import Segments, segments_of
from gis.network.territory import refuse_elsewhere
from voirie.arrays import Floats, Ints, Objects
from voirie.errors import NetworkUnusable, NotDecodable, NotFound
from voirie.places import ROUTE_KEY, RouteKey
from voirie.private_copy import unchanged_by_reading

BEYOND_M = 0.5
"""A cumul this far outside the axis is taken at its end: rounding, not a mistake."""


@dataclass(frozen=True, eq=False)
class Network:
    """Axes and points de repère of one version of a network.

    Attributes
    ----------
    axes
        One row a homogeneous stretch, lines running with increasing cumul, EPSG:2154.
    pr
        Points de repère: route key, ``num``, ``kind``, ``plo``, ``cumul_m``.
    version
        SHA-256 of axes and PR, 16 hexadecimal digits.
    sections
        Identifiers of sections given before, as `gis.network.axes.normalise_sections` gives
        them; `gis.scoring.cut` keeps them.
    """

    axes: gpd.GeoDataFrame
    pr: pd.DataFrame
    version: str
    sections: pd.DataFrame

    @classmethod
    def of(
        cls,
        axes: gpd.GeoDataFrame,
        pr: gpd.GeoDataFrame,
        path: Source = None,
        sections: pd.DataFrame | None = None,
    ) -> Network:
        """Build a network from its layers, however they are sorted and digitised.

        Raises
        ------
        NetworkUnusable
            As `normalise_axes`, `normalise_pr` and `normalise_sections` of `gis.network.axes` say.
        """
        points = normalise_pr(pr, path)
        lines = orient(normalise_axes(axes, path), points)
        bare = pd.DataFrame(points.drop(columns="geometry"))
        kept = normalise_sections(sections, path)
        return cls(lines, bare, version_of(lines, points), kept)

    def routes(self) -> list[RouteKey]:
        """Keys of all routes, sorted."""
        return list(self._slices)

    def length_m(self, route: RouteKey) -> float:
        """Calibrated metres that count for a route: stretches that another carries do not.

        The sum over all routes is the length of the network, each metre once.
        """
        return self._lengths.get(route, 0.0)

    def pr_of(self, route: RouteKey) -> pd.DataFrame:
        """Points de repère of a route, by their cumul; none for a route without any."""
        return self.pr.iloc[self._pr_rows.get(route, np.empty(0, dtype=np.int64))]

    def cumul_range_m(self, route: RouteKey) -> tuple[float, float]:
        """First and last cumul of a route, carried stretches included."""
        pieces = self._pieces(route)
        return (
            float(self.segments.cumul_from_m[pieces.start]),
            float(self.segments.cumul_to_m[pieces.stop - 1]),
        )

    def carriers(self) -> gpd.GeoDataFrame:
        """The axes that findings, length and area belong to: all but carried stretches."""
        return self.axes[self.axes["carried_by"].isna()]

    def locate(self, route: RouteKey, cumul_m: ArrayLike, offset_m: ArrayLike = 0.0) -> Floats:
        """Points at given cumuls of a route.

        Parameters
        ----------
        route
            The route.
        cumul_m
            Calibrated metres, (N,) or a scalar.
        offset_m
            Metres to the right of increasing PR, (N,) or a scalar.

        Returns
        -------
        numpy.ndarray
            (N, 2) in EPSG:2154; NaN where no axis covers the cumul (before the start, after the
            end, in a baïonnette).

        Raises
        ------
        NotFound
            When the network has no such route.
        """
        cumul = np.atleast_1d(np.asarray(cumul_m, dtype=float))
        index, share = self._find(route, cumul)
        found = index >= 0
        index = np.where(found, index, 0)
        step, length = self.segments.step[index], self.segments.length_m[index]
        right = np.stack([step[:, 1], -step[:, 0]], axis=1) / length[:, None]
        offset = np.broadcast_to(np.asarray(offset_m, dtype=float), cumul.shape)
        points = self.segments.start[index] + share[:, None] * step + offset[:, None] * right
        return np.where(found[:, None], points, np.nan)

    def heading_deg(self, route: RouteKey, cumul_m: ArrayLike) -> Floats:
        """Heading of the axis with increasing PR, degrees clockwise from north, (N,).

        NaN where no axis covers the cumul.
        """
        index, _ = self._find(route, np.atleast_1d(np.asarray(cumul_m, dtype=float)))
        heading = self.segments.heading_deg(np.maximum(index, 0))
        return np.where(index >= 0, heading, np.nan)

    def row_at(self, route: RouteKey, cumul_m: ArrayLike) -> Ints:
        """Row of `axes` that covers each cumul, (N,); -1 where none does."""
        index, _ = self._find(route, np.atleast_1d(np.asarray(cumul_m, dtype=float)))
        return np.where(index >= 0, self.segments.row[np.maximum(index, 0)], -1)

    def line(
        self, route: RouteKey, from_m: float, to_m: float, offset_m: float = 0.0
    ) -> LineString | MultiLineString:
        """The axis between two cumuls, shifted to the right by an offset.

        Returns
        -------
        shapely.LineString or shapely.MultiLineString
            A line running with increasing PR; several where it crosses a baïonnette; empty
            where no axis covers the stretch.
        """
        line: LineString | MultiLineString = self.lines(route, [from_m], [to_m], offset_m)[0]
        return line

    def lines(
        self, route: RouteKey, from_m: ArrayLike, to_m: ArrayLike, offset_m: ArrayLike = 0.0
    ) -> Objects:
        """`line` for many pairs of cumuls of one route at once, (N,).

        Parameters
        ----------
        route
            The route.
        from_m, to_m
            Calibrated metres, (N,).
        offset_m
            Metres to the right of increasing PR, (N,) or a scalar.

        Raises
        ------
        NotFound
            When the network has no such route.
        """
        ends = np.asarray(from_m, dtype=float), np.asarray(to_m, dtype=float)
        offset = np.broadcast_to(np.asarray(offset_m, dtype=float), ends[0].shape)
        return self.segments.between(
            self._pieces(route), np.minimum(*ends), np.maximum(*ends), offset
        )

    def project(
        self,
        route: RouteKey,
        xy: ArrayLike,
        near_cumul_m: ArrayLike | None = None,
        within_m: float = 100.0,
    ) -> tuple[Floats, Floats]:
        """Cumul and offset of points on a route.

        Parameters
        ----------
        route
            The route.
        xy
            Points in EPSG:2154, (N, 2).
        near_cumul_m
            Where each point is known to be, (N,) or a scalar: only the axis within `within_m`
            of it is looked at, so that a hairpin, a loop or a baïonnette makes no jump.
        within_m
            See above.

        Returns
        -------
        cumul_m
            (N,); a point beyond an end of the axis is taken at that end.
        offset_m
            Metres from the axis, positive to the right of increasing PR, (N,). NaN in both where
            `near_cumul_m` has no axis round it.
        """
        points = np.asarray(xy, dtype=float).reshape(-1, 2)
        pieces, seg = self._pieces(route), self.segments
        if near_cumul_m is None:
            tree = self._route_tree(route)
            pair = tree.query_nearest(shapely.points(points), all_matches=False)
            point, index = pair[0], pieces.start + pair[1]
        else:
            near = np.broadcast_to(np.asarray(near_cumul_m, dtype=float), len(points))
            first = np.searchsorted(seg.cumul_to_m[pieces], near - within_m, side="left")
            last = np.searchsorted(seg.cumul_from_m[pieces], near + within_m, side="right")
            count = np.where(np.isnan(near), 0, np.maximum(last - first, 0))
            point = np.repeat(np.arange(len(points)), count)
            inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            index = pieces.start + np.repeat(first, count) + inner
        cumul, offset, distance = seg.measure(points[point], index)
        order = np.lexsort((distance, point))
        best = order[np.r_[True, np.diff(point[order]) > 0]] if len(order) else order
        out = np.full((2, len(points)), np.nan)
        out[:, point[best]] = cumul[best], offset[best]
        return out[0], out[1]

    def nearest(self, xy: ArrayLike, radius_m: float) -> pd.DataFrame:
        """All places of the network near points: each time an axis comes near, one row.

        Carried stretches are left out: a shared road is the carrying route's.

        Returns
        -------
        pandas.DataFrame
            ``point`` (index into `xy`), ``row`` (of `axes`), ``chain``, ``cumul_m``,
            ``offset_m``, ``dist_m``, ``heading_deg`` of the axis, ``x``, ``y`` of the place on
            the axis; sorted by point, then along the axes.
        """
        points = np.asarray(xy, dtype=float).reshape(-1, 2)
        seg, (tree, own) = self.segments, self._carrier_tree
        pair = tree.query(shapely.points(points), predicate="dwithin", distance=radius_m)
        point, index = pair[0], own[pair[1]]
        order = np.lexsort((index, point))
        point, index = point[order], index[order]
        cumul, offset, distance = seg.measure(points[point], index)
        # Of consecutive pieces only the local nearest stays, so that the two legs of a hairpin
        # are two places and one bend is one.
        joined = np.zeros(len(index) + 1, dtype=bool)
        joined[1:-1] = (
            (np.diff(point) == 0) & (np.diff(index) == 1) & (np.diff(seg.chain[index]) == 0)
        )
        before = np.where(joined[:-1], np.r_[np.inf, distance[:-1]], np.inf)
        after = np.where(joined[1:], np.r_[distance[1:], np.inf], np.inf)
        keep = (distance < before) & (distance <= after)
        point, index = point[keep], index[keep]
        cumul, offset, distance = cumul[keep], offset[keep], distance[keep]
        share = (cumul - seg.cumul_from_m[index]) / (
            seg.cumul_to_m[index] - seg.cumul_from_m[index]
        )
        place = seg.start[index] + share[:, None] * seg.step[index]
        return pd.DataFrame(
            {
                "point": point,
                "row": seg.row[index],
                "chain": seg.chain[index],
                "cumul_m": cumul,
                "offset_m": offset,
                "dist_m": distance,
                "heading_deg": seg.heading_deg(index),
                "x": place[:, 0],
                "y": place[:, 1],
            }
        )

    @cached_property
    def segments(self) -> Segments:
        """Every straight piece of every axis."""
        return segments_of(self.axes)

    @cached_property
    def _lengths(self) -> dict[RouteKey, float]:
        own = self.axes["carried_by"].isna().to_numpy()
        metres = (self.axes["cumul_to_m"] - self.axes["cumul_from_m"]).to_numpy() * own
        return {key: float(metres[rows].sum()) for key, rows in by_route(self.axes)}

    @cached_property
    def _pr_rows(self) -> dict[RouteKey, Ints]:
        return dict(by_route(self.pr))

    @cached_property
    def _slices(self) -> dict[RouteKey, slice]:
        """Pieces of each route in `segments`."""
        row = self.segments.row
        return {
            key: slice(int(np.searchsorted(row, rows[0])), int(np.searchsorted(row, rows[-1] + 1)))
            for key, rows in by_route(self.axes)
        }

    @cached_property
    def _trees(self) -> dict[RouteKey, shapely.STRtree]:
        return {}

    @cached_property
    def _carrier_tree(self) -> tuple[shapely.STRtree, Ints]:
        own = np.flatnonzero(self.axes["carried_by"].isna().to_numpy()[self.segments.row])
        return shapely.STRtree(self.segments.drawn(own)), own

    def _route_tree(self, route: RouteKey) -> shapely.STRtree:
        if route not in self._trees:
            pieces = self._pieces(route)
            self._trees[route] = shapely.STRtree(
                self.segments.drawn(np.arange(pieces.start, pieces.stop))
            )
        return self._trees[route]

    def _pieces(self, route: RouteKey) -> slice:
        try:
            return self._slices[route]
        except KeyError:
            raise NotFound(f"the network has no route {route}", None, "check its name") from None

    @staticmethod
    def of_route(axes: pd.DataFrame, route: RouteKey) -> pd.Series:
        """Which rows of a table with a route key are of one route."""
        wanted = (route.gestionnaire, route.dep, route.route, route.cote)
        return (axes[list(ROUTE_KEY)] == list(wanted)).all(axis=1)

    def _find(self, route: RouteKey, cumul: Floats) -> tuple[Ints, Floats]:
        """Piece that covers each cumul (-1: none) and how far along it, 0 to 1."""
        pieces, seg = self._pieces(route), self.segments
        low, high = seg.cumul_from_m[pieces], seg.cumul_to_m[pieces]
        index = np.minimum(np.searchsorted(high, cumul, side="left"), len(high) - 1)
        # In a gap the piece before it may be the near one.
        before = np.maximum(index - 1, 0)
        nearer = (low[index] - cumul > BEYOND_M) & (np.abs(cumul - high[before]) <= BEYOND_M)
        index = np.where(nearer, before, index)
        share = (cumul - low[index]) / (high[index] - low[index])
        outside = np.maximum(low[index] - cumul, cumul - high[index])
        found = outside <= BEYOND_M
        return np.where(found, index + pieces.start, -1), np.clip(share, 0.0, 1.0)


def read_network(path: Path) -> Network:
    """Read ``network.gpkg``.

    Parameters
    ----------
    path
        A GeoPackage with the layers ``axes`` and ``pr``, in any coordinate reference system; it
        may have a layer ``sections`` with the identifiers that its sections have.

    Raises
    ------
    NetworkUnusable
        When it is empty, has no coordinate reference system, or lacks a layer or column.
    NotDecodable
        When the file cannot be read.

    Examples
    --------
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> [(route.route, round(network.length_m(route))) for route in network.routes()[:3]]
    [('D741', 2086), ('D752', 640), ('D763', 671)]
    """
    remedy = "give a GeoPackage with the layers axes and pr"
    if not path.is_file():
        raise NotDecodable("there is no such file", path, remedy)
    try:
        with unchanged_by_reading(path) as copy, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL finds odd is judged below
            layers = {str(name) for name, _ in pyogrio.list_layers(copy)}
            for layer in ("axes", "pr"):
                if layer not in layers:
                    raise NetworkUnusable(f"the layer {layer} is missing", path, remedy)
            axes, pr = (gpd.read_file(copy, layer=layer) for layer in ("axes", "pr"))
            sections = gpd.read_file(copy, layer="sections") if "sections" in layers else None
    except (OSError, ValueError, RuntimeError, ShapelyError) as error:  # of GDAL and PROJ
        raise NotDecodable(f"the file cannot be read ({error})", path, remedy) from error
    for layer, frame in (("axes", axes), ("pr", pr)):
        if not isinstance(frame, gpd.GeoDataFrame):
            raise NetworkUnusable(f"the layer {layer} has no geometry", path, remedy)
    network = Network.of(axes, pr, path, sections)
    refuse_elsewhere(network.axes.total_bounds, path)
    return network
