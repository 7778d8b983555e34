"""Inputs that record six seconds of silence, without a device."""

from __future__ import annotations

import threading

import numpy as np

from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind

RATE = 16_000
_SECONDS = 6
"""Shorter sessions without speech are not kept."""


class SilentSource:
    """A source that delivers silence at once and ends when it is stopped."""

    def __init__(self, kind: OriginKind, name: str) -> None:
        self.name, self.origin = name, Origin(kind, name)
        self._sink: AudioQueue | None = None

    def start(self, sink: AudioQueue) -> None:
        """Deliver all sound."""
        self._sink = sink
        sink.notify(Notice(NoticeKind.ACTIVE, self.name))
        assert sink.put(np.zeros((_SECONDS * RATE, 1), np.float32), RATE, threading.Event())

    def stop(self) -> None:
        """End."""
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.notify(Notice(NoticeKind.ENDED, self.name))


class SilentInputs:
    """The scripted inputs of a machine."""

    def open_source(self, _input_id: str | None, *, system_sound: bool) -> SilentSource:
        """Return a new source."""
        if system_sound:
            return SilentSource(OriginKind.SYSTEM, "Loudspeakers")
        return SilentSource(OriginKind.MICROPHONE, "Desk")
