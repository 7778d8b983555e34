"""Compare the lines of a meeting with what both sides said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from meeting_scene import RATE, Scene, Turn

from granite_live.session.events import FinalText
from granite_live.transcript.model import Track
from granite_live.transcript.word_errors import normalize_words

# A line or word this near to a turn belongs to it.
_NEAR_S = 0.3
_LEAST_SHARED_S = 0.2


@dataclass(frozen=True)
class Score:
    """What is right and wrong in the lines of a meeting.

    Attributes:
        own_right: Right words of the user.
        own_words: Words that the user said.
        others_right: Right words of the other side.
        others_words: Words that the other side said.
        doubled_lines: Lines of the microphone with text while the user said nothing.
        doubled_words: Words of the microphone at a time when the user said nothing.
        others_turns: Turns of the other side, each of which could be doubled.
        misplaced: Neighboring turns whose lines are in the other order.
    """

    own_right: int
    own_words: int
    others_right: int
    others_words: int
    doubled_lines: int
    doubled_words: int
    others_turns: int
    misplaced: int


def score(scene: Scene, finals: Sequence[FinalText]) -> Score:
    """Return the score of a session's final texts. They may all be late by the same time."""
    late_s = _late_s(scene, finals)
    mine, theirs = (
        sorted(
            (one for one in finals if one.track == track and one.text), key=lambda one: one.start_s
        )
        for track in (Track.MICROPHONE, Track.SYSTEM)
    )
    own = [one for one in scene.turns if one.track == Track.MICROPHONE]
    others = [one for one in scene.turns if one.track == Track.SYSTEM]
    spans = [(one.start / RATE + late_s, one.stop / RATE + late_s) for one in own]
    doubled_lines = sum(
        all(
            min(one.end_s, stop) - max(one.start_s, start) < _LEAST_SHARED_S
            for start, stop in spans
        )
        for one in mine
    )
    middles = [(word.start_s + word.end_s) / 2 for one in mine for word in one.words]
    doubled_words = sum(
        all(not start - _NEAR_S <= middle <= stop + _NEAR_S for start, stop in spans)
        for middle in middles
    )
    return Score(
        sum(_right_words(one, mine, late_s) for one in own),
        sum(len(one.words) for one in own),
        sum(_right_words(one, theirs, late_s) for one in others),
        sum(len(one.words) for one in others),
        doubled_lines,
        doubled_words,
        len(others),
        _misplaced(scene.turns, finals, late_s),
    )


def _late_s(scene: Scene, finals: Sequence[FinalText]) -> float:
    """Return how much later than in the script the other side's lines begin, as their median."""
    lines = [one for one in finals if one.track == Track.SYSTEM and one.text]
    late = []
    for turn in scene.turns:
        if turn.track != Track.SYSTEM:
            continue

        def likeness(line: FinalText, turn: Turn = turn) -> float:
            matcher = SequenceMatcher(None, turn.words, normalize_words(line.text), autojunk=False)
            return matcher.ratio() - abs(line.start_s - turn.start / RATE) / 60

        best = max(lines, key=likeness)
        late.append(best.start_s - turn.start / RATE)
    return median(late) if late else 0.0


def _right_words(turn: Turn, lines: Sequence[FinalText], late_s: float) -> int:
    start_s, stop_s = turn.start / RATE + late_s, turn.stop / RATE + late_s
    written = [
        part
        for line in lines
        for word in line.words
        if start_s - _NEAR_S <= (word.start_s + word.end_s) / 2 <= stop_s + _NEAR_S
        for part in normalize_words(word.text)
    ]
    matcher = SequenceMatcher(None, turn.words, written, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _misplaced(turns: Sequence[Turn], finals: Sequence[FinalText], late_s: float) -> int:
    """Return how often the lines of two turns that follow each other are in the other order."""
    lines = sorted((one for one in finals if one.text), key=lambda one: one.start_s)
    places = []
    for turn in turns:
        start_s, stop_s = turn.start / RATE + late_s, turn.stop / RATE + late_s
        first = next(
            (
                place
                for place, one in enumerate(lines)
                if one.track == turn.track
                and min(one.end_s, stop_s) - max(one.start_s, start_s) > _LEAST_SHARED_S
            ),
            None,
        )
        if first is not None:
            places.append(first)
    return sum(later < earlier for earlier, later in pairwise(places))
