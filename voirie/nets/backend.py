"""The backend of every installation: ONNX run by OpenVINO on the processor.

OpenVINO calls home when it is imported unless its telemetry package is out of reach, so that
package is hidden first (nothing leaves the machine that the configuration does not name).
"""

from __future__ import annotations

import importlib
import sys
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Literal

import numpy as np

from voirie.arrays import Floats32, Pixels

if TYPE_CHECKING:
    import openvino

Precision = Literal["f32", "bf16"]
SHAPES_KEPT = 8
"""Compiled shapes a network keeps: a few camera sizes times a few looks."""


class NonFiniteOutput(ArithmeticError):
    """A network gave NaN or an infinity: its answer means nothing."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """What a network wants of 8-bit BGR pixels: order of colours, what is taken off, divisor."""

    rgb: bool
    divisor: float
    mean: float = 0.0
    fused: bool = True
    """Whether OpenVINO may fuse layers into kernels of its own ("snippets")."""


@cache
def _openvino() -> ModuleType:
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


@cache
def _core() -> openvino.Core:
    core: openvino.Core = _openvino().Core()
    return core


@cache
def _has_bf16() -> bool:
    return "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def backend_name() -> str:
    """Program and device that run the networks, for the run sheet."""
    version = str(_openvino().__version__).partition("-")[0]
    return f"OpenVINO {version} on {_core().get_property('CPU', 'FULL_DEVICE_NAME')}"


class Net:
    """A network that takes batches of 8-bit BGR pictures.

    Compiled once for each batch shape; conversion to float, colour order and scaling are part
    of the compiled graph. Safe to call from several threads, one inference at a time.

    Parameters
    ----------
    onnx
        The whole ONNX file: bytes and not a path, so that what was hashed is what runs.
    feed
        Colour order and divisor.
    threads
        Processor threads for one inference; 0 takes all.
    precision
        ``f32`` gives the same boxes on every processor; ``bf16`` halves the time where the
        processor has it and moves scores in the third digit.
    """

    def __init__(
        self, onnx: bytes, feed: InputFormat, threads: int = 0, precision: Precision = "f32"
    ) -> None:
        self._onnx = onnx
        self._feed = feed
        self._threads = threads
        self._precision = precision
        self._requests: OrderedDict[tuple[int, ...], openvino.InferRequest] = OrderedDict()
        self._lock = Lock()

    def run(self, batch: Pixels) -> tuple[Floats32, ...]:
        """Outputs of the network, float32, in the order of the file.

        Parameters
        ----------
        batch
            ``(B, H, W, 3)`` uint8 BGR, of sides that the network takes (multiples of 32 for most).

        Raises
        ------
        NonFiniteOutput
            When any output holds NaN or an infinity.
        """
        with self._lock:
            request = self._request(batch.shape)
            request.infer([np.ascontiguousarray(batch)], share_inputs=True)
            outputs = tuple(
                np.array(request.get_output_tensor(i).data, np.float32)
                for i in range(len(request.model_outputs))
            )
        # A sum is NaN or infinite as soon as one term is: one pass, no mask array.
        if not all(np.isfinite(np.sum(out, dtype=np.float64)) for out in outputs):
            raise NonFiniteOutput("a network gave NaN or an infinity")
        return outputs

    def _request(self, shape: tuple[int, ...]) -> openvino.InferRequest:
        if shape in self._requests:
            self._requests.move_to_end(shape)
            return self._requests[shape]
        self._requests[shape] = self._compiled(shape).create_infer_request()
        while len(self._requests) > SHAPES_KEPT:
            self._requests.popitem(last=False)
        return self._requests[shape]

    def _compiled(self, shape: tuple[int, ...]) -> openvino.CompiledModel:
        ov = _openvino()
        batch, height, width, channels = shape
        model = _core().read_model(self._onnx)
        model.reshape({model.inputs[0]: [batch, channels, height, width]})
        steps = ov.preprocess.PrePostProcessor(model)
        source = steps.input()
        source.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        source.tensor().set_color_format(ov.preprocess.ColorFormat.BGR)
        source.model().set_layout(ov.Layout("NCHW"))
        source.preprocess().convert_element_type(ov.Type.f32)
        if self._feed.rgb:
            source.preprocess().convert_color(ov.preprocess.ColorFormat.RGB)
        if self._feed.mean != 0.0:
            source.preprocess().mean(self._feed.mean)
        if self._feed.divisor != 1.0:
            source.preprocess().scale(self._feed.divisor)
        for i in range(len(model.outputs)):
            steps.output(i).tensor().set_element_type(ov.Type.f32)
        options: dict[str, object] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": self._precision if _has_bf16() else "f32",
        }
        if not self._feed.fused:
            options["SNIPPETS_MODE"] = "DISABLE"
        if self._threads:
            options["INFERENCE_NUM_THREADS"] = self._threads
        built = steps.build()
        try:
            return _core().compile_model(built, "CPU", options)
        except RuntimeError:
            # Some processors say that they have bf16 and lack a layer of it.
            if options["INFERENCE_PRECISION_HINT"] == "f32":
                raise
            options["INFERENCE_PRECISION_HINT"] = "f32"
            return _core().compile_model(built, "CPU", options)
