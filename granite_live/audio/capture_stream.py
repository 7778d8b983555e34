"""One stream of one device: its callback, the thread that opens and closes it, and when it counts
as lost.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.continuity import ClockReading, GapDetector, MissingAudio, read_clocks
from granite_live.audio.devices import DeviceKind, InputDevice
from granite_live.audio.source import AudioQueue, Notice, NoticeKind
from granite_live.messages import joined
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import ReportingThread, log_failure


@dataclass(frozen=True, slots=True)
class CaptureTimeouts:
    """Time limits of a capture stream."""

    block_s: float = 1.5
    """Without a block for this long the device counts as lost; blocks come every 20 ms."""
    first_block_s: float = 3.0
    """A sound server may wake its device first, which has taken up to 2 seconds."""
    silence_s: float = 1.5
    """Zeros for this long mean a muted microphone: even a silent room makes noise."""
    sound_check_s: float = 0.25
    """How often to check for sound while there are only zeros."""
    retry_s: float = 1.0
    """Between two attempts to open a device."""
    late_s: float = 0.5
    """If the watching thread wakes this much too late, the program was suspended."""
    close_s: float = 0.5
    """A stream that takes longer to close is left behind."""
    hung_streams: int = 3
    """With this many streams left behind, no further ones are opened."""


def block_deadline_s(
    stream_thread: StreamThread, limits: CaptureTimeouts, running_since_s: float
) -> float:
    """Return the time [time.monotonic] by which the next block must arrive.

    No block can arrive while the program is suspended; `running_since_s` is when it resumed.
    """
    if stream_thread.tap.last_block_s is None:
        return max(stream_thread.began_s, running_since_s) + limits.first_block_s
    return max(stream_thread.tap.last_block_s, running_since_s) + limits.block_s


def stream_failure(
    stream_thread: StreamThread, limits: CaptureTimeouts, now_s: float, running_since_s: float
) -> str | None:
    """Return a sentence about the failure of a stream, None if it works."""
    name = stream_thread.device.name
    if stream_thread.error is not None:
        return stream_thread.error
    if stream_thread.is_finished:
        return AudioMessage.STREAM_ENDED(name=name)
    if now_s < block_deadline_s(stream_thread, limits, running_since_s):
        return None
    if stream_thread.tap.last_block_s is None:
        return AudioMessage.NO_SOUND_SINCE_OPENED(name=name)
    return AudioMessage.NO_MORE_SOUND(name=name)


def device_change_message(
    old: InputDevice, new: InputDevice | None, devices: tuple[InputDevice, ...]
) -> str:
    """Return a sentence about the change from `old` to `new`, or to no device."""
    gone = all(device.id != old.id for device in devices)
    reasons = [AudioMessage.NO_LONGER_CONNECTED(name=old.name)] if gone else []
    if new is not None:
        reasons.append(AudioMessage.CHANGING_DEVICE(name=new.name))
    return joined(reasons, "; ") or AudioMessage.NO_LONGER_DEFAULT(name=old.name)


def gap_message(name: str, missing: MissingAudio) -> str:
    """Return a sentence about audio that a connected device did not deliver."""
    if missing.was_asleep:
        return AudioMessage.COMPUTER_SLEPT(seconds=missing.seconds)
    return AudioMessage.SOUND_MISSING(seconds=missing.seconds, name=name)


def silence_message(device: InputDevice) -> str:
    """Return a sentence about a device that delivers only zeros."""
    if device.is_muted:
        return AudioMessage.MUTED(name=device.name)
    return AudioMessage.ONLY_ZEROS(name=device.name)


def absence_message(chosen: InputDevice | None, kind: DeviceKind) -> str:
    """Return a sentence about a device that is not connected."""
    if chosen is not None:
        return AudioMessage.WAITING_FOR_DEVICE(name=chosen.name)
    if kind is DeviceKind.MICROPHONE:
        return AudioMessage.WAITING_FOR_ANY_MICROPHONE()
    return AudioMessage.NO_SYSTEM_SOUND()


AudioCallback = Callable[[NDArray[np.float32], int, Any, Any], None]

# Blocks that wait for the silence check; beyond this the oldest are dropped.
_MAX_UNCHECKED_BLOCKS = 512


class DeviceStream(Protocol):
    """An open stream. Every call may hang."""

    def start(self) -> None:
        """Start; from now on the callback is called."""

    def close(self) -> None:
        """Abort and close the stream."""

    def abandon(self) -> None:
        """Do not wait for this stream at exit, because it hangs. Returns at once."""


class CaptureBackend(Protocol):
    """Opens streams: `capture.PortAudio`, or a fake in tests."""

    def open(
        self, device: InputDevice, callback: AudioCallback, finished: Callable[[], None]
    ) -> DeviceStream:
        """Open a stream. May hang.

        Raises:
            AudioError: The device does not open.
        """


class CaptureCallback:
    """The callback of one stream.

    Attributes:
        last_block_s: When the last block arrived [time.monotonic], None before the first.
        last_block: The same time by both clocks.
    """

    def __init__(
        self,
        sink: AudioQueue,
        sample_rate_hz: int,
        first_notice: Notice,
        on_audio: Callable[[], None],
        on_overflow: Callable[[], None],
        silent_since: ClockReading | None = None,
        clock: Callable[[], ClockReading] = read_clocks,
    ) -> None:
        """Prepare to send `first_notice` and call `on_audio` with the first block.

        `on_overflow` is called whenever the system reports lost audio before a block.
        `silent_since` is when the last audio arrived before this stream; `first_notice` then says
        how much is missing.
        """
        self.last_block_s: float | None = None
        self.last_block: ClockReading | None = None
        self._silent_since = silent_since
        self._clock = clock
        self._continuity = GapDetector()
        self._sink: AudioQueue | None = sink
        self._sample_rate_hz = sample_rate_hz
        self._first_notice: Notice | None = first_notice
        self._device = first_notice.device
        self._on_audio = on_audio
        self._on_overflow = on_overflow
        self._unchecked: deque[NDArray[np.float32]] = deque(maxlen=_MAX_UNCHECKED_BLOCKS)
        self._zero_frames = 0

    def callback(self, block: NDArray[np.float32], _frames: int, _time: Any, status: Any) -> None:
        """Take a block [shape=(frames, channels)]. Runs in PortAudio's thread; never waits."""
        sink = self._sink
        if sink is None:
            return
        if status and status.input_overflow:
            self._on_overflow()
        moment = self._clock()
        if self._first_notice is not None:
            self._send_first_notice(sink, self._first_notice, moment)
        missing = self._continuity.add_block(len(block), self._sample_rate_hz, moment)
        if missing is not None:
            name = self._device
            sink.notify(Notice(NoticeKind.GAP, name, gap_message(name, missing), missing))
        samples = block.copy()
        sink.offer(samples, self._sample_rate_hz)
        self._unchecked.append(samples)
        self.last_block, self.last_block_s = moment, time.monotonic()

    def _send_first_notice(
        self, sink: AudioQueue, first_notice: Notice, moment: ClockReading
    ) -> None:
        # Called here, once per stream, so that the notice comes right before the audio.
        if self._silent_since is not None:
            since = self._silent_since
            seconds = max(0.0, moment.elapsed_s - since.elapsed_s)
            asleep_s = max(0.0, seconds - (moment.awake_s - since.awake_s))
            first_notice = replace(first_notice, missing=MissingAudio(seconds, asleep_s))
        sink.notify(first_notice)
        self._first_notice = None
        self.last_block, self.last_block_s = moment, time.monotonic()
        self._on_audio()

    def detach(self) -> None:
        """Make the callback do nothing from now on."""
        self._sink = None

    def silence_s(self) -> float:
        """Return for how many seconds of audio all samples were zero. For one thread."""
        while self._unchecked:
            block = self._unchecked.popleft()
            self._zero_frames = 0 if block.any() else self._zero_frames + len(block)
        return self._zero_frames / self._sample_rate_hz


class StreamThread:
    """A thread that opens a stream, keeps it open and closes it.

    Any call to the sound system may hang; then only this thread is left behind.

    Attributes:
        tap: The stream's callback.
        device: The device of the stream.
        began_s: When opening began [time.monotonic].
        error: Why it could not be opened, None if it is open or being opened.
    """

    def __init__(
        self,
        backend: CaptureBackend,
        device: InputDevice,
        tap: CaptureCallback,
        changed: Callable[[], None],
    ) -> None:
        """Create the thread; `changed` is called when an attribute or property has changed."""
        self.tap = tap
        self.device = device
        self.began_s = time.monotonic()
        self.error: str | None = None
        self._backend = backend
        self._changed = changed
        self._stream: DeviceStream | None = None
        self._finished = threading.Event()
        self._close_requested = threading.Event()
        self._closed = threading.Event()

    def start(self) -> None:
        """Start opening the stream."""
        name = f"stream of {self.device.name}"
        ReportingThread(self._run, name=name, daemon=True).start()

    @property
    def is_finished(self) -> bool:
        """Whether the sound system ended the stream."""
        return self._finished.is_set()

    @property
    def is_closed(self) -> bool:
        """Whether the stream is completely closed."""
        return self._closed.is_set()

    def close(self, timeout_s: float) -> bool:
        """Close the stream; return False and leave it behind if that hangs."""
        self.tap.detach()
        self._close_requested.set()
        if self._closed.wait(timeout_s):
            return True
        if (stream := self._stream) is not None:
            stream.abandon()
        return False

    def _run(self) -> None:
        try:
            self._keep()
        except AudioError as error:
            self.error = str(error)
        except Exception as error:
            # Any error: a device that fails must not end the session.
            log_failure(f"The stream of {self.device.name}", error)
            self.error = AudioMessage.DEVICE_UNUSABLE(name=self.device.name, reason=repr(error))
        finally:
            self._closed.set()
            self._changed()

    def _keep(self) -> None:
        self._stream = self._backend.open(self.device, self.tap.callback, self._on_finished)
        try:
            self._stream.start()
            self._close_requested.wait()
        finally:
            self._stream.close()

    def _on_finished(self) -> None:
        # PortAudio calls this after a normal end too.
        self._finished.set()
        if not self._close_requested.is_set():
            self._changed()
