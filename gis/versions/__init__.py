"""Versions of a network: what became of its sections, and the identifiers that go on."""
