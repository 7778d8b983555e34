"""The subtitle of Markdown and Word documents: duration and model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from granite_live.transcript.export.timestamps import clock
from granite_live.transcript.model import RecordingTranscript


def made_by(transcript: RecordingTranscript, plain: Callable[[str], str] = str) -> str:
    """Return a sentence with the recording's duration and the model.

    `plain` escapes the model's name, which may contain markup.
    """
    model = transcript.model
    sentence = f"{clock(transcript.duration_s)} of sound, transcribed by Granite Live"
    if model.is_demo:
        return f"{sentence} with its small English demo model ({model.tier}), which is not Granite."
    name = plain(PurePath(model.path).name)
    if not name:
        return f"{sentence}."
    return f"{sentence} with {name} ({model.tier})." if model.tier else f"{sentence} with {name}."
