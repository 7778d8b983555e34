"""Writes SubRip subtitles."""

from __future__ import annotations

import re

from granite_live.transcript.export.cues import Cue, make_cues
from granite_live.transcript.export.timestamps import timestamp
from granite_live.transcript.model import RecordingTranscript

# SubRip has no escaping: an arrow in the text would look like a line of times, so all but one of
# its dashes are removed.
_ARROW = re.compile("-{2,}>")


def write_srt(transcript: RecordingTranscript) -> str:
    """Return the recording's cues as SubRip text."""
    cues = enumerate(make_cues(transcript), start=1)
    return "\n".join(_block(number, cue) for number, cue in cues)


def _block(number: int, cue: Cue) -> str:
    times = f"{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}"
    text = _ARROW.sub("->", "\n".join(cue.lines))
    return f"{number}\n{times}\n{text}\n"
