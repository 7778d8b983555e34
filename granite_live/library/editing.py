"""Edit the lines of a session: correct, split, and join texts into one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from granite_live.library.records import (
    LineChange,
    SavedUtterance,
    UtteranceState,
    clean_text,
    pack_words,
)
from granite_live.library.rows import POSITION_STEP
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import Word, mean_confidence
from granite_live.util.errors import HistoryError

_SENTENCE_END = re.compile(r"""[.?!…:]["'”“\u2019»)\]]*$""")
_FIRST_WORD = re.compile(r"\w+")
# Words that are never names, so that a capital only marks the start of a sentence. "I" and the
# German "Sie" keep theirs.
_SMALL_WORD_LIST = """
a an the this that these those my your his her its our their he she it we they you who which
what when where why how and or but nor so yet for if because although while since until than
as at by from in into of off on onto out over to under up with without about after before
between through is are was were be been am do does did has have had can could would should
shall must not no there here then now also only very some any many much more most all both der
die das ein eine einen einem einer eines dieser diese dieses und oder aber denn doch wenn weil
dass ob wie wo wer wann warum ich er es wir ihr mein dein sein unser im auf aus bei mit nach
von vom zu zum zur vor für durch über unter ohne um ist sind war waren hat haben hatte kann
nicht kein keine auch nur noch schon sehr dann da hier jetzt
"""
_SMALL_WORDS = frozenset(_SMALL_WORD_LIST.split())


def continued(before: str, text: str) -> str:
    """Return `text` as it is written after `before`.

    The capital of a first word that is no name becomes small, unless `before` ends a sentence.
    """
    first = _FIRST_WORD.search(text)
    if first is None or not before.strip() or _SENTENCE_END.search(before.strip()):
        return text
    word = first.group()
    if word.lower() not in _SMALL_WORDS or word[1:] != word[1:].lower():
        return text
    return text[: first.start()] + word.lower() + text[first.end() :]


def edit_line(line: SavedUtterance, text: str | None) -> LineChange:
    """Return the change that sets the user's text; None restores the machine's.

    Raises:
        HistoryError: The line's text is not final.
    """
    _require_final([line])
    wanted = None if text is None else clean_text(text).strip()
    if wanted == line.machine_text:
        wanted = None
    return LineChange(line.session_id, (line,), (replace(line, edited_text=wanted),))


def edit_lines(texts: Sequence[tuple[SavedUtterance, str]]) -> LineChange:
    """Return the change that sets the texts of lines: at least one, all of one session.

    A line whose text is empty is deleted.

    Raises:
        HistoryError: The text of a line is not final.
    """
    changes = [
        edit_line(line, text) if clean_text(text).strip() else delete_lines([line])
        for line, text in texts
    ]
    return LineChange(
        changes[0].session_id,
        tuple(line for change in changes for line in change.before),
        tuple(line for change in changes for line in change.after),
    )


def delete_lines(lines: Sequence[SavedUtterance]) -> LineChange:
    """Return the change that deletes `lines`: at least one, all of one session.

    Raises:
        HistoryError: The text of a line is not final.
    """
    _require_final(lines)
    return LineChange(lines[0].session_id, tuple(lines), ())


def merge_lines(line: SavedUtterance, following: SavedUtterance) -> LineChange:
    """Return the change that merges two lines. The result keeps the first one's id.

    A capital that only marked the start of the second line becomes small.

    Raises:
        HistoryError: The text of a line is not final, or they are of different tracks.
    """
    both = (line, following)
    _require_final(both)
    if line.track != following.track:
        raise HistoryError(LibraryMessage.MERGE_OF_TWO_SIDES())
    words = (*line.words, *_continued_words(line, following.words))
    is_final = UtteranceState.FINAL in (line.state, following.state)
    one = replace(
        line,
        end_s=max(line.end_s, following.end_s),
        machine_text=_joined(
            line.machine_text, continued(line.machine_text, following.machine_text)
        ),
        edited_text=(
            _joined(line.text, continued(line.text, following.text)) if _any_edited(both) else None
        ),
        packed_words=pack_words(words),
        confidence=mean_confidence(words),
        draft_text=_joined(line.draft_text, following.draft_text),
        state=UtteranceState.FINAL if is_final else line.state,
        reason="" if is_final else _joined(line.reason, following.reason),
    )
    return LineChange(line.session_id, both, (one,))


def _continued_words(line: SavedUtterance, words: Sequence[Word]) -> Sequence[Word]:
    if not words:
        return words
    return (replace(words[0], text=continued(line.machine_text, words[0].text)), *words[1:])


def split_line(
    line: SavedUtterance, at_word: int, new_id: int, next_position: int | None
) -> LineChange:
    """Return the change that splits a line in two.

    Args:
        line: The line. The first part keeps its id.
        at_word: The index in `line.text.split_line()` at which the second part begins.
        new_id: The id of the second part.
        next_position: The position of the next line, None if there is none.

    Raises:
        HistoryError: A part would have no word, or the text is not final.
    """
    _require_final([line])
    texts, shown, words = line.text.split(), line.shown_words, line.words
    if not 0 < at_word < len(texts):
        raise HistoryError(LibraryMessage.SPLIT_BETWEEN_WORDS())
    begins_s = shown[at_word].start_s
    # In an unedited line the words match the machine's one to one.
    cut = sum(1 for word in words if word.start_s < begins_s) if line.is_edited else at_word
    limit = (line.position // POSITION_STEP + 1) * POSITION_STEP
    limit = limit if next_position is None else min(limit, next_position)
    room = (limit - line.position) * at_word // len(texts)
    first = replace(_part(line, texts[:at_word], words[:cut]), end_s=shown[at_word - 1].end_s)
    second = replace(
        _part(line, texts[at_word:], words[cut:]),
        id=new_id,
        number=None,
        position=line.position + max(1, room),
        start_s=begins_s,
    )
    return LineChange(line.session_id, (line,), (first, second))


def set_speaker(lines: Sequence[SavedUtterance], speaker: str) -> LineChange:
    """Return the change that gives lines a speaker: at least one line, all of one session.

    Args:
        lines: The lines, which need not be final.
        speaker: The name; "" for the side of the session that a line comes from.
    """
    name = clean_text(speaker).strip()
    after = tuple(replace(line, speaker=name) for line in lines)
    return LineChange(lines[0].session_id, tuple(lines), after)


def said_by_same(lines: Iterable[SavedUtterance], line: SavedUtterance) -> Iterator[SavedUtterance]:
    """Yield those of a session's lines that have the speaker of `line`."""
    for one in lines:
        if one.speaker == line.speaker and (one.speaker or one.track == line.track):
            yield one


def _part(line: SavedUtterance, texts: Sequence[str], words: Sequence[Word]) -> SavedUtterance:
    shown = " ".join(texts)
    machine = " ".join(word.text for word in words) if line.is_edited else shown
    return replace(
        line,
        machine_text=machine,
        edited_text=None if machine == shown else shown,
        packed_words=pack_words(words),
        confidence=mean_confidence(words) if words else line.confidence,
        draft_text=_joined(*(w.text if w.draft is None else w.draft for w in words)),
    )


def _require_final(lines: Sequence[SavedUtterance]) -> None:
    if any(line.state is UtteranceState.PROVISIONAL for line in lines):
        raise HistoryError(LibraryMessage.LINE_NOT_FINAL())


def _any_edited(lines: Sequence[SavedUtterance]) -> bool:
    return any(line.is_edited for line in lines)


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)
