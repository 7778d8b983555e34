"""Rows behind the end of a sound change nothing, in small graphs and in whole encoders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.small_graphs import I64, model_of, rewritten, run
from onnx import TensorProto, helper

from granite_live.models.bundle import Form
from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.optimize.graph_editor import RewriteCount
from granite_live.models.optimize.graph_values import infer_values
from granite_live.models.optimize.lengths import mask_padding, pad_batch
from granite_live.models.optimize.recipe import rewrite_graph

LENGTHS = (33, 50, 97, 133, 150, 211)
"""Feature rows: within a block of 50, whole blocks, and with a part of another."""


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def _with_mask(
    nodes: list[onnx.NodeProto],
    inputs: dict[str, list[int | str]],
    outputs: dict[str, list[int | str]],
    weights: dict[str, np.ndarray],
) -> onnx.ModelProto:
    """A graph that also takes the mask, and counts with it as the published one does."""
    count = helper.make_node("ReduceSum", ["attention_mask", "axis"], ["count"], keepdims=0)
    cast = helper.make_node("Cast", ["count"], ["length"], to=TensorProto.FLOAT)
    model = model_of(
        [*nodes, count, cast],
        {**inputs, "attention_mask": ["B", "T"]},
        {**outputs, "length": ["B"]},
        {**weights, "axis": np.array([1], np.int64)},
    )
    mask = next(one for one in model.graph.input if one.name == "attention_mask")
    mask.type.tensor_type.elem_type = I64
    onnx.checker.check_model(model)
    return model


def heeding(model: onnx.ModelProto) -> tuple[onnx.ModelProto, RewriteCount]:
    values = infer_values(model)
    return rewritten(model, lambda graph: mask_padding(graph, values))


def _mask(rows: int, length: int) -> np.ndarray:
    return (np.arange(rows) < length).astype(np.int64)[None]


@pytest.mark.parametrize("turned", [False, True])
def test_a_convolution_reads_zeros_behind_the_end(rng: np.random.Generator, turned: bool) -> None:
    nodes = [helper.make_node("Conv", ["c", "w"], ["y"], group=6, pads=[2, 2])]
    shape: list[int | str] = ["B", "T", 6] if turned else ["B", 6, "T"]
    kind = ("Transpose", {"perm": [0, 2, 1]}) if turned else ("Identity", {})
    nodes.insert(0, helper.make_node(kind[0], ["x"], ["c"], **kind[1]))
    weights = {"w": rng.standard_normal((6, 1, 5)).astype(np.float32)}
    model = _with_mask(nodes, {"x": shape}, {"y": ["B", 6, "T"]}, weights)
    made, outcome = heeding(model)
    assert outcome == RewriteCount(1)
    sound = rng.standard_normal((1, 6, 9)).astype(np.float32)
    longer = np.concatenate([sound, rng.standard_normal((1, 6, 4)).astype(np.float32)], axis=2)
    if turned:
        sound, longer = sound.transpose(0, 2, 1), longer.transpose(0, 2, 1)
    was, _ = run(model, x=sound, attention_mask=_mask(9, 9))
    unheeded, _ = run(model, x=longer, attention_mask=_mask(13, 9))
    now, length = run(made, x=longer, attention_mask=_mask(13, 9))
    np.testing.assert_allclose(now[..., :9], was, rtol=1e-6)
    assert np.abs(unheeded[..., :9] - was).max() > 0.01  # so there was something to heed
    assert length == 9


def test_a_padding_finds_zeros_behind_the_end(rng: np.random.Generator) -> None:
    """Rows of channels, and one number a row, each summed by fours behind their padding."""
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["wide"]),
        helper.make_node("Gather", ["x", "first"], ["narrow"], axis=2),
        helper.make_node("Pad", ["wide", "p3"], ["wider"]),
        helper.make_node("Pad", ["narrow", "p2"], ["longer"]),
        helper.make_node("ReduceSum", ["wider", "rows"], ["y"], keepdims=0),
        helper.make_node("ReduceSum", ["longer", "rows"], ["z"], keepdims=0),
    ]
    weights = {
        "w": rng.standard_normal((6, 4)).astype(np.float32),
        "first": np.array(0, np.int64),
        "p3": np.array([0, 0, 0, 0, 3, 0], np.int64),
        "p2": np.array([0, 0, 0, 3], np.int64),
        "rows": np.array([1], np.int64),
    }
    model = _with_mask(nodes, {"x": ["B", "T", 6]}, {"y": ["B", 4], "z": ["B"]}, weights)
    made, outcome = heeding(model)
    assert outcome == RewriteCount(2)
    longer = rng.standard_normal((1, 13, 6)).astype(np.float32)
    was = run(model, x=longer[:, :9], attention_mask=_mask(9, 9))
    now = run(made, x=longer, attention_mask=_mask(13, 9))
    for ours, wanted in zip(now, was, strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("is_kept_where_true", [False, True])
def test_nobody_attends_to_what_is_behind_the_end(
    rng: np.random.Generator, is_kept_where_true: bool
) -> None:
    """Scores [b, m, h, c, r] of two blocks of four, with a condition that masks nothing."""
    sides = ["s", "vast"] if is_kept_where_true else ["vast", "s"]
    nodes = [
        helper.make_node("Cast", ["open"], ["seen"], to=TensorProto.BOOL),
        helper.make_node("Cast", ["seen"], ["seen again"], to=TensorProto.BOOL),
        helper.make_node("Where", ["seen again", *sides], ["masked"]),
        helper.make_node("Softmax", ["masked"], ["y"], axis=-1),
    ]
    shape: list[int | str] = ["B", 2, 3, 4, 4]
    weights = {"vast": np.array(-3.4e38, np.float32)}
    model = _with_mask(nodes, {"s": shape, "open": [1, 2, 1, 4, 4]}, {"y": shape}, weights)
    made, outcome = heeding(model)
    assert outcome == RewriteCount(1)
    scores = rng.standard_normal((2, 2, 3, 4, 4)).astype(np.float32)
    is_open = np.full((1, 2, 1, 4, 4), float(is_kept_where_true), np.float32)
    mask = np.concatenate([_mask(7, 6), _mask(7, 3)])
    shares, lengths = run(made, s=scores, open=is_open, attention_mask=mask)
    np.testing.assert_array_equal(lengths, [6, 3])
    assert np.all(shares[0, 0] > 0)  # of the first sound all four rows of the first block
    assert np.all(shares[0, 1, :, :, :2] > 0)
    assert np.all(shares[0, 1, :, :, 2:] == 0)
    assert np.all(shares[1, 0, :, :, :3] > 0)
    assert np.all(shares[1, 0, :, :, 3:] == 0)
    assert np.isfinite(shares).all()  # also of a block with nothing in it
    np.testing.assert_allclose(shares.sum(-1), 1, rtol=1e-5)


def test_a_mask_that_is_filled_up_itself_is_left() -> None:
    nodes = [helper.make_node("Pad", ["attention_mask", "p"], ["more"]),
             helper.make_node("Cast", ["more"], ["y"], to=TensorProto.FLOAT)]  # fmt: skip
    weights = {"p": np.array([0, 0, 0, 3], np.int64)}
    model = _with_mask(nodes, {}, {"y": ["B", "U"]}, weights)
    assert heeding(model)[1] == RewriteCount()


def test_without_a_mask_there_is_nothing_to_heed(rng: np.random.Generator) -> None:
    model = model_of(
        [helper.make_node("Conv", ["x", "w"], ["y"], group=6, pads=[2, 2])],
        {"x": ["B", 6, "T"]},
        {"y": ["B", 6, "T"]},
        {"w": rng.standard_normal((6, 1, 5)).astype(np.float32)},
    )
    assert heeding(model)[1] == RewriteCount()


def _feed(features: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    unwatched = np.empty(0, np.int64)
    return {"input_features": features, "attention_mask": mask, "watched_classes": unwatched}


_OUTPUTS = ("draft_classes", "draft_probabilities", "bpe_mask", "audio_embeds", "audio_lengths")


def _session(path: Path, form: Form) -> onnxruntime.InferenceSession:
    made = rewrite_graph("encoder", path, form)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(made.folder)
    )
    return onnxruntime.InferenceSession(made.model, options, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("width", [211, 250])
@pytest.mark.parametrize("form", [Form.JOINT, Form.PREPARED])
def test_sounds_side_by_side_are_as_each_alone(
    bundle_dir: Path, rng: np.random.Generator, width: int, form: Form
) -> None:
    """In the form for several utterances; in the other what was filled in would be heard."""
    path = bundle_dir / "fp32" / "encoder.onnx"
    session = _session(path, form)
    sounds = [rng.normal(0.5, 0.4, (1, rows, 160)).astype(np.float32) for rows in LENGTHS]
    features, mask = pad_batch(sounds, width)
    together = session.run(_OUTPUTS, _feed(features, mask))
    off = []
    for k, sound in enumerate(sounds):
        features, mask = pad_batch([sound], sound.shape[1])
        alone = session.run(_OUTPUTS, _feed(features, mask))
        frames, rows = alone[0].shape[1], int(alone[4][0])
        np.testing.assert_array_equal(together[2][k], np.arange(len(together[2][k])) < frames)
        assert together[4][k] == rows
        ours, wanted = together[3][k, :rows], alone[3][0, :rows]
        off.append(float(np.abs(ours - wanted).max() / np.abs(wanted).max()))
        if form is Form.JOINT:
            np.testing.assert_array_equal(together[0][k, :frames], alone[0][0])
            np.testing.assert_allclose(together[1][k, :frames], alone[1][0], rtol=1e-3)
    if form is Form.JOINT:
        assert max(off) < 1e-5
    else:
        assert max(off) > 1e-2
