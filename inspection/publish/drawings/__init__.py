"""Drawings in SVG: charts, map, strip diagram."""
