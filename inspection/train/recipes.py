"""What is trained, from which data, and how: one frozen recipe a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

COCO_START = "yolo11n_coco_init.pt"
RDD_START = "yolov8n_rdd_start.pt"

TRAFFIC = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
PAVEMENT = (
    "longitudinal_crack",
    "transverse_crack",
    "alligator_crack",
    "pothole",
    "crack_unspecified",
)
SIGN_FAMILIES = ("A", "AB", "AK", "B", "B21", "B_end")


def _frozen(**values: float) -> Mapping[str, float]:
    return MappingProxyType(values)


@dataclass(frozen=True)
class Recipe:
    """How one network is trained.

    Attributes
    ----------
    role : str
        Name of the network in ``weights/models.toml``.
    classes : tuple of str
        Class names in the order of the outputs.
    sources : tuple of str
        Folders below the data root.
    start : str
        File the weights start from: ``.pt``, or a network of ours as ``.onnx``.
    imgsz_px : int
        Longer side of a training picture as the network sees it.
    epochs : int
        Passes over the pictures.
    batch : int
        Pictures a step.
    lr, lr_end_share : float
        AdamW learning rate after warm-up, and the share of it that is left at the end.
    warmup_share : float
        Share of the run during which the rate rises.
    freeze_layers : int
        Layers, counted from the picture, that stay as they are.
    close_mosaic_epochs : int
        Last passes without mosaic, in which pictures look as they do in use.
    augment : mapping
        Arguments of ultralytics' augmentation.
    licence : str
        Licences of the data, as the model card prints them.
    experimental : bool
        True where a licence of data or start is not clear: off unless asked for.
    start_rows : tuple of tuples of int
        For each class the classes of the start whose filters it takes over; empty for a new head.
    same_aspect : bool
        True where all pictures have one aspect: they are then trained without padding, and
        without mosaic.
    machine_labels : bool
        True where the start labels the pictures.
    """

    role: str
    classes: tuple[str, ...]
    sources: tuple[str, ...]
    licence: str
    start: str = COCO_START
    imgsz_px: int = 640
    epochs: int = 5
    batch: int = 16
    lr: float = 1e-3
    lr_end_share: float = 0.02
    warmup_share: float = 0.06
    freeze_layers: int = 0
    close_mosaic_epochs: int = 1
    augment: Mapping[str, float] = field(default_factory=_frozen)
    experimental: bool = False
    start_rows: tuple[tuple[int, ...], ...] = ()
    same_aspect: bool = False
    machine_labels: bool = False


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.role: recipe
        for recipe in (
            Recipe(
                role="gate",
                classes=TRAFFIC,
                sources=(
                    "privacy/plates_bucharest",
                    "privacy/plates_openimages",
                    "signs/gtsdb",
                    "privacy/faces_crowds",
                ),
                licence="pictures only, labels are made by the start: MIT, CC BY 4.0, GTSDB, CC0",
                epochs=2,
                # A short step: the start already gates every labelled plate.
                lr=1e-4,
                freeze_layers=10,
                start_rows=((0,), (1,), (2,), (3,), (5,), (7,)),
                machine_labels=True,
                # Near vehicles are what a 1,280 px look loses, hence the enlargement.
                augment=_frozen(scale=0.6, mosaic=0.3, hsv_v=0.5, fliplr=0.5),
            ),
            Recipe(
                role="plates",
                classes=("license_plate",),
                sources=(
                    "privacy/plates_crops",
                    "privacy/plates_openimages",
                    "privacy/plates_bucharest",
                    "signs/gtsdb",
                    "privacy/faces_crowds",
                    "pavement/dnit",
                ),
                licence="CC BY 4.0 (Open Images), MIT (Bucharest, DNIT, faces_crowds), GTSDB",
                imgsz_px=320,
                epochs=6,
                # The first layers cost most of the backward pass and learn least.
                freeze_layers=3,
                close_mosaic_epochs=1,
                # Plates are searched at native scale: the jitter makes the small and the near ones.
                augment=_frozen(scale=0.6, degrees=5.0, hsv_v=0.5, fliplr=0.5),
            ),
            Recipe(
                role="pavement_experimental",
                classes=PAVEMENT,
                sources=("pavement/dnit",),
                licence="MIT (DNIT frames); start: RDD2022 India + Japan, licence not cleared",
                start=RDD_START,
                start_rows=((0,), (1,), (2,), (3,), (0, 1, 2)),
                epochs=5,
                freeze_layers=4,
                close_mosaic_epochs=0,
                same_aspect=True,
                augment=_frozen(scale=0.3, translate=0.1, hsv_v=0.4, fliplr=0.5, mosaic=0.0),
                experimental=True,
            ),
            Recipe(
                role="signs",
                classes=SIGN_FAMILIES,
                sources=("signs/gtsdb",),
                licence="GTSDB, free for any purpose (Houben et al. 2013)",
                imgsz_px=448,
                epochs=8,
                # Few pictures: small steps make more of them.
                batch=8,
                # The first layers cost most of the backward pass and learn least.
                freeze_layers=5,
                close_mosaic_epochs=2,
                # No mirror image: keep right would become keep left.
                augment=_frozen(scale=0.5, hsv_v=0.5, fliplr=0.0, mosaic=1.0),
            ),
            Recipe(
                role="signs_experimental",
                classes=SIGN_FAMILIES,
                sources=("signs/gtsdb", "signs/fr_sy32"),
                licence="GTSDB, free for any purpose; French street photographs (fr_sy32), "
                "repository MIT, rights in single photographs not stated",
                start="signs.onnx",
                imgsz_px=448,
                epochs=4,
                batch=8,
                # A short step: the start knows the German signs and shall not lose them.
                lr=3e-4,
                freeze_layers=5,
                close_mosaic_epochs=1,
                # Photographs are taken by hand, hence the tilt. No mirror image, as above.
                augment=_frozen(
                    scale=0.6,
                    degrees=6.0,
                    shear=2.0,
                    translate=0.15,
                    hsv_h=0.02,
                    hsv_v=0.5,
                    fliplr=0.0,
                    mosaic=1.0,
                    mixup=0.1,
                ),
                experimental=True,
            ),
            Recipe(
                role="pavement",
                classes=PAVEMENT,
                sources=("pavement/dnit",),
                licence="MIT (DNIT frames)",
                epochs=15,
                freeze_layers=3,
                close_mosaic_epochs=0,
                same_aspect=True,
                augment=_frozen(scale=0.3, translate=0.1, hsv_v=0.4, fliplr=0.5, mosaic=0.0),
            ),
            Recipe(
                role="dumping",
                classes=("garbage",),
                sources=("dumping/riyadh", "dumping/malta_bags"),
                licence="none stated (Smartathon 2022-23; coursework)",
                epochs=10,
                batch=8,
                freeze_layers=5,
                close_mosaic_epochs=1,
                augment=_frozen(scale=0.5, hsv_v=0.4, fliplr=0.5, mosaic=1.0),
                experimental=True,
            ),
        )
    }
)
