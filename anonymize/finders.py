"""Finding what must go: people and vehicles, then plates in vehicles, and faces everywhere.

Stage one looks at the whole picture at 640 px with a low threshold, and at strips round the
horizon for what is far: at native scale, and at twice that for people. Stage two looks for plates
inside each vehicle at native scale, and in the whole picture for those whose vehicle was missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from anonymize.crop_packing import pack, unpack
from anonymize.regions import People, padded_faces, padded_plates, people_regions, plate_bands
from anonymize.windows import windows_of
from voirie.arrays import Bools, Floats32, Ints32, Pixels
from voirie.errors import AnonymiserUnfit
from voirie.nets import Boxes, FaceFinder, Models, YoloDetector, share_inside
from voirie.nets.boxes import suppress

VEHICLES = ("car", "motorcycle", "bus", "truck")
TWO_WHEELERS = ("bicycle", "motorcycle")
TALL = ("bus", "truck")

GATE_LONGEST_PX = 640
NATIVE_WIDTH_PX = 1280
STRIP = (1280, 224)
FINE_STRIP = (2560, 112)
"""Longer side to which a strip is scaled, and its rows in a picture 1280 px wide. Without the fine
one, about one person of twelve that is 40 px tall or more on rendered roads is missed."""
LARGEST_ENLARGEMENT = 2
HORIZON_ROW = 0.48
"""Where the horizon of a windscreen camera usually is, as a share of the height."""
FAR_TALL = 1 / 16
"""A person who is less tall than this share of the longer side may be far (80 px of 1280)..."""
FAR_ROWS = (0.32, 0.62)
"""...and is, where his box lies within these rows: who is small and far stands at the horizon."""
FACES_LONGEST_PX = 960
LONE_PLATES_LONGEST_PX = 640
SAME_THING_IOU = 0.7
OWN_VEHICLE_WIDTH = 0.6
"""A box on the lower edge that spans more of the picture than this is our own bonnet."""
LARGE_SHARE = 0.25
LARGE_SCORE = 0.04
"""A vehicle wider than this share of the picture is searched for plates from a lower score:
the nearest vehicles, cut by the edge or by the dark, are those the gate doubts."""
HINT_AREA = (-0.1, -0.15, 1.1, 0.6)
"""Where in the box of a possible person a face may be: left, top, right, bottom."""
HINT_SHARE = 0.6
HIDING_SCORE = 0.35
"""A vehicle surer than this hides the road behind it."""
CROP_ROWS = (0.25, 1.06)
"""Rows of a vehicle's box in which plates are searched: none sits on a roof."""
CROP_MARGIN = 0.06
WIDE_CROP_PX = 400
HALF_SHARE = 0.6
"""A wider crop is searched as a whole, at which its plate may be too small, and in two parts."""
NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lowest scores at which a thing is destroyed.

    Attributes
    ----------
    gate
        Vehicles.
    people
        People, riders too.
    far_people
        People who are far: small, and at the horizon. The gate doubts most of them, and a small
        box where there is nobody costs little.
    plates
        Plates inside a vehicle.
    lone_plates
        Plates anywhere else: near vehicles that are cut by the edge, or by another one, are not
        always known as such.
    faces
        Faces where the gate has a hint of a person.
    lone_faces
        Faces anywhere else. At the lower threshold lamps, hub caps and signs are taken for
        faces: 2.5 % of a town drive against 0.2 %, for the same faces of real people.
    person_hints
        What counts as a hint.
    """

    gate: float = 0.10
    people: float = 0.05
    far_people: float = 0.005
    plates: float = 0.10
    lone_plates: float = 0.50
    faces: float = 0.05
    lone_faces: float = 0.20
    person_hints: float = 0.01


LEAST_IOU = {"gate": 0.6, "plates": 0.5}
"""Overlap from which two boxes are one thing, as shipped: lower, of a crowd only some are left."""


@dataclass(frozen=True, slots=True, eq=False)
class PrivacyDetections:
    """What one picture shows. It stays inside the anonymiser: no class ever leaves.

    Attributes
    ----------
    people, faces, plates, bands
        Boxes to destroy, paddings included.
    vehicles
        Vehicles other than our own, as found.
    """

    people: Boxes
    faces: Boxes
    plates: Boxes
    bands: Boxes
    vehicles: Boxes

    def regions(self) -> Boxes:
        """Everything to destroy."""
        return Boxes.joined([self.people, self.faces, self.plates, self.bands])

    def hiding(self) -> Boxes:
        """What hides the road without being destroyed."""
        return self.vehicles[self.vehicles.score >= HIDING_SCORE]


class Finder:
    """The search over one picture.

    Parameters
    ----------
    models
        Registered networks; roles ``gate``, ``plates`` and ``face`` are used.
    people
        Destroy people whole or their heads.

    Raises
    ------
    WeightsMissing
        When a network is missing or is not the registered one.
    AnonymiserUnfit
        When its classes are not those of people and vehicles, or a threshold lies above the
        shipped one and nobody answers for it.
    """

    def __init__(self, models: Models, people: People = "whole") -> None:
        self.gate: YoloDetector = models.detector("gate")
        self.plates: YoloDetector = models.detector("plates")
        self.faces: FaceFinder = models.face_finder("face")
        self.people = people
        base = Thresholds()
        self.thresholds = Thresholds(
            models.entry("gate").thresholds.get("default", base.gate),
            models.entry("gate").thresholds.get("person", base.people),
            models.entry("gate").thresholds.get("far_person", base.far_people),
            models.entry("plates").thresholds.get("default", base.plates),
            models.entry("plates").thresholds.get("lone", base.lone_plates),
            models.entry("face").thresholds.get("default", base.faces),
            models.entry("face").thresholds.get("lone", base.lone_faces),
            models.entry("gate").thresholds.get("person_hint", base.person_hints),
        )
        _refuse_weaker(models, self.thresholds, base)
        missing = sorted({"person", *VEHICLES} - set(self.gate.classes))
        if missing:
            raise AnonymiserUnfit(
                f"the 'gate' network has no class {', '.join(missing)}",
                models.path("gate"),
                "restore models.toml",
            )
        self._person = self._classes(("person",))
        self._vehicle = self._classes(VEHICLES)
        self._two_wheeler = self._classes(TWO_WHEELERS)
        self._tall = self._classes(TALL)

    def _classes(self, names: tuple[str, ...]) -> Ints32:
        return np.array([i for i, n in enumerate(self.gate.classes) if n in names], np.int32)

    def find(self, pixels: Pixels) -> PrivacyDetections:
        """Search one picture.

        Parameters
        ----------
        pixels
            ``(H, W, 3)`` uint8 BGR.

        Raises
        ------
        NonFiniteOutput
            When a network gives NaN.
        """
        return _searched(self._look, pixels)

    def glance(self, pixels: Pixels) -> PrivacyDetections:
        """Search a neighbour of a picture, without the finest look and the one for lone plates.

        Parameters
        ----------
        pixels
            As for `find`.
        """
        return _searched(lambda window: self._search(window, (STRIP,)), pixels)

    def _look(self, pixels: Pixels) -> PrivacyDetections:
        found = self._search(pixels, (STRIP, FINE_STRIP))
        lone = self.plates.detect(pixels, LONE_PLATES_LONGEST_PX, self.thresholds.lone_plates)
        plates = Boxes.joined([found.plates, padded_plates(lone).clipped(*pixels.shape[:2])])
        return replace(found, plates=plates)

    def _search(self, pixels: Pixels, strips: tuple[tuple[int, int], ...]) -> PrivacyDetections:
        height, width = pixels.shape[:2]
        hints = self._traffic(pixels, strips)
        is_vehicle = np.isin(hints.cls, self._vehicle)
        large = is_vehicle & (hints.width > LARGE_SHARE * width)
        is_person = np.isin(hints.cls, self._person)
        of_people = np.where(
            _far_off(hints, height, width), self.thresholds.far_people, self.thresholds.people
        )
        least = np.where(is_person, of_people, self.thresholds.gate)
        traffic = hints[(hints.score > least) | large]
        people = traffic[np.isin(traffic.cls, self._person)]
        two_wheelers = traffic[np.isin(traffic.cls, self._two_wheeler)]
        vehicles = traffic[np.isin(traffic.cls, self._vehicle)]
        # A car is often called truck as well: one thing, whatever its name.
        one_name = Boxes(vehicles.xyxy, vehicles.score, np.zeros_like(vehicles.cls))
        vehicles = suppress(one_name, SAME_THING_IOU)
        # A scooter is often called bicycle, and bears a plate all the same.
        plates = self._plates(pixels, Boxes.joined([vehicles, two_wheelers]))
        own = _own_vehicle(vehicles, height, width)
        tall = traffic[np.isin(traffic.cls, self._tall)]
        tall = tall[~_own_vehicle(tall, height, width)]
        bands = plate_bands(vehicles[~own], two_wheelers, tall)
        hinted = is_person & (hints.score > self.thresholds.person_hints)
        faces = self._faces(pixels, hints[hinted])
        return PrivacyDetections(
            people=people_regions(people, two_wheelers, self.people).clipped(height, width),
            faces=padded_faces(faces).clipped(height, width),
            plates=padded_plates(plates).clipped(height, width),
            bands=bands.clipped(height, width),
            vehicles=vehicles[~own],
        )

    def _traffic(self, pixels: Pixels, strips: tuple[tuple[int, int], ...]) -> Boxes:
        """People and vehicles of the whole picture and of its strips, down to mere hints."""
        conf = np.full(len(self.gate.classes), self.thresholds.gate, np.float32)
        conf[self._person] = min(
            self.thresholds.people, self.thresholds.far_people, self.thresholds.person_hints
        )
        conf[self._vehicle] = min(self.thresholds.gate, LARGE_SCORE)
        seen = self.gate.detect(pixels, GATE_LONGEST_PX, conf)
        width = pixels.shape[1]
        if width <= GATE_LONGEST_PX:
            return seen
        for longest, rows_px in strips:
            rows = round(rows_px * max(1.0, width / NATIVE_WIDTH_PX))
            scaled = min(longest, LARGEST_ENLARGEMENT * width)
            seen = Boxes.joined([seen, self._far(pixels, rows, scaled, conf, seen)])
        return seen

    def _far(self, pixels: Pixels, rows: int, longest: int, conf: Floats32, seen: Boxes) -> Boxes:
        """What a strip of rows at the horizon shows and was not seen yet."""
        height = len(pixels)
        if rows >= height:
            return Boxes.none()
        top = int(np.clip(HORIZON_ROW * height - rows / 2, 0, height - rows))
        far = self.gate.detect(pixels[top : top + rows], longest, conf).moved(0, top)
        # A box cut by the edge of the strip belongs to something the first look sees whole.
        cut = (far.xyxy[:, 1] <= top + 1) | (far.xyxy[:, 3] >= top + rows - 1)
        # Of the same class, and hardly less sure: a hint does not stand for a person.
        known = (share_inside(far.xyxy, seen.xyxy) > SAME_THING_IOU) & (
            (far.cls[:, None] == seen.cls[None, :]) & (far.score[:, None] <= seen.score[None, :])
        )
        return far[~cut & ~known.any(axis=1)]

    def _faces(self, pixels: Pixels, hints: Boxes) -> Boxes:
        """Faces that are sure, and doubtful ones where a person may be."""
        found = self.faces.find(pixels, FACES_LONGEST_PX, self.thresholds.faces)
        sure = np.asarray(found.score >= self.thresholds.lone_faces, np.bool_)
        if len(found) == 0 or len(hints) == 0:
            return found[sure]
        left, top, right, bottom = HINT_AREA
        size = np.stack([hints.width, hints.height, hints.width, hints.height], axis=1)
        corner = np.tile(hints.xyxy[:, :2], 2)
        upper = corner + size * np.array([left, top, right, bottom], np.float32)
        near = share_inside(found.xyxy, upper.astype(np.float32)).max(axis=1) > HINT_SHARE
        return found[sure | np.asarray(near, np.bool_)]

    def _plates(self, pixels: Pixels, vehicles: Boxes) -> Boxes:
        """Plates inside vehicles."""
        if len(vehicles) == 0:
            return Boxes.none()
        height, width = pixels.shape[:2]
        crops = _search_rectangles(vehicles, height, width)
        kept = crops[_not_within(crops)]
        canvases, places = pack(pixels, np.concatenate([kept, _halves(kept)]))
        found = [
            boxes
            for canvas in canvases
            for boxes in self.plates.detect_canvases(canvas[None], self.thresholds.plates)
        ]
        return unpack(found, places)[0]


def _searched(search: Callable[[Pixels], PrivacyDetections], pixels: Pixels) -> PrivacyDetections:
    """What a search finds in the windows of a picture, in pixels of the picture."""
    kinds: dict[str, list[Boxes]] = {field.name: [] for field in fields(PrivacyDetections)}
    for left, top, right, bottom in windows_of(*pixels.shape[:2]):
        found = search(np.ascontiguousarray(pixels[top:bottom, left:right]))
        for name, parts in kinds.items():
            parts.append(getattr(found, name).moved(left, top))
    return PrivacyDetections(**{name: Boxes.joined(parts) for name, parts in kinds.items()})


def _refuse_weaker(models: Models, used: Thresholds, shipped: Thresholds) -> None:
    """Whoever raises a threshold leaves people or plates clear: it is said, or refused."""
    by_role = {
        "gate": ("gate", "people", "far_people", "person_hints"),
        "plates": ("plates", "lone_plates"),
        "face": ("faces", "lone_faces"),
    }
    for role, names in by_role.items():
        raised = [name for name in names if getattr(used, name) > getattr(shipped, name)]
        if raised and not models.entry(role).accepts_weaker:
            name = raised[0]
            raise AnonymiserUnfit(
                f"the threshold {name} of '{role}' is {getattr(used, name):g}, above the shipped "
                f"{getattr(shipped, name):g}: less would be destroyed",
                models.folder / "models.toml",
                "lower it, or answer for it with accepts_weaker = true; the certificate tells it",
            )

    for role, least in LEAST_IOU.items():
        stated = models.entry(role).thresholds.get("iou", least)
        if stated < least and not models.entry(role).accepts_weaker:
            raise AnonymiserUnfit(
                f"the overlap iou of '{role}' is {stated:g}, below the shipped {least:g}: "
                "less of a crowd would be destroyed",
                models.folder / "models.toml",
                "raise it, or answer for it with accepts_weaker = true; the certificate tells it",
            )


def _own_vehicle(vehicles: Boxes, height: int, width: int) -> Bools:
    wide = vehicles.width > OWN_VEHICLE_WIDTH * width
    return np.asarray(wide & (vehicles.xyxy[:, 3] >= height - 2), np.bool_)


def _far_off(boxes: Boxes, height: int, width: int) -> Bools:
    small = boxes.height < FAR_TALL * max(height, width)
    above, below = FAR_ROWS
    inside = (boxes.xyxy[:, 1] > above * height) & (boxes.xyxy[:, 3] < below * height)
    return np.asarray(small & inside, np.bool_)


def _search_rectangles(vehicles: Boxes, height: int, width: int) -> Ints32:
    """Whole-pixel rectangles, inside the picture and never empty."""
    x0, y0, x1, _ = vehicles.xyxy.T
    w, h = vehicles.width, vehicles.height
    left = np.clip(np.floor(x0 - CROP_MARGIN * w), 0, width - 1)
    top = np.clip(np.floor(y0 + CROP_ROWS[0] * h), 0, height - 1)
    right = np.clip(np.ceil(x1 + CROP_MARGIN * w), left + 1, width)
    bottom = np.clip(np.ceil(y0 + CROP_ROWS[1] * h), top + 1, height)
    return np.stack([left, top, right, bottom], axis=1).astype(np.int32)


def _halves(crops: Ints32) -> Ints32:
    """Overlapping left and right parts of crops that would be shrunk: near buses and lorries."""
    wide = crops[crops[:, 2] - crops[:, 0] > WIDE_CROP_PX]
    part = np.ceil(HALF_SHARE * (wide[:, 2] - wide[:, 0])).astype(np.int32)
    left, right = wide.copy(), wide.copy()
    left[:, 2] = wide[:, 0] + part
    right[:, 0] = wide[:, 2] - part
    return np.concatenate([left, right])


def _not_within(crops: Ints32) -> Bools:
    """Crops that are not nearly the same as a larger one at the same scale."""
    corners = crops.astype(np.float32)
    inside = share_inside(corners, corners) > NEARLY_ALL
    area = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    near = area[None, :] < 2.0 * area[:, None]
    order = np.arange(len(crops))
    larger = (area[None, :] > area[:, None]) | (
        (area[None, :] == area[:, None]) & (order[None, :] < order[:, None])
    )
    return ~np.asarray((inside & near & larger).any(axis=1), np.bool_)
