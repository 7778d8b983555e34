"""Writes plain text, one utterance per line."""

from __future__ import annotations

from granite_live.transcript.model import RecordingTranscript


def write_txt(transcript: RecordingTranscript) -> str:
    """Return the texts, one utterance per line, without empty ones."""
    lines = (" ".join(utterance.text.split()) for utterance in transcript.utterances)
    return "".join(f"{line}\n" for line in lines if line)
