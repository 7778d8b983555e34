"""Token for token what the published call sequence gives, against `helpers/oracle.py`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.bundle_variants import as_hub_cache, with_float_mask, with_metadata
from helpers.oracle import features_of
from helpers.oracle_comparison import (
    SOUNDS,
    SyntheticSound,
    differences,
    expected,
    expected_features,
    oracle_of,
)
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer
from granite_live.models.opening import open_bundle
from granite_live.util.errors import AudioError

Loader = Callable[[Path, str], Recognizer]

_GOLDEN = Path(
    os.environ.get(
        "GRANITE_LIVE_GOLDEN",
        Path(__file__).resolve().parents[3] / "shared" / "golden",
    )
)


def test_the_sounds_tell_implementations_apart(bundle_dir: Path, tier: str) -> None:
    """If the drafts were trivial, every test below would pass with any code."""
    drafts = [expected(bundle_dir, tier, sound).draft_ids for sound in SOUNDS]
    finals = [expected(bundle_dir, tier, sound).final_ids for sound in SOUNDS]
    assert len({token for ids in drafts for token in ids}) > 15
    assert len({token for ids in finals for token in ids}) > 15
    assert all(final != draft for final, draft in zip(finals, drafts, strict=True))
    assert min(len(ids) for ids in drafts) in (1, 2, 3), "no draft for which 8 slots are many"
    assert max(len(ids) for ids in drafts) > 20
    for results in (drafts, finals):
        repeats = [ids for ids in results if any(a == b for a, b in pairwise(ids))]
        assert repeats, "no token twice in a row with a blank or eos between"


def test_every_tier_equals_the_oracle(recognizer: Recognizer, bundle_dir: Path, tier: str) -> None:
    assert differences(recognizer, bundle_dir, tier) == {}


def test_a_head_without_shift_equals_the_oracle(
    load_recognizer: Loader, no_shift_bundle_dir: Path, bundle_dir: Path
) -> None:
    recognizer = load_recognizer(no_shift_bundle_dir, "fp32")
    assert (recognizer.model_info.ctc_blank, recognizer.model_info.ctc_shift) == (510, 0)
    assert differences(recognizer, no_shift_bundle_dir, "fp32", SOUNDS[:6]) == {}
    # The same classes under other numbers: where eos itself was not drafted, the same draft.
    sound = next(s for s in SOUNDS if 510 not in expected(bundle_dir, "fp32", s).draft_ids)
    want = expected(bundle_dir, "fp32", sound).draft_ids
    assert recognizer.draft(sound.waveform).token_ids == want != ()


def test_a_float_mask_equals_the_oracle(
    load_recognizer: Loader, bundle_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = with_float_mask(bundle_dir, tmp_path_factory.mktemp("variants") / "float_mask")
    recognizer = load_recognizer(path, "fp32")
    outputs = oracle_of(path, "fp32").encode(expected_features(SOUNDS[0]))
    assert outputs["bpe_mask"].dtype == np.float32
    assert differences(recognizer, path, "fp32", SOUNDS[:6]) == {}


@pytest.mark.parametrize(
    ("metadata", "differs"),
    [
        (None, False),
        ({}, False),
        ({"text_config": {"embedding_multiplier": 12}}, False),
        ({"text_config": {"embedding_multiplier": 3.5}}, True),
        ({"embedding_multiplier": 12.0, "scale_projected_embeddings": False}, True),
    ],
)
def test_the_multiplier_is_the_bundles(
    bundle_dir: Path, tmp_path: Path, metadata: Any, differs: bool
) -> None:
    path = with_metadata(bundle_dir, tmp_path / "bundle", metadata)
    sounds = SOUNDS[3:5]
    with Recognizer.load(open_bundle(path), "cpu", intra_op_threads=1) as recognizer:
        assert differences(recognizer, path, "fp32", sounds) == {}
        assert bool(differences(recognizer, bundle_dir, "fp32", sounds)) == differs


def test_the_hub_cache_of_links_loads(bundle_dir: Path, tmp_path: Path) -> None:
    """onnxruntime, too, must find the weights behind links."""
    snapshot = as_hub_cache(bundle_dir, tmp_path / "cache", "int8")
    with Recognizer.load(open_bundle(snapshot), "cpu", intra_op_threads=1) as recognizer:
        assert differences(recognizer, bundle_dir, "int8", SOUNDS[:2]) == {}


# How close both front ends are where no contract asks for it: both compute in float64, and
# only the last rounding to float32 may differ. 2**-22 is one step of float32 near 2 to 4.
_ROUNDING = 2.0**-22


@pytest.mark.parametrize("samples", [640, 641, 959, 960, 4_799, 16_000, 16_001, 50_007])
def test_features_equal_the_oracles(
    load_recognizer: Loader, bundle_dir: Path, samples: int
) -> None:
    waveform = made_up_sound(samples, samples)
    features = load_recognizer(bundle_dir, "fp32")._features(waveform)
    want = features_of(waveform)
    assert features.dtype == np.float32
    assert features.shape == want.shape == (1, samples // 320, 160)
    np.testing.assert_allclose(features, want, rtol=0, atol=_ROUNDING)


def _golden() -> Any:
    file = _GOLDEN / "features.npz"
    if not file.is_file():
        pytest.skip(f"no upstream features at {file} (set GRANITE_LIVE_GOLDEN to their folder)")
    return np.load(file)


def test_features_equal_the_upstream_extractors(load_recognizer: Loader, bundle_dir: Path) -> None:
    """Made with torch.stft and the torchaudio filterbank; holds the oracle too."""
    front_end = load_recognizer(bundle_dir, "fp32")._features
    pairs = _golden()
    names = [name.removesuffix(".wave") for name in pairs.files if name.endswith(".wave")]
    assert len(names) >= 6
    for name in names:
        waveform, want = pairs[f"{name}.wave"], pairs[f"{name}.features"]
        for features in (front_end(waveform), features_of(waveform)):
            assert features.shape == want.shape, name
            np.testing.assert_allclose(features, want, rtol=0, atol=1e-4, err_msg=name)


_HYPOTHESES: dict[str, Callable[[tuple[int, ...]], list[int]]] = {
    "one token": lambda ids: [42],
    "reversed": lambda ids: list(reversed(ids)),
    "longer": lambda ids: [*ids, 1, 2, 2, 3, *ids],
    "with eos": lambda ids: [7, 510, 7],
    "last id": lambda ids: [511],
}


@pytest.mark.parametrize("change", _HYPOTHESES)
def test_a_hypothesis_takes_the_slots(
    recognizer: Recognizer, bundle_dir: Path, tier: str, change: str
) -> None:
    oracle = oracle_of(bundle_dir, tier)
    for sound in (SOUNDS[1], SOUNDS[3]):
        draft = recognizer.draft(sound.waveform)
        hypothesis = _HYPOTHESES[change](draft.token_ids)
        want = oracle.transcribe(sound.waveform, hypothesis, expected_features(sound))
        transcript = recognizer.edit(draft, hypothesis)
        assert transcript.token_ids == want.final_ids
        assert transcript.text == want.text.strip()
        assert transcript.draft_token_ids == tuple(hypothesis)


def test_the_draft_as_hypothesis_changes_nothing(recognizer: Recognizer) -> None:
    draft = recognizer.draft(SOUNDS[4].waveform)
    again = recognizer.edit(draft, list(draft.token_ids))
    assert again.token_ids == recognizer.edit(draft).token_ids


def test_a_hypothesis_speaks_where_the_draft_is_silent(
    recognizer: Recognizer, bundle_dir: Path, tier: str
) -> None:
    sound = np.zeros(16_000, np.float32)
    draft = recognizer.draft(sound)
    assert draft.token_ids == ()
    want = oracle_of(bundle_dir, tier).transcribe(sound, [1, 2, 3])
    assert recognizer.edit(draft, [1, 2, 3]).token_ids == want.final_ids != ()


def test_twice_the_same_bit_for_bit(recognizer: Recognizer, bundle_dir: Path, tier: str) -> None:
    """Also in a second recognizer, and after other sound."""
    sound: SyntheticSound = SOUNDS[5]
    first = recognizer.draft(sound.waveform)
    recognizer.transcribe(SOUNDS[0].waveform)
    drafts = [first, recognizer.draft(sound.waveform)]
    transcripts = [recognizer.edit(draft) for draft in drafts]
    fresh = Recognizer.load(open_bundle(bundle_dir, tier), "cpu", intra_op_threads=1)
    with fresh:
        drafts.append(fresh.draft(sound.waveform))
        transcripts.append(fresh.edit(drafts[-1]))
    for draft in drafts[1:]:
        assert draft.audio_rows.tobytes() == first.audio_rows.tobytes()
        assert draft.tokens.probabilities.tobytes() == first.tokens.probabilities.tobytes()
    for other in transcripts[1:]:
        assert other.token_ids == transcripts[0].token_ids
        assert other.words == transcripts[0].words
        assert other.confidence == transcripts[0].confidence


class _Spy:
    """Counts the runs of a session."""

    def __init__(self, session: Any) -> None:
        self.session, self.runs = session, 0

    def run(self, *arguments: Any) -> Any:
        self.runs += 1
        return self.session.run(*arguments)


def test_an_empty_draft_ends_without_the_editor(
    load_recognizer: Loader, bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = load_recognizer(bundle_dir, "fp32")
    sessions = recognizer._graphs._sessions
    spies = {name: _Spy(session) for name, session in sessions.items()}
    monkeypatch.setattr(recognizer._graphs, "_sessions", spies)
    silence = np.zeros(16_000, np.float32)
    assert not expected_silence(bundle_dir, silence)
    for waveform in (silence, np.zeros(0, np.float32), made_up_sound(319, 0)):
        transcript = recognizer.transcribe(waveform)
        assert transcript.text == transcript.draft_text == ""
        assert transcript.token_ids == transcript.draft_token_ids == transcript.words == ()
        assert transcript.end_s == pytest.approx(len(waveform) / 16_000)
    assert {name: spy.runs for name, spy in spies.items()} == {
        "encoder": 1,
        "embed_tokens": 0,
        "editor": 0,
    }
    recognizer.transcribe(SOUNDS[0].waveform)
    assert (spies["embed_tokens"].runs, spies["editor"].runs) == (1, 1)


def expected_silence(bundle_dir: Path, waveform: np.ndarray) -> tuple[int, ...]:
    return oracle_of(bundle_dir, "fp32").transcribe(waveform).draft_ids


@pytest.mark.parametrize(
    ("max_positions", "duration_s", "parts"),
    [(4096, 12, 1), (200, 30, 3), (60, 12, 5)],
    ids=["fits", "too long", "too long, and spoken too fast"],
)
def test_long_sound_is_the_oracles_part_by_part(
    bundle_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    max_positions: int,
    duration_s: int,
    parts: int,
) -> None:
    """Whatever the cuts: every sample is in one part, and each part is what the oracle says."""
    sound = made_up_sound(duration_s * 16_000 + 77, 27)
    bundle = replace(open_bundle(bundle_dir, "fp32"), max_positions=max_positions)
    oracle = oracle_of(bundle_dir, "fp32")
    heard: list[np.ndarray] = []
    edited: list[np.ndarray] = []
    with Recognizer.load(bundle, "cpu", intra_op_threads=1) as recognizer:
        draft, edit = recognizer.draft, recognizer.edit
        monkeypatch.setattr(recognizer, "draft", lambda wave: (heard.append(wave), draft(wave))[1])
        monkeypatch.setattr(
            recognizer, "edit", lambda *args: (edited.append(heard[-1]), edit(*args))[1]
        )
        transcript = recognizer.transcribe(sound)
    assert np.array_equal(np.concatenate(edited), sound)
    assert len(edited) >= parts
    assert max_positions > 60 or len(heard) > len(edited), "no draft was too long for its part"
    results = [oracle.transcribe(part) for part in edited]
    for result in results:
        slots = max(2 * len(result.draft_ids) + 1, 8)
        assert not result.draft_ids or result.audio_length + slots <= max_positions
    assert transcript.draft_token_ids == tuple(t for r in results for t in r.draft_ids)
    assert transcript.token_ids == tuple(t for r in results for t in r.final_ids)
    assert transcript.text == " ".join(r.text.strip() for r in results if r.text.strip())
    assert (transcript.start_s, transcript.end_s) == (0.0, pytest.approx(len(sound) / 16_000))
    assert all(
        word.end_s <= following.start_s + 1e-9 for word, following in pairwise(transcript.words)
    )


@pytest.mark.parametrize("value", [1e300, 1.7e308, -1e39])
def test_sound_that_float32_cannot_hold(
    load_recognizer: Loader, bundle_dir: Path, value: float
) -> None:
    """Finite in float64, infinite in float32: an error, and no warning from numpy."""
    recognizer = load_recognizer(bundle_dir, "fp32")
    with pytest.raises(AudioError):
        recognizer.transcribe(np.full(16_000, value))
