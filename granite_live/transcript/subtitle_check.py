"""Compare cues with the rules of subtitles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from granite_live.messages.documents import SubtitleMessage
from granite_live.transcript.export.subtitle_rules import SubtitleRules
from granite_live.transcript.export.text_formats import format_timestamp
from granite_live.transcript.subtitle_files import ReadCue


def find_problems(cues: Sequence[ReadCue], rules: SubtitleRules) -> list[str]:
    """Return a message for each broken rule, with the cue's number and time, in order."""
    problems: list[str] = []
    before: ReadCue | None = None
    for cue in cues:
        found = [*_text_problems(cue, rules), *_time_problems(cue, rules)]
        if before is not None:
            found += _gap_problems(before, cue, rules)
        time = format_timestamp(max(0, cue.start_ms), ".")
        problems += [
            SubtitleMessage.PROBLEM(number=cue.number, time=time, problem=one) for one in found
        ]
        before = cue
    return problems


def _text_problems(cue: ReadCue, rules: SubtitleRules) -> Iterator[str]:
    if not cue.lines:
        yield SubtitleMessage.EMPTY()
    if len(cue.lines) > rules.max_lines:
        yield SubtitleMessage.TOO_MANY_LINES(lines=len(cue.lines), limit=rules.max_lines)
    for number, line in enumerate(cue.lines, start=1):
        if len(line) > rules.max_line_chars:
            yield SubtitleMessage.LINE_TOO_LONG(
                line=number, chars=len(line), limit=rules.max_line_chars
            )


def _time_problems(cue: ReadCue, rules: SubtitleRules) -> Iterator[str]:
    shown_ms = cue.end_ms - cue.start_ms
    if shown_ms < 0:
        yield SubtitleMessage.NO_DURATION(seconds=-shown_ms / 1_000)
        return
    if shown_ms < rules.min_cue_ms:
        yield SubtitleMessage.TOO_SHORT(seconds=shown_ms / 1_000, limit=rules.min_cue_ms / 1_000)
    if shown_ms > rules.max_cue_ms:
        yield SubtitleMessage.TOO_LONG(seconds=shown_ms / 1_000, limit=rules.max_cue_ms / 1_000)
    text = " ".join(cue.lines)
    words = len(text.split())
    if shown_ms >= min(rules.reading_ms(len(text), words), rules.max_cue_ms) or not text:
        return
    if rules.reading_speed_cps and shown_ms * rules.reading_speed_cps < 1_000 * len(text):
        speed = 1_000 * len(text) / max(1, shown_ms)
        yield SubtitleMessage.TOO_FAST(speed=speed, limit=rules.reading_speed_cps)
    if shown_ms < words * rules.min_word_ms:
        yield SubtitleMessage.WORDS_TOO_FAST(ms=shown_ms // words, limit=rules.min_word_ms)


def _gap_problems(before: ReadCue, cue: ReadCue, rules: SubtitleRules) -> Iterator[str]:
    gap_ms = cue.start_ms - before.end_ms
    if gap_ms < 0:
        yield SubtitleMessage.OVERLAP(seconds=-gap_ms / 1_000)
    elif gap_ms < rules.min_gap_ms:
        yield SubtitleMessage.GAP_TOO_SHORT(seconds=gap_ms / 1_000, limit=rules.min_gap_ms / 1_000)
    # A cue that is shown as long as it may be cannot close the gap.
    elif (
        rules.min_gap_ms < gap_ms < rules.closed_gap_ms
        and cue.start_ms - rules.min_gap_ms - before.start_ms <= rules.max_cue_ms
    ):
        yield SubtitleMessage.GAP_NOT_CLOSED(
            seconds=gap_ms / 1_000, limit=rules.closed_gap_ms / 1_000
        )
