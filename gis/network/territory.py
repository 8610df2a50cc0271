"""Where roads can be surveyed: Lambert-93 is a measure of length in metropolitan France alone."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from pyproj import Transformer

from voirie.errors import NetworkUnusable
from voirie.tables import CRS

FRANCE_M = (0.0, 6_000_000.0, 1_400_000.0, 7_200_000.0)
"""Metropolitan France and its edges in Lambert-93: west, south, east, north."""

OVERSEAS: dict[str, tuple[float, float, float, float]] = {
    "Guadeloupe (971, EPSG:5490)": (-62.0, 15.7, -60.9, 16.6),
    "Martinique (972, EPSG:5490)": (-61.4, 14.3, -60.7, 15.0),
    "Guyane (973, EPSG:2972)": (-55.0, 2.0, -51.0, 6.0),
    "La Réunion (974, EPSG:2975)": (55.1, -21.5, 55.9, -20.8),
    "Mayotte (976, EPSG:4471)": (44.9, -13.1, 45.4, -12.5),
}
"""Departments overseas with their own reference system: west, south, east, north in degrees."""


def refuse_elsewhere(bounds_m: Iterable[float], path: str | PathLike[str] | None = None) -> None:
    """Refuse roads on which Lambert-93 is no measure of length.

    Parameters
    ----------
    bounds_m
        West, south, east and north of the roads in Lambert-93.
    path
        File named in the error.

    Raises
    ------
    NetworkUnusable
        Where one road lies outside metropolitan France; a department overseas is named.

    Examples
    --------
    >>> refuse_elsewhere((560_000.0, 6_250_000.0, 570_000.0, 6_260_000.0))
    """
    west, south, east, north = (float(edge) for edge in bounds_m)
    low_x, low_y, high_x, high_y = FRANCE_M
    if low_x <= west and low_y <= south and east <= high_x and north <= high_y:
        return
    back = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    lon, lat = back.transform((west + east) / 2, (south + north) / 2)
    for name, (a, b, c, d) in OVERSEAS.items():
        if a <= lon <= c and b <= lat <= d:
            raise NetworkUnusable(
                f"its roads lie in {name}; only metropolitan France can be surveyed yet", path,
                "lengths and areas are measured in Lambert-93, which is none of this place",
            )  # fmt: skip
    raise NetworkUnusable(
        "it has roads outside metropolitan France, or its reference system is not the true one",
        path,
        "declare its true reference system; roads overseas cannot be surveyed yet",
    )
