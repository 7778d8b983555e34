"""Split words into subtitle cues: pure functions on whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from granite_live.transcript.model import RecordingTranscript, Transcript


@dataclass(frozen=True, slots=True)
class CueUnit:
    """A word, or a part of a word longer than a line. Times count from the recording's start.

    `joins_previous` means that no space precedes it. `speaker` is the name of who says it.
    """

    text: str
    start_ms: int
    end_ms: int
    joins_previous: bool = False
    ends_utterance: bool = False
    speaker: str = ""


def timed_units(
    transcript: RecordingTranscript, max_chars: int, max_ms: int
) -> tuple[list[CueUnit], int]:
    """Return the recording's units and its end in milliseconds.

    No unit is longer than `max_chars` or lasts longer than `max_ms`. Each starts at least one
    millisecond after the previous one and ends after its start, within the recording (if it has at
    least one millisecond per unit).
    """
    units = [unit for utterance in transcript.utterances for unit in _units(utterance, max_chars)]
    end_ms = round(transcript.duration_s * 1_000)
    if end_ms <= 0:
        end_ms = max((unit.end_ms for unit in units), default=0) + len(units)
    return _make_increasing(units, max_ms, end_ms), end_ms


def _units(utterance: Transcript, max_chars: int) -> Iterator[CueUnit]:
    if utterance.words:
        spoken = [(word.text, word.start_s, word.end_s) for word in utterance.words]
    else:
        spoken = [(utterance.text, utterance.start_s, utterance.end_s)]
    found = [
        piece for text, start_s, end_s in spoken for piece in _split_text(text, start_s, end_s)
    ]
    for index, unit in enumerate(found):
        last = index + 1 == len(found)
        whole = replace(unit, ends_utterance=last, speaker=utterance.speaker)
        yield from _split_long_unit(whole, max_chars)


def _split_text(text: str, start_s: float, end_s: float) -> Iterator[CueUnit]:
    """Yield the words of `text` (usually one), sharing the time by length."""
    words = text.split()
    total = sum(map(len, words))
    before = 0
    for word in words:
        after = before + len(word)
        start = start_s + (end_s - start_s) * before / total
        end = start_s + (end_s - start_s) * after / total
        yield CueUnit(word, round(start * 1_000), round(end * 1_000))
        before = after


def _split_long_unit(unit: CueUnit, max_chars: int) -> Iterator[CueUnit]:
    """Yield the unit, split evenly if it is longer than a line."""
    count = -(-len(unit.text) // max_chars)
    lasts_ms = unit.end_ms - unit.start_ms
    for index in range(count):
        begin, end = (len(unit.text) * edge // count for edge in (index, index + 1))
        yield CueUnit(
            unit.text[begin:end],
            unit.start_ms + lasts_ms * index // count,
            unit.start_ms + lasts_ms * (index + 1) // count,
            joins_previous=index > 0,
            ends_utterance=unit.ends_utterance and index + 1 == count,
            speaker=unit.speaker,
        )


def _make_increasing(units: Sequence[CueUnit], max_ms: int, end_ms: int) -> list[CueUnit]:
    """Return the units with strictly increasing starts and positive durations."""
    ordered = []
    earliest = 0
    for index, unit in enumerate(units):
        # Leave one millisecond for each remaining unit.
        latest = max(0, end_ms - (len(units) - index))
        start = min(max(unit.start_ms, earliest), latest)
        end = min(max(unit.end_ms, start + 1), start + max_ms, max(end_ms, start + 1))
        ordered.append(replace(unit, start_ms=start, end_ms=end))
        earliest = start + 1
    return ordered


MAX_LINES = 2
MAX_LINE_CHARS = 42
MIN_CUE_MS = 1_000
MAX_CUE_MS = 7_000
READING_SPEED_CPS = 20
"""Comfortable reading speed in characters per second, spaces included."""
MAX_LEAD_MS = 500
"""How early a cue may appear before its first word if it would be too fast otherwise."""

_SENTENCE_ENDS = (".", "!", "?", "…")
_CLAUSE_ENDS = (",", ";", ":", "–", "—")  # noqa: RUF001 - en and em dash
_CLOSING = "\"'»”’)]"  # noqa: RUF001 - typographic quotes
# A noticeable pause, and one that separates two thoughts.
_PAUSE_MS = 250
_LONG_PAUSE_MS = 600

# Costs of a division. They express an order: a break inside a clause costs more than an extra cue,
# and a cue below the minimum duration costs more than everything else together.
_BREAK_IN_WORD = 12.0
_BREAK_IN_CLAUSE = 8.0
_BREAK_AFTER_CLAUSE = 2.0
_BREAK_AT_PAUSE = 1.0
_COST_PER_CUE = 3.0
_COST_EMPTINESS = 3.0
_LONG_PAUSE_INSIDE = 4.0
_LONG_PAUSE_INSIDE_PER_S = 2.0
_COST_TOO_SHORT = 1_000.0
# The cost per character per second above the reading speed; the bound keeps the sum below
# `_COST_TOO_SHORT`.
_TOO_FAST_PER_CPS = 2.0
_MAX_EXCESS_CPS = 20.0
# A punctuation mark at the end of the upper line is worth this many characters of balance.
_LINE_BREAK_BONUS_CHARS = 12


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: `lines` (one or two) shown from `start_ms` until `end_ms`.

    `speaker` is the name of who says all of it, "" if nobody is named.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""


def split_into_cues(transcript: RecordingTranscript) -> list[Cue]:
    """Return the recording's subtitles in order.

    Every word is in exactly one cue (a word longer than a line may span two). A cue is shorter than
    a second only if no pause follows and no neighbor can absorb it. It exceeds `READING_SPEED_CPS`
    only if the speaker leaves no pause after it or, within `MAX_LEAD_MS`, before it.

    The tracks of a meeting are divided independently, so that cues overlap where both sides speak
    at once. No cue has words of two speakers.
    """
    tracks = sorted({one.track for one in transcript.utterances}) or [0]
    if len(tracks) == 1:
        return _split_track(transcript)
    cues = []
    for track in tracks:
        said = tuple(one for one in transcript.utterances if one.track == track)
        cues += _split_track(replace(transcript, utterances=said))
    return sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))


def _split_track(transcript: RecordingTranscript) -> list[Cue]:
    """Return the subtitles of utterances that follow one another."""
    units, end_ms = timed_units(transcript, MAX_LINE_CHARS, MAX_CUE_MS)
    page = _UnitRanges(units, end_ms)
    cues = [
        Cue(
            units[first].start_ms,
            page.shown_until(first, last),
            page.lines(first, last),
            units[first].speaker,
        )
        for first, last in _cheapest_division(page)
    ]
    return list(_add_lead_times(cues))


def _add_lead_times(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues; start those that are too fast earlier, without overlap."""
    free_from_ms = 0
    for cue in cues:
        wanted_ms = cue.end_ms - _reading_ms(len(" ".join(cue.lines)))
        start_ms = max(wanted_ms, cue.start_ms - MAX_LEAD_MS, free_from_ms)
        yield replace(cue, start_ms=min(start_ms, cue.start_ms))
        free_from_ms = cue.end_ms


def _reading_ms(chars: int) -> int:
    """Return how long this many characters must be shown to be readable."""
    return -(-chars * 1_000 // READING_SPEED_CPS)


def _cheapest_division(page: _UnitRanges) -> list[tuple[int, int]]:
    """Return (first, last) unit of each cue in the cheapest division."""
    cheapest = [0.0]
    came_from = [0]
    for last in range(page.count):
        cost, first = min(
            (cheapest[first] + _cost(page, first, last), first)
            for first in range(page.earliest_first(last), last + 1)
        )
        cheapest.append(cost + _COST_PER_CUE + page.break_cost(last))
        came_from.append(first)
    division = []
    after = page.count
    while after:
        division.append((came_from[after], after - 1))
        after = came_from[after]
    return division[::-1]


def _cost(page: _UnitRanges, first: int, last: int) -> float:
    """Return the cue's own cost, without the cost of the break after `last`."""
    emptiness = 1.0 - page.width(first, last) / (MAX_LINES * MAX_LINE_CHARS)
    cost = _COST_EMPTINESS * emptiness**2 + page.pause_cost(first, last)
    shown_ms = page.shown_until(first, last) - page.units[first].start_ms
    speed_cps = 1_000 * page.width(first, last) / max(1, shown_ms)
    cost += _TOO_FAST_PER_CPS * min(max(0.0, speed_cps - READING_SPEED_CPS), _MAX_EXCESS_CPS)
    return cost + (_COST_TOO_SHORT if shown_ms < MIN_CUE_MS else 0.0)


class _UnitRanges:
    """The units, with queries about ranges of them, `first` to `last` inclusive."""

    def __init__(self, units: Sequence[CueUnit], end_ms: int) -> None:
        self.units = units
        self.count = len(units)
        self._end_ms = end_ms
        self._chars = [0, *accumulate(len(u.text) + (not u.joins_previous) for u in units)]
        pauses = [self._pause_after(index) for index in range(len(units) - 1)]
        self._pauses = [0.0, *accumulate(map(_pause_cost, pauses))]
        self._turn_start = [0] * self.count
        for index in range(1, self.count):
            is_same = units[index].speaker == units[index - 1].speaker
            self._turn_start[index] = self._turn_start[index - 1] if is_same else index

    def width(self, first: int, last: int) -> int:
        """Return the length of the range on one line, in characters."""
        return self._chars[last + 1] - self._chars[first] - (not self.units[first].joins_previous)

    def text(self, first: int, last: int) -> str:
        """Return the range on one line."""
        pieces = self.units[first : last + 1]
        return pieces[0].text + "".join(
            unit.text if unit.joins_previous else " " + unit.text for unit in pieces[1:]
        )

    def lines(self, first: int, last: int) -> tuple[str, ...]:
        """Return the range on one line, or two balanced lines. The range must fit on two."""
        if self.width(first, last) <= MAX_LINE_CHARS:
            return (self.text(first, last),)
        split = min(
            (
                end
                for end in range(first, last)
                if self.width(first, end) <= MAX_LINE_CHARS
                and self.width(end + 1, last) <= MAX_LINE_CHARS
            ),
            key=lambda end: self._imbalance(first, end, last),
        )
        return self.text(first, split), self.text(split + 1, last)

    def earliest_first(self, last: int) -> int:
        """Return the first unit of the longest cue that may end with `last`."""
        lower = last  # the longest possible lower line
        while lower and self.width(lower - 1, last) <= MAX_LINE_CHARS:
            lower -= 1
        first = lower
        while first and self.width(first - 1, lower - 1) <= MAX_LINE_CHARS:
            first -= 1
        while self._spoken_until(last) - self.units[first].start_ms > MAX_CUE_MS:
            first += 1
        return max(first, self._turn_start[last])

    def shown_until(self, first: int, last: int) -> int:
        """Return the cue's end: after its last word, later if it would be too short to read."""
        shown_ms = max(MIN_CUE_MS, _reading_ms(self.width(first, last)))
        wanted = max(self._spoken_until(last), self.units[first].start_ms + shown_ms)
        return min(wanted, self._next_start(last))

    def break_cost(self, last: int) -> float:
        """Return the cost of ending a cue with this unit."""
        if last + 1 == self.count:
            return 0.0
        if self.units[last + 1].joins_previous:
            return _BREAK_IN_WORD
        text = self.units[last].text.rstrip(_CLOSING)
        pause_ms = self._pause_after(last)
        if text.endswith(_SENTENCE_ENDS) or pause_ms >= _LONG_PAUSE_MS:
            return 0.0
        if pause_ms >= _PAUSE_MS or self.units[last].ends_utterance:
            return _BREAK_AT_PAUSE
        return _BREAK_AFTER_CLAUSE if text.endswith(_CLAUSE_ENDS) else _BREAK_IN_CLAUSE

    def pause_cost(self, first: int, last: int) -> float:
        """Return the cost of the long pauses in the range: text after them shows too early."""
        return self._pauses[last] - self._pauses[first]

    def _imbalance(self, first: int, end: int, last: int) -> int:
        text = self.units[end].text.rstrip(_CLOSING)
        bonus = _LINE_BREAK_BONUS_CHARS if text.endswith(_SENTENCE_ENDS + _CLAUSE_ENDS) else 0
        return abs(self.width(first, end) - self.width(end + 1, last)) - bonus

    def _pause_after(self, index: int) -> int:
        return max(0, self.units[index + 1].start_ms - self.units[index].end_ms)

    def _next_start(self, last: int) -> int:
        return self.units[last + 1].start_ms if last + 1 < self.count else self._end_ms

    def _spoken_until(self, last: int) -> int:
        return min(self.units[last].end_ms, self._next_start(last))


def _pause_cost(pause_ms: int) -> float:
    if pause_ms < _LONG_PAUSE_MS:
        return 0.0
    return _LONG_PAUSE_INSIDE + _LONG_PAUSE_INSIDE_PER_S * pause_ms / 1_000
