"""A source whose fake device disappears, hangs, falls silent or returns."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from helpers.messages import shows
from numpy.typing import NDArray

from granite_live.audio.capture_source import CaptureSource
from granite_live.audio.capture_stream import AudioCallback, CaptureCallback, CaptureTimeouts
from granite_live.audio.devices import CallbackList, DeviceKind, InputDevice
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError

WAIT_S = 5.0
RATE_HZ = 8_000
BLOCK = 160
LONG = 60.0
"""A limit that does not matter in a test."""
CALM = CaptureTimeouts(block_s=LONG, first_block_s=LONG, silence_s=LONG, retry_s=0.05, close_s=0.2)

DESK = InputDevice("test:desk", "Desk microphone", DeviceKind.MICROPHONE, True, RATE_HZ, 2)
HEADSET = InputDevice("test:headset", "Headset", DeviceKind.MICROPHONE, False, RATE_HZ, 1)
SPEAKER = InputDevice("test:speaker", "Monitor of speaker", DeviceKind.SYSTEM, True, RATE_HZ, 2)


@dataclass
class Status:
    input_overflow: bool = False

    def __bool__(self) -> bool:
        return self.input_overflow


class FakeStream:
    """A stream whose blocks the test sends, and whose calls hang on demand."""

    def __init__(
        self,
        device: InputDevice,
        callback: AudioCallback,
        finish: Callable[[], None],
        hangs: str,
        *,
        greets: bool = False,
    ) -> None:
        self.device = device
        self.callback = callback
        self.finish = finish
        self.hangs = hangs
        self.greets = greets
        self.release = threading.Event()
        self.closed = threading.Event()
        self.is_hanging = False
        self.abandoned = False

    def start(self) -> None:
        self.maybe_hang("start")
        if self.greets:
            self.send()

    def close(self) -> None:
        self.maybe_hang("close")
        self.closed.set()

    def abandon(self) -> None:
        self.abandoned = True

    def maybe_hang(self, call: str) -> None:
        if self.hangs == call:
            self.is_hanging = True
            assert self.release.wait(WAIT_S)
            self.is_hanging = False

    def send(self, value: float = 0.25, status: Any = None) -> NDArray[np.float32]:
        block = np.full((BLOCK, self.device.channels), value, dtype=np.float32)
        self.callback(block, BLOCK, None, status or Status())
        return block


class FakeBackend:
    """Opens fake streams, fails, or hangs. With `greets` streams deliver a block at once."""

    def __init__(self) -> None:
        self.error: str | None = None
        self.hangs = ""
        self.greets = False
        self.streams: queue.Queue[FakeStream] = queue.Queue()
        self.attempts = 0
        self.all: list[FakeStream] = []

    def open(
        self, device: InputDevice, callback: AudioCallback, finished: Callable[[], None]
    ) -> FakeStream:
        self.attempts += 1
        if self.error is not None:
            raise AudioError(self.error)
        stream = FakeStream(device, callback, finished, self.hangs, greets=self.greets)
        self.all.append(stream)
        self.streams.put(stream)
        stream.maybe_hang("open")
        return stream

    def next_stream(self, device: InputDevice | None = None) -> FakeStream:
        stream = self.streams.get(timeout=WAIT_S)
        assert device is None or stream.device == device
        return stream


class FakeWatcher:
    """A list of devices that the test changes; not live, so it must be refreshed."""

    def __init__(self, *devices: InputDevice, is_live: bool = True) -> None:
        self.is_live = is_live
        self.looks = 0
        self._known = self._real = devices
        self.error: Exception | None = None
        self._listeners = CallbackList()

    def now(self, *devices: InputDevice) -> None:
        self._real = devices
        if self.is_live:
            self._publish()

    def fail_once(self, error: Exception) -> None:
        self.error = error
        self._listeners.notify()

    def devices(self) -> tuple[InputDevice, ...]:
        error, self.error = self.error, None
        if error is not None:
            raise error
        return self._known

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._listeners.add(listener)

    def refresh(self) -> None:
        self.looks += 1
        self._publish()

    def close(self) -> None:
        assert not self._listeners._listeners, "the source has left a listener behind"

    def _publish(self) -> None:
        self._known = self._real
        self._listeners.notify()


class Scene:
    """A source on fake devices, and its notices."""

    def __init__(self, watcher: FakeWatcher, limits: CaptureTimeouts, **wishes: Any) -> None:
        self.backend = FakeBackend()
        self.watcher = watcher
        self.queue = AudioQueue(max_blocks=1_000)
        self.source = CaptureSource(self.backend, watcher, limits=limits, **wishes)
        self.items: queue.Queue[AudioBlock | Notice] = queue.Queue()
        self.told: list[NoticeKind] = []
        self.left_out: list[AudioBlock] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            item = self.queue.get()
            self.items.put(item)
            if isinstance(item, Notice) and item.kind is NoticeKind.ENDED:
                return

    def start(self) -> None:
        self.source.start(self.queue)

    def notice(self, news: NoticeKind) -> Notice:
        """Return the next notice, which must be `kind`; blocks before it are skipped."""
        while True:
            item = self.items.get(timeout=WAIT_S)
            if isinstance(item, Notice):
                self.told.append(item.kind)
                assert item.kind is news, item
                return item
            self.left_out.append(item)

    def block(self) -> AudioBlock:
        """Return the next item, which must be a block."""
        item = self.items.get(timeout=WAIT_S)
        assert isinstance(item, AudioBlock), item
        return item

    def heard(self, device: InputDevice = DESK) -> FakeStream:
        """Let the next stream, on `device`, deliver its first block."""
        stream = self.backend.next_stream(device)
        stream.send()
        assert self.notice(NoticeKind.ACTIVE).device == device.name
        return stream

    def back(self, device: InputDevice) -> FakeStream:
        stream = self.backend.next_stream(device)
        stream.send()
        assert self.notice(NoticeKind.RESTORED).device == device.name
        return stream


@contextmanager
def scene(watcher: FakeWatcher, limits: CaptureTimeouts = CALM, **wishes: Any) -> Iterator[Scene]:
    it = Scene(watcher, limits, **wishes)
    try:
        yield it
    finally:
        it.source.stop()
        watcher.close()
        for stream in it.backend.all:
            stream.release.set()
            assert stream.closed.wait(WAIT_S)


def test_heard_is_told_with_the_first_block_and_not_before() -> None:
    with scene(FakeWatcher(DESK)) as it:
        it.start()
        stream = it.backend.next_stream(DESK)
        assert it.items.empty()
        stream.send()
        assert it.notice(NoticeKind.ACTIVE) == Notice(NoticeKind.ACTIVE, DESK.name)
        assert it.block().sample_rate_hz == RATE_HZ
        stream.send()
        assert isinstance(it.block(), AudioBlock)


def test_the_callback_copies_since_portaudio_uses_its_buffer_again() -> None:
    with scene(FakeWatcher(DESK)) as it:
        it.start()
        stream = it.heard()
        it.block()
        buffer = stream.send(0.5)
        buffer[:] = 9.0
        block = it.block()
        assert block.samples.shape == (BLOCK, DESK.channels)
        assert np.all(block.samples == np.float32(0.5))


def test_overflows_are_counted_over_all_streams_and_told_at_the_end() -> None:
    watcher = FakeWatcher(DESK, HEADSET)
    with scene(watcher, device=HEADSET) as it:
        it.start()
        stream = it.heard(HEADSET)
        stream.send(status=Status(input_overflow=True))
        watcher.now(DESK)
        it.notice(NoticeKind.LOST)
        watcher.now(DESK, HEADSET)
        it.back(HEADSET).send(status=Status(input_overflow=True))
        it.source.stop()
        assert shows(it.notice(NoticeKind.ENDED).detail, AudioMessage.OVERFLOWS, count="2")


def test_what_the_queue_refuses_is_counted_and_the_callback_never_waits() -> None:
    it = FakeBackend()
    sink = AudioQueue(max_blocks=1)
    watcher = FakeWatcher(DESK)
    source = CaptureSource(it, watcher, limits=CALM)
    source.start(sink)
    stream = it.next_stream()
    for _ in range(3):
        stream.send()
    source.stop()
    assert sink.dropped_frames_total == 2 * BLOCK


def test_the_callback_costs_little_of_the_time_that_a_block_lasts() -> None:
    frames, rate_hz = 960, 48_000
    sink = AudioQueue(max_blocks=100)
    tap = CaptureCallback(sink, rate_hz, Notice(NoticeKind.ACTIVE, ""), lambda: None, lambda: None)
    block = np.full((frames, 2), 0.1, dtype=np.float32)
    status = Status()
    took_s = []
    for _ in range(2_000):
        began_s = time.perf_counter()
        tap.callback(block, frames, None, status)
        took_s.append(time.perf_counter() - began_s)
    assert np.percentile(took_s, 99) < 0.1 * frames / rate_hz
    # Most were refused because nothing read them, which must cost nothing.
    assert sink.dropped_frames_total == (2_000 - 100) * frames


# What PortAudio does when the device disappears.


def test_chosen_device_unplugged_while_others_remain() -> None:
    watcher = FakeWatcher(DESK, HEADSET)
    with scene(watcher, device=HEADSET) as it:
        it.start()
        stream = it.heard(HEADSET)
        watcher.now(DESK)
        lost = it.notice(NoticeKind.LOST)
        assert lost == Notice(NoticeKind.LOST, "Headset", "Headset is no longer connected")
        assert stream.closed.wait(WAIT_S)
        # The sound server moves the stream to another device, whose audio must not be used.
        stream.send(0.75)
        watcher.now(HEADSET, DESK)
        it.back(HEADSET)
        assert not any(np.any(block.samples == np.float32(0.75)) for block in it.left_out)
        assert it.told == [NoticeKind.ACTIVE, NoticeKind.LOST, NoticeKind.RESTORED]
        assert it.backend.attempts == 2


def test_blocks_stop_coming_and_nobody_says_why() -> None:
    limits = replace(CALM, block_s=0.2)
    with scene(FakeWatcher(DESK), limits) as it:
        it.start()
        stream = it.heard()
        began_s = time.monotonic()
        lost = it.notice(NoticeKind.LOST)
        assert time.monotonic() - began_s >= 0.15
        assert shows(lost.detail, AudioMessage.NO_MORE_SOUND, name="Desk microphone")
        assert stream.closed.wait(WAIT_S)
        it.back(DESK)


def test_opened_but_never_a_block() -> None:
    with scene(FakeWatcher(DESK), replace(CALM, first_block_s=0.1)) as it:
        it.start()
        assert shows(it.notice(NoticeKind.LOST).detail, AudioMessage.NO_SOUND_SINCE_OPENED)


def test_nothing_but_zeros_is_silent_until_sound_comes() -> None:
    limits = replace(CALM, silence_s=0.1, sound_check_s=0.02)
    with scene(FakeWatcher(DESK), limits) as it:
        it.start()
        stream = it.heard()
        for _ in range(10):
            stream.send(0.0)
        silent = it.notice(NoticeKind.SILENT)
        assert silent.detail == (AudioMessage.ONLY_ZEROS(name="Desk microphone"))
        stream.send(0.1)
        assert it.notice(NoticeKind.RESTORED).device == DESK.name
        assert not stream.closed.is_set()


def test_the_systems_own_mute_switch_is_named() -> None:
    limits = replace(CALM, silence_s=0.1, sound_check_s=0.02)
    with scene(FakeWatcher(replace(DESK, is_muted=True)), limits) as it:
        it.start()
        stream = it.backend.next_stream()
        for _ in range(10):
            stream.send(0.0)
        it.notice(NoticeKind.ACTIVE)
        assert shows(it.notice(NoticeKind.SILENT).detail, AudioMessage.MUTED)


def test_zeros_are_ordinary_where_the_computer_plays_nothing() -> None:
    watcher = FakeWatcher(DESK, SPEAKER)
    limits = replace(CALM, silence_s=0.05, sound_check_s=0.02, block_s=0.3)
    with scene(watcher, limits, kind=DeviceKind.SYSTEM) as it:
        it.start()
        stream = it.heard(SPEAKER)
        for _ in range(50):
            stream.send(0.0)
        # Before the stream counts as lost there is time to report silence.
        it.notice(NoticeKind.LOST)
        assert it.told == [NoticeKind.ACTIVE, NoticeKind.LOST]


def test_another_default_is_followed_and_said() -> None:
    watcher = FakeWatcher(DESK, HEADSET)
    with scene(watcher) as it:
        it.start()
        it.heard(DESK)
        new = replace(HEADSET, is_default=True)
        watcher.now(replace(DESK, is_default=False), new)
        assert it.notice(NoticeKind.LOST).detail == AudioMessage.CHANGING_DEVICE(name="Headset")
        it.back(new)
        assert it.source.name == "Headset"


def test_the_stream_ends_by_itself() -> None:
    with scene(FakeWatcher(DESK)) as it:
        it.start()
        it.heard().finish()
        assert shows(it.notice(NoticeKind.LOST).detail, AudioMessage.STREAM_ENDED)
        it.back(DESK)


def test_the_server_dies_and_comes_back() -> None:
    watcher = FakeWatcher(DESK)
    with scene(watcher) as it:
        it.start()
        stream = it.heard()
        watcher.now()
        stream.finish()
        it.notice(NoticeKind.LOST)
        watcher.now(DESK)
        it.back(DESK)
        assert it.told == [NoticeKind.ACTIVE, NoticeKind.LOST, NoticeKind.RESTORED]


def test_no_device_at_all_is_said_and_one_that_comes_is_heard() -> None:
    watcher = FakeWatcher(SPEAKER)
    with scene(watcher) as it:
        it.start()
        lost = it.notice(NoticeKind.LOST)
        assert lost.detail == AudioMessage.WAITING_FOR_ANY_MICROPHONE()
        watcher.now(SPEAKER, DESK)
        it.back(DESK)


def test_a_device_that_does_not_open_is_tried_again() -> None:
    with scene(FakeWatcher(DESK)) as it:
        it.backend.error = "Desk microphone cannot be opened: Device unavailable"
        it.start()
        assert it.notice(NoticeKind.LOST).detail == it.backend.error
        it.backend.error = None
        it.back(DESK)


def test_the_chosen_device_is_not_there_at_the_start() -> None:
    watcher = FakeWatcher(DESK)
    with scene(watcher, device=HEADSET) as it:
        assert it.source.name == "Headset"
        it.start()
        assert shows(
            it.notice(NoticeKind.LOST).detail, AudioMessage.DEVICE_NOT_CONNECTED, name="Headset"
        )
        assert it.backend.attempts == 0
        watcher.now(DESK, HEADSET)
        it.back(HEADSET)


def test_the_default_stands_in_only_where_that_is_allowed() -> None:
    watcher = FakeWatcher(DESK, HEADSET)
    with scene(watcher, device=HEADSET, allow_default=True) as it:
        it.start()
        it.heard(HEADSET)
        watcher.now(DESK)
        lost = it.notice(NoticeKind.LOST)
        assert shows(lost.detail, AudioMessage.NO_LONGER_CONNECTED, name="Headset")
        assert shows(lost.detail, AudioMessage.CHANGING_DEVICE, name="Desk microphone")
        desk = it.back(DESK)
        watcher.now(DESK, HEADSET)
        assert it.notice(NoticeKind.LOST).detail == AudioMessage.CHANGING_DEVICE(name="Headset")
        assert desk.closed.wait(WAIT_S)
        it.back(HEADSET)


def test_a_list_that_is_not_live_is_read_again_only_while_nothing_is_open() -> None:
    watcher = FakeWatcher(DESK, HEADSET, is_live=False)
    with scene(watcher, device=HEADSET) as it:
        it.start()
        stream = it.heard(HEADSET)
        watcher.now(DESK)
        assert watcher.looks == 0
        stream.finish()
        it.notice(NoticeKind.LOST)
        assert stream.closed.wait(WAIT_S)
        looked_before = watcher.looks
        watcher.now(DESK, HEADSET)
        it.back(HEADSET)
        assert watcher.looks > looked_before


@pytest.mark.parametrize("call", ["open", "start", "close"])
def test_it_stops_while_a_call_hangs_for_good(call: str) -> None:
    with scene(FakeWatcher(DESK)) as it:
        it.backend.hangs = call
        it.start()
        stream = it.backend.next_stream()
        if call == "close":
            stream.send()
            it.notice(NoticeKind.ACTIVE)
        it.source.stop()
        assert stream.is_hanging  # nobody waited for its end
        ended = it.notice(NoticeKind.ENDED)
        assert ended.detail == AudioMessage.DEVICE_NOT_CLOSED(name=DESK.name)
        assert stream.abandoned == (call != "open")
        # A block from the hanging stream must be ignored now.
        stream.send()
        it.queue.notify(Notice(NoticeKind.ENDED, "mark"))
        assert it.queue.get() == Notice(NoticeKind.ENDED, "mark")


def test_streams_that_hang_do_not_pile_up_and_a_new_one_opens_when_one_is_gone() -> None:
    limits = replace(CALM, first_block_s=0.2, retry_s=0.01, close_s=0.01, hung_streams=2)
    with scene(FakeWatcher(DESK), limits) as it:
        it.backend.hangs = "open"
        it.start()
        first, _ = it.backend.next_stream(), it.backend.next_stream()
        it.notice(NoticeKind.LOST)
        with pytest.raises(queue.Empty):
            it.backend.streams.get(timeout=0.3)
        it.backend.hangs = ""
        # A new stream has as little time for its first block as the others; it comes by itself.
        it.backend.greets = True
        first.release.set()
        assert it.notice(NoticeKind.RESTORED).device == DESK.name


def test_a_defect_in_the_sound_system_does_not_end_the_source() -> None:
    class Broken(FakeBackend):
        def open(self, *_: Any) -> FakeStream:
            raise ZeroDivisionError("no periods")

    watcher = FakeWatcher(DESK)
    sink = AudioQueue(max_blocks=1)
    source = CaptureSource(Broken(), watcher, limits=CALM)
    source.start(sink)
    lost = sink.get()
    assert isinstance(lost, Notice)
    assert lost.kind is NoticeKind.LOST
    assert "no periods" in lost.detail
    source.stop()
    source.stop()


def test_a_defect_of_its_own_is_told_and_the_device_is_opened_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watcher = FakeWatcher(DESK)
    with scene(watcher) as s:
        s.start()
        first = s.backend.next_stream(DESK)
        first.send()
        s.notice(NoticeKind.ACTIVE)
        watcher.fail_once(ZeroDivisionError("an injected defect"))
        assert "ZeroDivisionError" in s.notice(NoticeKind.LOST).detail
        assert first.closed.wait(WAIT_S)
        s.backend.next_stream(DESK).send()
        s.notice(NoticeKind.RESTORED)
    assert "Traceback" in caplog.text


def test_a_source_that_was_never_started_stops() -> None:
    source = CaptureSource(FakeBackend(), FakeWatcher(DESK))
    source.stop()
    assert source.name == AudioMessage.THE_MICROPHONE()
