"""The catalogue: price list of treatments and rating scheme, read alike by gis and planning."""
