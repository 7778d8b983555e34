"""Break a session's words into rows that stay where they were read. Without Qt."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Protocol
from unicodedata import bidirectional

from granite_live.session import events

KEPT = 64
"""The number of utterances kept; older ones have left the screen."""
NO_TEXT = "…"
"""Shown for speech that has no text."""


TURN = "–"  # noqa: RUF001 - the dash of subtitles
"""Shown before what the other side of a meeting says."""

_TextEvent = (
    events.DraftText | events.ProvisionalText | events.FinalText | events.TranscriptionFailed
)


class _Progress(IntEnum):
    """The progress of an utterance, which never goes back."""

    OPEN = 0
    PROVISIONAL = 1
    FAILED = 2
    FINAL = 3


@dataclass(frozen=True, slots=True)
class UtteranceWords:
    """The known words of an utterance."""

    utterance: int
    words: tuple[str, ...]
    is_final: bool


@dataclass(frozen=True, slots=True)
class _State:
    stage: _Progress
    words: tuple[str, ...]
    start_s: float = 0.0
    track: int = 0


class CaptionStream:
    """Collects a session's events into the newest utterances, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        """Start empty.

        Args:
            kept: The number of utterances kept, at least 1.
        """
        self._kept = kept
        self._by_number: dict[int, _State] = {}
        self._forgotten = -1

    def clear(self) -> None:
        """Forget everything for a new session."""
        self._by_number.clear()
        self._forgotten = -1

    def apply(self, event: events.SessionEvent) -> bool:
        """Apply an event; return whether the display changes."""
        match event:
            case events.DraftText():
                return self._put(event, _Progress.OPEN, event.text)
            case events.ProvisionalText():
                return self._put(event, _Progress.PROVISIONAL, event.text)
            case events.FinalText():
                return self._put(event, _Progress.FINAL, event.text)
            case events.TranscriptionFailed(utterance=number):
                return self._put(event, _Progress.FAILED, self._failed_text(number))
        return False

    @property
    def utterances(self) -> tuple[UtteranceWords, ...]:
        """All utterances that have words, in the order of speech.

        In a meeting a dash marks that the other side speaks, as in subtitles.
        """
        found, before = [], 0
        for number, one in sorted(
            self._by_number.items(), key=lambda one: (one[1].start_s, one[0])
        ):
            if one.words:
                words = one.words if one.track == before else (TURN, *one.words)
                found.append(UtteranceWords(number, words, one.stage is _Progress.FINAL))
                before = one.track
        return tuple(found)

    def _put(self, event: _TextEvent, stage: _Progress, text: str) -> bool:
        number = event.utterance
        old = self._by_number.get(number)
        if number <= self._forgotten or (old is not None and stage < old.stage):
            return False  # late: it was replaced or has left the screen
        new = _State(stage, tuple(text.split()), event.start_s, event.track)
        if new == old:
            return False
        self._by_number[number] = new
        if len(self._by_number) > self._kept:
            self._forgotten = min(self._by_number)
            del self._by_number[self._forgotten]
        return True

    def _failed_text(self, number: int) -> str:
        """Return the text of a failed utterance: its draft, or NO_TEXT."""
        old = self._by_number.get(number)
        return " ".join(old.words) if old is not None and old.words else NO_TEXT


_MARGIN_ROWS = 8
"""Rows kept above the visible ones, so that a late text finds its position."""
_OWN_ROW = 0.4
"""Overflow gets rows of its own if it would push this share of the next row onward."""


class Ruler(Protocol):
    """Measures text, in pixels."""

    room_px: float
    space_px: float

    def width_px(self, word: str) -> float:
        """Return the width of a word."""

    def cut(self, word: str) -> Sequence[str]:
        """Return a word in pieces that each fit into a row; one piece if it fits."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of a word that is wider than a row.

    `is_joined`: continues the piece before it without a space.
    """

    text: str
    utterance: int
    is_final: bool
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """A row to show.

    Attributes:
        key: Identifies the row for its lifetime.
        pieces: The content.
        is_right_to_left: Whether it starts at the right.
        slot: The position: 0 is the uppermost visible one, negative ones are above it.
    """

    key: int
    pieces: tuple[Piece, ...]
    is_right_to_left: bool
    slot: int

    @property
    def text(self) -> str:
        """The content as one text."""
        return joined(self.pieces)


def joined(pieces: Iterable[Piece]) -> str:
    """Return pieces as one text."""
    return "".join(one.text if one.is_joined else f" {one.text}" for one in pieces).strip()


@dataclass(frozen=True, slots=True)
class _RowStart:
    """The first piece of a row, as a position in an utterance."""

    key: int
    utterance: int
    piece: int


class _PieceStream:
    """All pieces in order, with the offset of each utterance."""

    def __init__(self, said: Iterable[UtteranceWords], cut: Callable[[str], Sequence[str]]) -> None:
        self.pieces: list[Piece] = []
        self.offsets: dict[int, int] = {}
        self.texts: dict[int, tuple[str, ...]] = {}
        for one in sorted(said, key=lambda one: one.utterance):
            self.offsets[one.utterance] = len(self.pieces)
            for word in one.words:
                parts = enumerate(cut(word))
                self.pieces += (Piece(t, one.utterance, one.is_final, n > 0) for n, t in parts)
            begin = self.offsets[one.utterance]
            self.texts[one.utterance] = tuple(piece.text for piece in self.pieces[begin:])
        self._numbers = list(self.offsets)
        self._sides: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self.pieces)

    def position_of(self, start: _RowStart, old: Mapping[int, tuple[str, ...]]) -> int:
        """Return the present position of a row's start in the `old` pieces."""
        if start.utterance in self.offsets:
            new = self.texts[start.utterance]
            piece = _position_of(start.piece, old.get(start.utterance, new), new)
            return self.offsets[start.utterance] + piece
        later = bisect_left(self._numbers, start.utterance)
        return self.offsets[self._numbers[later]] if later < len(self._numbers) else len(self)

    def is_right_to_left(self, position: int) -> bool:
        """Return whether the utterance of this piece is written from right to left."""
        number = self.pieces[position].utterance
        if number not in self._sides:
            self._sides[number] = is_right_to_left(self.texts[number])
        return self._sides[number]

    def start_at(self, position: int, key: int) -> _RowStart:
        """Return the start to remember for a row at this position."""
        number = self.pieces[position].utterance
        return _RowStart(key, number, position - self.offsets[number])


class CaptionRows:
    """Breaks utterances into rows and assigns their slots."""

    def __init__(self, ruler: Ruler, count: int) -> None:
        """Start empty.

        Args:
            ruler: Measures words.
            count: The number of visible rows, at least 1.
        """
        self._ruler, self._count = ruler, count
        self._keys = itertools.count(1)
        self._clear()

    def _clear(self) -> None:
        self._starts: list[_RowStart] = []
        self._texts: Mapping[int, tuple[str, ...]] = {}
        self._rows: tuple[CaptionRow, ...] = ()
        # Whether rows above the first one have been dropped.
        self._is_cut_off = False

    def reset(self, ruler: Ruler, count: int, said: Sequence[UtteranceWords] = ()) -> None:
        """Break everything again, for another font, width or number of rows."""
        self._ruler, self._count = ruler, count
        self._clear()
        self.update(said)

    @property
    def rows(self) -> tuple[CaptionRow, ...]:
        """The visible rows and some above them, from top to bottom."""
        return self._rows

    @property
    def visible(self) -> tuple[CaptionRow, ...]:
        """The visible rows."""
        return tuple(one for one in self._rows if one.slot >= 0)

    def update(self, said: Sequence[UtteranceWords]) -> None:
        """Show these utterances from now on."""
        if self._is_cut_off:
            first = self._starts[0].utterance
            # If no visible utterance is left, show earlier ones.
            if below := [one for one in said if one.utterance >= first]:
                said = below
            else:
                self._clear()
        stream = _PieceStream(said, self._ruler.cut)
        if not len(stream):
            self._clear()
            return
        starts = self._surviving_starts(stream)
        self._break(starts, stream.pieces)
        self._place(starts, stream)
        shown = len(self._rows)
        self._is_cut_off = self._is_cut_off or len(starts) > shown
        self._starts = [stream.start_at(*one) for one in starts[-shown:]]
        self._texts = stream.texts

    # -- breaking -----------------------------------------------------------------------------

    def _surviving_starts(self, stream: _PieceStream) -> list[tuple[int, int]]:
        """Return (position in the stream, key) of the rows that still exist, in order."""
        found: list[tuple[int, int]] = []
        for start in self._starts:
            position = stream.position_of(start, self._texts)
            while found and found[-1][0] >= position:
                found.pop()  # the row before this one is empty now
            found.append((position, start.key))
        while found and found[-1][0] >= len(stream):
            found.pop()
        if not found:
            return [(0, next(self._keys))]
        first, key = found[0]
        if first and not self._is_cut_off:
            # A late text of the first utterance belongs into the first row, a late utterance
            # above it.
            is_same = stream.pieces[first].utterance == stream.pieces[0].utterance
            found[: int(is_same)] = [(0, key if is_same else next(self._keys))]
        return found

    def _break(self, starts: list[tuple[int, int]], pieces: Sequence[Piece]) -> None:
        """Move what does not fit into a row to the next one. Changes `starts`."""
        row = 0
        while row < len(starts):
            begin = starts[row][0]
            is_last = row + 1 == len(starts)
            end = len(pieces) if is_last else starts[row + 1][0]
            full = self._row_end(pieces, begin, end)
            if full < end:
                beyond = starts[row + 2][0] if row + 2 < len(starts) else len(pieces)
                is_apart = is_last or pieces[full].utterance != pieces[end].utterance
                if is_apart or self._needs_rows(pieces[full:beyond], end - full):
                    starts.insert(row + 1, (full, next(self._keys)))
                else:
                    starts[row + 1] = (full, starts[row + 1][1])
            row += 1

    def _needs_rows(self, pieces: Sequence[Piece], left_over: int) -> bool:
        """Return whether the overflow needs rows of its own.

        `pieces` are the overflow and the next row's.
        """
        if self._row_end(pieces, 0, len(pieces)) == len(pieces):
            return False
        widths_px = (self._ruler.width_px(piece.text) for piece in pieces[:left_over])
        return sum(widths_px) > _OWN_ROW * self._ruler.room_px

    def _row_end(self, pieces: Sequence[Piece], begin: int, end: int) -> int:
        """Return the position after the row's last piece; at least one piece fits.

        A row ends where the next piece does not fit, and at the end of an utterance: the pause
        after it is a break for readers, too.
        """
        width_px = 0.0
        for at in range(begin, end):
            piece = pieces[at]
            if piece.utterance != pieces[begin].utterance:
                return at
            space_px = 0.0 if at == begin or piece.is_joined else self._ruler.space_px
            width_px += space_px + self._ruler.width_px(piece.text)
            if width_px > self._ruler.room_px and at > begin:
                return at
        return end

    # -- slots --------------------------------------------------------------------------------

    def _place(self, starts: Sequence[tuple[int, int]], stream: _PieceStream) -> None:
        bottom = self._bottom_slot([key for _, key in starts])
        ends = [position for position, _ in starts[1:]] + [len(stream)]
        top = bottom - len(starts) + 1
        kept = slice(-(self._count + _MARGIN_ROWS), None)
        rows = zip(starts, ends, range(top, bottom + 1), strict=True)
        self._rows = tuple(
            CaptionRow(key, tuple(stream.pieces[begin:end]), stream.is_right_to_left(begin), slot)
            for (begin, key), end, slot in list(rows)[kept]
        )

    def _bottom_slot(self, keys: Sequence[int]) -> int:
        """Return the last row's slot: the bottom, unless visible rows would move down."""
        at = {key: number for number, key in enumerate(keys)}
        for old in reversed(self.visible):
            if old.key in at:
                return min(self._count - 1, old.slot + len(keys) - 1 - at[old.key])
        return self._count - 1


def _position_of(piece: int, old: Sequence[str], new: Sequence[str]) -> int:
    """Return the position of an utterance's old piece `piece` among its new pieces."""
    if list(old[: piece + 1]) == list(new[: piece + 1]):
        return min(piece, len(new))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_begin, old_end, new_begin, new_end in matcher.get_opcodes():
        if old_begin <= piece < old_end:
            if tag in ("equal", "replace"):
                return min(new_begin + piece - old_begin, new_end)
            return new_begin
    return len(new)


def is_right_to_left(texts: Iterable[str]) -> bool:
    """Return whether more letters are right-to-left than left-to-right."""
    balance = 0
    for text in texts:
        for char in text:
            direction = bidirectional(char)
            balance += (direction in ("R", "AL")) - (direction == "L")
    return balance > 0
