"""8-bit weights from fp32 and fp16 tiers: nearest values, one file, never half of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared
from helpers.small_graphs import kinds, model_of

from granite_live.app.factory import open_recognizer
from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import (
    building,
    find_prepared,
    note_speed,
    prepare_tier,
    prepared_tiers,
    quantized_weights,
)
from granite_live.models.optimize.form_speed import QUICK_ENOUGH
from granite_live.models.optimize.open_graph import OpenGraph
from granite_live.models.optimize.quantized_weights import quantize_weights
from granite_live.models.optimize.recipe import REWRITTEN, RewrittenGraph
from granite_live.models.optimize.row_scaled_tier import Nearness, RowScaledGraph
from granite_live.util.errors import BundleError
from granite_live.util.paths import data_dir

ROWS, DEPTH, COLUMNS = 7, 96, 64


def _graph(weight: np.ndarray, folder: Path) -> RewrittenGraph:
    """x -> y0, y1: two products of one activation with one weight, fp16 weights behind a Cast."""
    node = onnx.helper.make_node
    is_half = weight.dtype == np.float16
    nodes = [node("Cast", ["w"], ["w32"], to=1)] if is_half else []
    name = "w32" if is_half else "w"
    nodes += [node("MatMul", ["x", name], ["y0"]), node("MatMul", ["x", name], ["y1"])]
    nodes += [node("MatMul", ["x", "small"], ["y2"])]
    outputs = {"y0": ["m", COLUMNS], "y1": ["m", COLUMNS], "y2": ["m", 2]}
    small = np.ones((DEPTH, 2), np.float32)
    model = model_of(nodes, {"x": ["m", DEPTH]}, outputs, {"w": weight, "small": small})
    return RewrittenGraph(model.SerializeToString(), folder, {})


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_each_weight_is_the_nearest_multiple_of_its_columns_scale(
    dtype: type, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantized_weights, "_CHUNK", chunk)
    rng = np.random.default_rng(0)
    weight = (rng.standard_normal((DEPTH, COLUMNS)) * rng.uniform(0.1, 9, COLUMNS)).astype(dtype)
    weight[:, 5] = 0
    made = quantize_weights(_graph(weight, tmp_path), tmp_path / "small.onnx_data")
    model = onnx.load_model_from_string(made.model)
    counted = kinds(model)
    assert counted["MatMulInteger"] == 2
    assert counted["MatMul"] == 1  # the small one
    assert counted["DynamicQuantizeLinear"] == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["small.onnx_data"]

    # Rows of the unit matrix are exact in 8 bits, so the products are the weights themselves.
    found = OpenGraph(Path("small"), weights=tmp_path, model=made.model, exact=True).run(
        ["y0", "y1", "y2"], {"x": np.eye(DEPTH, dtype=np.float32)}
    )
    exact = weight.astype(np.float64)
    half_a_step = np.abs(exact).max(axis=0) / 127 / 2
    assert (np.abs(found["y0"] - exact) <= half_a_step * 1.001 + 1e-6).all()
    np.testing.assert_array_equal(found["y0"], found["y1"])
    np.testing.assert_array_equal(found["y2"], 1)


@pytest.fixture(params=["fp32", "fp16w"])
def bundle(bundle_dir: Path, request: pytest.FixtureRequest) -> Bundle:
    return open_bundle(bundle_dir, request.param)


def _folders() -> list[Path]:
    root = data_dir() / "prepared"
    return sorted(one for one in root.iterdir() if one.is_dir()) if root.exists() else []


def test_a_tier_gets_8_bit_weights_of_a_quarter_of_fp32(
    bundle: Bundle, put_prepared: PutPrepared
) -> None:
    assert find_prepared(bundle) is None
    made = put_prepared(bundle.tier, Form.ROW_SCALED)
    assert made.form is Form.ROW_SCALED
    (folder,) = _folders()
    for name in REWRITTEN:
        published = bundle.graphs[name].with_name(f"{name}.onnx_data").stat().st_size
        stored = (folder / f"{name}.onnx_data").stat().st_size
        assert stored < published * (0.35 if bundle.tier == "fp32" else 0.7)
        assert made.weights[name].folder == folder
        assert made.weights[name].size_bytes == stored
    with open_recognizer(bundle, "cpu", 1) as recognizer:  # it is found and runs
        assert recognizer.bundle.form is Form.ROW_SCALED
        assert recognizer.provider_notes == ()
        assert recognizer.transcribe(np.zeros(16000, np.float32)) is not None


def test_full_precision_is_used_where_it_is_quick_enough(
    bundle_dir: Path, put_prepared: PutPrepared
) -> None:
    bundle = open_bundle(bundle_dir, "fp32")
    full = put_prepared("fp32")
    put_prepared("fp32", Form.ROW_SCALED)
    assert [one.form for one in _found(bundle)] == [Form.ROW_SCALED]
    note_speed(full, QUICK_ENOUGH)
    assert [one.form for one in _found(bundle)] == [Form.PREPARED]
    note_speed(full, 0.9 * QUICK_ENOUGH)
    assert [one.form for one in _found(bundle)] == [Form.ROW_SCALED]


def _found(bundle: Bundle) -> Iterator[Bundle]:
    found = find_prepared(bundle)
    if found is not None:
        yield found


class _Fault(BaseException):
    """Ends the process at this place, as a kill would."""


def made_at_once(*_: object) -> dict[str, RowScaledGraph]:
    """Stand for making the graphs, which takes seconds."""
    forms = (Form.ROW_SCALED, Form.TWO_TERMS)
    one = RowScaledGraph(dict.fromkeys(forms, b""), {form: Nearness() for form in forms}, {})
    return dict.fromkeys(REWRITTEN, one)


@pytest.mark.parametrize("place", ["weights", "graph"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), _Fault()])
def test_a_full_disk_or_a_kill_leaves_nothing(
    bundle: Bundle, place: str, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0

    def fail(*_: object) -> None:
        nonlocal written
        written += 1
        if written > 1:
            raise fault

    with monkeypatch.context() as patch:
        if place == "graph":
            patch.setattr(building, "row_scaled_graphs", made_at_once)
            patch.setattr(building, "write_graph", fail)
        else:
            patch.setattr(quantized_weights._WeightFile, "write", fail)
        with pytest.raises(_Fault if isinstance(fault, _Fault) else BundleError) as told:
            prepare_tier(bundle, form=Form.ROW_SCALED)
    assert written == 2
    if isinstance(fault, OSError):
        assert shows(str(told.value), OptimizeMessage.FOLDER_UNWRITABLE)
    assert _folders() == []


def test_too_small_a_disk_is_said_before_anything_is_written(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = prepared_tiers.shutil._ntuple_diskusage(10, 10, 0)
    monkeypatch.setattr(prepared_tiers.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BundleError) as told:
        prepare_tier(bundle, form=Form.ROW_SCALED)
    assert shows(told.value, OptimizeMessage.NO_ROOM)
    assert _folders() == []
