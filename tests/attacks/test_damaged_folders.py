"""Unfinished work that was damaged: the right result, or a new start; never a wrong one.

A quick run tries a few kinds of damage; ``VOIRIE_DAMAGES=all`` tries them all, in minutes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from anonymize import Certificate
from inspection.commands.digest import digest_of
from inspection.context import RunContext, context_of
from inspection.options import Options, parse_step
from inspection.pipeline.runner import run
from inspection.stages import ingest
from tests.inspection.conftest import made_clip
from voirie.folder import SurveyFolder, begin, open_survey
from voirie.partial import MARK, STATE, partial_of
from voirie.stages import Stage, StageEvent
from voirie.tables import read_table, write_table

pytestmark = pytest.mark.slow
SECONDS = (8.0, 10.5)
Damage = Callable[[Path], None]
"""Does it to a folder."""
OTHER = "other"
"""Name of a folder beside it, which is work with another step; for the kinds that say so."""


def asked(survey: Path, step: str) -> RunContext:
    """A run of the clip; weights and inputs are read once for all its tries."""
    return context_of(
        [survey],
        options=Options(step=parse_step(step), experimental=True),
    )


def stopped(ctx: RunContext, target: Path, stage: Stage, done: int) -> Path:
    """The partial folder of a run that was stopped in a stage."""

    def stop(event: StageEvent) -> None:
        if event.stage is stage and event.done >= done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(replace(ctx, listener=stop), target)
    return partial_of(target)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_clip(tmp_path_factory.mktemp("in"), SECONDS).survey


@pytest.fixture(scope="module")
def ctx(survey: Path) -> RunContext:
    return asked(survey, "7m")


@pytest.fixture(scope="module")
def work(ctx: RunContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work that was stopped before its last stage: its tables are those of an undisturbed run."""
    return stopped(ctx, tmp_path_factory.mktemp("work") / "survey", Stage.PUBLISH, 0)


@pytest.fixture(scope="module")
def sealing(ctx: RunContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work that was stopped after its second picture."""
    return stopped(ctx, tmp_path_factory.mktemp("sealing") / "survey", Stage.INGEST, 2)


@pytest.fixture(scope="module")
def other(survey: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work with another step."""
    target = tmp_path_factory.mktemp("other") / "survey"
    return stopped(asked(survey, "9m"), target, Stage.PUBLISH, 0)


def gone(*names: str) -> Damage:
    def damage(partial: Path) -> None:
        for name in names:
            (path,) = partial.glob(name)
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def holds(name: str, data: bytes) -> Damage:
    """A file, or a folder, is a file with these bytes."""

    def damage(partial: Path) -> None:
        (path,) = partial.glob(name)
        gone(name)(partial)
        path.write_bytes(data)

    return damage


def cut(name: str) -> Damage:
    def damage(partial: Path) -> None:
        (path,) = partial.glob(name)
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[: len(data) // 2])

    return damage


def foreign(*names: str) -> Damage:
    """Files of a run with another option."""

    def damage(partial: Path) -> None:
        for name in names:
            gone(name)(partial)
            shutil.copy(partial.parent / OTHER / name, partial / name)

    return damage


def strange_state(partial: Path) -> None:
    shutil.rmtree(partial / STATE)
    shutil.copytree(partial.parent / OTHER / STATE, partial / STATE)


def one_row_less(table: str) -> Damage:
    """A table that is another than when its record was written, and can be read."""

    def damage(partial: Path) -> None:
        rows = read_table(table, partial / "tables")
        write_table(table, rows.iloc[:-1], partial / "tables")

    return damage


def swapped_records(partial: Path) -> None:
    ingest, place = (partial / STATE / f"{name}.json" for name in ("ingest", "place"))
    kept = ingest.read_bytes()
    ingest.write_bytes(place.read_bytes())
    place.write_bytes(kept)


def swapped_pictures(partial: Path) -> None:
    first, second, *_ = sorted(partial.glob("pictures/*/*.jpg"))
    kept = first.read_bytes()
    first.unlink()
    first.write_bytes(second.read_bytes())
    second.unlink()
    second.write_bytes(kept)


def stray_picture(partial: Path) -> None:
    (partial / "pictures" / "stray.jpg").write_bytes(b"nobody certified this")


def another_value(partial: Path) -> None:
    """A line of the journal of a pass in which one figure is another, and is JSON all the same."""
    gone("tables/captures.parquet")(partial)
    (path,) = (partial / STATE).glob("ingest-*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"width_px": 1', b'"width_px": 2', 1))


def lines_of_another_pass(partial: Path) -> None:
    gone("tables/captures.parquet")(partial)
    (path,), (strange,) = (
        (at / STATE).glob("ingest-*.jsonl") for at in (partial, partial.with_name(OTHER))
    )
    path.write_bytes(strange.read_bytes())


def both(*damages: Damage) -> Damage:
    def damage(partial: Path) -> None:
        for each in damages:
            each(partial)

    return damage


RUBBISH = b"\xff\x00{ rubbish"
KINDS: dict[str, Damage] = {
    "state gone": gone(STATE),
    "state a file": holds(STATE, b""),
    "state of another option": strange_state,
    "mark in the state gone": gone(f"{STATE}/{MARK}"),
    "mark in the state rubbish": holds(f"{STATE}/{MARK}", RUBBISH),
    "mark in the folder gone": gone(MARK),
    "mark in the folder rubbish": holds(MARK, RUBBISH),
    "records gone": gone(*(f"{STATE}/{s.value}.json" for s in Stage if s is not Stage.PUBLISH)),
    "record of ingest gone": gone(f"{STATE}/ingest.json"),
    "record of place empty": holds(f"{STATE}/place.json", b""),
    "record of detect cut": cut(f"{STATE}/detect.json"),
    "record of score rubbish": holds(f"{STATE}/score.json", RUBBISH),
    "record of another option": foreign(f"{STATE}/place.json"),
    "records swapped": swapped_records,
    "record and table of another option": foreign(
        f"{STATE}/locate.json", "tables/placements.parquet"
    ),
    "run identity rubbish": holds(f"{STATE}/run.json", RUBBISH),
    "captures gone": gone("tables/captures.parquet"),
    "frames cut": cut("tables/frames.parquet"),
    "track empty": holds("tables/track.parquet", b""),
    "detections rubbish": holds("tables/detections.parquet", RUBBISH),
    "detections of another option": foreign("tables/detections.parquet"),
    "a row of sections lost": one_row_less("sections"),
    "a row of captures lost": one_row_less("captures"),
    "findings gone with their record": gone("tables/findings.parquet", f"{STATE}/fuse.json"),
    "record of fuse gone": gone(f"{STATE}/fuse.json"),
    "tables gone": gone("tables"),
    "tables a file": holds("tables", RUBBISH),
    "pictures gone": gone("pictures"),
    "pictures a file": holds("pictures", b""),
    "pictures swapped": swapped_pictures,
    "a picture nobody certified": stray_picture,
    "certificate gone": gone("certificate.json"),
    "certificate rubbish": holds("certificate.json", RUBBISH),
    "certificate of another option": foreign("certificate.json"),
    "certificate and table of another option": foreign(
        "certificate.json", "tables/certificate.parquet"
    ),
    "table of the certificate gone": gone("tables/certificate.parquet"),
    "sums gone": gone("pictures.sha256"),
    "journal of the pass cut": both(
        gone("tables/captures.parquet"), cut(f"{STATE}/ingest-*.jsonl")
    ),
    "journal of the pass gone": both(
        gone("tables/captures.parquet"), gone(f"{STATE}/ingest-*.jsonl")
    ),
    "journal of the pass altered": another_value,
    "journal of another pass": lines_of_another_pass,
    "run sheet rubbish": holds("run.json", RUBBISH),
    "kept rules a file": holds("inputs", RUBBISH),
    "description rubbish": holds("survey.toml", RUBBISH),
}
ALL = os.environ.get("VOIRIE_DAMAGES") == "all"
QUICK = ("state gone", "a row of captures lost", "certificate rubbish")


def damaged(work: Path, kind: Damage, request: pytest.FixtureRequest, place: Path) -> Path:
    """A target whose partial folder is a damaged copy of some work."""
    target = place / "survey"
    shutil.copytree(work, partial_of(target))
    if kind in OF_OTHERS:
        shutil.copytree(request.getfixturevalue(OTHER), place / OTHER)
    kind(partial_of(target))
    if kind in OF_OTHERS:
        shutil.rmtree(place / OTHER)
    return target


@pytest.mark.parametrize("kind", list(KINDS) if ALL else QUICK)
def test_damaged_work_gives_the_right_result(
    kind: str, work: Path, ctx: RunContext, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    target = damaged(work, KINDS[kind], request, tmp_path)
    assert run(ctx, target).exit_code == 0
    assert digest_of(open_survey(target)) == digest_of(SurveyFolder(work))
    Certificate.read(target).verify()
    assert [path.name for path in tmp_path.iterdir()] == ["survey"]
    assert run(ctx, target).unchanged


def of_another_run(partial: Path) -> None:
    """Every line is whole, and certifies pictures of other bytes."""
    text = (partial / "certificate.journal").read_bytes()
    gone("pictures/*")(partial)
    shutil.copytree(partial.parent / OTHER / "pictures", partial / "pictures", dirs_exist_ok=True)
    (partial / "certificate.journal").write_bytes(text)


def another_mask(partial: Path) -> None:
    path = partial / "certificate.journal"
    path.write_bytes(path.read_bytes().replace(b'"mask": [', b'"mask": [[0, 0, 9, 9], ', 1))


WHILE_SEALING: dict[str, Damage] = {
    "nothing": lambda partial: None,
    "certificate's journal gone": gone("certificate.journal"),
    "certificate's journal empty": holds("certificate.journal", b""),
    "certificate's journal cut": cut("certificate.journal"),
    "certificate's journal rubbish": holds("certificate.journal", RUBBISH),
    "certificate's journal altered": another_mask,
    "pictures of another run": of_another_run,
    "pass's journal gone": gone(f"{STATE}/ingest-*.jsonl"),
    "pass's journal cut": cut(f"{STATE}/ingest-*.jsonl"),
    "pictures swapped": swapped_pictures,
    "a picture nobody certified": stray_picture,
}


@pytest.mark.parametrize("kind", list(WHILE_SEALING) if ALL else ["certificate's journal altered"])
def test_damaged_pictures_in_work_are_sealed_again(
    kind: str,
    work: Path,
    sealing: Path,
    ctx: RunContext,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    folder = begin(damaged(sealing, WHILE_SEALING[kind], request, tmp_path))
    ingest.run(folder, ctx)
    for table in ("captures", "certificate"):
        sealed, right = (read_table(table, at / "tables") for at in (folder.root, work))
        pd.testing.assert_frame_equal(sealed, right)
    Certificate.read(folder.root).verify()


LOST: dict[str, Damage] = {
    "works": gone("tables/works.parquet"),
    "a picture": lambda whole: next(whole.glob("pictures/*/*.jpg")).unlink(),
    "an altered report": holds("report.html", b"nothing"),
    "a cut table": cut("tables/findings.parquet"),
    "the kept scheme": gone("inputs/scheme.yaml"),
    "the certificate": gone("certificate.json"),
}


@pytest.mark.parametrize("kind", list(LOST) if ALL else ["works"])
def test_what_a_whole_folder_has_lost_is_made_again(
    kind: str, work: Path, ctx: RunContext, tmp_path: Path
) -> None:
    target = tmp_path / "survey"
    shutil.copytree(work, partial_of(target))
    run(ctx, target)
    LOST[kind](target)
    assert not run(ctx, target).unchanged
    assert digest_of(open_survey(target)) == digest_of(SurveyFolder(work))
    Certificate.read(target).verify()
    assert run(ctx, target).unchanged


OF_OTHERS = {
    *(KINDS[kind] for kind in KINDS if "another option" in kind),
    lines_of_another_pass,
    of_another_run,
}
