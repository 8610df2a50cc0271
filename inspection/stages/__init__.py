"""The chain in eight modules, to be read one after the other: ingest to publish."""
