"""Measuring the networks."""
