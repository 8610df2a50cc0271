"""What had to be destroyed in the kept pictures, and how much of it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anonymize import Certificate, Mask
from voirie.folder import SurveyFolder

WIDTHS_PX = ((8, 20), (20, 40), (40, 10_000))

DESTROYED = {
    "face": ("face",),
    "plate": ("plate",),
    "person, riders too": ("person", "rider"),
    "of them riders": ("rider",),
}
"""What must be destroyed, as the table tells it: who rides is a person as well."""


def blur_cover(folder: SurveyFolder, truth: dict[str, Any]) -> pd.DataFrame:
    """Share of every private box in the kept frames that was destroyed."""
    certificate = Certificate.read(folder.root)
    frames = folder.read("frames")
    names = folder.read("passes").set_index("pass_id")["name"]
    rows = []
    for pass_id, own in frames[frames["picture_id"].notna()].groupby("pass_id"):
        name = str(names[pass_id])
        fps = float(truth["passes"][name]["fps"])
        rank = np.round(own["pts_s"].to_numpy(float) * fps).astype(int)
        picture = dict(zip(rank.tolist(), own["picture_id"], strict=True))
        masks: dict[int, Mask] = {}
        for thing in truth["private"]:
            for box in thing["passes"].get(name, []):
                at = int(box[0])
                if at not in picture:
                    continue
                if at not in masks:
                    entry = certificate.entry(folder.root / f"pictures/{picture[at]}.jpg")
                    masks[at] = Mask.from_list(entry.height_px, entry.width_px, entry.destroyed)
                rows.append(
                    {
                        "kind": thing["kind"],
                        "width_px": box[3] - box[1],
                        "visible": box[5],
                        "share": float(masks[at].share_of([box[1:5]])[0]),
                    }
                )
    return pd.DataFrame(rows, columns=["kind", "width_px", "visible", "share"])
