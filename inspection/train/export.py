"""From ``.pt`` to the ONNX file that OpenVINO, ONNX Runtime and TensorRT read."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspection.train.libraries import load

if TYPE_CHECKING:
    import onnx

OPSET = 17
INPUT = "images"
OUTPUT = "boxes_scores"
LICENCE = "AGPL-3.0"


def export_onnx(weights: Path, out: Path) -> Path:
    """Write a detector as ONNX: fp16 weights, float32 arithmetic, free batch and picture size.

    The graph has one input ``images`` (n, 3, height, width), RGB from 0 to 1, both sides
    multiples of 32, and one output ``boxes_scores`` (n, 4 + classes, anchors): centre x, centre y,
    width, height in input pixels, then a score from 0 to 1 a class. Suppression is not in it.

    Two exports of the same weights are the same bytes: no date, no path, no author.
    """
    torch, onnx = load("torch"), load("onnx")
    network = load("ultralytics").YOLO(str(weights)).model.float().eval()
    network = network.fuse(verbose=False)
    head = network.model[-1]
    # Anchors are then computed in the graph from the shape, not frozen at the traced size.
    head.export, head.dynamic, head.format = True, True, "onnx"
    axes = {INPUT: {0: "batch", 2: "height", 3: "width"}, OUTPUT: {0: "batch", 2: "anchors"}}
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / "traced.onnx"
        torch.onnx.export(
            network,
            (torch.zeros(2, 3, 320, 384),),
            str(traced),
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes=axes,
            dynamo=False,
        )
        graph = onnx.load(str(traced))
    return finish_onnx(graph, out)


def finish_onnx(graph: onnx.ModelProto, out: Path) -> Path:
    """Slim a traced graph, halve its weights, strip its origin, check it and write it."""
    onnx = load("onnx")
    graph = _slim(graph)
    _store_as_fp16(graph)
    _strip_origin(graph)
    onnx.checker.check_model(graph)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(graph.SerializeToString(deterministic=True))
    return out


def strip_weights(weights: Path, out: Path) -> Path:
    """Write a checkpoint to train on from: half precision, no optimizer, no paths, no day."""
    torch = load("torch")
    network = load("ultralytics").YOLO(str(weights)).model.half()
    for parameter in network.parameters():
        parameter.requires_grad = False
    network.args = {"task": "detect"}
    network.yaml = {k: v for k, v in network.yaml.items() if k != "yaml_file"}
    for name in ("pt_path", "criterion", "yaml_file"):
        if hasattr(network, name):
            delattr(network, name)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The archive carries the name it is saved under: a fixed one keeps the bytes the same.
    with out.open("wb") as target:
        torch.save(
            {"model": network, "ema": None, "train_args": {"task": "detect"}, "license": LICENCE},
            target,
        )
    return out


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _slim(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Fold constants and remove what the tracer left over."""
    return load("onnxslim").slim(graph)


def _store_as_fp16(graph: onnx.ModelProto) -> None:
    """Store the large float constants in half precision, each behind a cast to float32.

    Coordinates up to 1,920 px would be rounded to whole pixels in half precision; so only the
    file is small, the arithmetic stays float32 (or what the runtime chooses).
    """
    onnx = load("onnx")
    helper, numpy_helper = load("onnx.helper"), load("onnx.numpy_helper")
    single = onnx.TensorProto.FLOAT
    casts = []
    for constant in graph.graph.initializer:
        if constant.data_type != single:
            continue
        values = numpy_helper.to_array(constant)
        if values.size < 64:
            continue
        name = constant.name
        half = numpy_helper.from_array(values.astype(np.float16), f"{name}_fp16")
        constant.CopyFrom(half)
        casts.append(helper.make_node("Cast", [f"{name}_fp16"], [name], f"{name}_cast", to=single))
    nodes = list(graph.graph.node)
    del graph.graph.node[:]
    graph.graph.node.extend(casts + nodes)
    graph.ir_version = min(graph.ir_version, onnx.IR_VERSION)


def _strip_origin(graph: onnx.ModelProto) -> None:
    """Leave nothing in the file that names a machine, a day or an author."""
    graph.doc_string = ""
    graph.graph.doc_string = ""
    graph.graph.name = "detector"
    graph.producer_name = "voirie"
    graph.producer_version = ""
    del graph.metadata_props[:]
    licence = graph.metadata_props.add()
    licence.key, licence.value = "licence", LICENCE
    del graph.graph.value_info[:]
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
