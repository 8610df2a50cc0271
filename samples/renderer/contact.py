"""A small sheet of frames for the README."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

PICKS = (
    ("a", 0.055),
    ("a", 0.30),
    ("a", 0.50),
    ("a", 0.68),
    ("a", 0.72),
    ("a", 0.915),
    ("b", 0.12),
    ("b", 0.55),
    ("b", 0.80),
)


def write_contact(folder: Path) -> None:
    """Write `contact.jpg` from both videos."""
    tiles = []
    for name, share in PICKS:
        path = folder / f"pass_{name}.mp4"
        if not path.exists():
            continue
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            wanted = int(stream.frames * share)
            seconds = wanted / float(stream.average_rate or 20)
            container.seek(int(max(seconds - 0.1, 0) * 1_000_000))
            for frame in container.decode(stream):
                if (frame.time or 0.0) >= seconds - 1e-3:
                    image = frame.to_ndarray(format="bgr24")
                    tiles.append(cv2.resize(image, (480, 270), interpolation=cv2.INTER_AREA))
                    break
    while len(tiles) % 3:
        tiles.append(np.zeros((270, 480, 3), np.uint8))
    rows = [np.hstack(tiles[k : k + 3]) for k in range(0, len(tiles), 3)]
    if rows:
        sheet = np.vstack(rows)
        place = (12, sheet.shape[0] - 14)
        cv2.putText(sheet, "rendered", place, (255, 255, 255), cv2.FontFace("sans"), 22)
        cv2.imwrite(str(folder / "contact.jpg"), sheet, [cv2.IMWRITE_JPEG_QUALITY, 78])
