"""`network.gpkg`, and the layer of faults beside it: written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis.imports.faults import Fault, table_of
from gis.network.network import Network
from gis.network.routes import by_route
from voirie.errors import ConfigurationError, OutputNotWritable
from voirie.files import breaks_lines, replacing
from voirie.tables import CRS

SUFFIX = ".gpkg"


def markers_on_the_road(network: Network) -> gpd.GeoDataFrame:
    """Markers of a network as points where their cumul falls; none off its axes.

    Examples
    --------
    >>> from gis.network.network import read_network
    >>> markers = markers_on_the_road(read_network(Path("samples/drive/network.gpkg")))
    >>> markers.loc[markers["plo"] == "31PR2", "geometry"].geom_type.tolist()[:1]
    ['Point']
    """
    xy = np.full((len(network.pr), 2), np.nan)
    known = set(network.routes())
    for route, rows in by_route(network.pr):
        if route in known:
            xy[rows] = network.locate(route, network.pr["cumul_m"].to_numpy()[rows])
    points = np.full(len(xy), None, dtype=object)
    found = ~np.isnan(xy).any(axis=1)
    points[found] = shapely.points(xy[found])
    return gpd.GeoDataFrame(network.pr, geometry=gpd.GeoSeries(points, crs=CRS))


def as_written(network: Network) -> Network:
    """A network as it is when it is read back: each marker where its cumul falls.

    Examples
    --------
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> as_written(network).version == network.version
    True
    """
    return Network.of(network.axes, markers_on_the_road(network), sections=network.sections)


def write_network(
    network: Network, out: Path, more: Mapping[str, pd.DataFrame] | None = None
) -> None:
    """Write a network as `gis.network.read_network` reads it.

    Parameters
    ----------
    network
        The network.
    out
        File to write.
    more
        Other layers by name; they stand for ours of the same name.

    Raises
    ------
    ConfigurationError
        When `out` is not named as a GeoPackage.
    OutputNotWritable
        When it cannot be written.
    """
    layers: dict[str, pd.DataFrame] = {"axes": network.axes, "pr": markers_on_the_road(network)}
    if len(network.sections):
        layers["sections"] = network.sections
    _write(layers | dict(more or {}), out)


def write_faults(faults: Iterable[Fault], out: Path) -> None:
    """Write faults as layers of a GeoPackage: ``points``, ``lines``, and a table ``elsewhere``.

    Raises
    ------
    ConfigurationError, OutputNotWritable
        As `write_network`.
    """
    table = table_of(faults)
    size = shapely.get_dimensions(table.geometry.to_numpy())
    layers: dict[str, pd.DataFrame] = {
        "points": table[size == 0],
        "lines": table[size == 1],
        "elsewhere": pd.DataFrame(table[size < 0].drop(columns="geometry")),
    }
    _write({name: layer for name, layer in layers.items() if len(layer)}, out)


def _write(layers: dict[str, pd.DataFrame], out: Path) -> None:
    if out.suffix.lower() != SUFFIX or breaks_lines(out):
        raise ConfigurationError("a network is written as a GeoPackage", out, "name it .gpkg")
    try:
        with replacing(out) as partial:
            for name, layer in layers.items():
                _append(layer, partial, name)
    except (OSError, RuntimeError) as error:
        raise OutputNotWritable(
            f"the file cannot be written ({error})", out, "choose a folder that can be written"
        ) from error


def _append(frame: pd.DataFrame, path: Path, name: str) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=name, driver="GPKG", append=path.exists(),
        dataset_options={} if path.exists() else {"VERSION": "1.3"},
    )  # fmt: skip
