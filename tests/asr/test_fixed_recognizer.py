"""Graphs of fixed lengths say what was published. On the processor: no device is here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence
from helpers.prepared_recognizers import PutPrepared, assert_same, loading
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer
from granite_live.asr.optimized_graphs import FixedGraphs
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.models import AsrMessage, OptimizeMessage
from granite_live.models.bundle import Form
from granite_live.models.metadata import TokenizerFile
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier, recipe
from granite_live.util.errors import BundleError, ProviderError

LENGTHS = (*(3_200 + 9_711 * number for number in range(24)), 384_000)
"""Of 25 sounds, in samples: 0.2 to 14 s, so of both sizes; and the longest that fits."""


@pytest.fixture(scope="module")
def fixed(put_prepared: PutPrepared) -> Iterator[Callable[[str], Recognizer]]:
    """Return a loader of the committed bundle's tiers in that form."""
    with loading(put_prepared, Form.FIXED) as load:
        yield load


def test_sounds_of_all_lengths_are_token_for_token_what_was_published(
    fixed: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    ours, published, words = fixed("fp32"), load_recognizer(bundle_dir, "fp32"), 0
    lengths = LENGTHS[::3]
    for seed, samples in enumerate(lengths):
        sound = made_up_sound(samples, seed)
        draft = ours.draft(sound)
        assert draft.token_ids == published.draft(sound).token_ids
        if not ours.fits(draft):
            continue  # the noise says more than anybody does
        found, wanted = ours.edit(draft), published.transcribe(sound)
        assert_same(found, wanted)
        words += len(wanted.token_ids)
    assert words > len(lengths)
    # Both lengths of both graphs were used.
    graphs = ours._graphs
    assert {name for name in graphs.placement if " of " in name} == {
        "encoder of 1200 rows",
        "editor of 240 rows",
    }


@pytest.mark.soak
def test_in_16_bits_nearly_all_are(
    fixed: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    ours, published = fixed("fp16w"), load_recognizer(bundle_dir, "fp16w")
    sounds = [made_up_sound(samples, seed) for seed, samples in enumerate(LENGTHS[:12])]
    same = [ours.draft(s).token_ids == published.draft(s).token_ids for s in sounds]
    assert sum(same) >= 11


def test_longer_sound_is_cut_to_what_the_graphs_take(fixed: Callable[[str], Recognizer]) -> None:
    recognizer = fixed("fp32")
    assert recognizer.max_samples == 1200 * 320
    sound = made_up_sound(700_000, 3)
    done = recognizer.transcribe(sound)
    assert done.end_s == pytest.approx(700_000 / 16_000)
    assert done.token_ids


def test_who_speaks_too_fast_for_the_slots_is_cut(
    fixed: Callable[[str], Recognizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = fixed("fp32")
    graphs = recognizer._graphs
    assert isinstance(graphs, FixedGraphs)
    assert graphs.fits(240, 248)
    assert not graphs.fits(240, 249)
    assert not graphs.fits(241, 8)
    sound = made_up_sound(100_000, 1)
    draft = recognizer.draft(sound)
    monkeypatch.setattr(graphs, "fits", lambda _rows, slots: slots <= len(draft.token_ids))
    assert not recognizer.fits(draft)
    assert recognizer.transcribe(sound).end_s == pytest.approx(100_000 / 16_000)


def test_beyond_the_longest_graph_there_is_a_sentence(fixed: Callable[[str], Recognizer]) -> None:
    with pytest.raises(
        ProviderError,
        match=sentence(
            AsrMessage.SOUND_TOO_LONG_FOR_GRAPH,
            max_rows="1200",
            max_slots="0",
            rows="1201",
            slots="0",
        ),
    ):
        fixed("fp32")._graphs.encode(np.zeros((1, 1201, 160), np.float32))


def test_nothing_and_silence_say_nothing_new(
    fixed: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    ours, published = fixed("fp32"), load_recognizer(bundle_dir, "fp32")
    for length in (0, 100, 320, 700, 9_000):
        sound = np.zeros(length, np.float32)
        assert ours.transcribe(sound).token_ids == published.transcribe(sound).token_ids


def test_closed_it_opens_nothing_more(put_prepared: PutPrepared) -> None:
    recognizer = Recognizer.load(put_prepared("fp32", Form.FIXED), "cpu", 1)
    recognizer.close()
    for samples in (30_000, 200_000):
        with pytest.raises(ProviderError, match=sentence(AsrMessage.RECOGNIZER_CLOSED)):
            recognizer.draft(made_up_sound(samples, 1))


def test_a_damaged_tokenizer_is_told_when_the_graphs_are_loaded(
    put_prepared: PutPrepared, tmp_path: Path
) -> None:
    bundle = put_prepared("fp32", Form.FIXED)
    file = tmp_path / "tokenizer.json"
    shutil.copyfile(bundle.path / file.name, file)
    unread = TokenizerFile(tmp_path, bundle.vocab_size, bundle.eos_token, bundle.eos_id)
    file.write_text("{}", "utf-8")
    with pytest.raises(BundleError, match=sentence(BundleMessage.NOT_A_TOKENIZER)):
        Recognizer.load(replace(bundle, tokenizer_file=unread), "cpu", 1)


def test_a_graph_that_hears_what_was_filled_in_is_noticed(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "_padding_steps", lambda *_: ())
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.NOT_EQUAL)):
        prepare_tier(open_bundle(bundle_dir, "fp32"), form=Form.FIXED)
