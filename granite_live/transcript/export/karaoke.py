"""Formats of players and karaoke programs: Advanced SubStation Alpha (ASS) and LRC."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import PurePath

from granite_live.transcript.export.cues import Cue, split_into_cues
from granite_live.transcript.export.options import DEFAULT_OPTIONS, ExportOptions
from granite_live.transcript.model import RecordingTranscript

# Braces begin a command in ASS, and a backslash may; there is no escaping that all players know.
_ASS_TEXT = str.maketrans({"{": "(", "}": ")", "\\": "/"})
# Brackets hold times in LRC, and angle brackets those of words.
_LRC_TEXT = str.maketrans({"[": "(", "]": ")", "<": "(", ">": ")"})


def write_ass(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the recording's cues in Advanced SubStation Alpha.

    With `word_times`, each word is highlighted when it is said (the command ``\\k``).
    """
    from pysubs2 import SSAEvent, SSAFile

    file = SSAFile()
    file.info["Title"] = _title(transcript)
    for cue in split_into_cues(transcript, options.rules):
        text = _karaoke(cue) if options.word_times else _plain(cue)
        # A comma would end the field of the name.
        name = " ".join(cue.speaker.replace(",", " ").split())
        file.append(SSAEvent(start=cue.start_ms, end=cue.end_ms, name=name, text=text))
    return file.to_string("ass")


def _plain(cue: Cue) -> str:
    return "\\N".join(line.translate(_ASS_TEXT) for line in cue.lines)


def _karaoke(cue: Cue) -> str:
    """Return the cue's words, each with its time in hundredths of a second."""
    clock = _hundredths(cue.start_ms)
    text = ""
    for number, line in enumerate(cue.units):
        text += "\\N" if number else ""
        for place, unit in enumerate(line):
            text += " " if place and not unit.joins_previous else ""
            start, end = _hundredths(unit.start_ms), _hundredths(unit.end_ms)
            if start > clock:
                text += f"{{\\k{start - clock}}}"
                clock = start
            text += f"{{\\k{max(0, end - clock)}}}{unit.text.translate(_ASS_TEXT)}"
            clock = max(clock, end)
    return text


def _hundredths(time_ms: int) -> int:
    return (time_ms + 5) // 10


def write_lrc(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the recording's cues as lyrics, one line each.

    A line without text ends a line that is followed by a pause. With `word_times`, words have times
    of their own (the enhanced format).
    """
    cues = split_into_cues(transcript, options.rules)
    lines = [f"[ti:{_title(transcript).translate(_LRC_TEXT)}]", "[re:Granite Live]"]
    for cue, following in zip_longest(cues, cues[1:]):
        words = (
            _lrc_words(cue) if options.word_times else [" ".join(cue.lines).translate(_LRC_TEXT)]
        )
        lines.append(f"[{_lrc_time(cue.start_ms)}]{''.join(words)}")
        if following is None or following.start_ms > cue.end_ms:
            lines.append(f"[{_lrc_time(cue.end_ms)}]")
    return "\n".join(lines) + "\n"


def _lrc_words(cue: Cue) -> Iterator[str]:
    for place, unit in enumerate(unit for line in cue.units for unit in line):
        yield " " if place and not unit.joins_previous else ""
        yield f"<{_lrc_time(unit.start_ms)}>{unit.text.translate(_LRC_TEXT)}"


def _lrc_time(time_ms: int) -> str:
    minutes, hundredths = divmod(_hundredths(time_ms), 6_000)
    return f"{minutes:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}"


def _title(transcript: RecordingTranscript) -> str:
    return " ".join((transcript.title or PurePath(transcript.audio_path).name).split())
