"""Several utterances at once say what each says alone. On the processor: no device is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.messages import sentence
from helpers.prepared_recognizers import LENGTHS, PutPrepared, assert_same, loading
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer, optimized_graphs
from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier, recipe
from granite_live.models.optimize.heads import drop_zero_mask
from granite_live.util.errors import BundleError


@pytest.fixture(scope="module")
def joint(put_prepared: PutPrepared) -> Iterator[Callable[[str], Recognizer]]:
    """Return a loader of the committed bundle's tiers in that form."""
    with loading(put_prepared, Form.JOINT) as load:
        yield load


def _sounds(every: int = 1) -> list[np.ndarray]:
    return [made_up_sound(samples, seed) for seed, samples in enumerate(LENGTHS)][::every]


def test_sounds_of_many_lengths_at_once_are_token_for_token_what_was_published(
    joint: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    published, words = load_recognizer(bundle_dir, "fp32"), 0
    sounds = _sounds(every=3)
    done = joint("fp32").transcribe_many(sounds)
    for sound, found in zip(sounds, done, strict=True):
        wanted = published.transcribe(sound)
        assert_same(found, wanted)
        words += len(wanted.token_ids)
    assert words > len(sounds)


@pytest.mark.soak
def test_in_16_bits_nearly_all_are(
    joint: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
) -> None:
    """Random weights are sure of nothing, so that rounding decides some of it."""
    published = load_recognizer(bundle_dir, "fp16w")
    done = joint("fp16w").transcribe_many(_sounds())
    wanted = [published.transcribe(sound) for sound in _sounds()]
    pairs = list(zip(done, wanted, strict=True))
    assert sum(a.draft_token_ids == b.draft_token_ids for a, b in pairs) >= 45
    same = [(a, b) for a, b in pairs if a.draft_token_ids == b.draft_token_ids]
    assert sum(a.token_ids == b.token_ids for a, b in same) >= 0.9 * len(same)


def test_one_utterance_goes_the_same_way(joint: Callable[[str], Recognizer]) -> None:
    recognizer = joint("fp32")
    sound = made_up_sound(40_000, 4)
    (many,) = recognizer.transcribe_many([sound])
    assert recognizer.transcribe(sound).token_ids == many.token_ids
    assert recognizer.edit(recognizer.draft(sound)).token_ids == many.token_ids


def test_nothing_and_silence_and_too_much_have_their_places(
    joint: Callable[[str], Recognizer],
    load_recognizer: Callable[[Path, str], Recognizer],
    bundle_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recognizer, published = joint("fp32"), load_recognizer(bundle_dir, "fp32")
    spoken = made_up_sound(60_000, 1)
    sounds = [np.zeros(0, np.float32), spoken, np.zeros(700, np.float32), spoken[:30_000]]
    monkeypatch.setattr(Recognizer, "max_samples", 40_000)
    found = [one.token_ids for one in recognizer.transcribe_many(sounds)]
    assert found == [published.transcribe(one).token_ids for one in sounds]
    assert recognizer.transcribe_many([]) == []


def test_who_speaks_too_fast_for_the_context_is_cut(
    joint: Callable[[str], Recognizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = joint("fp32")
    sounds = [made_up_sound(60_000, seed) for seed in (1, 2)]
    drafts = recognizer.draft_many(sounds)
    monkeypatch.setattr(
        Recognizer, "fits", lambda _self, draft, _count=None: draft.duration_s < 3 or draft is None
    )
    done = recognizer.transcribe_many(sounds)
    assert [one.end_s for one in done] == [draft.duration_s for draft in drafts]
    halves = [recognizer.transcribe(sound) for sound in sounds]
    assert [one.token_ids for one in done] == [one.token_ids for one in halves]


def test_each_is_told_its_share_of_the_time(joint: Callable[[str], Recognizer]) -> None:
    short, long = joint("fp32").transcribe_many(
        [made_up_sound(16_000, 1), made_up_sound(64_000, 2)]
    )
    assert long.timing.encoder_s == pytest.approx(4 * short.timing.encoder_s)
    assert 0 < short.timing.editor_s < long.timing.editor_s
    for one in (short, long):
        parts = one.timing.features_s + one.timing.encoder_s + one.timing.editor_s
        assert one.timing.total_s >= parts


def test_they_do_go_together(
    joint: Callable[[str], Recognizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = joint("fp32")
    graphs = recognizer._graphs
    assert isinstance(graphs, optimized_graphs.JointGraphs)
    ran: list[str] = []
    run = graphs._run
    monkeypatch.setattr(graphs, "_run", lambda name, *rest: (ran.append(name), run(name, *rest))[1])
    recognizer.transcribe_many([made_up_sound(50_000, seed) for seed in range(6)])
    assert ran == ["encoder", "embed_tokens", "editor"]
    assert recognizer.batch_window_s > 0


def test_an_encoder_that_hears_behind_the_end_is_noticed(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "_padding_steps", lambda *_: ())
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.NOT_EQUAL)):
        prepare_tier(open_bundle(bundle_dir, "fp32"), form=Form.JOINT)


def test_an_editor_whose_utterances_see_each_other_is_noticed(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = recipe._steps

    def seeing(name: str, *rest: Any) -> Any:
        before = (("mask of zeros", drop_zero_mask),) if name == "editor" else ()
        return (*before, *steps(name, *rest))

    monkeypatch.setattr(recipe, "_steps", seeing)
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.NOT_EQUAL)):
        prepare_tier(open_bundle(bundle_dir, "fp32"), form=Form.JOINT)
