"""Subtitles (SRT, WebVTT), plain text and Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from granite_live.transcript.export.cues import MAX_LINE_CHARS, Cue, split_into_cues
from granite_live.transcript.model import RecordingTranscript
from granite_live.transcript.speakers import turns


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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document: its start, who says it ("" if nobody is named), and the text."""

    start_s: float
    speaker: str
    text: str


def paragraphs_of(transcript: RecordingTranscript) -> Iterator[Paragraph]:
    """Yield a paragraph for each utterance with text, or for each turn of a named speaker."""
    said = (one for one in transcript.utterances if one.text.strip())
    for speaker, turn in turns(said):
        for part in [turn] if speaker else [[one] for one in turn]:
            text = " ".join(_one_line(one.text) for one in part)
            yield Paragraph(part[0].start_s, _one_line(speaker), text)


def attribution(transcript: RecordingTranscript, plain: Callable[[str], str] = str) -> str:
    """Return a sentence with the recording's duration and the model.

    `plain` escapes the model's name, which may contain markup.
    """
    model = transcript.model
    sentence = f"{format_clock(transcript.duration_s)} of sound, transcribed by Granite Live"
    if model.is_demo:
        return f"{sentence} with its small English demo model ({model.tier}), which is not Granite."
    name = plain(PurePath(model.path).name)
    if not name:
        return f"{sentence}."
    return f"{sentence} with {name} ({model.tier})." if model.tier else f"{sentence} with {name}."


# SubRip has no escaping: an arrow in the text would look like a line of times, so all but one of
# its dashes are removed.
_ARROW = re.compile("-{2,}>")


def write_srt(transcript: RecordingTranscript) -> str:
    """Return the recording's cues as SubRip text."""
    cues = split_into_cues(transcript)
    before = ""
    blocks = []
    for number, cue in enumerate(cues, start=1):
        blocks.append(_srt_block(number, cue, names_speaker=cue.speaker != before))
        before = cue.speaker
    return "\n".join(blocks)


def _srt_block(number: int, cue: Cue, *, names_speaker: bool) -> str:
    times = f"{format_timestamp(cue.start_ms, ',')} --> {format_timestamp(cue.end_ms, ',')}"
    lines = list(cue.lines)
    if names_speaker and cue.speaker:
        # SubRip has no mark for a speaker; the name is written where another one begins.
        named = " ".join([f"{_one_line(cue.speaker)}:", *lines])
        lines = textwrap.wrap(named, MAX_LINE_CHARS, break_on_hyphens=False)
    text = _ARROW.sub("->", "\n".join(lines))
    return f"{number}\n{times}\n{text}\n"


def write_vtt(transcript: RecordingTranscript) -> str:
    """Return the recording's cues as WebVTT text."""
    return "\n".join(["WEBVTT\n", *map(_vtt_block, split_into_cues(transcript))])


def _vtt_block(cue: Cue) -> str:
    times = f"{format_timestamp(cue.start_ms, '.')} --> {format_timestamp(cue.end_ms, '.')}"
    voice = f"<v {_escaped(_one_line(cue.speaker))}>" if cue.speaker else ""
    return f"{times}\n{voice}{_escaped(chr(10).join(cue.lines))}\n"


def _escaped(text: str) -> str:
    """Escape WebVTT markup; without ">" the text cannot contain an arrow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_txt(transcript: RecordingTranscript) -> str:
    """Return the texts, one utterance per line, without empty ones, after the speaker's name."""
    return "".join(
        f"{_one_line(one.speaker)}: {text}\n" if one.speaker else f"{text}\n"
        for one in transcript.utterances
        if (text := _one_line(one.text))
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


def write_md(transcript: RecordingTranscript) -> str:
    """Return the transcript as a Markdown page, with a paragraph for each turn of a speaker."""
    paragraphs = [
        f"**{format_clock(one.start_s)}{_plain(_name_after_time(one.speaker))}** {_plain(one.text)}"
        for one in paragraphs_of(transcript)
    ]
    title = f"# {_plain(transcript.title or PurePath(transcript.audio_path).name)}"
    return (
        "\n\n".join(
            [title, attribution(transcript, _plain), *(paragraphs or ["Nothing was said."])]
        )
        + "\n"
    )


def _name_after_time(speaker: str) -> str:
    return f" {speaker}:" if speaker else ""


def _plain(text: str) -> str:
    """Escape Markdown markup in the text."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
