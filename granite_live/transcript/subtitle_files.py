"""Read subtitle files, check them against rules, and move their times."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.messages.documents import SubtitleMessage
from granite_live.transcript.export.options import SubtitleRules
from granite_live.transcript.export.text_formats import format_timestamp
from granite_live.util.errors import SubtitleError

if TYPE_CHECKING:
    from pysubs2 import SSAFile


_SUBSTATION = ("ass", "ssa")
_FORMATS = ("srt", "vtt", *_SUBSTATION)
SUBTITLE_SUFFIXES = frozenset(f".{one}" for one in _FORMATS)


@dataclass(frozen=True, slots=True)
class ReadCue:
    """A cue of a file. `number` counts from 1 in the order of the file."""

    number: int
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def read_cues(path: Path) -> list[ReadCue]:
    """Return the cues of a subtitle file, without their markup.

    Raises:
        SubtitleError: It cannot be read, or has no cues.
    """
    file = _parse(path, read_utf8(path))
    cues = []
    for number, event in enumerate(file.get_text_events(), start=1):
        text = event.plaintext
        if file.format == "vtt":
            text = html.unescape(_WORD_TIME.sub("", text))
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        cues.append(ReadCue(number, event.start, event.end, lines))
    return cues


def retime(path: Path, shift_ms: int, stretch: float) -> str:
    """Return a subtitle file's text with every time multiplied by `stretch`, then moved.

    Markup, styles, settings and comments stay as they are.

    Raises:
        SubtitleError: It cannot be read, has no cues, or a cue would begin before 0.
    """
    text = read_utf8(path)
    file = _parse(path, text)

    def moved(time_ms: int) -> int:
        return round(time_ms * stretch) + shift_ms

    for number, event in enumerate(file.get_text_events(), start=1):
        if (begin := moved(event.start)) < 0:
            raise SubtitleError(
                SubtitleMessage.BEFORE_THE_RECORDING(
                    number=number, path=path, seconds=-begin / 1_000
                )
            )
    if file.format not in _SUBSTATION:
        return "".join(_retime_line(line, moved) for line in text.splitlines(keepends=True))
    for event in file:
        event.start, event.end = moved(event.start), moved(event.end)
    return file.to_string(str(file.format))


_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})([,.])(\d{3})")
_WORD_TIME = re.compile(rf"<{_TIME.pattern}>")


def _retime_line(line: str, moved: Callable[[int], int]) -> str:
    def replaced(found: re.Match[str]) -> str:
        hours, minutes, seconds, mark, ms = found.groups()
        whole_s = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
        time = format_timestamp(max(0, moved(whole_s * 1_000 + int(ms))), mark)
        return found.group().replace(found.group().strip("<>"), time)

    return (_TIME if "-->" in line else _WORD_TIME).sub(replaced, line)


def read_utf8(path: Path) -> str:
    """Return the text of a file.

    Raises:
        SubtitleError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubtitleError(SubtitleMessage.NOT_UTF8(path=path)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SubtitleError(SubtitleMessage.UNREADABLE(path=path, reason=reason)) from error


def _parse(path: Path, text: str) -> SSAFile:
    from pysubs2 import SSAFile
    from pysubs2.exceptions import Pysubs2Error

    try:
        with warnings.catch_warnings(action="ignore"):  # of unexpected sections
            file = SSAFile.from_string(text)
    # A damaged file of SubStation Alpha fails in many ways.
    except (Pysubs2Error, ValueError, KeyError, IndexError) as error:
        raise SubtitleError(SubtitleMessage.NO_SUBTITLES(path=path)) from error
    if file.format not in _FORMATS or not file.get_text_events():
        raise SubtitleError(SubtitleMessage.NO_SUBTITLES(path=path))
    return file


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
