"""Measure the level of an input without recording it, to try a microphone."""

from __future__ import annotations

import time
from collections.abc import Callable

from granite_live.audio.source import AudioBlock, AudioQueue, AudioSource, NoticeKind
from granite_live.session.events import DeviceLost, LevelMeasured
from granite_live.session.intake import InputLevelMeter
from granite_live.util.lifecycle import ReportingThread
from granite_live.util.pcm import to_int16

_QUEUE_BLOCKS = 64

LevelListener = Callable[[LevelMeasured | DeviceLost], None]


class LevelMonitor:
    """Reads a source from `start` to `stop`, and keeps nothing of it."""

    def __init__(self, source: AudioSource, listener: LevelListener) -> None:
        """Store the source and the listener, which is called from a thread of this object."""
        self._source, self._listener = source, listener
        self._queue = AudioQueue(_QUEUE_BLOCKS)
        self._began_s = time.monotonic()
        self._thread = ReportingThread(self._run, name="level of an input")

    def start(self) -> None:
        """Open the input; its level and its loss are reported from now on."""
        self._thread.start()
        self._source.start(self._queue)

    def stop(self) -> None:
        """Close the input and join the thread. Takes at most about a second."""
        self._source.stop()
        self._thread.join()

    def _run(self) -> None:
        meter: InputLevelMeter | None = None
        while True:
            item = self._queue.get()
            t = time.monotonic() - self._began_s
            if isinstance(item, AudioBlock):
                meter = meter or InputLevelMeter(item.sample_rate_hz)
                level = meter.feed(to_int16(item.samples.mean(axis=1)))
                if level is not None:
                    self._listener(LevelMeasured(t, *level))
            elif item.kind is NoticeKind.ENDED:
                return
            elif item.kind in (NoticeKind.LOST, NoticeKind.SILENT):
                self._listener(DeviceLost(t, item.device, item.detail))
