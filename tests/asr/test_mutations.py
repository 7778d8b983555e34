"""Each mistake that other ports shipped, made on purpose: the comparison must notice it.

A comparison that lets a mistake pass proves nothing about the code without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from helpers.bundle_variants import copied
from helpers.oracle import log_mel
from helpers.oracle_comparison import SOUNDS, differences

from granite_live.asr import Recognizer, ctc, editing
from granite_live.models.bundle import CtcMapping
from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.opening import open_bundle

Mutation = Callable[[Recognizer, pytest.MonkeyPatch], None]

EOS = 510


@pytest.fixture(scope="module")
def loaded(bundle_dir: Path) -> Iterator[Recognizer]:
    """A recognizer of its own: it is damaged and mended again by each test."""
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "cpu", intra_op_threads=1) as one:
        yield one


def _bundle_says(**changes: Any) -> Mutation:
    def mutate(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
        changed = replace(loaded.bundle, **changes)
        patch.setattr(loaded, "_bundle", changed)
        patch.setattr(loaded._editing, "_bundle", changed)

    return mutate


def _reencode(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
    """The draft as text, and tokenized again, before it goes into the slots."""
    tokenizer = loaded.bundle.tokenizer
    usual = editing.add_insertion_slots

    def add_slots(ids: Any, eos: int) -> Any:
        text = tokenizer.decode(list(ids), skip_special_tokens=True)
        return usual(tokenizer.encode(text).ids, eos)

    patch.setattr(editing, "add_insertion_slots", add_slots)


def _features(keep: str, maximum: str) -> Mutation:
    """Another front end: which frames it keeps, and over which it takes the maximum."""

    def make(waveform: np.ndarray) -> np.ndarray:
        frames = log_mel(waveform)
        rows = len(waveform) // 320
        if keep == "all":  # the odd one is repeated to fill its row
            rows = -(-len(frames) // 2)
            kept = np.concatenate([frames, frames[-1:]])[: 2 * rows]
        else:
            kept = frames[: 2 * rows]
        top = {"all": frames, "kept": kept}[maximum].max()
        values = np.maximum(kept, top - 8.0) / 4.0 + 1.0
        return values.astype(np.float32).reshape(1, rows, 160)

    return lambda loaded, patch: patch.setattr(loaded, "_features", make)


def _past_the_length(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
    """All audio rows of the graph, though only `audio_lengths` of them are valid."""
    _change_output(loaded, patch, "encoder", 3, lambda lengths: lengths + 3)


def _one_row_short(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
    _change_output(loaded, patch, "encoder", 3, lambda lengths: lengths - 1)


class _Session:
    """A session whose inputs or outputs are tampered with."""

    def __init__(self, session: Any, before: Any = None, after: Any = None) -> None:
        self.session, self.before, self.after = session, before, after

    def run(self, names: Any, feed: dict[str, Any], options: Any) -> Any:
        if self.before:
            feed = self.before(dict(feed))
        outputs = self.session.run(names, feed, options)
        return self.after(outputs) if self.after else outputs


def _replace_session(
    loaded: Recognizer, patch: pytest.MonkeyPatch, graph: str, before: Any = None, after: Any = None
) -> None:
    sessions = loaded._graphs._sessions
    patch.setitem(sessions, graph, _Session(sessions[graph], before, after))


def _change_output(
    loaded: Recognizer, patch: pytest.MonkeyPatch, graph: str, index: int, change: Any
) -> None:
    def after(outputs: list[Any]) -> list[Any]:
        outputs[index] = change(outputs[index])
        return outputs

    _replace_session(loaded, patch, graph, after=after)


def _editor_input(name: str, change: Any) -> Mutation:
    def before(feed: dict[str, Any]) -> dict[str, Any]:
        return {**feed, name: change(feed[name])}

    return lambda loaded, patch: _replace_session(loaded, patch, "editor", before=before)


def _no_collapse(*modules: Any) -> Mutation:
    def every_frame(values: Any) -> Any:
        return np.arange(len(values)), np.arange(len(values)) + 1

    def mutate(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
        for module in modules:
            patch.setattr(module, "runs", every_frame)

    return mutate


def _blanks_dropped_first(blank: int, *modules: Any) -> Mutation:
    """Repeats collapsed once the blanks are gone, so that real repeats melt into one."""

    def wrong(values: Any) -> Any:
        kept = np.flatnonzero(values != blank)
        starts = [k for i, k in enumerate(kept) if i == 0 or values[k] != values[kept[i - 1]]]
        return np.array(starts, np.int64), np.array(starts, np.int64) + 1

    def mutate(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
        for module in modules:
            patch.setattr(module, "runs", wrong)

    return mutate


def _read_all_rows(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
    """The audio rows of the editor's logits read as text, too."""
    graph_edit = loaded._graphs.edit

    class Whole(np.ndarray):
        def __getitem__(self, key: Any) -> Any:
            plain = np.asarray(self)
            return plain if isinstance(key, slice) and key.stop is None else plain[key]

    patch.setattr(loaded._graphs, "edit", lambda rows: graph_edit(rows).view(Whole))


def _text_first(loaded: Recognizer, patch: pytest.MonkeyPatch) -> None:
    splice = loaded._editing._splice

    def swapped(audio: np.ndarray, text: np.ndarray) -> np.ndarray:
        rows = splice(audio, text)
        return np.concatenate([rows[len(audio) :], rows[: len(audio)]])

    patch.setattr(loaded._editing, "_splice", swapped)


def _causal(mask: np.ndarray) -> np.ndarray:
    return np.triu(np.full(mask.shape, -1e9, np.float32), 1)


MISTAKES: dict[str, tuple[Mutation, str]] = {
    # The table of mistakes that made it into releases of other ports.
    "blank taken as eos": (_bundle_says(ctc=CtcMapping(blank=EOS, shift=0)), "draft ids"),
    "no shift": (_bundle_says(ctc=CtcMapping(blank=0, shift=0)), "draft ids"),
    "shift the other way": (_bundle_says(ctc=CtcMapping(blank=0, shift=-1)), "draft ids"),
    "draft re-encoded": (_reencode, "final ids"),
    "not divided by the multiplier": (
        _bundle_says(scale_projected_embeddings=False),
        "final ids",
    ),
    "divided by another number": (_bundle_says(embedding_multiplier=1 / 12), "final ids"),
    "mel cut after the maximum": (_features("kept", "all"), "final ids"),
    "mel not cut": (_features("all", "all"), "final ids"),
    "mel not cut, maximum right": (_features("all", "kept"), "final ids"),
    "audio rows past the length": (_past_the_length, "final ids"),
    # More of the kind.
    "an audio row lost": (_one_row_short, "final ids"),
    "text before audio": (_text_first, "final ids"),
    "audio rows of the logits read": (_read_all_rows, "final ids"),
    "draft not collapsed": (_no_collapse(ctc), "draft ids"),
    "edit not collapsed": (_no_collapse(editing), "final ids"),
    "draft's blanks dropped before the collapse": (_blanks_dropped_first(0, ctc), "draft ids"),
    "edit's eos dropped before the collapse": (_blanks_dropped_first(EOS, editing), "final ids"),
    "less than 8 slots": (
        lambda loaded, patch: patch.setattr(editing, "_MIN_SLOTS", 0),
        "final ids",
    ),
    "slots of another token": (_bundle_says(eos_id=EOS - 1), "final ids"),
    "causal attention": (_editor_input("attention_mask", _causal), "final ids"),
    "mask of -inf for text": (
        _editor_input("attention_mask", lambda m: np.concatenate(
            [m[..., :-9], np.full_like(m[..., -9:], -1e9)], axis=-1
        )),
        "final ids",
    ),
    "positions all zero": (_editor_input("position_ids", np.zeros_like), "final ids"),
    "positions backwards": (
        _editor_input("position_ids", lambda p: p[:, ::-1].copy()),
        "final ids",
    ),
    "positions start again at the text": (
        _editor_input("position_ids", lambda p: np.where(p < 6, p, p - 6)),
        "final ids",
    ),
}  # fmt: skip


def test_the_comparison_passes_without_a_mistake(loaded: Recognizer, bundle_dir: Path) -> None:
    assert differences(loaded, bundle_dir, "fp32", SOUNDS[:6]) == {}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_comparison_notices(
    loaded: Recognizer, bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    mutate, stage = MISTAKES[mistake]
    # Long drafts dilute nothing but time: the shorter half is enough to notice.
    sounds = SOUNDS[1:5]
    with monkeypatch.context() as patch:
        mutate(loaded, patch)
        assert any(stage in differences(loaded, bundle_dir, "fp32", [one]) for one in sounds)
    assert differences(loaded, bundle_dir, "fp32", sounds[:2]) == {}, "the mistake was not undone"


def test_a_mistake_in_the_front_end_shows_in_the_features_alone_too(
    loaded: Recognizer, bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [sound for sound in SOUNDS if sound.name == "late click"]
    for keep, maximum in (("kept", "all"), ("all", "all"), ("all", "kept")):
        with monkeypatch.context() as patch:
            _features(keep, maximum)(loaded, patch)
            assert "features" in differences(loaded, bundle_dir, "fp32", late)


def test_an_output_of_a_hair_more_is_noticed(
    loaded: Recognizer, bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tolerances are not so wide that a wrong number fits in."""
    original = loaded._features
    monkeypatch.setattr(loaded, "_features", lambda wave: original(wave) + np.float32(2e-4))
    assert "features" in differences(loaded, bundle_dir, "fp32", SOUNDS[:1])


class _FallsBack:
    """Stands for `onnxruntime.InferenceSession` where CUDA was built in but cannot start."""

    asked: ClassVar[list[list[str]]] = []
    real = onnxruntime.InferenceSession

    def __new__(cls, path: str, options: Any = None, providers: Any = None, **_: Any) -> Any:
        names = [provider if isinstance(provider, str) else provider[0] for provider in providers]
        cls.asked.append(names)
        return cls.real(path, options, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("provider", ["auto", "cuda"])
def test_what_could_run_is_not_reported_as_running(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    """The mistake: `get_available_providers()` shown as "running on the GPU"."""
    built_in = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: built_in)
    monkeypatch.setattr(onnxruntime, "InferenceSession", _FallsBack)
    monkeypatch.setattr(_FallsBack, "asked", [])
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), provider) as one:
        assert _FallsBack.asked[:3] == [built_in] * 3
        cpu = "CPUExecutionProvider"
        assert one.model_info.providers == dict.fromkeys(("encoder", "embed_tokens", "editor"), cpu)
        notes = " ".join(one.provider_notes)
        assert "CUDA" in notes
        assert "processor" in notes


def test_a_provider_that_fails_is_explained_and_nothing_is_printed(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """onnxruntime's own fall-back loses the reason, and prints to where the text goes."""
    create = onnxruntime.InferenceSession._create_inference_session

    def fails_on_cuda(self: Any, providers: Any, *args: Any, **kwargs: Any) -> None:
        names = [provider if isinstance(provider, str) else provider[0] for provider in providers]
        if "CUDAExecutionProvider" in names:
            self._fallback_providers = ["CPUExecutionProvider"]
            raise RuntimeError("CUDA failure 35: driver too old")
        create(self, providers, *args, **kwargs)

    built_in = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: built_in)
    monkeypatch.setattr(onnxruntime.InferenceSession, "_create_inference_session", fails_on_cuda)
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "auto", 1) as one:
        assert set(one.model_info.providers.values()) == {"CPUExecutionProvider"}
        assert "CUDA failure 35" in " ".join(one.provider_notes)
    assert capfd.readouterr().out == ""


def test_a_tier_is_chosen_by_what_it_costs(bundle_dir: Path, tmp_path: Path) -> None:
    """The mistakes: fp16w "for memory" on a CPU, where it becomes fp32 at load."""
    assert open_bundle(bundle_dir).tier == "int8"
    for tiers, chosen in (
        (("fp32", "fp16w"), "fp32"),
        (("int8", "fp16w"), "int8"),
        (("fp32", "int8"), "int8"),
        (("fp16w",), "fp16w"),
    ):
        path = copied(bundle_dir, tmp_path / "-".join(tiers), *tiers)
        bundle = open_bundle(path)
        assert bundle.tier == chosen
        assert set(bundle.tiers) == set(tiers)
    for tier in ("fp32", "fp16w", "int8"):
        assert open_bundle(bundle_dir, tier).tier == tier
