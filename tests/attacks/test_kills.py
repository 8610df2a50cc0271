"""A run that is killed, or whose machine loses its power, at any moment gives the same digest.

A quick run tries two moments of each kind; ``VOIRIE_KILLS=100`` tries as many. A run is held
(SIGSTOP) at moments drawn at random, and what a kill or a power cut would leave just then is
copied; each copy is then taken up. What a kill leaves is what the system shows; what a power cut
leaves is what has reached the disk: an ext4 file system in a file, whose bytes hold nothing that
was written and not synced yet.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from anonymize import Certificate
from inspection.commands.digest import digest_of
from inspection.context import RunContext, context_of
from inspection.options import Options, parse_step
from inspection.pipeline.runner import run
from tests.inspection.conftest import made_clip
from voirie.folder import open_survey
from voirie.partial import STATE, partial_of
from voirie.stages import Stage

pytestmark = pytest.mark.slow
MOMENTS = int(os.environ.get("VOIRIE_KILLS", "2"))
SECONDS = (8.0, 10.5)
STEP = "7m"
DISK = "disk"
HARSH = "loop,commit=300,data=writeback,noauto_da_alloc"
"""The system writes late and in any order that the program has not asked for."""


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_clip(tmp_path_factory.mktemp("in"), SECONDS).survey


@dataclass(frozen=True)
class Right:
    """What is asked for, what it gives undisturbed, and how long that takes.

    Moments are drawn from that length, so that every stage is hit, and from further runs where one
    ends before.
    """

    ctx: RunContext
    digest: dict[str, str]
    length_s: float


@pytest.fixture(scope="module")
def right(survey: Path, tmp_path_factory: pytest.TempPathFactory) -> Right:
    ctx = context_of(
        [survey],
        options=Options(step=parse_step(STEP)),
    )
    start = time.monotonic()
    whole = run(ctx, tmp_path_factory.mktemp("right") / "survey").folder
    return Right(ctx, digest_of(open_survey(whole)), time.monotonic() - start)


def command(survey: Path, target: Path) -> list[str]:
    words = ["run", str(survey), "--out", str(target), "--step", STEP]
    return [sys.executable, "-m", "voirie", *words]


@contextmanager
def at_work(survey: Path, target: Path) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own, that has begun to write."""
    started = subprocess.Popen(
        command(survey, target),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A parent that ignores Ctrl-C, as one in the background does, would hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert started.stderr is not None
    try:
        while not partial_of(target).is_dir() and started.poll() is None:
            with_timeout(started, 0.02)
        yield started
    finally:
        started.kill()
        started.wait()
        started.stderr.close()


def with_timeout(process: subprocess.Popen[str], seconds: float) -> bool:
    """Wait; whether the process has ended."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def moments(survey: Path, place: Path, number: int, length_s: float) -> Iterator[None]:
    """Hold a run at so many moments, while the caller looks at what it left so far."""
    chance = random.Random(number)
    left, round_ = number, 0
    while left:
        round_ += 1
        target = place / "survey"
        with at_work(survey, target) as process:
            while left and not with_timeout(process, chance.expovariate(left / length_s)):
                process.send_signal(signal.SIGSTOP)
                left -= 1
                yield
                process.send_signal(signal.SIGCONT)
        for folder in (target, partial_of(target)):
            shutil.rmtree(folder, ignore_errors=True)
        assert round_ <= number + 5, "the run ends before it is held"


def taken_up(place: Path, right: Right) -> None:
    """Run again where something was left, and compare."""
    target = place / "survey"
    done = [stage for stage in Stage if (partial_of(target) / STATE / f"{stage}.json").exists()]
    print(f"stopped after {done[-1] if done else 'nothing'}; taken up:", end=" ", flush=True)
    run(right.ctx, target)
    assert digest_of(open_survey(target)) == right.digest
    Certificate.read(target).verify()
    left = {path.name for path in place.iterdir()} - {"lost+found"}
    assert left == {"survey"}
    print("equal", flush=True)


def test_a_kill_at_any_moment_changes_no_digest(survey: Path, right: Right, tmp_path: Path) -> None:
    work, left = tmp_path / "work", tmp_path / "left"
    work.mkdir()
    for number, _ in enumerate(moments(survey, work, MOMENTS, right.length_s)):
        shutil.copytree(work, left / str(number))
    assert len(list(left.iterdir())) == MOMENTS
    for place in left.iterdir():
        taken_up(place, right)
        shutil.rmtree(place)


def mounted(image: Path, place: Path, options: str = "loop") -> None:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", options, str(image), str(place)], check=True)


def unmounted(place: Path) -> None:
    subprocess.run(["umount", str(place)], check=True)


def frozen(image: Path, copy: Path) -> None:
    """Copy what has reached a disk; once more where the system wrote to it meanwhile."""
    before = None
    while before != image.stat().st_mtime_ns:
        before = image.stat().st_mtime_ns
        subprocess.run(["cp", "--sparse=always", str(image), str(copy)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An image of a disk that is mounted as `DISK` beside it."""
    image, place = tmp_path / "image", tmp_path / DISK
    try:
        with image.open("wb") as file:
            file.truncate(64 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
        mounted(image, place, HARSH)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this test mounts a disk that is a file: root, loop devices, mkfs.ext4")
    yield image
    unmounted(place)


def test_a_disk_that_loses_its_power_loses_what_was_not_synced(disk: Path, tmp_path: Path) -> None:
    place, copy, after = tmp_path / DISK, tmp_path / "copy", tmp_path / "after"
    with (place / "synced").open("wb") as file:
        file.write(b"kept" * 1000)
        os.fsync(file.fileno())
    (place / "written").write_bytes(b"lost" * 1000)
    frozen(disk, copy)
    mounted(copy, after)
    try:
        assert (after / "synced").read_bytes() == b"kept" * 1000
        assert not (after / "written").exists()
    finally:
        unmounted(after)


def test_a_power_cut_at_any_moment_changes_no_digest(
    survey: Path, right: Right, disk: Path, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for number, _ in enumerate(moments(survey, tmp_path / DISK, MOMENTS, right.length_s)):
        frozen(disk, copies / str(number))
    after = tmp_path / "after"
    assert len(list(copies.iterdir())) == MOMENTS
    for copy in copies.iterdir():
        mounted(copy, after)
        try:
            taken_up(after, right)
        finally:
            unmounted(after)
        copy.unlink()


SIGNALS = {
    signal.SIGINT: 130,
    signal.SIGTERM: -signal.SIGTERM,
    signal.SIGHUP: -signal.SIGHUP,
    signal.SIGPIPE: None,
}
"""Exit codes; None where the run goes on."""


@pytest.mark.parametrize("sent", list(SIGNALS) if MOMENTS > 2 else [signal.SIGINT])
def test_a_signal_ends_a_run_without_a_trace_of_the_program_and_it_goes_on(
    sent: signal.Signals, survey: Path, right: Right, tmp_path: Path
) -> None:
    with at_work(survey, tmp_path / "survey") as process:
        process.send_signal(sent)
        _, said = process.communicate()
        code = process.returncode
    assert code == (SIGNALS[sent] or 0)
    assert "Traceback" not in said and "mistake of ours" not in said
    if sent is signal.SIGINT:
        assert "run the same command again" in said
    taken_up(tmp_path, right)
