"""Test whether this CPU multiplies signed 8-bit weights exactly.

On x86 without VNNI, onnxruntime adds two products of an unsigned and a signed byte with 16-bit
saturation: 2 x 255 x 127 overflows. Products of unsigned bytes are always exact.
"""

from __future__ import annotations

import functools

import numpy as np

_ROWS, _DEPTH, _COLUMNS = 4, 64, 32


@functools.cache
def signed_products_saturate() -> bool:
    """Return whether a product of the largest bytes saturates on this CPU."""
    from onnx import TensorProto, helper, numpy_helper

    from granite_live.models.onnx_runtime import ort

    weight = numpy_helper.from_array(np.full((_DEPTH, _COLUMNS), 127, np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "saturation",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [_ROWS, _DEPTH])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [_ROWS, _COLUMNS])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    (product,) = session.run(None, {"x": np.full((_ROWS, _DEPTH), 255, np.uint8)})
    return bool((np.asarray(product) != 255 * 127 * _DEPTH).any())
