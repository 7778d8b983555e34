"""Writes WebVTT subtitles."""

from __future__ import annotations

from granite_live.transcript.export.cues import Cue, make_cues
from granite_live.transcript.export.timestamps import timestamp
from granite_live.transcript.model import RecordingTranscript


def write_vtt(transcript: RecordingTranscript) -> str:
    """Return the recording's cues as WebVTT text."""
    return "\n".join(["WEBVTT\n", *map(_block, make_cues(transcript))])


def _block(cue: Cue) -> str:
    times = f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}"
    return f"{times}\n{_escaped(chr(10).join(cue.lines))}\n"


def _escaped(text: str) -> str:
    """Escape WebVTT markup; without ">" the text cannot contain an arrow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
