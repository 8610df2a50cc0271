"""The tables of a survey folder, each declared once; all reading and writing goes through here.

NULL means "not surveyed" or "this sensor cannot see it"; 0 means "surveyed and absent".
Geometry is EPSG:2154. Importing this package loads neither pandas nor geopandas.
"""

from __future__ import annotations

from voirie.tables.checks import check_families, check_foreign_keys
from voirie.tables.declared import ATTRIBUTE_TABLES, TABLES
from voirie.tables.io import check_texts, conform, empty, read_table, write_table
from voirie.tables.kinds import CRS
from voirie.tables.schema import Column, ForeignKey, Table

__all__ = [
    "ATTRIBUTE_TABLES",
    "CRS",
    "TABLES",
    "Column",
    "ForeignKey",
    "Table",
    "check_families",
    "check_foreign_keys",
    "check_texts",
    "conform",
    "empty",
    "read_table",
    "write_table",
]
