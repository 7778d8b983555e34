"""Subtitles (SRT, WebVTT, ASS), lyrics (LRC), plain text, Markdown, CSV, and paragraphs."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import PurePath

from granite_live.messages import Message
from granite_live.messages.documents import DocumentMessage
from granite_live.transcript.export.cues import Cue, split_into_cues
from granite_live.transcript.export.options import DEFAULT_OPTIONS, ExportOptions
from granite_live.transcript.model import RecordingTranscript, Transcript

# Who pauses as long as this begins a new thought.
_PAUSE_S = 2.0
# A paragraph of this length ends with its utterance: about a quarter of a printed page.
_LONG_CHARS = 700


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document: its start, who says it ("" if nobody is named), and the text."""

    start_s: float
    speaker: str
    text: str


def paragraphs_of(transcript: RecordingTranscript) -> Iterator[Paragraph]:
    """Yield the paragraphs. One ends at a pause, before another speaker, or when it is long."""
    part: list[Transcript] = []
    for one in transcript.utterances:
        if not one.text.strip():
            continue
        if part and not _continues(part, one):
            yield _joined(part)
            part = []
        part.append(one)
    if part:
        yield _joined(part)


def _continues(part: list[Transcript], following: Transcript) -> bool:
    last = part[-1]
    is_same = last.speaker == following.speaker and last.track == following.track
    chars = sum(len(one.text) for one in part)
    return (
        is_same
        and last.start_s <= following.start_s < last.end_s + _PAUSE_S
        and chars < _LONG_CHARS
    )


def _joined(part: list[Transcript]) -> Paragraph:
    text = " ".join(" ".join(one.text.split()) for one in part)
    return Paragraph(part[0].start_s, " ".join(part[0].speaker.split()), text)


def format_timestamp(time_ms: int, decimal_mark: str) -> str:
    """Return `HH:MM:SS` and three decimals; SRT uses a decimal comma, WebVTT a point.

    Hours have at least two digits.

    Raises:
        ValueError: The time is negative.
    """
    if time_ms < 0:
        raise ValueError(f"a subtitle cannot start {-time_ms} ms before the recording")
    seconds, ms = divmod(time_ms, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{ms:03d}"


def format_clock(time_s: float) -> str:
    """Return a time such as `2:05`, or `1:02:05` from one hour. Fractions are dropped."""
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def attribution(transcript: RecordingTranscript, plain: Callable[[str], str] = str) -> Message:
    """Return a sentence with the recording's duration and the model.

    `plain` escapes the model's name, which may contain markup.
    """
    model = transcript.model
    duration = format_clock(transcript.duration_s)
    if model.is_demo:
        return DocumentMessage.TRANSCRIBED_WITH_DEMO(duration=duration, tier=model.tier)
    name = plain(PurePath(model.path).name)
    if not name:
        return DocumentMessage.TRANSCRIBED(duration=duration)
    described = f"{name} ({model.tier})" if model.tier else name
    return DocumentMessage.TRANSCRIBED_WITH(duration=duration, model=described)


# SubRip has no escaping: an arrow in the text would look like a line of times, so all but one of
# its dashes are removed.
_ARROW = re.compile("-{2,}>")


def write_srt(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the recording's cues as SubRip text.

    SubRip has no mark for a speaker: the name is written where another one begins. The lines of
    such a recording are shorter, so that each has room for a name.
    """
    longest = options.rules.max_line_chars
    names = [len(_named("", one.speaker)) for one in transcript.utterances if one.speaker]
    room = min(max(names, default=0), longest // 2)
    before = ""
    blocks = []
    rules = replace(options.rules, max_line_chars=longest - room)
    for number, cue in enumerate(split_into_cues(transcript, rules), start=1):
        name = cue.speaker if cue.speaker != before else ""
        blocks.append(_srt_block(number, cue, name, longest))
        before = cue.speaker
    return "\n".join(blocks)


def _named(line: str, speaker: str) -> str:
    return f"{_one_line(speaker)}: {line}"


def _srt_block(number: int, cue: Cue, name: str, max_line_chars: int) -> str:
    times = f"{format_timestamp(cue.start_ms, ',')} --> {format_timestamp(cue.end_ms, ',')}"
    lines = list(cue.lines)
    if name:
        lines[0] = _named(lines[0], name)
        if len(lines[0]) > max_line_chars:  # a long name
            lines = textwrap.wrap(" ".join(lines), max_line_chars, break_on_hyphens=False)
    text = _ARROW.sub("->", "\n".join(lines))
    return f"{number}\n{times}\n{text}\n"


def write_vtt(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the recording's cues as WebVTT text."""
    cues = split_into_cues(transcript, options.rules)
    return "\n".join(["WEBVTT\n", *(_vtt_block(cue, options) for cue in cues)])


def _vtt_block(cue: Cue, options: ExportOptions) -> str:
    times = f"{format_timestamp(cue.start_ms, '.')} --> {format_timestamp(cue.end_ms, '.')}"
    voice = f"<v {_escaped(_one_line(cue.speaker))}>" if cue.speaker else ""
    text = "".join(_timed_words(cue)) if options.word_times else _escaped("\n".join(cue.lines))
    return f"{times}\n{voice}{text}\n"


def _timed_words(cue: Cue) -> Iterator[str]:
    """Yield the cue's words, a time before each that begins after the cue, and what separates them.

    WebVTT allows only increasing times within the cue.
    """
    for number, line in enumerate(cue.units):
        for place, unit in enumerate(line):
            if place == 0:
                yield "\n" if number else ""
            elif not unit.joins_previous:
                yield " "
            if cue.start_ms < unit.start_ms < cue.end_ms:
                yield f"<{format_timestamp(unit.start_ms, '.')}>"
            yield _escaped(unit.text)


def _escaped(text: str) -> str:
    """Escape WebVTT markup; without ">" the text cannot contain an arrow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_txt(transcript: RecordingTranscript, _options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the texts, one utterance per line, without empty ones, after the speaker's name."""
    return "".join(
        f"{_one_line(one.speaker)}: {text}\n" if one.speaker else f"{text}\n"
        for one in transcript.utterances
        if (text := _one_line(one.text))
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


def write_md(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return the transcript as a Markdown page."""
    paragraphs = [
        f"{_md_heading(one, with_time=options.times)}{_escape_markup(one.text)}"
        for one in paragraphs_of(transcript)
    ]
    if not paragraphs:
        paragraphs = [options.translate(DocumentMessage.NOTHING_SAID())]
    title = f"# {_escape_markup(transcript.title or PurePath(transcript.audio_path).name)}"
    about = options.translate(attribution(transcript, _escape_markup))
    return "\n\n".join([title, about, *paragraphs]) + "\n"


def _md_heading(paragraph: Paragraph, *, with_time: bool) -> str:
    """Return the time and the speaker in bold, as far as the paragraph has them."""
    time = format_clock(paragraph.start_s) if with_time else ""
    speaker = f"{_escape_markup(paragraph.speaker)}:" if paragraph.speaker else ""
    heading = " ".join(filter(None, (time, speaker)))
    return f"**{heading}** " if heading else ""


def _escape_markup(text: str) -> str:
    """Escape Markdown markup in the text."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)


def write_csv(transcript: RecordingTranscript, _options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return one row for each utterance with a text, under a row of names. Times are seconds."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("start_s", "end_s", "speaker", "confidence", "text"))
    for one in transcript.utterances:
        if text := _one_line(one.text):
            times = f"{one.start_s:.3f}", f"{one.end_s:.3f}"
            rows.writerow((*times, _one_line(one.speaker), f"{one.confidence:.4f}", text))
    return table.getvalue()


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
        text = _karaoke(cue) if options.word_times else _ass_lines(cue)
        # A comma would end the field of the name.
        name = " ".join(cue.speaker.replace(",", " ").split())
        file.append(SSAEvent(start=cue.start_ms, end=cue.end_ms, name=name, text=text))
    return file.to_string("ass")


def _ass_lines(cue: Cue) -> str:
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
