"""What a survey folder hands to people and to other programs: report, GeoPackage, CSV."""
