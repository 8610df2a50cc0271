"""Networks: weights by hash, one backend, and the geometry before and after a network.

`load_models` reads ``models.toml`` and refuses a file whose SHA-256 is not the registered
one; `Net` runs it on OpenVINO; `YoloDetector` and `FaceFinder` turn pictures into `Boxes`.
Neither torch nor ultralytics is needed.
"""

from voirie.nets.backend import Net, NonFiniteOutput
from voirie.nets.boxes import Boxes, Labels, share_inside
from voirie.nets.centerface import FaceFinder
from voirie.nets.measures import Aspect, Excess, Existence, Found, Measured, Measures, Sizes
from voirie.nets.registry import Destroyed, ModelEntry, Models, Width, load_models
from voirie.nets.yolo import YoloDetector, letterbox

__all__ = [
    "Aspect",
    "Boxes",
    "Destroyed",
    "Excess",
    "Existence",
    "FaceFinder",
    "Found",
    "Labels",
    "Measured",
    "Measures",
    "ModelEntry",
    "Models",
    "Net",
    "NonFiniteOutput",
    "Sizes",
    "YoloDetector",
    "letterbox",
    "Width",
    "load_models",
    "share_inside",
]
