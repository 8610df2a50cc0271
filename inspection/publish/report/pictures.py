"""Pictures in the report: sealed ones, made small, each stored once, boxes drawn over them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property

import cv2
from markupsafe import Markup

from anonymize.certificate import Certificate, reopen
from inspection.publish.bundle import Bundle
from inspection.publish.drawings import svg
from inspection.publish.rows import FindingRow, ViewRow, rows_of
from voirie.wording import Wording

WIDTH_PX = 880
QUALITY = 68
MOST_PICTURES = 40

Box = tuple[float, float, float, float]


@dataclass
class Album:
    """Pictures used by a page.

    A picture is reopened through the certificate, which refuses a file that is not the one that
    was sealed. It stands once in the page and is shown by reference wherever it is needed.
    """

    bundle: Bundle
    _stored: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @cached_property
    def certificate(self) -> Certificate | None:
        """Certificate of the folder, None where there is none."""
        folder = self.bundle.folder
        return Certificate.read(folder.root) if folder.certificate.is_file() else None

    @cached_property
    def _grades(self) -> dict[str, int | None]:
        return {r.finding_id: r.severity for r in rows_of(self.bundle.findings, FindingRow)}

    def has(self, picture_id: str | None) -> bool:
        """Whether the picture can be shown: it exists, and there is room for it."""
        if picture_id is None or self.certificate is None:
            return False
        return picture_id in self._stored or len(self._stored) < MOST_PICTURES

    def figure(self, picture_id: str, label: str, wording: Wording) -> Markup:
        """The picture as an ``svg`` element with the boxes of its findings.

        Raises
        ------
        voirie.errors.NotCertified
            When the file is not the one that the certificate names.
        """
        number = self._number(picture_id)
        width, height, _ = self._stored[picture_id]
        parts = [svg.tag("use", href=f"#picture-{number}")]
        frame = self.bundle.frames[self.bundle.frames["picture_id"] == picture_id].iloc[0]
        scale = width / float(frame["width_px"])
        views = self.bundle.views
        seen = views[(views["frame_id"] == frame["frame_id"]) & views["finding_id"].notna()]
        grades = self._grades
        taken: list[Box] = []
        for row in rows_of(seen.sort_values(["y1_px", "x1_px"]), ViewRow):
            parts.append(_box(row, scale, grades.get(row.finding_id), (width, height), taken))
        return svg.drawing(width, height, label, *parts, class_="photo")

    def fill(self) -> None:
        """Take in pictures of what was found, the gravest first, until there is no room."""
        order = ["severity", "confidence"]
        found = self.bundle.findings.sort_values(order, ascending=False, na_position="last")
        for picture_id in found["picture_id"].dropna().unique():
            if self.has(picture_id):
                self._number(picture_id)

    def targets(self, language: str) -> dict[str, str]:
        """Where in the page of a language each picture opens at full width."""
        return {name: f"{language}-picture-{n}" for n, name in enumerate(self._stored)}

    def _number(self, picture_id: str) -> int:
        if picture_id not in self._stored:
            self._stored[picture_id] = self._shrink(picture_id)
        return list(self._stored).index(picture_id)

    def _shrink(self, picture_id: str) -> tuple[int, int, str]:
        assert self.certificate is not None, "ask `has` first"
        frame = self.bundle.frames[self.bundle.frames["picture_id"] == picture_id].iloc[0]
        path = self.bundle.folder.picture(frame["pass_id"], frame["frame_id"])
        pixels = reopen(path, self.certificate).pixels
        height, width = pixels.shape[:2]
        small = (min(WIDTH_PX, width), round(height * min(1.0, WIDTH_PX / width)))
        shrunk = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
        _, data = cv2.imencode(".jpg", shrunk, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return (*small, base64.b64encode(data.tobytes()).decode("ascii"))

    def definitions(self) -> Markup:
        """The pictures themselves, once a page; figures refer to them."""
        return svg.join(
            svg.tag(
                "image",
                id=f"picture-{number}",
                width=width,
                height=height,
                href=f"data:image/jpeg;base64,{data}",
            )
            for number, (width, height, data) in enumerate(self._stored.values())
        )


def _box(
    row: ViewRow, scale: float, grade: int | None, size: tuple[int, int], taken: list[Box]
) -> Markup:
    """Box of a view with its code, above it, or below where another code stands already."""
    colour = {1: "#ffd23f", 2: "#ff9d2e", 3: "#ff5a4f"}[grade or 1]
    x, y = row.x1_px * scale, row.y1_px * scale
    wide, tall = (row.x2_px - row.x1_px) * scale, (row.y2_px - row.y1_px) * scale
    text_wide = 20.0 * len(row.code)
    left = min(max(x + 3, 3.0), size[0] - text_wide)
    spots = [(left, base - 27, left + text_wide, base) for base in (y - 7, y + tall + 30)]
    spot = next((s for s in spots if _is_clear(s, size, taken)), spots[0])
    taken.append(spot)
    look = {"x": x, "y": y, "width": wide, "height": tall, "fill": "none", "rx": 2}
    text = {"font_size": 31, "font_weight": 700, "fill": colour}
    halo = {"stroke": "#000000", "stroke_width": 5, "paint_order": "stroke"}
    return svg.tag(
        "g",
        svg.tag("rect", stroke="#000000", stroke_width=6, **look),
        svg.tag("rect", stroke=colour, stroke_width=3, **look),
        svg.tag("text", row.code, x=spot[0], y=spot[3], **text, **halo),
    )


def _is_clear(spot: Box, size: tuple[int, int], taken: list[Box]) -> bool:
    if spot[1] < 0 or spot[3] > size[1]:
        return False
    return all(
        spot[2] < other[0] or other[2] < spot[0] or spot[3] < other[1] or other[3] < spot[1]
        for other in taken
    )
