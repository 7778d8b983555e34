"""The level of an input is measured, and nothing of it is kept."""

from __future__ import annotations

import queue

import numpy as np
from helpers.waiting import WAIT_S

from granite_live.app.level_monitor import LevelMonitor
from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.session.events import DeviceLost, LevelMeasured

RATE = 48_000


class ToneSource:
    """Half a second of a tone on the left channel of two, then a lost device."""

    name = "Tone"
    origin = Origin(OriginKind.MICROPHONE, "Tone")

    def __init__(self) -> None:
        self.sink: AudioQueue | None = None

    def start(self, sink: AudioQueue) -> None:
        self.sink = sink
        tone = np.sin(np.arange(RATE // 2) * 0.1).astype(np.float32)
        for block in np.split(np.stack([tone, 0 * tone], axis=1), 10):
            sink.offer(block, RATE)
        sink.notify(Notice(NoticeKind.LOST, self.name, "It was unplugged."))

    def stop(self) -> None:
        assert self.sink is not None
        self.sink.notify(Notice(NoticeKind.ENDED, self.name))


def test_levels_and_the_loss_of_the_device_are_told_until_it_is_stopped() -> None:
    told = queue.SimpleQueue[LevelMeasured | DeviceLost]()
    monitor = LevelMonitor(ToneSource(), told.put)
    monitor.start()
    found = [told.get(timeout=WAIT_S) for _ in range(6)]
    levels = [one for one in found if isinstance(one, LevelMeasured)]
    assert len(levels) == 5
    # A sine of full scale has -3 dB, and one of two channels half of it.
    assert all(abs(one.rms_dbfs + 9.0) < 0.2 for one in levels)
    assert isinstance(found[5], DeviceLost)
    assert (found[5].device, found[5].reason) == ("Tone", "It was unplugged.")
    monitor.stop()
    assert told.empty()
