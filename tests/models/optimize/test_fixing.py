"""Fixed lengths: what follows from them is constant, what does not is as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.messages import sentence
from helpers.small_graphs import kinds, model_of, run
from onnx import helper

from granite_live.messages.models import OptimizeMessage
from granite_live.models.optimize.coreml import fix_lengths
from granite_live.models.optimize.graph_values import with_cache_key
from granite_live.util.errors import BundleError

RNG = np.random.default_rng(2)


def filled_up(width: int = 6) -> onnx.ModelProto:
    """x [B, T, 6] -> product -> rows filled up to a multiple of 5 by lengths that it computes."""
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["p"]),
        helper.make_node("Shape", ["p"], ["shape"], start=1, end=2),
        helper.make_node("Mod", ["shape", "five"], ["over"]),
        helper.make_node("Sub", ["five", "over"], ["lacking"]),
        helper.make_node("Mod", ["lacking", "five"], ["missing"]),
        helper.make_node("Concat", ["zeros", "missing", "zero"], ["amounts"], axis=0),
        helper.make_node("Pad", ["p", "amounts"], ["y"]),
    ]
    weights = {
        "w": RNG.standard_normal((6, width)).astype(np.float32),
        "five": np.array([5], np.int64),
        "zero": np.array([0], np.int64),
        "zeros": np.array([0, 0, 0, 0], np.int64),
    }
    return model_of(nodes, {"x": ["B", "T", 6]}, {"y": ["B", "U", width]}, weights)


def test_what_follows_from_lengths_is_constant() -> None:
    model = filled_up()
    fixed = fix_lengths(model, {"x": (1, 7)})
    assert kinds(fixed) == {"MatMul": 1, "Pad": 1}
    x = RNG.standard_normal((1, 7, 6)).astype(np.float32)
    (was,), (now,) = run(model, x=x), run(fixed, x=x)
    assert now.shape == (1, 10, 6)
    np.testing.assert_array_equal(now, was)
    with pytest.raises(Exception, match="Got: 8 Expected: 7"):
        run(fixed, x=np.zeros((1, 8, 6), np.float32))
    assert kinds(model)["Mod"] == 2  # what was given is as it was


def test_weights_are_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "graph.onnx"
    onnx.save(filled_up(300), path, save_as_external_data=True, location="graph.onnx_data")
    model = onnx.load(path, load_external_data=False)
    (tmp_path / "graph.onnx_data").unlink()
    fixed = fix_lengths(model, {"x": (2, 5, 6)})
    (weight,) = (one for one in fixed.graph.initializer if one.name == "w")
    assert weight.data_location == weight.EXTERNAL
    assert [value.name for value in fixed.graph.input] == ["x"]
    assert [dim.dim_value for dim in fixed.graph.input[0].type.tensor_type.shape.dim] == [2, 5, 6]


@pytest.mark.parametrize("lengths", [{}, {"x": (1,)}, {"x": (1, 2, 6, 1)}])
def test_an_axis_without_a_length_is_told(lengths: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.UNKNOWN_AXES, input="x")):
        fix_lengths(filled_up(), lengths)


def test_a_length_that_the_graph_does_not_have_is_told() -> None:
    with pytest.raises(
        BundleError, match=sentence(OptimizeMessage.WRONG_AXIS, input="x", length="6", expected="7")
    ):
        fix_lengths(filled_up(), {"x": (1, 2, 7)})


def test_what_onnxruntime_cannot_take_is_told() -> None:
    model = filled_up()
    model.graph.node[0].op_type = "NoSuchOperator"
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.FIXED_LENGTHS_FAILED)):
        fix_lengths(model, {"x": (1, 7)})


def test_a_graph_has_a_name_for_what_is_compiled_of_it() -> None:
    """CoreML's provider takes up to 64 letters and digits; without, the place decides."""
    model = filled_up()
    named = onnx.load_model_from_string(with_cache_key(model.SerializeToString(), "abc123"))
    assert {one.key: one.value for one in named.metadata_props} == {"COREML_CACHE_KEY": "abc123"}
    assert named.graph == model.graph
