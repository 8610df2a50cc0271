"""A survey folder broken in every way: what reads it answers, or refuses in one line.

The attack comes by the command line, so that a traceback or a mistake of ours would show.
"""

from __future__ import annotations

import json
import pickle
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from anonymize import Certificate, certified_bytes
from api.dependencies import ServedSurvey
from tests.attacks.spoiling import (
    STRANGE,
    flipped_bytes,
    read_or_refused,
    seeds,
    spoiled,
    spoiled_bytes,
    trying,
    within_a_minute,
)
from tests.made_survey import build
from voirie.cli import main
from voirie.errors import VoirieError

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).resolve().parents[2] / "samples" / "drive" / "scenarios.toml"
READ = {
    "explain": ("sections", "extents", "section_notes"),
    "digest": ("findings", "sections", "section_notes", "works", "scenarios"),
    "serve": ("sections", "findings", "frames"),
    "plan": ("sections",),
}
CELLS = [value for value in STRANGE if not isinstance(value, list | dict)]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey that nobody has touched."""
    return build(tmp_path_factory.mktemp("right") / "survey")


@pytest.fixture
def own(right: Path, tmp_path: Path) -> Path:
    """A copy to be broken."""
    shutil.copytree(right, tmp_path / "survey")
    return tmp_path / "survey"


def asked(command: str, survey: Path) -> Callable[[], int]:
    """What a command does with a survey, as it is typed; serving stops before the door opens."""
    words = {
        "explain": ["explain", "section", "D108 PR 12+0260", "--survey", str(survey), "--json"],
        "digest": ["digest", str(survey)],
        "plan": [
            *("plan", str(survey / "tables" / "sections.parquet"), "--budgets", str(SCENARIOS)),
            *("--out", str(survey.parent / "plan")),
        ],
    }

    def serve() -> int:
        try:
            served = ServedSurvey.open(survey)
            for layer in served.layers.values():
                layer.features(layer.touching(None))
        except VoirieError as error:
            return error.exit_code
        return 0

    return serve if command == "serve" else lambda: main(words[command])


def answered(
    command: str, survey: Path, capsys: pytest.CaptureFixture[str], codes: tuple[int, ...]
) -> None:
    with within_a_minute():
        code = asked(command, survey)()
    told = capsys.readouterr().err
    assert code in codes, told
    assert "mistake of ours" not in told and "Traceback" not in told
    assert told.count("\n") <= 1, told


@pytest.mark.parametrize("command", READ)
def test_a_table_of_other_bytes_is_read_or_refused(
    command: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = own / "tables"
    whole = {name: (tables / f"{name}.parquet").read_bytes() for name in READ[command]}

    @trying(5)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        name = chance.choice(READ[command])
        (tables / f"{name}.parquet").write_bytes(flipped_bytes(whole[name], chance))
        try:
            answered(command, own, capsys, (0, 2, 3))
        finally:
            (tables / f"{name}.parquet").write_bytes(whole[name])

    tries()


@pytest.mark.parametrize("command", READ)
def test_a_table_of_other_cells_is_read_or_refused(
    command: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = own / "tables"
    whole = {name: (tables / f"{name}.parquet").read_bytes() for name in READ[command]}

    @trying(8)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        name = chance.choice(READ[command])
        path = tables / f"{name}.parquet"
        table = pq.read_table(path)
        for _ in range(chance.randint(1, 2)):
            table = other_cells(table, chance)
        pq.write_table(table, path)
        try:
            answered(command, own, capsys, (0, 2, 3))
        finally:
            path.write_bytes(whole[name])

    tries()


def other_cells(table: pa.Table, chance: random.Random) -> pa.Table:
    """A table with a column dropped, renamed, doubled, retyped or filled anew, or fewer rows."""
    at = chance.randrange(table.num_columns)
    name = table.column_names[at]
    how = chance.randrange(6)
    if how == 0:
        return table.remove_column(at)
    if how == 1:
        return table.append_column(chance.choice([name, "x", ""]), table.column(at))
    if how == 2:
        return table.slice(0, chance.randrange(3))
    if how == 3:
        return pa.concat_tables([table, table.slice(0, 1)])
    cells = table.column(at).to_pylist()
    value = chance.choice([*CELLS, b"\0\1", np.float32(3)])
    rows = range(len(cells)) if how == 4 else [chance.randrange(max(1, len(cells)))]
    for row in rows:
        if row < len(cells):
            cells[row] = value
    kind = table.schema.field(at).type
    for wanted in (kind, None):
        try:
            return table.set_column(at, name, pa.array(cells, wanted))
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            continue  # no column holds both
    return table.set_column(at, name, pa.array([str(cell) for cell in cells]))


def test_a_certificate_of_other_values_is_read_or_refused(own: Path) -> None:
    path = own / "certificate.json"
    data = path.read_bytes()
    kept = pickle.dumps(json.loads(data))
    (picture, *_) = sorted((own / "pictures").rglob("*.jpg"))

    def opened(_: Path) -> object:
        certificate = Certificate.read(own)
        certificate.verify()
        return certified_bytes(picture, certificate)

    @trying()
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            path.write_bytes(spoiled_bytes(data, chance))
        else:
            path.write_text(json.dumps(spoiled(pickle.loads(kept), chance)), "utf-8")
        read_or_refused(opened, path, "certificate.json")

    tries()


def test_a_run_sheet_of_other_values_is_no_mistake_of_ours(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own / "run.json"
    kept = pickle.dumps(json.loads(path.read_bytes()))
    words = ["run", str(SCENARIOS.with_name("survey.toml")), "--out", str(own), "--step", "1km"]
    frame = pd.read_parquet(own / "tables" / "sections.parquet")
    assert len(frame)

    @trying(10)
    @given(seeds)
    def tries(seed: int) -> None:
        path.write_text(json.dumps(spoiled(pickle.loads(kept), random.Random(seed))), "utf-8")
        assert main(words) == 2
        answered("digest", own, capsys, (0, 3))

    tries()
