"""Schemas of the database in their order, each with its way there and its way back.

A migration never reads today's models or `voirie.tables`: what it makes is written in it, or in a
file beside it, so that it makes the same for ever.
"""
