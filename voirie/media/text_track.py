"""Positions that a film carries as text: NMEA, or coordinates in its subtitles."""

from __future__ import annotations

from pathlib import Path

import av
import pandas as pd

from voirie.position_texts import fixes_of_texts


def text_track_fixes(path: Path, duration_s: float) -> pd.DataFrame | None:
    """Positions in the subtitle track of a film, None where it has none.

    Examples
    --------
    >>> text_track_fixes(Path("samples/drive/pass_a.mp4"), 60.0) is None
    True
    """
    try:
        with av.open(str(path.absolute()), metadata_errors="replace") as container:
            texts = [stream for stream in container.streams if stream.type == "subtitle"]
            if not texts:
                return None
            stream, films = texts[0], container.streams.video
            begins_s = 0.0
            if films and films[0].start_time and films[0].time_base:
                begins_s = float(films[0].start_time * films[0].time_base)
            said = [
                (float(p.pts * p.time_base) - begins_s, bytes(p).decode("utf-8", "replace"))
                for p in container.demux(stream)
                if p.size and p.pts is not None
            ]
    except (av.FFmpegError, OSError, ValueError, TypeError):
        return None
    return fixes_of_texts(said)
