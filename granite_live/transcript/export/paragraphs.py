"""Divide a transcript into the paragraphs of a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
