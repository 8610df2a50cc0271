"""Networks of a few nodes, so that what comes out is known."""

from __future__ import annotations

import numpy as np
import pytest


def answering(*answers: np.ndarray) -> bytes:
    """A network that gives these arrays whatever it is shown."""
    onnx = pytest.importorskip("onnx", reason="needs the extra 'yolo'")
    helper, single = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Sub", ["mean", "mean"], ["nothing"]),
    ]
    constants, outputs = [], []
    for rank, answer in enumerate(answers):
        values = np.asarray(answer, np.float32)
        constants.append(onnx.numpy_helper.from_array(values, f"answer_{rank}"))
        nodes.append(helper.make_node("Add", [f"answer_{rank}", "nothing"], [f"output_{rank}"]))
        outputs.append(helper.make_tensor_value_info(f"output_{rank}", single, values.shape))
    images = helper.make_tensor_value_info("images", single, ["n", 3, "h", "w"])
    return file_of(helper.make_graph(nodes, "answering", [images], outputs, constants))


def file_of(graph: object) -> bytes:
    """The file of a network with this graph."""
    onnx = pytest.importorskip("onnx", reason="needs the extra 'yolo'")
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())
