"""Presets of subtitle rules: cues keep them, and the checker finds what does not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.model_fakes import make_recording, make_transcript

from granite_live.cli.options import PresetName
from granite_live.messages import MessageCode
from granite_live.messages.documents import SubtitleMessage
from granite_live.transcript.export import render
from granite_live.transcript.export.cues import split_into_cues
from granite_live.transcript.export.options import PRESETS, STANDARD, ExportOptions, SubtitleRules
from granite_live.transcript.model import RecordingTranscript, Word
from granite_live.transcript.subtitle_files import ReadCue, find_problems, read_cues

BBC, NETFLIX = PRESETS["bbc"], PRESETS["netflix"]
SENTENCES = (
    "We met on a cold morning in the harbor.",
    "Nobody had slept, and the boat was late again, as it was every winter.",
    "Yes.",
    "Then the captain came down the stairs and told us that we would have to wait for the tide.",
)


def slow_talk(pause_s: float) -> RecordingTranscript:
    """Return sentences at two words a second with a pause after each."""
    words: list[Word] = []
    now_s = 1.0
    for sentence in SENTENCES * 3:
        for text in sentence.split():
            words.append(Word(text, now_s, now_s + 0.5, 1.0))
            now_s += 0.5
        now_s += pause_s
    text = " ".join(word.text for word in words)
    return make_recording(make_transcript(text, 1.0, now_s, words=words), duration_s=now_s + 5)


@pytest.mark.parametrize("pause_s", [0.3, 0.7, 1.4, 4.0])
@pytest.mark.parametrize("name", PRESETS)
def test_subtitles_of_slow_speech_keep_the_rules(name: str, pause_s: float, tmp_path: Path) -> None:
    talk = slow_talk(pause_s)
    path = tmp_path / "talk.srt"
    path.write_text(render(talk, "srt", ExportOptions(PRESETS[name])), encoding="utf-8")
    cues = read_cues(path)
    assert find_problems(cues, PRESETS[name]) == []
    said = " ".join(line for cue in cues for line in cue.lines)
    assert said == " ".join(SENTENCES * 3)


def test_presets_differ_as_their_sources_do() -> None:
    widths = {
        name: max(len(line) for cue in split_into_cues(slow_talk(0.7), rules) for line in cue.lines)
        for name, rules in PRESETS.items()
    }
    assert 25 < widths["bbc"] <= 37 < widths["netflix"] <= 42
    assert widths["phone"] <= 25


def test_a_short_gap_is_closed_unless_the_cue_would_stay_too_long() -> None:
    for rules in (BBC, NETFLIX):
        gaps_ms = []
        for cue, following in pairwise(split_into_cues(slow_talk(0.4), rules)):
            gaps_ms.append(following.start_ms - cue.end_ms)
            if rules.min_gap_ms < gaps_ms[-1]:
                closed_ms = following.start_ms - rules.min_gap_ms - cue.start_ms
                assert closed_ms > rules.max_cue_ms
        assert gaps_ms.count(rules.min_gap_ms) > len(gaps_ms) / 2


def test_the_command_offers_all_presets() -> None:
    assert [one.value for one in PresetName] == list(PRESETS)


def test_one_line_of_a_cue() -> None:
    rules = replace(STANDARD, max_lines=1)
    cues = split_into_cues(slow_talk(0.7), rules)
    assert all(len(cue.lines) == 1 and len(cue.lines[0]) <= 42 for cue in cues)
    assert " ".join(cue.lines[0] for cue in cues) == " ".join(SENTENCES * 3)


GOOD = ReadCue(1, 0, 2_000, ("A good line.",))


@pytest.mark.parametrize(
    ("cue", "rules", "code", "arguments"),
    [
        (replace(GOOD, lines=()), STANDARD, SubtitleMessage.EMPTY, {}),
        (
            replace(GOOD, lines=("a", "b", "c")),
            *(STANDARD, SubtitleMessage.TOO_MANY_LINES, {"lines": 3, "limit": 2}),
        ),
        (
            replace(GOOD, end_ms=6_000, lines=("ab", "x" * 43)),
            *(STANDARD, SubtitleMessage.LINE_TOO_LONG, {"line": 2, "chars": 43, "limit": 42}),
        ),
        (
            replace(GOOD, end_ms=999),
            *(STANDARD, SubtitleMessage.TOO_SHORT, {"seconds": 0.999, "limit": 1.0}),
        ),
        (
            replace(GOOD, end_ms=7_001),
            *(STANDARD, SubtitleMessage.TOO_LONG, {"seconds": 7.001, "limit": 7.0}),
        ),
        (
            replace(GOOD, start_ms=100, end_ms=50),
            *(STANDARD, SubtitleMessage.NO_DURATION, {"seconds": 0.05}),
        ),
        (
            replace(GOOD, lines=("x" * 21, "y" * 20)),
            *(STANDARD, SubtitleMessage.TOO_FAST, {"speed": 21.0, "limit": 20}),
        ),
        (
            replace(GOOD, end_ms=1_000, lines=("we go on now",)),
            *(BBC, SubtitleMessage.WORDS_TOO_FAST, {"ms": 250, "limit": 300}),
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_figures(
    cue: ReadCue, rules: SubtitleRules, code: MessageCode, arguments: dict[str, object]
) -> None:
    (problem,) = find_problems([cue], rules)
    begin = f"00:00:00.{cue.start_ms:03d}"
    assert problem == SubtitleMessage.PROBLEM(number=1, time=begin, problem=code(**arguments))


@pytest.mark.parametrize(
    ("start_ms", "rules", "code"),
    [
        (1_900, STANDARD, SubtitleMessage.OVERLAP),
        (2_050, NETFLIX, SubtitleMessage.GAP_TOO_SHORT),
        (2_300, NETFLIX, SubtitleMessage.GAP_NOT_CLOSED),
        (2_999, BBC, SubtitleMessage.GAP_NOT_CLOSED),
    ],
)
def test_gaps(start_ms: int, rules: SubtitleRules, code: MessageCode) -> None:
    second = replace(GOOD, number=2, start_ms=start_ms, end_ms=start_ms + 2_000)
    (problem,) = find_problems([GOOD, second], rules)
    assert shows(problem, code)
    for allowed_ms in (2_000 + rules.min_gap_ms, 2_000 + rules.closed_gap_ms):
        fine = replace(second, start_ms=allowed_ms, end_ms=allowed_ms + 2_000)
        assert find_problems([GOOD, fine], rules) == []
