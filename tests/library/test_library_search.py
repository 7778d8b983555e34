"""Search over all texts: what fits, where, and that nothing a user types is an error."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.sample_library import BEGAN, filled, line, new_session, result
from hypothesis import given
from hypothesis import strategies as st

from granite_live.library import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    path = tmp_path_factory.mktemp("search") / "library.sqlite"
    with Library.open(path, durable=False) as opened:
        first = opened.create_session(new_session())
        for number, text in enumerate(
            ["Crème brûlée, s'il vous plaît!", "The river bank", "over the river and far away"], 1
        ):
            opened.put_utterance(first, result(number, text))
        later = new_session(started_at=BEGAN + timedelta(days=1))
        second = opened.create_session(later)
        opened.put_utterance(second, result(1, "A bank by the RIVER"))
        yield opened


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("creme brulee", ["Crème brûlée, s'il vous plaît!"]),
        ("CRÈME", ["Crème brûlée, s'il vous plaît!"]),
        ("s'il", ["Crème brûlée, s'il vous plaît!"]),
        ("river", ["A bank by the RIVER", "The river bank", "over the river and far away"]),
        ("bank riv", ["A bank by the RIVER", "The river bank"]),
        ("r b", ["A bank by the RIVER", "The river bank"]),
        ("iver", []),
        ("river OR creme", []),
        ("", []),
        (" \t", []),
        ('"', []),
        ("...", []),
        ("*", []),
    ],
)
def test_finds(library: Library, text: str, found: list[str]) -> None:
    assert [hit.snippet for hit in library.search(text)] == found


def test_a_hit_says_where(library: Library) -> None:
    newest, *_ = library.search("river")
    assert library.utterance(newest.utterance_id).text == "A bank by the RIVER"
    assert newest.session_id == library.sessions()[0].id
    assert newest.start_s == 10.0
    assert newest.marks == ((14, 19),)
    older = library.sessions()[1].id
    assert {hit.session_id for hit in library.search("river", session_id=older)} == {older}
    assert len(library.search("river", limit=1)) == 1


def test_marks_of_a_long_line_lie_in_its_snippet(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite", durable=False) as library:
        filled(library, " ".join([*(["before"] * 80), "needle", *(["behind"] * 80)]))
        (hit,) = library.search("need")
        ((start, end),) = hit.marks
        assert hit.snippet[start:end] == "needle"
        assert len(hit.snippet) < 300
        assert hit.snippet.startswith("…")


def test_the_index_follows_every_change(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite", durable=False) as library:
        session_id = filled(library, "apples and pears", "plums")
        change = library.edit_text(line(library, session_id).id, "oranges")
        assert library.search("apples") == ()
        assert len(library.search("oranges")) == 1
        library.apply(change.inverse)
        assert library.search("oranges") == ()
        merged = library.merge_with_next(line(library, session_id).id)
        assert len(library.search("apples plums")) == 1
        library.apply(merged.inverse)
        assert library.search("apples plums") == ()
        library.delete_utterances([line(library, session_id).id])
        assert library.search("pears") == ()


@given(st.text())
def test_whatever_is_typed_is_a_search(library: Library, text: str) -> None:
    for hit in library.search(text):
        assert hit.marks
    assert len(library.sessions(text)) <= 2


@given(
    st.text(alphabet=st.sampled_from('"*()^-+:{}[]NEAR/ANDORT\x00\udfff \u0301_é0'), max_size=12)
)
def test_nothing_in_it_is_syntax(library: Library, text: str) -> None:
    assert len(library.search(text)) <= 4
    assert len(library.sessions(text)) <= 2


@given(st.sampled_from(["river", "over", "far", "creme", "brulee", "vous", "plait"]), st.data())
def test_every_word_is_found_by_its_beginning(
    library: Library, word: str, data: st.DataObject
) -> None:
    length = data.draw(st.integers(1, len(word)))
    assert library.search(word[:length].upper())
