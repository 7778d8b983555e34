"""Whatever a user does to lines, taking it back leaves them as they were, to the last field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.sample_library import filled, line, result
from hypothesis import given
from hypothesis import strategies as st

from granite_live.library import Library, LineChange, UtteranceState
from granite_live.library.records import pack_words, unpack_words
from granite_live.transcript.model import Word
from granite_live.util.errors import HistoryError

WORDS = st.lists(st.sampled_from(["so", "the", "cat", "Café", "it's", "—"]), max_size=5)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "plain", "merge", "split", "delete"]),
        st.integers(0, 5),
        st.integers(0, 4),
        WORDS,
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    path = tmp_path_factory.mktemp("properties") / "library.sqlite"
    with Library.open(path, durable=False) as opened:
        yield opened


def step(
    library: Library, session_id: int, kind: str, at: int, word: int, words: list[str]
) -> LineChange | None:
    """Do one thing; None where it makes no sense there."""
    found = library.utterances(session_id)
    if not found:
        return None
    chosen = found[at % len(found)]
    try:
        match kind:
            case "edit":
                return library.edit_text(chosen.id, " ".join(words))
            case "plain":
                return library.edit_text(chosen.id, None)
            case "merge":
                return library.merge_with_next(chosen.id)
            case "split":
                return library.split(chosen.id, word)
            case _:
                return library.delete_utterances({chosen.id, found[word % len(found)].id})
    except HistoryError:
        assert library.utterances(session_id) == found
        return None


@given(st.lists(WORDS, min_size=1, max_size=4), STEPS)
def test_undo_and_redo_are_exact(
    library: Library, spoken: list[list[str]], steps: list[tuple[str, int, int, list[str]]]
) -> None:
    session_id = filled(library, *(" ".join(words) for words in spoken))
    library.put_utterance(session_id, result(99, "late", state=UtteranceState.PROVISIONAL))
    states = [library.utterances(session_id)]
    changes = []
    for one in steps:
        change = step(library, session_id, *one)
        if change is not None:
            changes.append(change)
            states.append(library.utterances(session_id))
    for change, before in zip(reversed(changes), reversed(states[:-1]), strict=True):
        library.apply(change.inverse)
        assert library.utterances(session_id) == before
    for change, after in zip(changes, states[1:], strict=True):
        library.apply(change)
        assert library.utterances(session_id) == after


@given(st.lists(WORDS.filter(bool), min_size=2, max_size=4), st.integers(1, 4), WORDS)
def test_split_and_merge_lose_no_word(
    library: Library, spoken: list[list[str]], at: int, edited: list[str]
) -> None:
    session_id = filled(library, *(" ".join(words) for words in spoken))
    if edited:
        library.edit_text(line(library, session_id).id, " ".join(edited))
    shown = " ".join(one.text for one in library.utterances(session_id))
    heard = [word for one in library.utterances(session_id) for word in one.words]
    first = line(library, session_id)
    if at < len(first.text.split()):
        library.split(first.id, at)
    while len(library.utterances(session_id)) > 1:
        assert " ".join(one.text for one in library.utterances(session_id)) == shown
        assert [w for one in library.utterances(session_id) for w in one.words] == heard
        for one in library.utterances(session_id):
            assert [word.text for word in one.shown_words] == one.text.split()
        library.merge_with_next(line(library, session_id).id)
    assert line(library, session_id).text == shown


PLAIN = st.text(st.characters(exclude_categories=["C"]), min_size=1).map(str.strip)


@given(st.lists(st.tuples(PLAIN, st.none() | PLAIN)))
def test_words_can_be_packed(spoken: list[tuple[str, str | None]]) -> None:
    words = tuple(
        Word(text, index / 8, index / 8 + 0.125, 0.5, draft)
        for index, (text, draft) in enumerate(spoken)
        if not any(map(str.isspace, text + (draft or "")))
    )
    assert unpack_words(pack_words(words)) == words
