"""Sound that a program sends, as a source."""

from __future__ import annotations

import threading

import numpy as np

from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.util.pcm import to_float32


class PushedSource:
    """Passes on 16-bit mono samples as they are pushed; never waits.

    Args:
        name: The name for the user.
        sample_rate_hz: The rate of the samples.
    """

    def __init__(self, name: str, sample_rate_hz: int) -> None:
        self._name, self._rate_hz = name, sample_rate_hz
        self._sink: AudioQueue | None = None
        self._has_begun = False
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name for the user."""
        return self._name

    @property
    def origin(self) -> Origin:
        """A microphone elsewhere."""
        return Origin(OriginKind.MICROPHONE, self._name)

    def start(self, sink: AudioQueue) -> None:
        """Let `push` fill `sink`."""
        with self._lock:
            self._sink = sink

    def push(self, data: bytes) -> bool:
        """Pass on little-endian 16-bit samples; return False if the session takes no more.

        Samples that a busy session cannot take are counted as lost there.
        """
        samples = to_float32(np.frombuffer(data[: len(data) & ~1], "<i2"))
        with self._lock:
            if self._sink is None:
                return False
            if not self._has_begun:
                self._has_begun = True
                self._sink.notify(Notice(NoticeKind.ACTIVE, self._name))
            self._sink.offer(samples[:, np.newaxis], self._rate_hz)
        return True

    def stop(self) -> None:
        """End the sound. Idempotent."""
        with self._lock:
            sink, self._sink = self._sink, None
        if sink is not None:
            sink.notify(Notice(NoticeKind.ENDED, self._name))
