"""Networks of a few nodes, so that what comes out is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture(scope="session")
def colours() -> bytes:
    """A network that gives the mean of each colour, in the order in which it reads them."""
    onnx = pytest.importorskip("onnx", reason="needs the extra 'yolo'")
    helper, single = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["images"], ["pooled"]),
            helper.make_node("Flatten", ["pooled"], ["means"]),
        ],
        "colours",
        [helper.make_tensor_value_info("images", single, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("means", single, ["n", 3])],
    )
    return _file(graph)


@pytest.fixture(scope="session")
def answering() -> Callable[..., bytes]:
    """Build a network that gives these arrays whatever it is shown."""
    onnx = pytest.importorskip("onnx", reason="needs the extra 'yolo'")
    helper, single = onnx.helper, onnx.TensorProto.FLOAT

    def build(*answers: np.ndarray) -> bytes:
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
        return _file(helper.make_graph(nodes, "answering", [images], outputs, constants))

    return build


def _file(graph: object) -> bytes:
    onnx = pytest.importorskip("onnx", reason="needs the extra 'yolo'")
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())
