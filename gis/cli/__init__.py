"""Commands of gis: a track laid on a network, and a network made of a file of roads."""
