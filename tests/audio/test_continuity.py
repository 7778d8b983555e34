"""Audio that never arrived is detected by the clock; late audio is not reported missing."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from granite_live.audio.capture_stream import CaptureCallback, CaptureTimeouts, stream_failure
from granite_live.audio.continuity import ClockReading, GapDetector, MissingAudio, read_clocks
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind
from granite_live.messages.audio import AudioMessage

RATE = 48_000
FRAMES = 960
BLOCK_S = FRAMES / RATE


class Machine:
    """A simulated device, buffer and clock.

    The device delivers a block every 20 ms of its own time; `drift` is how much longer that is.
    """

    def __init__(self, drift: float = 0.0, jitter_s: float = 0.0) -> None:
        self.continuity = GapDetector()
        self.found: list[MissingAudio] = []
        self._block_s, self._jitter_s = BLOCK_S * (1 + drift), jitter_s
        self._random = random.Random(0)
        self._device_s = self._slept_s = 0.0
        self._clock_s = 0.0

    def run(self, seconds: float, *, share: float = 1.0) -> None:
        """Let audio arrive; with `share` below 1 the program takes only that share in time."""
        end_s = self._device_s + seconds
        while self._device_s < end_s:
            self._device_s += self._block_s
            late_s = self._random.uniform(0.0, self._jitter_s)
            wanted_s = self._device_s + late_s
            # Callbacks are sequential; a busy program needs longer for each.
            self._clock_s = max(self._clock_s + 0.0005, wanted_s)
            if share < 1.0:
                self._clock_s = max(self._clock_s, self._busy_from_s + self._block_s / share)
                self._busy_from_s = self._clock_s
            self._hear()

    _busy_from_s = 0.0

    def stop(self, seconds: float, *, buffered_s: float) -> None:
        """Suspend the program: what fits waits in a buffer, the rest is lost."""
        self._clock_s = self._device_s + seconds
        for _ in range(round(min(seconds, buffered_s) / BLOCK_S)):
            self._clock_s += 0.0003
            self._hear()
        self._device_s += seconds

    def sleep(self, seconds: float) -> None:
        """Let the computer sleep: one clock and the device stand still."""
        self._slept_s += seconds

    def begin_busy(self) -> None:
        self._busy_from_s = self._clock_s

    def _hear(self) -> None:
        at = ClockReading(self._clock_s, self._clock_s + self._slept_s)
        missing = self.continuity.add_block(FRAMES, RATE, at)
        if missing is not None:
            self.found.append(missing)


@pytest.mark.parametrize("buffered_s", [0.0, 0.1, 13.0, 22.5])
@pytest.mark.parametrize("jitter_s", [0.0, 0.1])
def test_a_program_that_was_stopped_misses_what_the_buffer_did_not_hold(
    buffered_s: float, jitter_s: float
) -> None:
    machine = Machine(jitter_s=jitter_s)
    machine.run(30)
    machine.stop(30, buffered_s=buffered_s)
    machine.run(5)
    (missing,) = machine.found
    assert missing.seconds == pytest.approx(30 - buffered_s, abs=0.15)
    assert not missing.was_asleep
    # The gap is after the buffered audio.
    assert 1.9 < missing.ago_s < 2.6
    machine.run(60)
    assert len(machine.found) == 1


def test_a_stop_that_the_buffer_outlasts_is_no_gap() -> None:
    machine = Machine()
    machine.run(30)
    machine.stop(12, buffered_s=13)
    machine.run(60)
    assert machine.found == []


def test_the_sleep_of_the_computer_is_a_gap_of_its_own_kind() -> None:
    machine = Machine()
    machine.run(30)
    machine.sleep(3600)
    machine.run(10)
    (missing,) = machine.found
    assert missing.seconds == pytest.approx(3600, abs=0.1)
    assert missing.was_asleep


def test_sleep_with_sound_lost_around_it_is_not_explained_by_sleep() -> None:
    machine = Machine()
    machine.run(30)
    machine.sleep(3600)
    machine.stop(5, buffered_s=0)
    machine.run(10)
    (missing,) = machine.found
    assert missing.seconds == pytest.approx(3605, abs=0.1)
    assert missing.asleep_s == pytest.approx(3600, abs=0.1)
    assert not missing.was_asleep


@pytest.mark.parametrize("drift", [-0.002, 0.002])
def test_a_device_with_a_clock_of_its_own_misses_nothing_in_an_hour(drift: float) -> None:
    machine = Machine(drift=drift, jitter_s=0.05)
    machine.run(3600)
    assert machine.found == []


@pytest.mark.parametrize("jitter_s", [0.1, 0.2, 0.6, 2.0])
def test_callbacks_that_come_late_are_no_gap(jitter_s: float) -> None:
    machine = Machine(jitter_s=jitter_s)
    machine.run(600)
    assert machine.found == []


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_program_that_falls_behind_and_catches_up_misses_nothing(share: float) -> None:
    machine = Machine()
    machine.run(30)
    for _ in range(5):
        machine.begin_busy()
        machine.run(6, share=share)
        machine.run(20)
    assert machine.found == []


def test_several_gaps_are_found_one_after_the_other() -> None:
    machine = Machine(jitter_s=0.05)
    machine.run(10)
    for seconds in (2.0, 10.0, 5.0):
        machine.stop(seconds, buffered_s=0.1)
        machine.run(10)
    assert [round(one.seconds) for one in machine.found] == [2, 10, 5]


def test_the_clocks_go_on() -> None:
    first, second = read_clocks(), read_clocks()
    assert first.awake_s <= second.awake_s
    assert first.elapsed_s <= second.elapsed_s


def test_a_stream_tells_what_is_missing_in_its_place() -> None:
    sink = AudioQueue(10_000)
    clock = ClockReading(0.0, 0.0)
    tap = CaptureCallback(
        sink,
        RATE,
        Notice(NoticeKind.RESTORED, "Desk microphone"),
        lambda: None,
        lambda: None,
        silent_since=ClockReading(-7.0, -7.0),
        clock=lambda: clock,
    )
    block = np.zeros((FRAMES, 1), np.float32)
    for number in range(600):
        at_s = number * BLOCK_S + (9.0 if number >= 300 else 0.0)
        clock = ClockReading(at_s, at_s)
        tap.callback(block, FRAMES, None, None)

    def items() -> Iterator[AudioBlock | Notice]:
        while (item := sink.get_nowait()) is not None:
            yield item

    arrived = list(items())
    back, missed = (item for item in arrived if isinstance(item, Notice))
    assert (back.kind, back.missing) == (NoticeKind.RESTORED, MissingAudio(7.0))
    assert missed.kind is NoticeKind.GAP
    assert missed.detail == AudioMessage.SOUND_MISSING(seconds=9.0, name="Desk microphone")
    assert missed.missing is not None
    blocks_before = sum(isinstance(item, AudioBlock) for item in arrived[: arrived.index(missed)])
    assert blocks_before - missed.missing.ago_s / BLOCK_S == pytest.approx(300, abs=1)


def test_a_stream_has_its_time_again_after_the_program_was_stopped() -> None:
    tap = SimpleNamespace(last_block_s=100.0)
    stream_thread: Any = SimpleNamespace(
        tap=tap, device=SimpleNamespace(name="Desk"), error=None, is_finished=False
    )
    limits = CaptureTimeouts(block_s=1.5)
    assert stream_failure(stream_thread, limits, now_s=101.0, running_since_s=-math.inf) is None
    assert stream_failure(stream_thread, limits, now_s=130.0, running_since_s=-math.inf) is not None
    assert stream_failure(stream_thread, limits, now_s=130.0, running_since_s=130.0) is None
    assert stream_failure(stream_thread, limits, now_s=131.6, running_since_s=130.0) is not None
