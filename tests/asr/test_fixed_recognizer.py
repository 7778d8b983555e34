"""Graphs of fixed lengths say what was published. On the processor: no device is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.bundle_variants import copied
from helpers.messages import sentence
from helpers.prepared_recognizers import assert_same, loading, prepared_bundle
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer
from granite_live.asr.optimized_graphs import FixedGraphs
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.models import AsrMessage, OptimizeMessage
from granite_live.models.bundle import Form
from granite_live.models.metadata import TokenizerFile
from granite_live.models.optimize import recipe
from granite_live.util.errors import BundleError, ProviderError

LENGTHS = (*(3_200 + 9_711 * number for number in range(24)), 384_000)
"""Of 25 sounds, in samples: 0.2 to 14 s, so of both sizes; and the longest that fits."""


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One place for what the tests of this file prepare."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_LIVE_HOME", str(tmp_path_factory.mktemp("prepared")))
        yield


@pytest.fixture(scope="module")
def fixed(bundle_dir: Path) -> Iterator[Callable[[str], Recognizer]]:
    """Return a loader of the committed bundle's tiers in that form."""
    with loading(bundle_dir, Form.FIXED) as load:
        yield load


def test_sounds_of_all_lengths_are_token_for_token_what_was_published(
    fixed: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    ours, published, words = fixed("fp32"), load_recognizer(bundle_dir, "fp32"), 0
    for seed, samples in enumerate(LENGTHS):
        sound = made_up_sound(samples, seed)
        draft = ours.draft(sound)
        assert draft.token_ids == published.draft(sound).token_ids
        if not ours.fits(draft):
            continue  # the noise says more than anybody does
        found, wanted = ours.edit(draft), published.transcribe(sound)
        assert_same(found, wanted)
        words += len(wanted.token_ids)
    assert words > len(LENGTHS)
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


def test_closed_it_opens_nothing_more(bundle_dir: Path) -> None:
    recognizer = Recognizer.load(prepared_bundle(bundle_dir, Form.FIXED), "cpu", 1)
    recognizer.close()
    for samples in (30_000, 200_000):
        with pytest.raises(ProviderError, match=sentence(AsrMessage.RECOGNIZER_CLOSED)):
            recognizer.draft(made_up_sound(samples, 1))


def test_a_damaged_tokenizer_is_told_when_the_graphs_are_loaded(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    copy = copied(bundle_dir, tmp_path / "bundle", "fp32")
    bundle = prepared_bundle(copy, Form.FIXED)
    unread = TokenizerFile(copy, bundle.vocab_size, bundle.eos_token, bundle.eos_id)
    (copy / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(BundleError, match=sentence(BundleMessage.NOT_A_TOKENIZER)):
        Recognizer.load(replace(bundle, tokenizer_file=unread), "cpu", 1)


def test_a_graph_that_hears_what_was_filled_in_is_noticed(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path))
    monkeypatch.setattr(recipe, "_padding_steps", lambda *_: ())
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.NOT_EQUAL)):
        prepared_bundle(bundle_dir, Form.FIXED)
