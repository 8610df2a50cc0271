"""Stage `ingest`: read, choose, anonymise, store. The only stage that sees raw pixels."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import pandas as pd

from anonymize import Sealer
from anonymize.certificate_writer import CertificateWriter
from anonymize.finders import Thresholds
from anonymize.orientation import WHOLE
from inspection.camera.roll import TOLD_DEG, lean_of, upright_lines
from inspection.camera.vanishing_point import Vanishing, vanishing_point
from inspection.capture.frame_source import FrameRequest, Source, open_source
from inspection.capture.ground_scale import GroundScale
from inspection.capture.image_quality import Quality, quality_of
from inspection.capture.journal import FrameRecord, PassJournal
from inspection.capture.mounting import expected_pose, with_mounting
from inspection.capture.pass_clock import (
    MotionWatch,
    PassClock,
    clock_of,
    on_found_clock,
    scale_of,
)
from inspection.context import PassSetup, RunContext, fingerprint
from voirie.arrays import Floats, Pixels
from voirie.errors import EmptyInput, FrameNotSealed
from voirie.folder import SurveyFolder
from voirie.media import RawFrame
from voirie.media.video import Window
from voirie.messages import Message, message
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty

HORIZON_FROM = 40
"""Pictures that show where the horizon is before the film is decoded, for the clock alone."""
HORIZON_EVERY = 3
"""Edges are costly to find, and a pass has one mounting: every third picture votes."""
INNER = ("decode", "choose", "orient", "blur", "encode")
PRIVACY_ROLES = ("gate", "plates", "face")
NO_QUALITY: dict[str, object] = {name.name: None for name in fields(Quality)}
COLUMNS = (
    "frame_id", "pass_id", "source_name", "pts_s", "captured_at", "distance_m",
    "width_px", "height_px", *NO_QUALITY, "picture_id", "reason",
)  # fmt: skip


def depends(ctx: RunContext) -> list[object]:
    """The passes, the spacing, how people and plates are destroyed, and the names of the files.

    These names stand in the tables and in the certificate; the journal of a pass, by which a
    stopped run goes on, does without them.
    """
    names = [[path.name for path in plan.sources()] for plan in ctx.passes]
    return [[_depends_of(plan, ctx) for plan in ctx.passes], names]


def _depends_of(plan: PassSetup, ctx: RunContext) -> list[object]:
    """What the pictures of one pass, and what is measured on them, depend on."""
    entries = ctx.resources.models.entries
    return [
        plan.pass_id,
        plan.kind,
        plan.vehicle.model_dump_json() if plan.vehicle else "",
        str(ctx.options.step),
        ctx.options.people,
        ctx.options.neighbours,
        asdict(Thresholds()),
        [
            (entries[role].sha256, sorted(entries[role].thresholds.items()), entries[role].classes)
            for role in PRIVACY_ROLES
            if role in entries
        ],
    ]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Seal the chosen pictures of every pass; writes `captures`, `clocks` and the certificate.

    A picture that is in the journal is not sealed again, so that a stopped run goes on where it
    was. A picture that this run does not certify, left by a run with other settings, is removed
    before anything else and once more at the end.

    Raises
    ------
    AnonymiserUnfit
        When the anonymiser is missing, altered or failing: nothing goes out.
    NoOverlap
        When a track and its film have no moment in common.
    PicturesTurned
        When the pictures of a film clearly lie on their side or upside down.
    """
    start = time.perf_counter()
    sources = [open_source(plan, ctx.options.step, ctx.resources) for plan in ctx.passes]
    chosen_s = time.perf_counter() - start
    with opened_session(folder, ctx, sum(len(source.wanted) for source in sources)) as session:
        session.spent_s["choose"] = chosen_s
        for plan, source in zip(ctx.passes, sources, strict=True):
            session.refuse_turned(plan, source)
        frames = [
            session.ingest(plan, source) for plan, source in zip(ctx.passes, sources, strict=True)
        ]
        together = pd.concat(frames, ignore_index=True)
        clocks = pd.DataFrame(session.clocks)
        session.certify(together["picture_id"].dropna().tolist())
    folder.write("captures", together if len(together) else empty("captures"))
    folder.write("clocks", clocks if len(clocks) else empty("clocks"))
    if not together["picture_id"].notna().any():
        raise EmptyInput(
            "no picture of it could be kept", ctx.passes[0].given.inputs[0], "check track and clock"
        )
    _fill_report(session, together, sources)
    return session.report


@dataclass(slots=True)
class IngestSession:
    """What sealing needs, and what it counts."""

    folder: SurveyFolder
    ctx: RunContext
    sealer: Sealer
    certificate: CertificateWriter
    total: int
    report: StageReport = field(default_factory=lambda: StageReport(Stage.INGEST))
    done: int = 0
    spent_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(INNER, 0.0))
    clocks: list[dict[str, object]] = field(default_factory=list)
    points: dict[str, list[Vanishing]] = field(default_factory=dict)

    @contextmanager
    def clock(self, step: str) -> Iterator[None]:
        """Add the time of the block to an inner step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent_s[step] += time.perf_counter() - start

    def drop(self, reason: str, number: int) -> None:
        """Count pictures that go no further."""
        if number:
            self.report.dropped[reason] = self.report.dropped.get(reason, 0) + number

    def refuse_turned(self, plan: PassSetup, source: Source) -> None:
        """Refuse a film that lies on its side or upside down; tell of a camera that leans.

        Where the edges of the road meet is noted in passing: the clock is found from the road.
        """
        lines: list[Floats] = []
        points = self.points.setdefault(plan.pass_id, [])

        def looked_at(frames: Iterator[RawFrame]) -> Iterator[Pixels]:
            for frame in frames:
                lines.append(upright_lines(frame.pixels))
                point = vanishing_point(frame.pixels) if len(points) < HORIZON_FROM else None
                points.extend([point] if point else [])
                yield frame.pixels

        with self.clock("orient"):
            for path, stretch, frames in source.samples():
                pictures = looked_at(frames)
                self.sealer.refuse_turned(pictures, path, stretch)
                if stretch == WHOLE:
                    for _ in pictures:  # the lean is worth all of them
                        pass
            lean_deg = lean_of(lines)
        if lean_deg is not None and abs(lean_deg) > TOLD_DEG:
            self.report.warnings.append(_leaning(plan, lean_deg))

    def ingest(self, plan: PassSetup, source: Source) -> pd.DataFrame:
        """Seal one pass and return its rows of `captures`, in order."""
        (self.folder.pictures / plan.pass_id).mkdir(parents=True, exist_ok=True)
        with PassJournal(self._journal_of(plan)) as journal:
            pending = [item for item in source.wanted if not self._is_done(plan, item, journal)]
            self.done += len(source.wanted) - len(pending)
            levels = {item.frame_id for item in source.wanted[::HORIZON_EVERY]}
            watch = self._watch(plan, source)
            for item, window in self._decoded(source, pending, watch):
                if window is None:
                    journal.add(FrameRecord(item.frame_id, reason="not decodable"))
                else:
                    level = item.frame_id in levels
                    journal.add(self._seal(plan, item, window, level=level))
                self.done += 1
                event = StageEvent(Stage.INGEST, self.done, self.total, plan.name)
                self.ctx.listener(event)
            known = [
                journal.get(item.frame_id) or FrameRecord(item.frame_id, reason="not decodable")
                for item in source.wanted
            ]
        for reason in ("not decodable", "not sealed"):
            self.drop(reason, sum((entry.reason or "").startswith(reason) for entry in known))
        rows = [_row(plan, item, entry) for item, entry in zip(source.wanted, known, strict=True)]
        frames, scale = pd.DataFrame(rows, columns=list(COLUMNS)), None
        if source.track is not None:
            frames, scale = self._set_clock(plan, source, watch, frames)
        return with_mounting(frames, known, plan, scale)

    def _watch(self, plan: PassSetup, source: Source) -> MotionWatch | None:
        """Who looks at the films of a pass for its clock; nobody where film and track are one."""
        if source.track is None or plan.track in plan.given.inputs:
            return None
        name = self._journal_of(plan).with_suffix("").name.replace("ingest-", "motion-", 1)
        return MotionWatch(
            plan, source, self.points.get(plan.pass_id, []), self.folder.state / name
        )

    def _set_clock(
        self, plan: PassSetup, source: Source, watch: MotionWatch | None, frames: pd.DataFrame
    ) -> tuple[pd.DataFrame, GroundScale | None]:
        """Find the clock of a pass, give its pictures their distances by it, and the camera."""
        clock, scale = PassClock.of(plan, None), None
        if watch is not None:
            with self.clock("choose"):
                motion = watch.motion()
                clock = clock_of(plan, source, motion)
                scale = scale_of(source, motion, clock)
        self.clocks.append(clock.row(plan))
        self.report.warnings += clock.told(plan)
        return on_found_clock(frames, source, clock), scale

    def certify(self, picture_ids: list[str]) -> None:
        """Name these pictures in the certificate; there is no other in the folder then."""
        self.certificate.failed = self.report.dropped.get("not sealed", 0)
        self.certificate.keep(f"pictures/{picture_id}.jpg" for picture_id in picture_ids)
        self.certificate.finish()
        self.certificate.remove_uncertified()

    def _journal_of(self, plan: PassSetup) -> Path:
        """Where the records of a pass are kept; other settings are other work."""
        settings = fingerprint(_depends_of(plan, self.ctx))[:12]
        return self.folder.state / f"ingest-{plan.pass_id}-{settings}.jsonl"

    def _is_done(self, plan: PassSetup, item: FrameRequest, journal: PassJournal) -> bool:
        known = journal.get(item.frame_id)
        if known is None:
            return False
        return known.reason is not None or self.certificate.has(_file(plan, item))

    def _decoded(
        self, source: Source, pending: list[FrameRequest], watch: MotionWatch | None
    ) -> Iterator[tuple[FrameRequest, Window | None]]:
        watchers = None if watch is None else watch.watchers
        windows = source.windows(pending, self.ctx.options.neighbours, watchers)
        while True:
            with self.clock("decode"):
                found = next(windows, None)
            if found is None:
                return
            yield found

    def _seal(
        self, plan: PassSetup, item: FrameRequest, window: Window, *, level: bool
    ) -> FrameRecord:
        """Seal, store and measure one picture."""
        height, width = window.frame.pixels.shape[:2]
        try:
            with self.clock("blur"):
                safe = self.sealer.seal(window.frame, window.before, window.after)
        except FrameNotSealed as error:
            return FrameRecord(item.frame_id, width, height, f"not sealed: {error.message}")
        with self.clock("encode"):
            self.certificate.store(safe, _file(plan, item))
            quality = quality_of(safe, expected_pose(plan, width, height))
        with self.clock("choose"):
            point = vanishing_point(safe.pixels) if level else None
        seen = None if point is None else (round(point.u_px, 2), round(point.v_px, 2), point.votes)
        return FrameRecord(item.frame_id, width, height, None, quality, seen)


def _leaning(plan: PassSetup, lean_deg: float) -> Message:
    """What is said of a camera that leans in its holder."""
    return message(
        "the pictures of pass {name} lean by {degrees} degrees: what was found lies beside its "
        "place, set the camera level",
        name=plan.name,
        degrees=round(abs(lean_deg)),
    )


@contextmanager
def opened_session(folder: SurveyFolder, ctx: RunContext, total: int) -> Iterator[IngestSession]:
    """An anonymiser and a certificate for so many pictures; both journals outlive a stop."""
    sealer = Sealer(ctx.resources.models, ctx.options.people, expected_frames=total)
    certificate = CertificateWriter(folder.root, sealer.settings)
    try:
        certificate.remove_uncertified()
        yield IngestSession(folder, ctx, sealer, certificate, total)
    finally:
        certificate.close()


def _file(plan: PassSetup, item: FrameRequest) -> str:
    """Path of a picture inside the survey folder."""
    return f"pictures/{plan.pass_id}/{item.frame_id}.jpg"


def _row(plan: PassSetup, item: FrameRequest, known: FrameRecord) -> dict[str, object]:
    return {
        "frame_id": item.frame_id,
        "pass_id": plan.pass_id,
        "source_name": item.file.name,
        "pts_s": round(item.pts_s, 6),
        "captured_at": item.captured_at,
        "distance_m": item.distance_m,
        "width_px": known.width_px,
        "height_px": known.height_px,
        **(NO_QUALITY if known.quality is None else asdict(known.quality)),
        "picture_id": f"{plan.pass_id}/{item.frame_id}" if known.reason is None else None,
        "reason": known.reason,
    }


def _fill_report(session: IngestSession, frames: pd.DataFrame, sources: list[Source]) -> None:
    report = session.report
    stored = sum(path.stat().st_size for path in session.folder.pictures.rglob("*.jpg"))
    km = sum(source.length_m for source in sources) / 1000
    report.items_in, report.items_out = session.total, int(frames["picture_id"].notna().sum())
    report.inner_s = session.spent_s
    report.warnings += [what for source in sources for what in source.shortcomings()]
    report.facts = {
        "bytes_in": sum(path.stat().st_size for path in session.ctx.inputs()),
        "bytes_kept": stored,
        "bytes_a_km": round(stored / km) if km else None,
        "in_part": any(source.is_cut_off for source in sources) or bool(report.dropped),
        **_fixes(sources),
    }


def _fixes(sources: list[Source]) -> dict[str, int]:
    """Fixes of the tracks that were used, and those left out by reason."""
    tracks = [source.track.track for source in sources if source.track is not None]
    left_out: Counter[str] = Counter()
    for track in tracks:
        left_out.update({reason: number for reason, number in track.dropped.items() if number})
    used = {"fixes": sum(len(track) for track in tracks)} if tracks else {}
    return used | {f"fixes_{reason}": number for reason, number in sorted(left_out.items())}
