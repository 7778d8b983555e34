"""The prepared graphs in the whole pipeline: the same token ids, and mistakes are noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from helpers.bundle_variants import copied
from helpers.messages import sentence, shows
from helpers.prepared_recognizers import LENGTHS, PutPrepared, assert_same, loading
from helpers.synthetic_sounds import made_up_sound
from onnx import numpy_helper

from granite_live.asr import Recognizer, providers
from granite_live.audio.files import open_audio
from granite_live.messages.models import ModelMessage, OptimizeMessage
from granite_live.models.bundle import Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier
from granite_live.models.optimize.recipe import rewrite_graph
from granite_live.util.errors import ProviderError
from granite_live.util.paths import demo_bundle_dir


@pytest.fixture(scope="module")
def prepared(put_prepared: PutPrepared) -> Iterator[Callable[[str], Recognizer]]:
    """Return a loader of the committed bundle's prepared tiers."""
    with loading(put_prepared, Form.PREPARED) as load:
        yield load


def test_fp32_writes_the_same_tokens_for_sounds_of_many_lengths(
    prepared: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    published = load_recognizer(bundle_dir, "fp32")
    words = 0
    lengths = LENGTHS[::3]
    for seed, samples in enumerate(lengths):
        sound = made_up_sound(samples, seed)
        wanted = published.transcribe(sound)
        assert_same(prepared("fp32").transcribe(sound), wanted)
        words += len(wanted.token_ids)
    assert words > len(lengths)  # the sounds do say something


@pytest.mark.soak
def test_int8_agrees_with_fp32_at_least_as_often_as_published(
    prepared: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    exact, rounded = (load_recognizer(bundle_dir, tier) for tier in ("fp32", "int8"))
    equal = {"published": 0, "prepared": 0}
    for seed, samples in enumerate(LENGTHS):
        sound = made_up_sound(samples, seed)
        wanted = exact.draft(sound).token_ids
        equal["published"] += rounded.draft(sound).token_ids == wanted
        equal["prepared"] += prepared("int8").draft(sound).token_ids == wanted
    assert equal["prepared"] >= equal["published"] - 1  # one draft of noise is chance


def test_the_demo_sample_is_the_same_text(two_sentences: Path) -> None:
    with open_audio(two_sentences) as audio:
        sound = np.concatenate(list(audio.blocks(16_000)))[: 5 * 16_000]
    bundle = open_bundle(demo_bundle_dir())
    with Recognizer.load(bundle, "cpu") as one, Recognizer.load(prepare_tier(bundle)) as other:
        assert_same(other.transcribe(sound), one.transcribe(sound))


def test_silence_and_a_hypothesis_go_the_same_way(
    prepared: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    ours, published = prepared("fp32"), load_recognizer(bundle_dir, "fp32")
    for length in (0, 100, 320, 700):
        sound = np.zeros(length, np.float32)
        assert ours.transcribe(sound).token_ids == published.transcribe(sound).token_ids
    sound = made_up_sound(30_000, 3)
    wanted = published.edit(published.draft(sound), [3, 1, 4, 1, 5]).token_ids
    assert ours.edit(ours.draft(sound), [3, 1, 4, 1, 5]).token_ids == wanted


@pytest.mark.parametrize(
    ("form", "weights_mb", "together"),
    [("published", 0, 2), ("published", 300, 1), ("prepared", 0, 2)],
)
def test_graphs_open_at_the_same_time_unless_their_weights_are_large(
    put_prepared: PutPrepared,
    bundle_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    weights_mb: int,
    together: int,
) -> None:
    if form == "prepared":
        bundle = put_prepared("fp32")
    else:
        path = copied(bundle_dir, tmp_path / "bundle", "fp32")
        with (path / "fp32" / "encoder.more_weights").open("wb") as file:
            file.truncate(weights_mb * 1_000_000)
        bundle = open_bundle(path)
    both_there, open_now, most = threading.Barrier(2), 0, 0
    original = providers.open_session

    def open_session(path: Path, *given: Any, **settings: Any) -> providers.OpenedSession:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        if together == 2 and path.stem != "encoder":
            both_there.wait(30)
        opened = original(path, *given, **settings)
        open_now -= 1
        return opened

    monkeypatch.setattr(providers, "open_session", open_session)
    with Recognizer.load(bundle, "cpu", 1) as recognizer:
        assert list(recognizer.placement) == ["encoder", "embed_tokens", "editor"]
    assert most == together


def test_a_prepared_graph_that_does_not_open_is_told(
    put_prepared: PutPrepared, tmp_path: Path
) -> None:
    bundle = put_prepared("fp32")
    broken = replace(bundle, graphs={**bundle.graphs, "editor": tmp_path / "none.onnx"})
    with pytest.raises(ProviderError, match=r"cannot open .*none\.onnx"):
        Recognizer.load(broken, "cpu", 1)


def _spoil_pointwise(model: onnx.ModelProto) -> None:
    """The product of one layer with its weight not turned back, as rows for columns."""
    turned = [n for n in model.graph.node if n.name.endswith("/turned")]
    down = next(n for n in turned if "conv.down" in n.name)
    _make_constant(model, down.output[0], lambda value: value[::-1])


def _spoil_shift(model: onnx.ModelProto) -> None:
    """The relative bias one place off."""
    start = next(n for n in model.graph.initializer if n.name.endswith("/moved/start"))
    start.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(start) - 1, start.name))
    stop = next(n for n in model.graph.initializer if n.name.endswith("/moved/stop"))
    stop.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(stop) - 1, stop.name))


def _make_constant(model: onnx.ModelProto, name: str, change: Any) -> None:
    """Reverse what `name` holds, by a node between it and its readers."""
    flipped = onnx.helper.make_node("Slice", [name, "s", "e", "a", "st"], [name + "/flipped"])
    for node in model.graph.node:
        for index, read in enumerate(node.input):
            if read == name:
                node.input[index] = name + "/flipped"
    place = next(i for i, n in enumerate(model.graph.node) if name in n.output)
    model.graph.node.insert(place + 1, flipped)
    for key, value in {"s": -1, "e": -(2**62), "a": 0, "st": -1}.items():
        model.graph.initializer.append(numpy_helper.from_array(np.array([value]), key))


def _spoil_classes(model: onnx.ModelProto) -> None:
    """The draft's classes are the worst ones."""
    node = next(n for n in model.graph.node if n.op_type == "ArgMax")
    node.op_type = "ArgMin"


@pytest.mark.parametrize("spoil", [_spoil_pointwise, _spoil_shift, _spoil_classes])
def test_a_wrong_rewrite_is_noticed_before_it_is_used(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[onnx.ModelProto], None]
) -> None:
    from granite_live.app.factory import open_recognizer
    from granite_live.models.optimize import recipe

    def wrong(name: str, path: Path, form: Form, **settings: Any) -> recipe.RewrittenGraph:
        made = rewrite_graph(name, path, form, **settings)
        if name != "encoder":
            return made
        model = onnx.load_model_from_string(made.model)
        spoil(model)
        return replace(made, model=model.SerializeToString())

    monkeypatch.setattr(recipe, "rewrite_graph", wrong)
    with open_recognizer(open_bundle(bundle_dir, "fp32"), "cpu", 1, "prepared") as recognizer:
        assert not recognizer.bundle.prepared
        (note,) = recognizer.provider_notes
    assert shows(
        note, ModelMessage.PUBLISHED_GRAPHS_USED, reason=sentence(OptimizeMessage.NOT_EQUAL)
    )
