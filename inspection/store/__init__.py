"""The store: every survey of every body in one database, with its sealed pictures.

SQLite with an R*Tree by default, PostgreSQL with PostGIS by ``VOIRIE_DATABASE_URL``; the models are
the same. Survey folders come in whole, by `inspection.store.ingest`, or not at all.
"""
