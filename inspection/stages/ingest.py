"""Stage `ingest`: read, choose, anonymise, store. The only stage that sees raw pixels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from anonymize import Sealer
from anonymize.certificate import CertificateWriter
from inspection.camera.model import pose_of
from inspection.camera.vanishing_point import Vanishing, mounting_of, vanishing_point
from inspection.capture.frame_source import FrameRequest, Source, open_source
from inspection.capture.image_quality import quality_of
from inspection.capture.journal import Journal
from inspection.context import PassPlan, RunContext
from voirie.errors import EmptyInput, FrameNotSealed
from voirie.folder import SurveyFolder
from voirie.media.video import Window
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty

ASSUMED_PITCH_DEG = 2.0
"""Where neither the vehicle's file nor the markings tell the pitch."""
HORIZON_EVERY = 3
PRIVACY_ROLES = ("gate", "plates", "face")


def depends(ctx: RunContext) -> list[object]:
    """The passes, the spacing, and how people and plates are destroyed."""
    entries = ctx.resources.models.entries
    return [
        [[p.pass_id, p.kind, p.vehicle.model_dump_json() if p.vehicle else ""] for p in ctx.passes],
        str(ctx.options.step),
        ctx.options.people,
        ctx.options.neighbours,
        [entries[role].sha256 for role in PRIVACY_ROLES if role in entries],
    ]


@dataclass(slots=True)
class IngestSession:
    """What sealing needs, and what it counts."""

    folder: SurveyFolder
    ctx: RunContext
    sealer: Sealer
    certificate: CertificateWriter
    report: StageReport
    total: int
    done: int = 0
    spent_s: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("decode", "choose", "blur", "encode"), 0.0)
    )

    @contextmanager
    def clock(self, step: str) -> Iterator[None]:
        """Add the time of the block to an inner step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent_s[step] += time.perf_counter() - start

    def drop(self, reason: str, number: int = 1) -> None:
        """Count pictures that go no further."""
        if number:
            self.report.dropped[reason] = self.report.dropped.get(reason, 0) + number


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Seal the chosen pictures of every pass; writes `passes`, `frames` and the certificate.

    A picture that is in the journal is not sealed again, so that a stopped run goes on where it
    was.

    Raises
    ------
    AnonymiserUnfit
        When the anonymiser is missing, altered or failing: nothing goes out.
    NoOverlap
        When a track and its film have no moment in common.
    """
    report = StageReport(Stage.INGEST)
    start = time.perf_counter()
    sources = [open_source(plan, ctx.options.step, ctx.resources) for plan in ctx.passes]
    chosen_s = time.perf_counter() - start
    total = sum(len(source.wanted) for source in sources)
    sealer = Sealer(ctx.resources.models, ctx.options.people, expected_frames=total)
    desk = IngestSession(
        folder,
        ctx,
        sealer,
        CertificateWriter(folder.root, sealer.passport),
        report,
        total=total,
    )
    desk.spent_s["choose"] = chosen_s
    try:
        frames = [_ingest(p, source, desk) for p, source in zip(ctx.passes, sources, strict=True)]
    except BaseException:
        # The journal stays for the next try.
        desk.certificate.close()
        raise
    passes = [
        _pass_row(ctx, plan, source, rows)
        for plan, source, rows in zip(ctx.passes, sources, frames, strict=True)
    ]
    desk.certificate.failed = report.dropped.get("not sealed", 0)
    desk.certificate.keep(
        f"pictures/{picture}.jpg" for f in frames for picture in f["picture_id"].dropna()
    )
    desk.certificate.finish()
    folder.write("passes", pd.DataFrame(passes))
    together = pd.concat(frames, ignore_index=True)
    folder.write("frames", together if len(together) else empty("frames"))
    if not together["picture_id"].notna().any():
        raise EmptyInput(
            "no picture of it could be kept", ctx.passes[0].given.inputs[0], "check track and clock"
        )
    _fill_report(desk, together, passes, cut=any(source.lost for source in sources))
    return report


def _fill_report(
    desk: IngestSession, frames: pd.DataFrame, passes: list[dict[str, Any]], *, cut: bool
) -> None:
    report = desk.report
    stored = sum(p.stat().st_size for p in desk.folder.pictures.rglob("*.jpg"))
    km = sum(float(row["length_m"]) for row in passes) / 1000
    report.items_in, report.items_out = desk.total, int(frames["picture_id"].notna().sum())
    report.inner_s = desk.spent_s
    report.facts = {
        "bytes_in": sum(path.stat().st_size for path in desk.ctx.inputs()),
        "bytes_kept": stored,
        "bytes_a_km": round(stored / km) if km else None,
        "in_part": cut or bool(report.dropped),
    }
    if cut:
        report.warnings.append("a film is cut off: what could be decoded was used")


def _ingest(plan: PassPlan, source: Source, desk: IngestSession) -> pd.DataFrame:
    """Seal one pass and return its rows of `frames`, in order."""
    (desk.folder.pictures / plan.pass_id).mkdir(exist_ok=True)
    journal = Journal(desk.folder.state / f"ingest-{plan.pass_id}.jsonl")
    pending = [
        item
        for item in source.wanted
        if item.frame_id not in journal.entries
        or (
            journal.entries[item.frame_id]["reason"] is None
            and not desk.certificate.has(_file(plan, item))
        )
    ]
    desk.done += len(source.wanted) - len(pending)
    # Edges are costly to find, and a pass has one mounting: every third picture votes.
    levels = {item.frame_id for item in source.wanted[::HORIZON_EVERY]} if plan.vehicle else set()
    windows = source.windows(pending, desk.ctx.options.neighbours)
    while True:
        with desk.clock("decode"):
            found = next(windows, None)
        if found is None:
            break
        item, window = found
        journal.add(_seal(plan, item, window, desk, item.frame_id in levels))
        desk.done += 1
        desk.ctx.listener(StageEvent(Stage.INGEST, desk.done, desk.total, plan.name))
    known = [journal.entries.get(item.frame_id) for item in source.wanted]
    desk.drop("not decodable", sum(entry is None for entry in known))
    desk.drop(
        "not sealed", sum(entry is not None and entry["reason"] is not None for entry in known)
    )
    rows = [_row(plan, item, entry) for item, entry in zip(source.wanted, known, strict=True)]
    frames = pd.DataFrame(rows, columns=list(_row_columns()))
    return _with_mounting(frames, [e for e in known if e is not None], plan)


def _seal(
    plan: PassPlan, item: FrameRequest, window: Window, desk: IngestSession, level: bool
) -> dict[str, Any]:
    """Seal, store and describe one picture; a journal entry."""
    height, width = window.frame.pixels.shape[:2]
    entry: dict[str, Any] = {
        "frame_id": item.frame_id,
        "width_px": width,
        "height_px": height,
        "reason": None,
    }
    try:
        with desk.clock("blur"):
            safe = desk.sealer.seal(window.frame, window.before, window.after)
    except FrameNotSealed as error:
        return entry | {"reason": f"not sealed: {error.message}"}
    with desk.clock("encode"):
        desk.certificate.store(safe, _file(plan, item))
        entry |= quality_of(safe)
    with desk.clock("choose"):
        point = vanishing_point(safe.pixels) if level else None
    if point is not None:
        entry["vanishing"] = [round(point.u_px, 2), round(point.v_px, 2), point.votes]
    return entry


def _file(plan: PassPlan, item: FrameRequest) -> str:
    """Path of a picture inside the survey folder."""
    return f"pictures/{plan.pass_id}/{item.frame_id}.jpg"


QUALITY = ("luma", "sharpness", "masked_pct", "near_masked_pct")


def _row_columns() -> tuple[str, ...]:
    return (
        "frame_id", "pass_id", "source_name", "pts_s", "captured_at", "distance_m",
        "width_px", "height_px", *QUALITY, "picture_id", "reason",
    )  # fmt: skip


def _row(plan: PassPlan, item: FrameRequest, entry: dict[str, Any] | None) -> dict[str, Any]:
    entry = entry or {"reason": "not decodable"}
    kept = entry["reason"] is None
    return {
        "frame_id": item.frame_id,
        "pass_id": plan.pass_id,
        "source_name": item.file.name,
        "pts_s": round(item.pts_s, 6),
        "captured_at": item.captured_at,
        "distance_m": item.distance_m,
        "width_px": entry.get("width_px"),
        "height_px": entry.get("height_px"),
        **{name: entry.get(name) for name in QUALITY},
        "picture_id": f"{plan.pass_id}/{item.frame_id}" if kept else None,
        "reason": entry["reason"],
    }


def _with_mounting(
    frames: pd.DataFrame, entries: list[dict[str, Any]], plan: PassPlan
) -> pd.DataFrame:
    """Pitch and yaw of the pass: stated, else from the markings, else assumed and said so."""
    if plan.vehicle is None or not entries:
        return frames.assign(pitch_deg=np.nan, yaw_deg=np.nan, camera_source=None)
    camera = plan.vehicle.camera
    width, height = entries[0]["width_px"], entries[0]["height_px"]
    level = pose_of(camera, width, height, 0.0, 0.0, "level")
    points = [Vanishing(*e["vanishing"]) for e in entries if e.get("vanishing")]
    found = mounting_of(points, level.focal_px, level.cx_px, level.cy_px)
    if camera.pitch_deg is not None:
        pitch, yaw, source = camera.pitch_deg, 0.0 if found is None else found.yaw_deg, "stated"
    elif found is not None:
        pitch, yaw, source = found.pitch_deg, found.yaw_deg, "vanishing point"
    else:
        pitch, yaw, source = ASSUMED_PITCH_DEG, 0.0, "assumed"
    return frames.assign(pitch_deg=round(pitch, 3), yaw_deg=round(yaw, 3), camera_source=source)


def _pass_row(
    ctx: RunContext, plan: PassPlan, source: Source, frames: pd.DataFrame
) -> dict[str, Any]:
    times = frames["captured_at"].dropna()
    return {
        "pass_id": plan.pass_id,
        "survey_id": ctx.survey_id,
        "name": plan.name,
        "vehicle": plan.vehicle.name if plan.vehicle else None,
        "camera": plan.vehicle.camera.name if plan.vehicle else None,
        "started_at": times.min() if len(times) else plan.given.started_at,
        "ended_at": times.max() if len(times) else None,
        "length_m": round(source.length_m, 1),
        "offset_s": plan.given.offset_s if plan.kind == "video" else None,
        "offset_source": "stated" if plan.kind == "video" else None,
        "source_name": ",".join(path.name for path in plan.given.inputs),
        "source_sha256": plan.source_sha256,
    }
