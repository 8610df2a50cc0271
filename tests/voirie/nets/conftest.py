"""Networks of a few nodes, so that what comes out is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import made_nets


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
    return made_nets.file_of(graph)


@pytest.fixture(scope="session")
def answering() -> Callable[..., bytes]:
    """Build a network that gives these arrays whatever it is shown."""
    return made_nets.answering
