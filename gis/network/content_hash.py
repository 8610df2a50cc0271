"""The version of a network: a hash of what it holds."""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def version_of(axes: gpd.GeoDataFrame, pr: gpd.GeoDataFrame) -> str:
    """Hash of axes and PR; geometry to the millimetre, so that a rewritten file is the same.

    Parameters
    ----------
    axes, pr
        As `gis.network.axes.normalise_axes`, turned, and `normalise_pr` give them.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for layer in (axes, pr):
        digest.update(pd.DataFrame(layer.drop(columns="geometry")).to_csv(index=False).encode())
        shape = shapely.set_precision(layer.geometry.to_numpy(), 0.0, mode="pointwise")
        xy, row = shapely.get_coordinates(shape, return_index=True)
        digest.update(np.round(xy * 1000.0).astype("<i8").tobytes() + row.astype("<i8").tobytes())
    return digest.hexdigest()[:16]
