"""Who says a line: the side of a meeting that it comes from, and the speaker's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import groupby

from granite_live.transcript.model import Transcript


class Track(IntEnum):
    """The source of a line. A session with a single source has only the first track."""

    MICROPHONE = 0
    SYSTEM = 1
    """The computer's own output, recorded beside the microphone."""


def turns(utterances: Iterable[Transcript]) -> Iterator[tuple[str, list[Transcript]]]:
    """Yield each speaker in turn, with the utterances until another one speaks."""
    for speaker, said in groupby(utterances, key=lambda one: one.speaker):
        yield speaker, list(said)
