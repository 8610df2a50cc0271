"""What stands beside the tables of the made survey: pictures, certificate and sheets."""

from __future__ import annotations

import hashlib
import json

import cv2
import numpy as np

from inspection.pipeline.energy import CODECARBON
from voirie.folder import SurveyFolder
from voirie.ids import content_id
from voirie.messages import counted, message
from voirie.tables.stream import write_sorted

SURVEY = content_id("survey", "made")
PASS = content_id("pass", "made")
MODEL = "9f2c" * 16
WARNINGS = (
    counted(
        "{n} section of {all} is not surveyed (area: {area_pct} %): its score is assumed, "
        "drawn from those measured in its category",
        "{n} sections of {all} are not surveyed (area: {area_pct} %): their score is assumed, "
        "drawn from those measured in their category",
        1,
        all=1200,
        area_pct=12.5,
    ),
    message(
        "nothing looked for {what}: no model for it is registered and allowed",
        what=message("dumping"),
    ),
)


def road_picture(rng: np.random.Generator, crack: bool) -> np.ndarray:
    """A plain picture of a road, 1280 x 720 BGR: sky, verge, carriageway, markings, one defect."""
    height, width = 720, 1280
    picture = np.zeros((height, width, 3), np.float32)
    picture[:330] = np.linspace((215, 190, 165), (232, 222, 212), 330)[:, None]
    picture[330:] = (70, 118, 104)
    road = np.array([[600, 330], [680, 330], [1380, 720], [-60, 720]], np.int32)
    cv2.fillPoly(picture, [road], (104, 104, 106))
    for side in (-1, 1):
        cv2.line(picture, (640 + side * 36, 332), (640 + side * 560, 720), (226, 228, 230), 5)
    for k in range(6):
        t0, t1 = (k / 6) ** 1.6, ((k + 0.45) / 6) ** 1.6
        cv2.line(picture, (640, int(335 + 385 * t0)), (640, int(335 + 385 * t1)), (230,) * 3, 5)
    if crack:
        for _ in range(14):
            steps = np.cumsum(rng.normal((3, 9), (14, 7), (14, 2)), axis=0)
            path = (steps + rng.uniform((430, 470), (600, 540))).astype(np.int32)
            cv2.polylines(picture, [path], False, (52, 52, 54), 3)
    picture += rng.normal(0, 7, (height, width, 1)).astype(np.float32)
    return np.clip(cv2.GaussianBlur(picture, (3, 3), 0), 0, 255).astype(np.uint8)


def write_pictures(folder: SurveyFolder, frames: list[dict]) -> None:
    """Write a picture for each frame that is kept, and the certificate that seals them."""
    rng = np.random.default_rng(3)
    made = [road_picture(rng, k > 0) for k in range(4)]
    looks = [cv2.imencode(".jpg", picture, [1, 82])[1].tobytes() for picture in made]
    entries = []
    for k, row in enumerate(frames):
        if row["picture_id"]:
            path = folder.picture(PASS, row["frame_id"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(looks[k % 4])
            digest = hashlib.sha256(looks[k % 4]).hexdigest()
            entries.append(
                {"file": path.relative_to(folder.root).as_posix(), "sha256": digest}
                | {"width_px": 1280, "height_px": 720, "pts_s": row["pts_s"], "index": k}
                | {"source": "aller.mp4", "destroyed_pct": 0.4, "mask": [600, 300, 660, 340]}
                | {"destroyed": [600, 300, 660, 340]}
            )
    lines = [f"{entry['sha256']}  {entry['file']}\n" for entry in entries]
    (folder.root / "pictures.sha256").write_text("".join(lines))
    entries.sort(key=lambda entry: entry["file"])
    table = write_sorted("certificate", entries, folder.tables)
    certificate = {
        "schema": "voirie.certificate/2",
        "made_by": "voirie 0.1.0",
        "method": "solid fill",
        "people": "whole",
        "thresholds": {"gate": 0.1},
        "hold_s": 0.5,
        "models": [{"role": "face", "file": "centerface.onnx", "sha256": "77" * 32}],
        "frames": {"sealed": len(entries), "failed": len(frames) - len(entries)},
        "destroyed_pct": 0.4,
        "table": "tables/certificate.parquet",
        "table_sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
    }
    folder.certificate.write_text(json.dumps(certificate))


def write_sheets(folder: SurveyFolder) -> None:
    """Write `survey.toml` and the run sheet."""
    (folder.root / "survey.toml").write_text(
        '[campaign]\nname = "Printemps 2026"\nbody = "Département exemple"\n'
        'purpose = "entretien des chaussées"\ncontroller = "Direction des routes"\n'
        'legal_basis = "mission d\'intérêt public"\n'
        '[[passes]]\nid = "aller"\ninputs = ["aller.mp4"]\n'
    )
    walls = {"ingest": 94.0, "place": 1.2, "detect": 210.5, "locate": 2.0, "fuse": 0.8}
    walls |= {"score": 1.1, "plan": 3.4}
    sheet = {
        "schema": "voirie.run/1",
        "version": "0.1.0",
        "survey_id": SURVEY,
        "run_id": content_id("run", "made"),
        "campaign": "Printemps 2026",
        "purpose": "entretien des chaussées",
        "controller": "Direction des routes",
        "legal_basis": "mission d'intérêt public",
        "inputs": [{"name": "aller.mp4", "sha256": "ab" * 32}],
        "settings_sha256": "5e77" * 16,
        "models": [
            {"role": "pavement", "file": "pavement.onnx", "sha256": MODEL, "licence": "AGPL-3.0"}
            | {"experimental": True},
            {"role": "signs", "file": "signs.onnx", "sha256": "51" * 32, "licence": "AGPL-3.0"}
            | {"experimental": False},
            {"role": "dumping", "file": "dumping.onnx", "sha256": "d0" * 32, "licence": "AGPL-3.0"}
            | {"experimental": True},
            {"role": "faces", "file": "centerface.onnx", "sha256": "77" * 32, "licence": "MIT"}
            | {"experimental": False},
        ],
        "backend": "openvino-cpu",
        "stages": [
            {"stage": s, "fingerprint": "", "items_in": 97, "items_out": 92, "wall_s": w}
            | {"cpu_s": w * 1.7}
            | {"dropped": {"not sealed": 5} if s == "ingest" else {}, "energy_wh": w / 150}
            | {"energy_method": CODECARBON, "facts": {}}
            | {"warnings": [told.model_dump() for told in WARNINGS] if s == "plan" else []}
            | {"inner_s": {"decode": 20.0, "choose": 3.1, "blur": 66.0, "encode": 4.9}}
            for s, w in walls.items()
        ],
        "coverage": {"surveyed_m": 1776.8, "length_m": 1940.0, "pct": 91.6},
        "errors": [],
        "started_at": "2026-03-17T14:02:11Z",
        "ended_at": "2026-03-17T14:07:25Z",
    }
    folder.run_sheet.write_text(json.dumps(sheet, indent=1, ensure_ascii=False))
