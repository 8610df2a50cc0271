"""What `ingest` has learnt of each picture of a pass, so that a stopped run can go on.

The anonymiser keeps a journal of its own, which certifies pictures and works without a survey;
this one holds what was measured on them, and the pictures that could not be sealed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from inspection.capture.image_quality import Quality
from voirie.journal import Journal


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What is known of a picture once it has been through the anonymiser.

    Attributes
    ----------
    frame_id
        The picture.
    width_px, height_px
        Its size; None for one that could not be decoded.
    reason
        Why it went no further; None when it was sealed and stored.
    quality
        How well it shows the road; None when it was not sealed.
    vanishing
        Column, row and votes of the vanishing point; None where none was looked for or found.
    """

    frame_id: str
    width_px: int | None = None
    height_px: int | None = None
    reason: str | None = None
    quality: Quality | None = None
    vanishing: tuple[float, float, int] | None = None


_RECORD = TypeAdapter(FrameRecord)


class PassJournal:
    """Records of one pass on disk, by picture; what cannot be read is forgotten.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._records: dict[str, FrameRecord] = {}
        for entry in self._journal:
            try:
                record = _RECORD.validate_python(entry)
            except ValidationError:
                continue
            self._records[record.frame_id] = record

    def get(self, frame_id: str) -> FrameRecord | None:
        """The record of a picture, None where there is none yet."""
        return self._records.get(frame_id)

    def add(self, record: FrameRecord) -> None:
        """Keep a record for good; its picture must be on disk before."""
        self._journal.add(asdict(record))
        self._records[record.frame_id] = record

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._journal.close()
