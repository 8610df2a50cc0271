"""Stage `detect`: pavement defects, signs and dumping in the pictures as stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from anonymize import SafeFrame
from anonymize.certificate import Certificate, reopen
from inspection.camera.poses import Poses
from inspection.context import RunContext
from inspection.detection.base import Detections
from inspection.detection.openvino import OpenVinoDetector
from inspection.detection.tasks import SIGN_TYPES, TASKS, active_models, chosen_entries
from voirie.arrays import Bools, Objects
from voirie.folder import SurveyFolder
from voirie.ids import content_id
from voirie.nets import ModelEntry, Models
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty
from voirie.taxonomy import Taxonomy

BATCH = 16
NO_SIGN = "none"
MASKED_SHARE = 0.5
"""A find that lies in what was destroyed for more than this is a trace of the anonymiser."""


def depends(ctx: RunContext) -> list[object]:
    """The models that look, with their thresholds, and what their classes mean."""
    models = active_models(ctx.resources.models, ctx.options.experimental)
    told: list[object] = [
        [entry.role, entry.sha256, sorted(entry.thresholds.items())] for entry in models
    ]
    return [*told, ctx.resources.taxonomy.sha256]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Look at every kept picture; writes `views` without any place.

    Raises
    ------
    WeightsMissing
        When a registered file is absent or altered.
    NotCertified
        When a picture is not the one that was sealed.
    """
    report = StageReport(Stage.DETECT)
    models = ctx.resources.models
    frames = folder.read("frames")
    kept = frames[frames["picture_id"].notna()]
    certificate = Certificate.read(folder.root)
    detectors = [
        (task, entry, _detector(models, entry))
        for task, entry in chosen_entries(models, ctx.options.experimental)
    ]
    poses = Poses.of(ctx, frames)
    report.items_in = len(kept)
    rows: list[dict[str, Any]] = []
    done = lost = 0
    for batch in _batches(kept, BATCH):
        pictures = zip(batch["pass_id"], batch["frame_id"], strict=True)
        safe = [reopen(folder.picture(str(p), str(f)), certificate) for p, f in pictures]
        for task, entry, detector in detectors:
            regions = [
                [task.region(frame.pixels.shape[1], frame.pixels.shape[0], poses.at(row))]
                for frame, row in zip(safe, batch.index.tolist(), strict=True)
            ]
            found = detector.detect(safe, regions)
            hidden = _hidden(safe, found)
            lost += int(hidden.sum())
            names = np.array(entry.classes, dtype=object)[found.label]
            if entry.role == "signs" and SIGN_TYPES in models.entries:
                names = _named(models, safe, found, names)
            rows += _rows(
                batch["frame_id"].tolist(), entry, found, names, ~hidden, ctx.resources.taxonomy
            )
        done += len(batch)
        ctx.listener(StageEvent(Stage.DETECT, done, len(kept), f"{len(rows)} views"))
    folder.write("views", pd.DataFrame(rows) if rows else empty("views"))
    report.items_out = len(rows)
    report.dropped = {"inside what was destroyed": lost} if lost else {}
    report.facts = {e.role: e.sha256[:12] for e in active_models(models, ctx.options.experimental)}
    seen = {role for task, _, _ in detectors for role in task.roles}
    report.warnings = [
        f"nothing looked for {task.roles[-1]}: no model for it is registered and allowed"
        for task in TASKS
        if not seen & set(task.roles)
    ]
    return report


def _detector(models: Models, entry: ModelEntry) -> OpenVinoDetector:
    default = entry.thresholds.get("default", 0.25)
    lowest = np.array([entry.thresholds.get(c, default) for c in entry.classes], np.float32)
    return OpenVinoDetector(models.detector(entry.role), lowest)


def _batches(frames: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    for start in range(0, len(frames), size):
        yield frames.iloc[start : start + size]


def _hidden(frames: list[SafeFrame], found: Detections) -> Bools:
    """Which finds lie in what was destroyed, and are traces of the anonymiser."""
    share = np.zeros(len(found.frame), dtype=np.float32)
    for rank in np.unique(found.frame):
        here = found.frame == rank
        share[here] = frames[int(rank)].mask.share_of(found.xyxy[here])
    return share > MASKED_SHARE


def _named(
    models: Models, frames: list[SafeFrame], found: Detections, families: Objects
) -> Objects:
    """Types of signs where the second network is sure, else the family that the first gave."""
    naming, entry = models.classifier(SIGN_TYPES), models.entry(SIGN_TYPES)
    names = families.copy()
    for rank in np.unique(found.frame):
        here = np.flatnonzero(found.frame == rank)
        label, score = naming.name(frames[int(rank)].pixels, found.xyxy[here])
        sure = score >= entry.thresholds.get("default", 0.7)
        names[here[sure]] = np.array(naming.classes, dtype=object)[label[sure]]
    return names


def _rows(
    frame_ids: list[str],
    entry: ModelEntry,
    found: Detections,
    names: Objects,
    kept: Bools,
    taxonomy: Taxonomy,
) -> list[dict[str, Any]]:
    rows = []
    for i in np.flatnonzero(kept & (names != NO_SIGN)):
        name = str(names[i])
        known = taxonomy.model_class(name)
        frame_id = frame_ids[int(found.frame[i])]
        box = [round(float(v), 1) for v in found.xyxy[i]]
        rows.append(
            {
                "view_id": content_id("view", frame_id, entry.sha256, *box, known.code),
                "frame_id": frame_id,
                "family": known.family,
                "code": known.code,
                "model_class": name,
                "x1_px": box[0],
                "y1_px": box[1],
                "x2_px": box[2],
                "y2_px": box[3],
                "score": round(float(found.score[i]), 4),
                "role": entry.role,
                "model_sha256": entry.sha256,
                "experimental": entry.experimental,
            }
        )
    return rows
