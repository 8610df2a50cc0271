"""How long a department's roads take to become a network, and whether that grows with their number.

    python -m bench.network_import [--tiles 100]

The numbered roads of BD TOPO round Rodez (656 stretches, 75 km) are laid side by side under other
names: 100 tiles are 65,600 stretches and 7,500 km. Printed: seconds for reading, making and
checking, and the ratio of the time of a stretch to that of a tenth of the tiles.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis.imports.importing import Asked, import_network

SOURCE = Path("../shared/data/network/bdtopo_v2_olemps_12174/ROUTE.shp")
APART_M = 20_000.0


def tiled(roads: gpd.GeoDataFrame, tiles: int) -> gpd.GeoDataFrame:
    """The roads so many times, each time elsewhere and under other names."""
    parts = []
    for tile in range(tiles):
        moved = roads.geometry.translate(APART_M * (tile % 10), APART_M * (tile // 10))
        names = roads["numero"].str.replace(r"(\d+)", rf"\g<1>T{tile}", n=1, regex=True)
        parts.append(roads.assign(numero=names).set_geometry(moved))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=roads.crs)


def measured(path: Path) -> tuple[float, int, float]:
    """Seconds, stretches and kilometres of one import."""
    start = time.perf_counter()
    done = import_network(path, Asked())
    taken_s = time.perf_counter() - start
    metres = sum(done.network.length_m(route) for route in done.network.routes())
    return taken_s, done.rows, metres / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tiles", type=int, default=100)
    tiles = parser.parse_args().tiles
    roads = gpd.read_file(SOURCE, encoding="utf-8")
    roads = roads[~roads["numero"].isin(["NC", "NR"])]
    each = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (max(tiles // 10, 1), tiles):
            path = Path(folder) / f"{count}.gpkg"
            tiled(roads, count).to_file(path)
            taken_s, rows, km = measured(path)
            each.append(taken_s / rows)
            print(f"{rows} stretches, {km:.0f} km of network: {taken_s:.1f} s")
    print(f"time of a stretch, {tiles} tiles against a tenth of them: {each[1] / each[0]:.2f}")


if __name__ == "__main__":
    main()
