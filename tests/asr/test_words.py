"""Words from tokens: text, times, confidence, the overruled word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from granite_live.asr.ctc import CtcTokens
from granite_live.asr.editing import EditedTokens
from granite_live.asr.results import RecognizerDraft
from granite_live.asr.words import decode_text, make_words


def make_tokenizer() -> Tokenizer:
    """A byte-level tokenizer with a few whole words and every single byte."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["Ġthe", "Ġcat", "Ġhat", "Ġsat", "Ġon", "Ġto", "Ġday", "day", "s", "Ġtoday", "Ġmat"]
    vocab = {token: i for i, token in enumerate(dict.fromkeys([*words, *alphabet]))}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|end_of_text|>"])
    return tokenizer


TOKENIZER = make_tokenizer()
SIZE = TOKENIZER.get_vocab_size()


def ids(*pieces: str) -> tuple[int, ...]:
    found = [TOKENIZER.token_to_id(piece) for piece in pieces]
    assert None not in found
    return tuple(found)


def draft_of(token_ids: tuple[int, ...], probability: float = 0.9) -> RecognizerDraft:
    """Return a draft with a token every three frames of 80 ms."""
    starts = np.arange(len(token_ids), dtype=np.int64) * 3
    likely = np.full(len(token_ids), probability, np.float32)
    return RecognizerDraft(
        decode_text(TOKENIZER, token_ids),
        CtcTokens(token_ids, starts, starts + 1, likely),
        frame_s=0.08,
        duration_s=0.24 * len(token_ids) + 0.3,
        audio_rows=np.empty((0, 4), np.float32),
    )


def words_of(draft: RecognizerDraft, token_ids: tuple[int, ...], probability: float = 0.8):
    edited = EditedTokens(token_ids, np.full(len(token_ids), probability, np.float32))
    return make_words(TOKENIZER, draft, edited, draft.duration_s)


def test_an_agreed_word() -> None:
    draft = draft_of(ids("Ġthe", "Ġcat"))
    the, cat = words_of(draft, draft.token_ids)
    assert (the.text, the.start_s, the.end_s) == ("the", 0.0, pytest.approx(0.08))
    assert (cat.text, cat.start_s, cat.end_s) == ("cat", pytest.approx(0.24), pytest.approx(0.32))
    assert the.confidence == pytest.approx((0.9 * 0.8) ** 0.5)
    assert the.draft is None


def test_an_overruled_word_keeps_the_drafts_word_and_time() -> None:
    draft = draft_of(ids("Ġthe", "Ġcat", "Ġsat"))
    the, hat, sat = words_of(draft, ids("Ġthe", "Ġhat", "Ġsat"))
    assert (hat.text, hat.draft) == ("hat", "cat")
    assert (hat.start_s, hat.end_s) == (pytest.approx(0.24), pytest.approx(0.32))
    assert hat.confidence == pytest.approx(0.8 * (1 - 0.9), abs=1e-6)
    assert the.draft is sat.draft is None


def test_overruling_an_unsure_draft_is_surer_than_a_sure_one() -> None:
    def confidence(heard: float) -> float:
        return words_of(draft_of(ids("Ġcat"), heard), ids("Ġhat"))[0].confidence

    assert confidence(0.3) > confidence(0.6) > confidence(0.99)


def test_an_inserted_word_has_an_empty_draft_and_lies_between_its_neighbours() -> None:
    draft = draft_of(ids("Ġcat", "Ġsat"))
    cat, on, sat = words_of(draft, ids("Ġcat", "Ġon", "Ġsat"))
    assert on.draft == ""
    assert cat.end_s <= on.start_s < on.end_s <= sat.start_s
    assert on.confidence == pytest.approx(0.4)


def test_two_words_joined_into_one() -> None:
    draft = draft_of(ids("Ġthe", "Ġto", "Ġday", "Ġcat"))
    words = words_of(draft, ids("Ġthe", "Ġtoday", "Ġcat"))
    assert [(w.text, w.draft) for w in words] == [("the", None), ("today", "to day"), ("cat", None)]
    assert (words[1].start_s, words[1].end_s) == (pytest.approx(0.24), pytest.approx(0.56))


def test_same_word_in_other_tokens_is_not_overruled() -> None:
    words = words_of(draft_of(ids("Ġto", "day")), ids("Ġtoday"))
    assert [(w.text, w.draft) for w in words] == [("today", None)]


def test_punctuation_and_case_overrule_nothing() -> None:
    words = words_of(draft_of(ids("Ġthe", "Ġcat")), ids("Ġ", "T", "h", "e", "Ġcat", "."))
    assert [(w.text, w.draft) for w in words] == [("The", None), ("cat.", None)]


def test_a_word_in_other_pieces_and_capitals_keeps_its_time_and_is_agreed() -> None:
    draft = draft_of(ids("Ġthe", "Ġto", "day", "Ġcat"))
    the, today, cat = words_of(draft, ids("Ġ", "T", "h", "e", "Ġtoday", ",", "Ġcat", "."))
    assert [w.text for w in (the, today, cat)] == ["The", "today,", "cat."]
    assert (the.start_s, the.end_s) == (0.0, pytest.approx(0.08))
    assert (today.start_s, today.end_s) == (pytest.approx(0.24), pytest.approx(0.56))
    assert (cat.start_s, cat.end_s) == (pytest.approx(0.72), pytest.approx(0.80))
    assert [w.confidence for w in (the, today, cat)] == [pytest.approx((0.9 * 0.8) ** 0.5)] * 3
    assert [w.draft for w in (the, today, cat)] == [None] * 3


def test_pieces_share_the_time_of_the_word_by_their_letters() -> None:
    draft = draft_of(ids("Ġtoday", "Ġcat"))
    written = ids("Ġto", "day", "s", "Ġcat")
    assert [(w.text, w.draft) for w in words_of(draft, written)] == [
        ("todays", "today"),
        ("cat", None),
    ]
    (today, cat) = words_of(draft, ids("Ġto", "d", "a", "y", "Ġcat"))
    assert (today.start_s, today.end_s) == (0.0, pytest.approx(0.08))
    assert cat.start_s == pytest.approx(0.24)


def test_how_sure_a_comma_is_says_nothing_of_the_word_before() -> None:
    draft = draft_of(ids("Ġcat"))
    likely = np.array([0.8, 0.01], np.float32)
    (cat,) = make_words(TOKENIZER, draft, EditedTokens(ids("Ġcat", ","), likely), 1.0)
    assert cat.confidence == pytest.approx((0.9 * 0.8) ** 0.5)


def test_a_sign_that_stands_alone_overrules_nothing() -> None:
    words = words_of(draft_of(ids("Ġthe", "Ġcat")), ids("Ġthe", "Ġ", "-", "Ġcat"))
    assert [(w.text, w.draft) for w in words] == [("the", None), ("-", None), ("cat", None)]


def test_a_character_of_several_tokens_stays_whole() -> None:
    pre = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces = "".join(piece for piece, _ in pre.pre_tokenize_str(" é日 cat"))
    token_ids = ids(*pieces)
    words = words_of(draft_of(token_ids), token_ids)
    assert [w.text for w in words] == ["é日", "cat"]


def test_special_tokens_are_not_text() -> None:
    token_ids = (*ids("Ġcat"), TOKENIZER.token_to_id("<|end_of_text|>"))
    assert [w.text for w in words_of(draft_of(token_ids), token_ids)] == ["cat"]


lists = st.lists(st.integers(0, SIZE - 1), max_size=20).map(tuple)


@given(lists, lists, st.floats(0, 1), st.floats(0, 1))
def test_any_tokens_make_words_in_order_and_in_range(
    heard: tuple[int, ...], written: tuple[int, ...], p_heard: float, p_written: float
) -> None:
    draft = draft_of(heard, p_heard)
    words = words_of(draft, written, p_written)
    assert "".join(w.text for w in words) == "".join(decode_text(TOKENIZER, written).split())
    clock = 0.0
    for word in words:
        assert clock <= word.start_s <= word.end_s <= draft.duration_s
        assert 0.0 <= word.confidence <= 1.0
        clock = word.end_s
