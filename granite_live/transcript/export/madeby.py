"""The line under a page's title."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from granite_live.transcript.export.timestamps import clock
from granite_live.transcript.model import RecordingTranscript


def made_by(transcript: RecordingTranscript, plain: Callable[[str], str] = str) -> str:
    """Return a sentence on the recording's length and the model that transcribed it.

    `plain` escapes the model's name, which may hold anything that a folder's name may.
    """
    model = transcript.model
    sentence = f"{clock(transcript.duration_s)} of sound, transcribed by Granite Live"
    if model.is_demo:
        return f"{sentence} with its small English demo model ({model.tier}), which is not Granite."
    name = plain(PurePath(model.path).name)
    if not name:
        return f"{sentence}."
    return f"{sentence} with {name} ({model.tier})." if model.tier else f"{sentence} with {name}."
