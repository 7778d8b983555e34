"""Two hours of a meeting whose devices have clocks of their own, through a whole session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from helpers.session_fakes import RATE, FakeSession, ScriptedSource

from granite_live.audio.journal import Journal
from granite_live.audio.source import NoticeKind
from granite_live.session import events
from granite_live.vad.events import OpenUtterance, SegmentClosed, SegmentEvent, SegmentOpened

pytestmark = pytest.mark.soak

HOURS = 2.0
PPM = 200.0
BLOCK = RATE // 10
LATE_S = 0.03
SPOKEN_S, EVERY_S = 0.5, 20.0
LOST_SHARES = (0.4, 0.45)
LOUDNESS = 300


class QuickSegmenter:
    """Non-zero samples are an utterance; a block of zeros ends it."""

    def __init__(self) -> None:
        self._at = self._number = 0
        self._start: int | None = None

    def feed(self, samples: np.ndarray) -> list[SegmentEvent]:
        loud = np.flatnonzero(np.abs(samples) > LOUDNESS // 2)
        found: list[SegmentEvent] = []
        if len(loud) and self._start is None:
            self._number += 1
            self._start = self._at + int(loud[0])
            found.append(SegmentOpened(self._number, self._start))
        self._at += len(samples)
        return found if len(loud) else [*found, *self.flush()]

    def flush(self) -> list[SegmentEvent]:
        start, self._start = self._start, None
        return [] if start is None else [SegmentClosed(self._number, start, self._at, "pause")]

    def skip(self, samples: int) -> list[SegmentEvent]:
        found = self.flush()
        self._at += samples
        return found

    @property
    def open_utterance(self) -> OpenUtterance | None:
        return None if self._start is None else OpenUtterance(self._number, self._start, self._at)


@dataclass
class Device:
    """A device whose clock is fast by `ppm`; the machine delivers late by up to `LATE_S`."""

    source: ScriptedSource
    ppm: float
    samples: int = 0
    random: Random = field(default_factory=lambda: Random(5))

    def next_s(self) -> float:
        """Return when the next block is complete, by the true clock."""
        return (self.samples + BLOCK) / (RATE * (1 + self.ppm * 1e-6))

    def block(self) -> np.ndarray:
        """Return the next block: somebody speaks for a moment at times that both devices hear."""
        true_s = np.arange(self.samples, self.samples + BLOCK) / (RATE * (1 + self.ppm * 1e-6))
        self.samples += BLOCK
        return np.where(true_s % EVERY_S > EVERY_S - SPOKEN_S, LOUDNESS, 0).astype(np.int16)


def test_both_sides_stay_together_for_two_hours_and_across_a_loss(
    tmp_path: Path, scale: float, say: Callable[[str], None]
) -> None:
    end_s = EVERY_S * round(HOURS * 3600 * scale / EVERY_S)
    # Between two times at which somebody speaks.
    lost_s = [EVERY_S * round(end_s * share / EVERY_S) + 5.0 for share in LOST_SHARES]
    now_s = 0.0
    system = ScriptedSource(None)
    journal: Any = Journal.create(tmp_path, sync_every_s=60.0, system_source="Loudspeakers")
    fake = FakeSession(
        tmp_path,
        journal=journal,
        read_older=journal.read,
        segmenter=QuickSegmenter(),
        system=system,
        system_segmenter=QuickSegmenter(),
        clock=lambda: now_s,
    )
    devices = [Device(fake.source, PPM), Device(system, -PPM)]
    fake.session.start()
    is_lost = False
    while (true_s := min(one.next_s() for one in devices)) < end_s + 1.0:
        device = min(devices, key=Device.next_s)
        block, is_away = device.block(), lost_s[0] <= true_s < lost_s[1]
        if is_away != is_lost:
            system.notify(NoticeKind.LOST if is_away else NoticeKind.RESTORED)
            is_lost = is_away
        if is_lost and device.source is system:
            continue
        now_s = max(now_s, true_s + device.random.random() * LATE_S)
        device.source.play(block, BLOCK)
    fake.end()

    finals = fake.all(events.FinalText)
    starts = [[one.start_s for one in finals if one.track == track] for track in (0, 1)]
    spoken = round(end_s / EVERY_S)
    assert len(starts[0]) == spoken
    assert len(starts[1]) == spoken - round((lost_s[1] - lost_s[0]) / EVERY_S)
    apart = [min(abs(mine - one) for mine in starts[0]) for one in starts[1]]
    drift_s = 2 * PPM * 1e-6 * end_s
    say(f"apart at most {1000 * max(apart):.1f} ms; without correction {drift_s:.1f} s")
    assert max(apart) < 0.04
    assert max(abs(one % EVERY_S - (EVERY_S - SPOKEN_S)) for one in starts[0]) < 0.1
    closed = fake.events[-1]
    assert isinstance(closed, events.SessionClosed)
    assert (closed.failed, closed.samples_lost) == (0, 0)
