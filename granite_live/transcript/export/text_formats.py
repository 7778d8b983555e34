"""Subtitles (SRT, WebVTT), plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath

from granite_live.transcript.export.cues import Cue, split_into_cues
from granite_live.transcript.model import RecordingTranscript


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
    cues = enumerate(split_into_cues(transcript), start=1)
    return "\n".join(_srt_block(number, cue) for number, cue in cues)


def _srt_block(number: int, cue: Cue) -> str:
    times = f"{format_timestamp(cue.start_ms, ',')} --> {format_timestamp(cue.end_ms, ',')}"
    text = _ARROW.sub("->", "\n".join(cue.lines))
    return f"{number}\n{times}\n{text}\n"


def write_vtt(transcript: RecordingTranscript) -> str:
    """Return the recording's cues as WebVTT text."""
    return "\n".join(["WEBVTT\n", *map(_vtt_block, split_into_cues(transcript))])


def _vtt_block(cue: Cue) -> str:
    times = f"{format_timestamp(cue.start_ms, '.')} --> {format_timestamp(cue.end_ms, '.')}"
    return f"{times}\n{_escaped(chr(10).join(cue.lines))}\n"


def _escaped(text: str) -> str:
    """Escape WebVTT markup; without ">" the text cannot contain an arrow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_txt(transcript: RecordingTranscript) -> str:
    """Return the texts, one utterance per line, without empty ones."""
    lines = (" ".join(utterance.text.split()) for utterance in transcript.utterances)
    return "".join(f"{line}\n" for line in lines if line)


_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


def write_md(transcript: RecordingTranscript) -> str:
    """Return the transcript as a Markdown page."""
    paragraphs = [
        f"**{format_clock(utterance.start_s)}** {_plain(' '.join(utterance.text.split()))}"
        for utterance in transcript.utterances
        if utterance.text.strip()
    ]
    title = f"# {_plain(transcript.title or PurePath(transcript.audio_path).name)}"
    return (
        "\n\n".join(
            [title, attribution(transcript, _plain), *(paragraphs or ["Nothing was said."])]
        )
        + "\n"
    )


def _plain(text: str) -> str:
    """Escape Markdown markup in the text."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
