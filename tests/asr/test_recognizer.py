"""The recogniser around the published sequence: long and odd sound, hypotheses, its report."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.bundle_variants import copied, write_json
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer, RecognizerOptions
from granite_live.asr.editing import slot_count
from granite_live.asr.results import split
from granite_live.models.opening import open_bundle
from granite_live.util.errors import AudioError, BundleError, ProviderError

RATE = 16000


@pytest.fixture(scope="module")
def small_context(bundle_dir: Path) -> Iterator[Recognizer]:
    """A recogniser whose editor takes only 60 positions, some 3.6 s of sound."""
    bundle = replace(open_bundle(bundle_dir, "fp32"), max_positions=60)
    with Recognizer.load(bundle, "cpu", 1) as recognizer:
        yield recognizer


def test_the_shapes_give_the_lengths(recognizer: Recognizer, bundle_dir: Path) -> None:
    """4 feature rows of 20 ms a CTC frame; 5 an audio row: 0.6 * 4096 rows of 100 ms."""
    assert recognizer.draft(made_up_sound(RATE, 1)).frame_s == pytest.approx(0.08)
    with Recognizer.load(
        open_bundle(bundle_dir, "fp32"), "cpu", 1, RecognizerOptions(part_s=600.0)
    ) as unbounded:
        assert unbounded.max_samples == int(0.6 * 4096 * 5) * 320


def test_parts_are_a_minute_long_at_most_unless_asked_otherwise(
    recognizer: Recognizer, bundle_dir: Path
) -> None:
    assert recognizer.max_samples == 60 * RATE
    with Recognizer.load(
        open_bundle(bundle_dir, "fp32"), "cpu", 1, RecognizerOptions(part_s=5.0)
    ) as careful:
        assert careful.max_samples == 5 * RATE
        sound = made_up_sound(RATE * 12, seed=6)
        pieces = split(sound, 5 * RATE, RATE)
        assert len(pieces) > 2
        alone = [careful.transcribe(piece.waveform).token_ids for piece in pieces]
        assert careful.transcribe(sound).token_ids == tuple(itertools.chain.from_iterable(alone))


def test_it_reports_what_its_sessions_say(recognizer: Recognizer, tier: str) -> None:
    info = recognizer.model_info
    assert info.tier == tier
    assert (info.ctc_blank, info.ctc_shift) == (0, 1)
    assert info.providers == dict.fromkeys(
        ("encoder", "embed_tokens", "editor"), "CPUExecutionProvider"
    )
    assert recognizer.provider_notes == ()


def test_long_sound_is_cut_and_joined_without_loss(small_context: Recognizer) -> None:
    """Each part fits the context, and together they are what each gives alone."""
    sound = made_up_sound(RATE * 20, seed=3)
    whole = small_context.transcribe(sound)
    assert whole.end_s == pytest.approx(20.0)
    assert len(whole.token_ids) > 40
    clock = 0.0
    for word in whole.words:
        assert clock <= word.start_s <= word.end_s <= 20.0
        clock = word.end_s
    assert whole.words[-1].start_s > 15.0
    assert whole.words[0].start_s < 5.0


def test_a_draft_denser_than_expected_is_cut_again(
    small_context: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sound that fits by its length, but not by its words: halves, never an error."""
    sound = made_up_sound(RATE * 9, seed=4)
    monkeypatch.setattr(Recognizer, "max_samples", RATE * 10)
    draft = small_context.draft(sound)
    assert len(draft.audio_rows) + slot_count(len(draft.token_ids)) > 60
    assert not small_context.fits(draft)
    with pytest.raises(ValueError, match=r"exceed what the editor takes \(its context is 60\)"):
        small_context.edit(draft)
    found = small_context.transcribe(sound)
    assert found.end_s == pytest.approx(9.0)
    assert found.words[-1].end_s > 6.0


@pytest.mark.parametrize("samples", [0, 1, 319])
def test_less_than_a_row_is_nothing(recognizer: Recognizer, samples: int) -> None:
    found = recognizer.transcribe(np.full(samples, 0.5, np.float32))
    assert (found.text, found.token_ids, found.words) == ("", (), ())
    assert found.end_s == samples / RATE
    assert found.confidence == 1.0


@pytest.mark.parametrize("samples", [320, 321, 640, 1000, 1600])
def test_the_shortest_sounds_do_not_fail(recognizer: Recognizer, samples: int) -> None:
    found = recognizer.transcribe(made_up_sound(samples, seed=samples))
    assert found.end_s == samples / RATE
    assert all(0 <= word.start_s <= word.end_s <= found.end_s for word in found.words)


def test_silence_is_defined(recognizer: Recognizer) -> None:
    assert recognizer.transcribe(np.zeros(RATE, np.float32)).end_s == 1.0


def test_double_precision_is_taken(recognizer: Recognizer) -> None:
    sound = made_up_sound(RATE * 2, seed=9)
    assert (
        recognizer.transcribe(sound.astype(np.float64)).token_ids
        == recognizer.transcribe(sound).token_ids
    )


def test_damaged_sound_is_one_sentence(recognizer: Recognizer) -> None:
    sound = made_up_sound(RATE, seed=1)
    sound[RATE // 2] = np.nan
    with pytest.raises(AudioError, match=r"at 0\.500 s"):
        recognizer.transcribe(sound)


def test_a_hypothesis_takes_the_slots(recognizer: Recognizer) -> None:
    draft = recognizer.draft(made_up_sound(RATE * 3, seed=2))
    assert draft.token_ids
    found = recognizer.edit(draft, hypothesis=[5, 6, 7])
    assert found.draft_token_ids == (5, 6, 7)
    assert found.token_ids != recognizer.edit(draft).token_ids
    assert recognizer.edit(draft, draft.token_ids).words == recognizer.edit(draft).words


def test_further_passes_read_the_editors_own_text_until_it_stays(
    bundle_dir: Path, recognizer: Recognizer
) -> None:
    """What four passes write is what an editor writes that is asked four times by hand."""
    most = 4
    bundle = open_bundle(bundle_dir, recognizer.bundle.tier)
    counts = set()
    with Recognizer.load(bundle, "cpu", 1, RecognizerOptions(editing_passes=most)) as patient:
        for seed in range(4):
            sound = made_up_sound(RATE * 2, seed)
            draft = recognizer.draft(sound)
            given, found, passes = draft.token_ids, recognizer.edit(draft), 1
            assert found.editing_passes == 1
            while passes < most and found.token_ids not in ((), given):
                given = found.token_ids
                found = recognizer.edit(draft, given)
                passes += 1
            several = patient.transcribe(sound)
            assert (several.token_ids, several.editing_passes) == (found.token_ids, passes)
            assert several.draft_token_ids == draft.token_ids
            counts.add(passes)
        assert patient.transcribe(np.zeros(100, np.float32)).editing_passes == 0
    assert max(counts) > 1  # some of the texts do change


def test_less_than_one_pass_is_refused(bundle_dir: Path) -> None:
    with pytest.raises(ValueError, match="editing_passes is 0, it must be at least 1"):
        Recognizer.load(
            open_bundle(bundle_dir, "int8"), "cpu", 1, RecognizerOptions(editing_passes=0)
        )


@pytest.mark.parametrize("bad", [[-1], [512], [3, 100000]])
def test_a_hypothesis_outside_the_vocabulary_is_refused(
    recognizer: Recognizer, bad: list[int]
) -> None:
    draft = recognizer.draft(made_up_sound(RATE, seed=2))
    with pytest.raises(ValueError, match=r"outside 0\.\.511"):
        recognizer.edit(draft, bad)


def test_a_tokenizer_that_cannot_be_read_is_one_sentence(bundle_dir: Path, tmp_path: Path) -> None:
    bundle = copied(bundle_dir, tmp_path / "bundle", "fp32")
    eos = "<|end_of_text|>"
    stated = {"eos_token": eos, "added_tokens_decoder": {"510": {"content": eos}}}
    write_json(bundle / "tokenizer_config.json", stated)
    opened = open_bundle(bundle)
    (bundle / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(BundleError, match=r"tokenizer\.json is damaged"):
        Recognizer.load(opened, "cpu", 1)


def test_closed_is_closed(bundle_dir: Path) -> None:
    with Recognizer.load(open_bundle(bundle_dir, "int8"), "cpu", 1) as recognizer:
        pass
    with pytest.raises(ProviderError, match="closed"):
        recognizer.draft(made_up_sound(RATE, seed=1))


def test_timing_adds_up(recognizer: Recognizer) -> None:
    timing = recognizer.transcribe(made_up_sound(RATE * 2, seed=5)).timing
    parts = (timing.features_s, timing.encoder_s, timing.editor_s)
    assert all(part > 0 for part in parts)
    assert sum(parts) <= timing.total_s


def test_a_draft_alone_is_shown_with_its_own_words(recognizer: Recognizer) -> None:
    draft = recognizer.draft(made_up_sound(RATE * 3, seed=2))
    shown = recognizer.transcript_of_draft(draft)
    assert shown.text == draft.text
    assert shown.token_ids == draft.token_ids
    assert " ".join(word.text for word in shown.words) == " ".join(draft.text.split())
    assert all(0 < word.confidence <= 1 and word.draft is None for word in shown.words)
    assert shown.words[0].start_s == pytest.approx(draft.tokens.start_frames[0] * 0.08)
