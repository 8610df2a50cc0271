"""Stage `detect`: pavement defects, signs and dumping in the pictures as stored."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from anonymize import SafeFrame
from anonymize.certificate import Certificate, reopen
from inspection.camera.poses import Poses
from inspection.context import RunContext
from inspection.detection.base import Detections
from inspection.detection.darkness import darkness_pct
from inspection.detection.openvino import OpenVinoDetector
from inspection.detection.sign_values import Readings, values_read
from inspection.detection.tasks import (
    SIGN_TYPES,
    SIGN_VALUES,
    TASKS,
    active_models,
    chosen_entries,
)
from voirie.arrays import Bools, Floats, Floats32, Objects
from voirie.folder import SurveyFolder
from voirie.ids import content_id
from voirie.messages import message
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
    """Look at every kept picture; writes `detections`.

    Raises
    ------
    WeightsMissing
        When a registered file is absent or altered.
    NotCertified
        When a picture is not the one that was sealed.
    """
    report = StageReport(Stage.DETECT)
    models = ctx.resources.models
    frames = folder.read("captures")
    kept = frames[frames["picture_id"].notna()]
    certificate = Certificate.read(folder.root)
    detectors = [
        (task, entry, _detector(models, entry))
        for task, entry in chosen_entries(models, ctx.options.experimental)
    ]
    poses = Poses.of(ctx, frames)
    report.items_in = len(kept)
    parts: list[pd.DataFrame] = []
    done = lost = seen = 0
    for batch in _batches(kept, BATCH):
        pictures = zip(batch["pass_id"], batch["frame_id"], strict=True)
        safe = [reopen(folder.picture(str(p), str(f)), certificate) for p, f in pictures]
        for task, entry, detector in detectors:
            regions = [
                [task.region(frame.pixels.shape[1], frame.pixels.shape[0], poses.at(row))]
                for frame, row in zip(safe, batch.index.tolist(), strict=True)
            ]
            found = detector.detect(safe, regions)
            masked = _masked_share(safe, found)
            hidden = masked > MASKED_SHARE
            lost += int(hidden.sum())
            names = np.array(entry.classes, dtype=object)[found.label]
            taxonomy = ctx.resources.taxonomy
            readings = Readings.none(len(names))
            if entry.role == "signs" and SIGN_TYPES in models.entries:
                names = _named(models, safe, found, names)
            if entry.role == "signs" and SIGN_VALUES in models.entries:
                names, readings = values_read(models, safe, found, names, taxonomy)
            frame_ids = batch["frame_id"].to_numpy(object)
            part = table_of(
                frame_ids, entry, found, names, ~hidden, taxonomy, masked, readings,
                _darkness(safe, found, names, taxonomy),
            )  # fmt: skip
            seen += len(part)
            if len(part):
                parts.append(part)
        done += len(batch)
        ctx.listener(StageEvent(Stage.DETECT, done, len(kept), f"{seen} views"))
    folder.write("detections", pd.concat(parts) if parts else empty("detections"))
    report.items_out = seen
    report.dropped = {"inside what was destroyed": lost} if lost else {}
    report.facts = {e.role: e.sha256[:12] for e in active_models(models, ctx.options.experimental)}
    looked = {role for task, _, _ in detectors for role in task.roles}
    report.warnings = [
        message(
            "nothing looked for {what}: no model for it is registered and allowed",
            what=message(task.sought),
        )
        for task in TASKS
        if not looked & set(task.roles)
    ]
    return report


def _detector(models: Models, entry: ModelEntry) -> OpenVinoDetector:
    default = entry.thresholds.get("default", 0.25)
    lowest = np.array([entry.thresholds.get(c, default) for c in entry.classes], np.float32)
    return OpenVinoDetector(models.detector(entry.role), lowest)


def _batches(frames: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    for start in range(0, len(frames), size):
        yield frames.iloc[start : start + size]


def _masked_share(frames: list[SafeFrame], found: Detections) -> Floats32:
    """Share of each find that was destroyed or lies on a vehicle, (n,)."""
    share = np.zeros(len(found.frame), dtype=np.float32)
    for rank in np.unique(found.frame):
        here = found.frame == rank
        share[here] = frames[int(rank)].mask.share_of(found.xyxy[here])
    return share


def _darkness(
    frames: list[SafeFrame], found: Detections, names: Objects, taxonomy: Taxonomy
) -> Floats:
    """How dark the cracks of each net are, NaN for whatever is none, (n,)."""
    out = np.full(len(found.frame), np.nan)
    nets = np.isin(names.astype(str), taxonomy.net_classes)
    for rank in np.unique(found.frame[nets]):
        here = np.flatnonzero(nets & (found.frame == rank))
        out[here] = darkness_pct(frames[int(rank)].pixels, found.xyxy[here])
    return out


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


def table_of(
    frame_ids: Objects,
    entry: ModelEntry,
    found: Detections,
    names: Objects,
    kept: Bools,
    taxonomy: Taxonomy,
    masked: Floats32,
    readings: Readings,
    dark_pct: Floats,
) -> pd.DataFrame:
    """Rows of `detections` for what one model found in a batch.

    Parameters
    ----------
    frame_ids
        Frames of the batch, (b,).
    entry
        The model.
    found
        What it found, (n,).
    names
        Class of each, (n,).
    kept
        Which of them go further, (n,); what is called `NO_SIGN` does not either.
    taxonomy
        What the classes mean.
    masked
        Share of each that was destroyed or lies on a vehicle, (n,).
    readings
        What was read on each.
    dark_pct
        How dark its cracks are, NaN where it is no net, (n,).
    """
    rows = np.flatnonzero(kept & (names != NO_SIGN))
    box = np.round(found.xyxy[rows].astype(np.float64), 1)
    frame_id, name = frame_ids[found.frame[rows]].tolist(), names[rows].tolist()
    # The identifier rests on what the detector said: a code is given later, by the place.
    views = [
        content_id("view", frame, entry.sha256, *corners, word)
        for frame, corners, word in zip(frame_id, box.tolist(), name, strict=True)
    ]
    return pd.DataFrame(
        {
            "view_id": views,
            "frame_id": frame_id,
            "family": [taxonomy.model_class(word).family for word in name],
            "model_class": name,
            **dict(zip(("x1_px", "y1_px", "x2_px", "y2_px"), box.T, strict=True)),
            "masked_pct": np.round(100.0 * masked[rows].astype(np.float64), 1),
            "dark_pct": dark_pct[rows],
            "score": np.round(found.score[rows].astype(np.float64), 4),
            "value_read": readings.value[rows],
            "value_score": np.round(readings.score[rows], 4),
            "role": entry.role,
            "model_sha256": entry.sha256,
            "experimental": entry.experimental,
        }
    )
