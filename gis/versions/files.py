"""What a network file says of its versions: their list, the history, identifiers of axes."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gis.network.network import Network
from gis.versions.history import COLUMNS
from gis.versions.updating import Updated, axis_ids
from voirie.errors import NetworkUnusable, NotDecodable
from voirie.places import ROUTE_KEY
from voirie.private_copy import unchanged_by_reading

VERSIONS = ("number", "version", "written_on", "source")
AXIS_IDS = ("axis_id", *ROUTE_KEY)
_LAYERS = {"versions": VERSIONS, "section_history": COLUMNS, "axis_ids": AXIS_IDS}


def first_version(network: Network, source: str) -> dict[str, pd.DataFrame]:
    """Layers that a network has beside its axes when it is made.

    Parameters
    ----------
    network
        The network.
    source
        Name of the file that it was made of.

    Examples
    --------
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> first_version(network, "ROUTE.shp")["versions"][["number", "source"]].values.tolist()
    [[1, 'ROUTE.shp']]
    """
    return {"versions": _line(1, network.version, source), "axis_ids": axis_ids(network)}


def layers_after(path: Path, old: Network, done: Updated, source: str) -> dict[str, pd.DataFrame]:
    """Layers of a newer version: sections, and everything that happened up to it.

    Parameters
    ----------
    path
        File of the older version.
    old
        What it holds.
    done
        The newer one.
    source
        Name of the file that the newer one was made of.

    Raises
    ------
    NetworkUnusable
        When a layer of the file lacks a column.
    """
    known = layers_in(path)
    versions = known["versions"]
    if versions.empty:
        versions = _line(1, old.version, path.name)
    elif versions["version"].iloc[-1] != old.version:
        # Somebody has worked on the file since: that is a version as well.
        versions = _after(versions, old.version, path.name)
    history = known["section_history"]
    if done.network.version != old.version or history.empty:
        history = done.history if history.empty else pd.concat([history, done.history])
    if done.network.version != old.version:
        versions = _after(versions, done.network.version, source)
    return {
        "sections": done.sections,
        "section_history": history.reset_index(drop=True),
        "axis_ids": done.axes,
        "versions": versions,
    }


def layers_in(path: Path) -> dict[str, pd.DataFrame]:
    """Lists of versions, of what became of sections, and identifiers of axes; empty if absent.

    Raises
    ------
    NetworkUnusable
        When one of them lacks a column.
    NotDecodable
        When the file cannot be read.

    Examples
    --------
    >>> {name: len(rows) for name, rows in layers_in(Path("samples/drive/network.gpkg")).items()}
    {'versions': 0, 'section_history': 0, 'axis_ids': 0}
    """
    found = {}
    try:
        with unchanged_by_reading(path) as copy, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            there = {str(name) for name, _ in pyogrio.list_layers(copy)}
            for name, columns in _LAYERS.items():
                if name not in there:
                    found[name] = pd.DataFrame({column: [] for column in columns})
                    continue
                rows = pd.DataFrame(gpd.read_file(copy, layer=name))
                for column in columns:
                    if column in rows.columns:
                        continue
                    raise NetworkUnusable(
                        f"the layer {name} lacks the column {column}", path,
                        "take the layer out, or give the file as it was written",
                    )  # fmt: skip
                found[name] = rows[list(columns)]
    except (OSError, ValueError, RuntimeError) as error:  # of GDAL
        raise NotDecodable(f"the file cannot be read ({error})", path, "copy it again") from error
    return found


def number_in(path: Path) -> int:
    """Number of the version that a network file holds; 1 where it lists none.

    Examples
    --------
    >>> number_in(Path("samples/drive/network.gpkg"))
    1
    """
    versions = layers_in(path)["versions"]
    return int(versions["number"].iloc[-1]) if len(versions) else 1


def _after(versions: pd.DataFrame, version: str, source: str) -> pd.DataFrame:
    line = _line(int(versions["number"].max()) + 1, version, source)
    return pd.concat([versions, line], ignore_index=True)


def _line(number: int, version: str, source: str) -> pd.DataFrame:
    today = datetime.now(UTC).date().isoformat()
    return pd.DataFrame([[number, version, today, source]], columns=list(VERSIONS))
