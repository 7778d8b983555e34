"""Writes a Markdown page: one paragraph per utterance."""

from __future__ import annotations

import re
from pathlib import PurePath

from granite_live.transcript.export.madeby import made_by
from granite_live.transcript.export.timestamps import clock
from granite_live.transcript.model import RecordingTranscript

_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


def write_md(transcript: RecordingTranscript) -> str:
    """Return the transcript as a Markdown page."""
    paragraphs = [
        f"**{clock(utterance.start_s)}** {_plain(' '.join(utterance.text.split()))}"
        for utterance in transcript.utterances
        if utterance.text.strip()
    ]
    title = f"# {_plain(transcript.title or PurePath(transcript.audio_path).name)}"
    return (
        "\n\n".join([title, made_by(transcript, _plain), *(paragraphs or ["Nothing was said."])])
        + "\n"
    )


def _plain(text: str) -> str:
    """Escape Markdown markup in the text."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
