"""The units of subtitles: words in order, with strictly increasing start times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from granite_live.transcript.model import RecordingTranscript, Transcript


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or a part of a word longer than a line. Times count from the recording's start.

    `is_glued` means that no space precedes it.
    """

    text: str
    start_ms: int
    end_ms: int
    is_glued: bool = False
    ends_utterance: bool = False


def timed_units(
    transcript: RecordingTranscript, max_chars: int, max_ms: int
) -> tuple[list[Unit], int]:
    """Return the recording's units and its end in milliseconds.

    No unit is longer than `max_chars` or lasts longer than `max_ms`. Each starts at least one
    millisecond after the previous one and ends after its start, within the recording (if it has at
    least one millisecond per unit).
    """
    units = [unit for utterance in transcript.utterances for unit in _units(utterance, max_chars)]
    end_ms = round(transcript.duration_s * 1_000)
    if end_ms <= 0:
        end_ms = max((unit.end_ms for unit in units), default=0) + len(units)
    return _put_in_order(units, max_ms, end_ms), end_ms


def _units(utterance: Transcript, max_chars: int) -> Iterator[Unit]:
    if utterance.words:
        spoken = [(word.text, word.start_s, word.end_s) for word in utterance.words]
    else:
        spoken = [(utterance.text, utterance.start_s, utterance.end_s)]
    found = [piece for text, start_s, end_s in spoken for piece in _pieces(text, start_s, end_s)]
    for index, unit in enumerate(found):
        last = index + 1 == len(found)
        yield from _short_enough(replace(unit, ends_utterance=last), max_chars)


def _pieces(text: str, start_s: float, end_s: float) -> Iterator[Unit]:
    """Yield the words of `text` (usually one), sharing the time by length."""
    words = text.split()
    total = sum(map(len, words))
    before = 0
    for word in words:
        after = before + len(word)
        start = start_s + (end_s - start_s) * before / total
        end = start_s + (end_s - start_s) * after / total
        yield Unit(word, round(start * 1_000), round(end * 1_000))
        before = after


def _short_enough(unit: Unit, max_chars: int) -> Iterator[Unit]:
    """Yield the unit, split evenly if it is longer than a line."""
    count = -(-len(unit.text) // max_chars)
    lasts_ms = unit.end_ms - unit.start_ms
    for index in range(count):
        begin, end = (len(unit.text) * edge // count for edge in (index, index + 1))
        yield Unit(
            unit.text[begin:end],
            unit.start_ms + lasts_ms * index // count,
            unit.start_ms + lasts_ms * (index + 1) // count,
            is_glued=index > 0,
            ends_utterance=unit.ends_utterance and index + 1 == count,
        )


def _put_in_order(units: Sequence[Unit], max_ms: int, end_ms: int) -> list[Unit]:
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
