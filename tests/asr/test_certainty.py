"""Certain drafts skip the editor: what is measured of a draft, the rules, what comes of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from helpers.bundle_variants import with_metadata
from helpers.prepared_recognizers import PutPrepared
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer, RecognizerOptions, ctc
from granite_live.asr.certainty import (
    CertaintyThresholds,
    DraftStatistics,
    draft_statistics,
    load_thresholds,
)
from granite_live.asr.ctc import BestClasses
from granite_live.asr.results import RecognizerDraft
from granite_live.models.bundle import CtcMapping
from granite_live.models.opening import open_bundle
from granite_live.transcript.model import joined

RATE = 16_000
ANYTHING = CertaintyThresholds(0.0, 0.0, math.inf, math.inf, 0.0, 1.0)
GOOD = DraftStatistics(1.0, 1.0, 0.0, 0.0, 0.75)
SHIFTED = CtcMapping(blank=0, shift=1)


@pytest.fixture(scope="module")
def lenient(bundle_dir: Path) -> Iterator[Recognizer]:
    """A recogniser to which every draft is certain."""
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "cpu", 1) as recognizer:
        recognizer._thresholds = ANYTHING
        yield recognizer


def spoken(recognizer: Recognizer, seconds: float = 3.0) -> RecognizerDraft:
    draft = recognizer.draft(made_up_sound(int(RATE * seconds), seed=2))
    assert draft.token_ids
    return draft


def test_what_is_measured_is_what_the_classes_say() -> None:
    """Five frames of three classes, the last one no part of the sound."""
    shares = np.array(
        [[0.8, 0.1, 0.1], [0.1, 0.6, 0.3], [0.25, 0.5, 0.25], [0.9, 0.05, 0.05], [0.0, 1.0, 0.0]]
    )
    scores = np.log(np.maximum(shares, 1e-9)).astype(np.float32) + 3
    mask = np.array([1, 1, 1, 1, 0])
    tokens = ctc.decode(scores, mask, SHIFTED)
    assert tokens.ids == (0,)
    found = draft_statistics(scores, mask, tokens)
    entropies = [-sum(p * math.log(p) for p in row) for row in shares[:4]]
    assert found.least_probability == found.mean_probability == pytest.approx(0.6)
    assert found.most_entropy == pytest.approx(max(entropies), rel=1e-5)
    assert found.mean_entropy == pytest.approx(sum(entropies) / 4, rel=1e-5)
    assert found.blank_share == 0.5


def test_both_forms_of_graphs_measure_the_same(
    lenient: Recognizer, put_prepared: PutPrepared
) -> None:
    with Recognizer.load(put_prepared("fp32"), "cpu", 1) as prepared:
        prepared._thresholds = ANYTHING
        for seconds in (0.7, 3.0, 9.5):
            wanted, found = spoken(lenient, seconds).certainty, spoken(prepared, seconds).certainty
            assert wanted is not None
            assert found is not None
            for field in fields(DraftStatistics):
                value = getattr(wanted, field.name)
                assert getattr(found, field.name) == pytest.approx(value, rel=1e-3), field.name


def test_best_classes_without_entropies_are_a_mistake() -> None:
    scores = BestClasses(np.array([0, 1]), np.array([0.9, 0.9], np.float32))
    tokens = ctc.decode(scores, np.ones(2), SHIFTED)
    with pytest.raises(ValueError, match="no entropies"):
        draft_statistics(scores, np.ones(2), tokens)


@pytest.mark.parametrize("mode", ["safe", "fast"])
@pytest.mark.parametrize(
    "doubt",
    [
        {"mean_probability": 0.8},
        {"least_probability": 0.4},
        {"mean_entropy": 0.6},
        {"most_entropy": 2.5},
        {"blank_share": 0.99},
        {"blank_share": 0.05},
        {"mean_probability": math.nan},
        {"most_entropy": math.nan},
        {"blank_share": math.nan},
    ],
)
def test_each_doubt_alone_is_enough(mode: str, doubt: dict[str, float]) -> None:
    rule = load_thresholds(mode)
    assert rule is not None
    assert rule.is_certain(GOOD)
    assert not rule.is_certain(replace(GOOD, **doubt))


def test_safe_is_stricter_than_fast_in_everything() -> None:
    safe, fast = load_thresholds("safe"), load_thresholds("fast")
    assert safe is not None
    assert fast is not None
    assert safe.mean_probability > fast.mean_probability
    assert safe.least_probability > fast.least_probability
    assert safe.mean_entropy < fast.mean_entropy
    assert safe.most_entropy < fast.most_entropy
    assert safe.least_blank_share >= fast.least_blank_share
    assert safe.most_blank_share <= fast.most_blank_share


def test_off_is_no_rule_and_anything_else_is_refused() -> None:
    assert load_thresholds("off") is None
    with pytest.raises(ValueError, match="'sometimes', it must be 'off', 'safe' or 'fast'"):
        load_thresholds("sometimes")


def test_a_certain_draft_stands_and_the_editor_does_not_run(
    lenient: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the editor ran")

    monkeypatch.setattr(lenient._graphs, "edit_text_rows", fail)
    draft = spoken(lenient)
    found = lenient.edit(draft)
    assert found.editor_skipped is True
    assert (found.token_ids, found.text) == (draft.token_ids, draft.text)
    assert (found.draft_token_ids, found.draft_text) == (draft.token_ids, draft.text)
    assert found.timing.editor_s == 0
    assert all(word.draft is None for word in found.words)
    likely = draft.tokens.probabilities
    assert all(likely.min() <= word.confidence <= likely.max() for word in found.words)
    assert lenient.transcribe(made_up_sound(RATE * 3, seed=2)).editor_skipped is True


def test_a_hypothesis_is_always_read(
    lenient: Recognizer, load_recognizer: Callable[[Path, str], Recognizer], bundle_dir: Path
) -> None:
    draft = spoken(lenient)
    usual = load_recognizer(bundle_dir, "fp32")
    for hypothesis in ((5, 6, 7), draft.token_ids):
        found = lenient.edit(draft, hypothesis)
        assert found.editor_skipped is False
        assert found.token_ids == usual.edit(spoken(usual), hypothesis).token_ids


def test_without_the_rule_nothing_is_measured_or_skipped(
    load_recognizer: Callable[[Path, str], Recognizer], bundle_dir: Path
) -> None:
    usual = load_recognizer(bundle_dir, "fp32")
    draft = spoken(usual)
    assert draft.certainty is None
    assert usual.edit(draft).editor_skipped is False


def test_random_weights_are_never_certain(bundle_dir: Path) -> None:
    """A model that knows nothing is unsure of everything."""
    with Recognizer.load(
        open_bundle(bundle_dir, "fp32"), "cpu", 1, RecognizerOptions("fast")
    ) as recognizer:
        draft = spoken(recognizer)
        assert draft.certainty is None
        assert recognizer.edit(draft).editor_skipped is False


@pytest.mark.parametrize("are_plain", [False, True])
def test_a_plain_draft_is_edited_however_certain_it_is(
    bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, are_plain: bool
) -> None:
    """Without the editor its text would have neither capitals nor punctuation."""
    monkeypatch.setattr("granite_live.asr.recognizer.load_thresholds", lambda _: ANYTHING)
    stated = {"drafts_are_plain": are_plain}
    bundle = open_bundle(with_metadata(bundle_dir, tmp_path / "bundle", stated), "fp32")
    with Recognizer.load(bundle, "cpu", 1, RecognizerOptions("fast")) as recognizer:
        assert recognizer.edit(spoken(recognizer)).editor_skipped is not are_plain


def test_silence_is_not_called_certain(lenient: Recognizer) -> None:
    assert lenient.transcribe(np.zeros(100, np.float32)).editor_skipped is False


def test_of_several_parts_all_must_be_certain(lenient: Recognizer) -> None:
    skipped = lenient.edit(spoken(lenient))
    edited = replace(skipped, editor_skipped=False)
    nothing = lenient.transcribe(np.zeros(100, np.float32))
    assert joined([skipped, nothing, skipped]).editor_skipped is True
    assert joined([skipped, edited]).editor_skipped is False
    assert joined([nothing]).editor_skipped is False
