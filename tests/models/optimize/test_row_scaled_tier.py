"""The row-scaled form of int8: nearer to its weights, little disk space, never half."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.bundle_variants import as_hub_cache, copied
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared

from granite_live.app.factory import open_recognizer
from granite_live.app.model_speed import speech_features
from granite_live.asr import providers, thread_tuning
from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import Bundle, Form
from granite_live.models.disk import folder_bytes
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import (
    building,
    find_prepared,
    prepare_tier,
    prepared_tiers,
    remove_stale_prepared,
    row_scaled_tier,
)
from granite_live.models.optimize.recipe import REWRITTEN
from granite_live.models.optimize.row_scales import MOST_OUTLIERS
from granite_live.util.paths import data_dir


@pytest.fixture
def bundle(bundle_dir: Path, tmp_path: Path) -> Bundle:
    return open_bundle(copied(bundle_dir, tmp_path / "model", "int8"))


def _folders() -> list[Path]:
    root = data_dir() / "prepared"
    return sorted(one for one in root.iterdir() if one.is_dir()) if root.exists() else []


def _manifest() -> dict[str, Any]:
    (folder,) = _folders()
    read: dict[str, Any] = json.loads((folder / "prepared.json").read_text("utf-8"))
    return read


def test_int8_gets_row_scales_that_are_nearer_to_its_weights_layer_by_layer(
    bundle: Bundle,
) -> None:
    made = prepare_tier(
        bundle, form=Form.TWO_TERMS, sounds=lambda: speech_features(bundle.front_end)
    )
    assert made.form is Form.TWO_TERMS
    assert prepare_tier(bundle, form=Form.ROW_SCALED).form is Form.ROW_SCALED  # made beside it
    report = _manifest()["report"]
    for name, (form, times) in product(REWRITTEN, ((Form.ROW_SCALED, 5), (Form.TWO_TERMS, 200))):
        errors = np.array(list(report[name][form.value]["layer_errors"].values()))
        rounded = errors[:, 0] > 0  # the inputs of the first products are the same
        assert rounded.sum() >= 8
        assert (errors[rounded, 1] < errors[rounded, 0] / times).all()
        assert shows(report[name][form.value]["equality"], OptimizeMessage.NEARER, graph=name)
        assert all(len(ids) <= MOST_OUTLIERS for ids in report[name]["outlier_channels"].values())
    found = find_prepared(bundle)
    assert found is not None
    assert found.form is Form.ROW_SCALED  # nothing says that the other one is quick enough


def test_the_samples_of_the_program_are_speech_of_the_models_front_end(bundle: Bundle) -> None:
    features = speech_features(bundle.front_end)
    assert len(features) == 3
    assert all(one.shape[2] == bundle.front_end.feature_dim for one in features)
    assert max(one.shape[1] for one in features) == 400


def test_the_published_weights_are_not_copied(bundle_dir: Path, put_prepared: PutPrepared) -> None:
    bundle, made = open_bundle(bundle_dir, "int8"), put_prepared("int8")
    (folder,) = _folders()
    assert sorted(file.name for file in folder.iterdir()) == [
        "editor-two-terms.onnx",
        "editor.onnx",
        "encoder-two-terms.onnx",
        "encoder.onnx",
        "prepared.json",
    ]
    # What is stored are the graphs, and the weights of outlier channels in fp32.
    weights = sum(bundle.graphs[n].with_name(f"{n}.onnx_data").stat().st_size for n in REWRITTEN)
    graphs = sum(bundle.graphs[n].stat().st_size for n in REWRITTEN)
    added = sum(made.graphs[n].stat().st_size for n in REWRITTEN)
    assert added < 0.25 * weights + 1.5 * graphs


def test_a_model_in_the_hubs_cache_is_used_through_its_links(
    bundle_dir: Path, tmp_path: Path
) -> None:
    snapshot = open_bundle(as_hub_cache(bundle_dir, tmp_path / "hub", "int8"))
    assert prepare_tier(snapshot).form is Form.ROW_SCALED
    with open_recognizer(snapshot, "cpu", 1) as recognizer:
        assert recognizer.bundle.form is Form.ROW_SCALED
        assert recognizer.provider_notes == ()


@pytest.mark.soak
def test_the_prepared_form_goes_with_its_tier(bundle: Bundle) -> None:
    prepare_tier(bundle)
    (folder,) = _folders()
    stored = folder_bytes(folder)
    shutil.rmtree(bundle.path / "int8")
    assert remove_stale_prepared() == stored
    assert _folders() == []


@pytest.mark.soak
def test_threads_are_measured_with_the_form_that_is_used(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepare_tier(bundle)
    assert providers.graph_bytes(made, "encoder") >= providers.graph_bytes(bundle, "encoder")
    monkeypatch.setattr(thread_tuning, "_SMALL_BYTES", 0)
    monkeypatch.setattr(providers, "physical_core_count", lambda: 2)
    chosen = thread_tuning.choose_threads(made)
    assert chosen.plan.threads in {1, 2}
    assert (data_dir() / "threads.json").exists()


def _published_is_exact(was: Callable[..., float]) -> Callable[..., float]:
    """Return an error measure by which the published form, measured first, has no error."""
    calls = 0

    def error(*arguments: Any) -> float:
        nonlocal calls
        calls += 1
        return 0.0 if calls % 2 else was(*arguments)

    return error


def test_a_form_that_is_not_nearer_is_not_used_and_int8_is_prepared_as_published(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_scaled_tier, "_error", _published_is_exact(row_scaled_tier._error))
    told: list[str] = []
    made = prepare_tier(bundle, tell=told.append)
    assert made.form is Form.PREPARED
    (said,) = [one for one in told if shows(one, OptimizeMessage.LESS_EXACT_FORM)]
    assert shows(said, OptimizeMessage.NOT_NEARER, graph="encoder")
    assert len(_folders()) == 1


def _full(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device")


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def _made_at_once(*_: Any) -> dict[str, row_scaled_tier.RowScaledGraph]:
    """Stand for making the graphs, which takes seconds."""
    one = row_scaled_tier.RowScaledGraph({Form.ROW_SCALED: b""}, {}, {})
    return dict.fromkeys(REWRITTEN, one)


def test_a_full_disk_leaves_nothing_and_the_published_graphs_in_use(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "row_scaled_graphs", _made_at_once)
    monkeypatch.setattr(building, "write_graph", _full)
    with open_recognizer(bundle, "cpu", 1, "prepared") as recognizer:
        (note,) = recognizer.provider_notes
        assert not recognizer.bundle.prepared
    assert "No space left on device" in note
    assert _folders() == []


@pytest.mark.soak
def test_a_kill_leaves_nothing_that_is_used_and_the_next_preparation_clears_it(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(building, "write_graph", _killed)
        with pytest.raises(KeyboardInterrupt):
            prepare_tier(bundle)
    assert _folders() == []
    prepare_tier(bundle)
    (folder,) = _folders()
    # A process that is killed by force cannot clean up.
    part = folder.with_name(f"{folder.name}.part")
    folder.rename(part)
    (part / "prepared.json").unlink()
    assert find_prepared(bundle) is None
    assert prepare_tier(bundle).form is Form.ROW_SCALED
    assert _folders() == [folder]


@pytest.mark.soak
def test_too_small_a_disk_counts_no_shared_weights(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [file for name in REWRITTEN for file in bundle.graphs[name].parent.glob(f"{name}.*")]
    tier = sum(file.stat().st_size for file in files)
    free = int(0.3 * tier)
    monkeypatch.setattr(
        prepared_tiers.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(tier, tier, free)
    )
    assert prepare_tier(bundle).form is Form.ROW_SCALED


@pytest.mark.soak
def test_changed_weights_are_prepared_anew(bundle: Bundle) -> None:
    prepare_tier(bundle)
    data = bundle.graphs["editor"].with_name("editor.onnx_data")
    os.utime(data, ns=(1, data.stat().st_mtime_ns + 10**9))
    assert find_prepared(bundle) is None
    assert prepare_tier(bundle).form is Form.ROW_SCALED
    assert len(_folders()) == 1
