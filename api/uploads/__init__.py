"""Uploads from the road: tus 1.0 into an inbox where nothing lies readable."""
