"""Files for other programs: GeoPackage with QGIS styles, rows of the M3 format."""

from gis.exports.geopackage import write_gpkg
from gis.exports.m3 import M3Campaign, m3_rows

__all__ = ["M3Campaign", "m3_rows", "write_gpkg"]
