"""Bound results are the same as copied ones. The device here is the processor: no other is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from granite_live.asr import providers
from granite_live.asr.providers import CPU, BoundSession, ProviderPlan
from granite_live.models.onnx_runtime import ort as onnxruntime


@pytest.fixture
def session(bundle_dir: Path) -> onnxruntime.InferenceSession:
    path = bundle_dir / "fp32" / "encoder.onnx"
    return providers.open_session(path, ProviderPlan((CPU,)), 1).session


def test_bound_results_are_those_of_a_plain_run(session: onnxruntime.InferenceSession) -> None:
    noise = np.random.default_rng(0).normal(0.5, 0.4, (1, 160, 77)).astype(np.float32)
    feed = {
        "input_features": noise.transpose(0, 2, 1),  # whose numbers do not lie in order
        "attention_mask": np.ones((1, 77), np.int64),
    }
    outputs = ["audio_lengths", "audio_embeds"]
    bound = BoundSession(session, "cpu").run(outputs, feed)
    for now, was in zip(bound, session.run(outputs, feed), strict=True):
        assert now.dtype == was.dtype
        np.testing.assert_array_equal(now, was)


def test_results_of_different_lengths_do_not_share_memory(
    session: onnxruntime.InferenceSession,
) -> None:
    bound = BoundSession(session, "cpu")
    kept = []
    for rows in (40, 80, 40):
        feed = {
            "input_features": np.full((1, rows, 160), rows / 100, np.float32),
            "attention_mask": np.ones((1, rows), np.int64),
        }
        kept.append(bound.run(["audio_embeds"], feed)[0])
    np.testing.assert_array_equal(kept[0], kept[2])
    assert kept[1].shape[1] > kept[0].shape[1]


def test_it_is_asked_what_a_session_is_asked(session: onnxruntime.InferenceSession) -> None:
    bound = BoundSession(session, "cpu")
    assert [one.name for one in bound.get_inputs()] == ["input_features", "attention_mask"]
    assert providers.node_placement(bound)[CPU].nodes > 100


def test_an_error_of_the_session_is_an_error_of_the_run(
    session: onnxruntime.InferenceSession,
) -> None:
    with pytest.raises(Exception, match="input_features"):
        BoundSession(session, "cpu").run(
            ["audio_embeds"], {"input_features": np.zeros((1, 40), np.float32)}
        )


def test_whole_utterances_are_the_same(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device whose results are bound, played by the processor."""
    from granite_live.asr import Recognizer
    from granite_live.models.opening import open_bundle

    bundle = open_bundle(bundle_dir, "fp32")
    sound = (0.1 * np.random.default_rng(1).standard_normal(20_000)).astype(np.float32)
    with Recognizer.load(bundle, "cpu", 1) as recognizer:
        plain = recognizer.transcribe(sound)
    monkeypatch.setattr(providers, "_BOUND", {CPU: "cpu"})
    with Recognizer.load(bundle, "cpu", 1) as recognizer:
        assert all(isinstance(s, BoundSession) for s in recognizer._graphs._sessions.values())
        bound = recognizer.transcribe(sound)
    assert bound.token_ids == plain.token_ids
    assert bound.draft_token_ids == plain.draft_token_ids


@pytest.mark.parametrize(
    ("place", "wanted"),
    [(CPU, ["encoder"]), ("CUDAExecutionProvider", ["encoder", "embed_tokens", "editor"])],
)
def test_a_device_runs_every_graph_once_before_anybody_waits(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, place: str, wanted: list[str]
) -> None:
    """Its first runs take far longer than the others. The processor plays the device."""
    from granite_live.asr import Recognizer
    from granite_live.asr.graphs import Graphs
    from granite_live.models.opening import open_bundle

    monkeypatch.setattr(
        providers, "node_placement", lambda _: {place: providers.NodePlacement(3, 3)}
    )
    ran: list[str] = []
    run = Graphs._run
    monkeypatch.setattr(
        Graphs, "_run", lambda self, name, *rest: (ran.append(name), run(self, name, *rest))[1]
    )
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "cpu", 1) as recognizer:
        assert ran == wanted
        assert recognizer.draft(np.zeros(16_000, np.float32)).audio_rows.any()
