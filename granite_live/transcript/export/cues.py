"""Split words into subtitle cues: pure functions on whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, zip_longest

from granite_live.transcript.export.options import STANDARD, SubtitleRules
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

    `speaker` is the name of who says all of it, "" if nobody is named. `units` are the words of
    each line with their times.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""
    units: tuple[tuple[CueUnit, ...], ...] = field(default=(), compare=False, repr=False)


def split_into_cues(transcript: RecordingTranscript, rules: SubtitleRules = STANDARD) -> list[Cue]:
    """Return the recording's subtitles in order.

    Every word is in exactly one cue (a word longer than a line may span two). A cue is shorter than
    the rules' least time only if no pause follows and no neighbor can absorb it. It is too fast to
    read only if the speaker leaves no pause after it or, within `MAX_LEAD_MS`, before it.

    The tracks of a meeting are divided independently, so that cues overlap where both sides speak
    at once. No cue has words of two speakers.
    """
    tracks = sorted({one.track for one in transcript.utterances}) or [0]
    if len(tracks) == 1:
        return _split_track(transcript, rules)
    cues = []
    for track in tracks:
        said = tuple(one for one in transcript.utterances if one.track == track)
        cues += _split_track(replace(transcript, utterances=said), rules)
    return sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))


def _split_track(transcript: RecordingTranscript, rules: SubtitleRules) -> list[Cue]:
    """Return the subtitles of utterances that follow one another."""
    units, end_ms = timed_units(transcript, rules.max_line_chars, rules.max_cue_ms)
    page = _UnitRanges(units, end_ms, rules)
    cues = [page.cue(first, last) for first, last in _cheapest_division(page)]
    return list(_close_gaps(list(_add_lead_times(cues, rules)), rules))


def _add_lead_times(cues: Sequence[Cue], rules: SubtitleRules) -> Iterator[Cue]:
    """Yield the cues; start those that are too fast earlier, without overlap."""
    free_from_ms = 0
    for cue in cues:
        text = " ".join(cue.lines)
        wanted_ms = cue.end_ms - rules.reading_ms(len(text), len(text.split()))
        start_ms = max(wanted_ms, cue.start_ms - MAX_LEAD_MS, free_from_ms)
        yield replace(cue, start_ms=min(start_ms, cue.start_ms))
        free_from_ms = cue.end_ms + rules.min_gap_ms


def _close_gaps(cues: Sequence[Cue], rules: SubtitleRules) -> Iterator[Cue]:
    """Yield the cues; show each until the next one if the gap between them is a short one."""
    for cue, following in zip_longest(cues, cues[1:]):
        if following is not None:
            gap_ms = following.start_ms - cue.end_ms
            end_ms = following.start_ms - rules.min_gap_ms
            lasts_ms = end_ms - cue.start_ms
            if rules.min_gap_ms < gap_ms < rules.closed_gap_ms and lasts_ms <= rules.max_cue_ms:
                cue = replace(cue, end_ms=end_ms)
        yield cue


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
    rules = page.rules
    width = page.width(first, last)
    emptiness = 1.0 - width / (rules.max_lines * rules.max_line_chars)
    cost = _COST_EMPTINESS * emptiness**2 + page.pause_cost(first, last)
    shown_ms = page.shown_until(first, last) - page.units[first].start_ms
    needed_ms = page.reading_ms(first, last)
    if shown_ms < needed_ms:
        excess_cps = 1_000 * width * (1 / max(1, shown_ms) - 1 / needed_ms)
        cost += _TOO_FAST_PER_CPS * min(excess_cps, _MAX_EXCESS_CPS)
    return cost + (_COST_TOO_SHORT if shown_ms < rules.min_cue_ms else 0.0)


class _UnitRanges:
    """The units, with queries about ranges of them, `first` to `last` inclusive."""

    def __init__(self, units: Sequence[CueUnit], end_ms: int, rules: SubtitleRules) -> None:
        self.units = units
        self.rules = rules
        self.count = len(units)
        self._end_ms = end_ms
        self._chars = [0, *accumulate(len(u.text) + (not u.joins_previous) for u in units)]
        self._words = [0, *accumulate(not u.joins_previous for u in units)]
        pauses = [self._pause_after(index) for index in range(len(units) - 1)]
        self._pauses = [0.0, *accumulate(map(_pause_cost, pauses))]
        self._turn_start = [0] * self.count
        for index in range(1, self.count):
            is_same = units[index].speaker == units[index - 1].speaker
            self._turn_start[index] = self._turn_start[index - 1] if is_same else index

    def width(self, first: int, last: int) -> int:
        """Return the length of the range on one line, in characters."""
        return self._chars[last + 1] - self._chars[first] - (not self.units[first].joins_previous)

    def reading_ms(self, first: int, last: int) -> int:
        """Return how long the range must be shown to be readable."""
        words = max(1, self._words[last + 1] - self._words[first])
        return self.rules.reading_ms(self.width(first, last), words)

    def text(self, first: int, last: int) -> str:
        """Return the range on one line."""
        pieces = self.units[first : last + 1]
        return pieces[0].text + "".join(
            unit.text if unit.joins_previous else " " + unit.text for unit in pieces[1:]
        )

    def cue(self, first: int, last: int) -> Cue:
        """Return the range as a cue. It must fit on the lines of a cue."""
        ranges = self._lines(first, last)
        return Cue(
            self.units[first].start_ms,
            self.shown_until(first, last),
            tuple(self.text(begin, end) for begin, end in ranges),
            self.units[first].speaker,
            tuple(tuple(self.units[begin : end + 1]) for begin, end in ranges),
        )

    def _lines(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the first and last unit of one line, or of two balanced lines."""
        longest = self.rules.max_line_chars
        if self.width(first, last) <= longest:
            return ((first, last),)
        split = min(
            (
                end
                for end in range(first, last)
                if self.width(first, end) <= longest and self.width(end + 1, last) <= longest
            ),
            key=lambda end: self._imbalance(first, end, last),
        )
        return (first, split), (split + 1, last)

    def earliest_first(self, last: int) -> int:
        """Return the first unit of the longest cue that may end with `last`."""
        first = end = last  # of the last line
        for line in range(self.rules.max_lines):
            if line and first:
                end = first = first - 1
            while first and self.width(first - 1, end) <= self.rules.max_line_chars:
                first -= 1
        while self._spoken_until(last) - self.units[first].start_ms > self.rules.max_cue_ms:
            first += 1
        return max(first, self._turn_start[last])

    def shown_until(self, first: int, last: int) -> int:
        """Return the cue's end: after its last word, later if it would be too short to read."""
        shown_ms = max(self.rules.min_cue_ms, self.reading_ms(first, last))
        wanted = max(self._spoken_until(last), self.units[first].start_ms + shown_ms)
        return min(wanted, self._free_until(last))

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

    def _spoken_until(self, last: int) -> int:
        return min(self.units[last].end_ms, self._free_until(last))

    def _free_until(self, last: int) -> int:
        """Return when a cue that ends with this unit must be over."""
        if last + 1 == self.count:
            return self._end_ms
        # A gap that would leave no time for the cue is no gap.
        earliest = self.units[last].start_ms + 1
        return max(earliest, self.units[last + 1].start_ms - self.rules.min_gap_ms)


def _pause_cost(pause_ms: int) -> float:
    if pause_ms < _LONG_PAUSE_MS:
        return 0.0
    return _LONG_PAUSE_INSIDE + _LONG_PAUSE_INSIDE_PER_S * pause_ms / 1_000
