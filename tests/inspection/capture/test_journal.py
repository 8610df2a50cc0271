"""Records of a pass come back as they were; foreign lines are forgotten."""

from __future__ import annotations

from pathlib import Path

from inspection.capture.image_quality import Quality
from inspection.capture.journal import FrameRecord, PassJournal
from voirie.journal import Journal


def test_records_come_back(tmp_path: Path) -> None:
    path = tmp_path / "pass.jsonl"
    sealed = FrameRecord(
        "a", 1280, 720, None, Quality(90.1, 80.0, 30.0, 0.4, 1.5, 0.0, 0.0, 0.0), (640.5, 300.0, 9)
    )
    refused = FrameRecord("b", 1280, 720, "not sealed: no memory")
    with PassJournal(path) as journal:
        journal.add(sealed)
        journal.add(refused)
    with PassJournal(path) as again:
        assert again.get("a") == sealed
        assert again.get("b") == refused
        assert again.get("c") is None


def test_a_line_of_something_else_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "pass.jsonl"
    with Journal(path) as lines:
        lines.extend([{"frame": 1}, {"frame_id": "a"}])
    with PassJournal(path) as journal:
        assert journal.get("a") == FrameRecord("a")
