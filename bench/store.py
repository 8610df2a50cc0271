"""Findings in a box out of a million, on each database, beside the barest SQL that answers it.

``python -m bench.store [--rows 1000000] [--only sqlite|postgis] [--asks 40]`` fills a store with
made findings and asks for pages of 1,000 with the number of all that match, for boxes of 0.2
degrees in places drawn from a seed. The floor is the same question in plain SQL on the driver's own
cursor, rows left as they come; both are asked in turn, in one process. PostgreSQL is that of
``VOIRIE_DATABASE_URL``, whose database must be empty.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import insert

from inspection.store.database import Store, open_store
from inspection.store.inside import Metres, page_inside
from inspection.store.load import put
from inspection.store.models import BOX, STORED, bodies, rows, surveys
from inspection.store.settings import StoreSettings
from voirie.tables.schema import Column

LIMIT = 1000
WEST, SOUTH, SIDE_M = 500_000.0, 6_200_000.0, 127_000.0
CORNER = np.array([WEST, SOUTH])
WIDE_M = 15_000.0
"""0.2 degrees of longitude in the south of France; 1.4 % of the square holds about 13,900."""
BATCH = 5000
TEXTS = {"code": "FAI", "family": "pavement", "route": "D108", "sens": "+", "origin": "machine"}


def filler(column: Column) -> object:
    """A value that a column may hold."""
    if column.name in TEXTS:
        return TEXTS[column.name]
    now = datetime(2026, 3, 17, tzinfo=UTC)
    kinds = {"text": "x", "int": 1, "float": 1.0, "bool": False, "time": now}
    return kinds.get(column.kind)


def fill(store: Store, count: int) -> float:
    """Put so many findings into a store; seconds that it took."""
    rng = np.random.default_rng(1)
    row = {column.name: filler(column) for column in STORED["findings"].columns}
    start = time.perf_counter()
    with store.writing() as connection:
        now = datetime.now(UTC)
        connection.execute(insert(bodies).values(body_no=1, name="made", added_at=now))
        texts = ("survey_id", "run_id", "campaign", "purpose", "controller", "legal_basis")
        texts += ("run_sheet", "certificate", "content_sha256")
        numbers = ("n_passes", "n_findings", "n_pictures")
        connection.execute(
            insert(surveys).values(
                survey_no=1,
                body_no=1,
                added_at=now,
                **dict.fromkeys(texts, "x"),
                **dict.fromkeys(numbers, 0),
            )
        )
        for first in range(0, count, BATCH):
            places = rng.uniform(0, SIDE_M, (min(BATCH, count - first), 2)) + CORNER
            shapes = shapely.to_wkb(shapely.points(places))
            part = [
                row
                | {"body_no": 1, "survey_no": 1, "finding_id": f"{first + k:036d}"}
                | {"geometry": shape}
                | dict(zip(BOX, (x, y, x, y), strict=True))
                for k, (shape, (x, y)) in enumerate(zip(shapes, places.tolist(), strict=True))
            ]
            put(connection, rows["findings"], part)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE findings")
            connection.commit()
    return time.perf_counter() - start


def floor(store: Store, box: Metres) -> int:
    """The same page and number in plain SQL."""
    bounds = (box.max_x, box.min_x, box.max_y, box.min_y)
    with store.engine.connect() as connection:
        cursor = connection.connection.cursor()
        if connection.dialect.name == "sqlite":
            near = (
                "SELECT row_no FROM findings_box "
                "WHERE min_x <= ? AND max_x >= ? AND min_y <= ? AND max_y >= ?"
            )
            (matched,) = cursor.execute(f"SELECT count(*) FROM ({near})", bounds).fetchone()
            page = f"SELECT * FROM findings WHERE row_no IN ({near}) ORDER BY row_no LIMIT {LIMIT}"
            cursor.execute(page, bounds).fetchall()
        else:
            envelope = (box.min_x, box.min_y, box.max_x, box.max_y)
            near = "FROM findings WHERE geometry && ST_MakeEnvelope(%s, %s, %s, %s, 2154)"
            cursor.execute(f"SELECT count(*) {near}", envelope)
            (matched,) = cursor.fetchone()
            cursor.execute(f"SELECT * {near} ORDER BY row_no LIMIT {LIMIT}", envelope)
            cursor.fetchall()
    return int(matched)


def ours(store: Store, box: Metres) -> int:
    """The page and number that the service gives out."""
    with store.reading() as connection:
        return page_inside(connection, "findings", 1, box, LIMIT).matched


def timed(ask: Callable[[Store, Metres], int], store: Store, box: Metres) -> tuple[float, int]:
    """Milliseconds, and what matched."""
    start = time.perf_counter()
    matched = ask(store, box)
    return (time.perf_counter() - start) * 1000, matched


def measure(name: str, settings: StoreSettings, count: int, asks: int) -> None:
    """Fill a store, ask it, print."""
    store = open_store(settings)
    took = fill(store, count)
    print(f"{name}: {count} findings in {took:.0f} s ({count / took:.0f} a second)", flush=True)
    rng = np.random.default_rng(2)
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    matches = []
    for corner in rng.uniform(0, SIDE_M - WIDE_M, (asks, 2)) + CORNER:
        box = Metres(*map(float, corner), *(float(end) + WIDE_M for end in corner))
        for which, ask in (("floor", floor), ("ours", ours)):
            ms, matched = timed(ask, store, box)
            times[which].append(ms)
        matches.append(matched)
    everywhere = Metres(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
    for which, values in times.items():
        p50, p95 = np.percentile(values, (50, 95))
        print(f"{name}: {which:5} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms of {asks} boxes")
    ms, matched = timed(ours, store, everywhere)
    print(f"{name}: about {int(np.median(matches))} match; everywhere {matched} in {ms:.0f} ms")
    store.close()


def main() -> None:
    """Measure the databases that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--only", choices=["sqlite", "postgis"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if asked.only != "postgis":
            file = StoreSettings(store=root / "sqlite", database_url=None)
            measure("sqlite", file, asked.rows, asked.asks)
        url = os.environ.get("VOIRIE_DATABASE_URL")
        if asked.only != "sqlite" and url:
            server = StoreSettings(store=root / "postgis", database_url=url)
            measure("postgis", server, asked.rows, asked.asks)


if __name__ == "__main__":
    main()
