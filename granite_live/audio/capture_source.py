"""A source of live audio that survives the loss of its device.

One thread decides. It never calls the sound system itself: every stream is opened and closed in a
thread of its own (`StreamThread`), so that a device that hangs blocks nothing else.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from enum import Enum, auto

from granite_live.audio.capture_stream import (
    CaptureBackend,
    CaptureCallback,
    CaptureTimeouts,
    StreamThread,
    absence_message,
    block_deadline_s,
    device_change_message,
    silence_message,
    stream_failure,
)
from granite_live.audio.continuity import ClockReading
from granite_live.audio.devices import DeviceKind, DeviceWatcher, InputDevice
from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.messages import joined
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import ReportingThread, log_failure, summarize_error

_log = logging.getLogger(__name__)


class _Reported(Enum):
    """The state last reported to the queue."""

    NOTHING = auto()
    LISTENING = auto()
    SILENT = auto()
    LOST = auto()


class CaptureSource:
    """Records the chosen device, or the default of its kind, from `start` to `stop`.
     The one rule: the stream is on the device that is wanted now. When that changes, because a
    device was removed, returned or became the default, a new stream is opened.

    Args:
        backend: Opens the streams.
        watcher: Lists the devices; the caller closes it.
        device: The chosen device, which need not be connected; None for the default.
        kind: The kind of default device, if no device is chosen.
        allow_default: Use the default while the chosen device is not connected.
    """

    def __init__(
        self,
        backend: CaptureBackend,
        watcher: DeviceWatcher,
        *,
        device: InputDevice | None = None,
        kind: DeviceKind = DeviceKind.MICROPHONE,
        allow_default: bool = False,
        limits: CaptureTimeouts | None = None,
    ) -> None:
        self._backend = backend
        self._watcher = watcher
        self._chosen = device
        self._kind = device.kind if device else kind
        self._takes_default = allow_default or device is None
        self._limits = limits or CaptureTimeouts()
        self._overflows = 0
        self._reported = _Reported.NOTHING
        self._stream_thread: StreamThread | None = None
        self._retry_s = self._running_since_s = -math.inf
        self._last_heard: ClockReading | None = None
        self._hung_threads: list[StreamThread] = []
        self._refresh_done = threading.Event()
        self._refresh_done.set()
        self._list_is_old = False
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: ReportingThread | None = None

    @property
    def name(self) -> str:
        """The name of the device that is recorded or wanted."""
        if (stream_thread := self._stream_thread) is not None:
            return stream_thread.device.name
        if self._chosen is not None:
            return self._chosen.name
        return (
            AudioMessage.THE_MICROPHONE()
            if self._kind is DeviceKind.MICROPHONE
            else AudioMessage.THE_SYSTEM_SOUND()
        )

    @property
    def origin(self) -> Origin:
        """The device that is recorded, or would be recorded now."""
        target = self._target()
        return Origin(OriginKind(self._kind.value), target.name if target else self.name)

    def start(self, sink: AudioQueue) -> None:
        """Start filling `sink`; return at once. A source is started once."""
        assert self._thread is None
        self._thread = ReportingThread(lambda: self._run(sink), name="capture", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop within a second, whatever the device does; the last notice is ENDED."""
        if self._thread is None:
            return
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _run(self, sink: AudioQueue) -> None:
        forget = self._watcher.subscribe(self._wake.set)
        try:
            while not self._stopping.is_set():
                try:
                    deadline_s = self._step(sink, time.monotonic())
                except Exception as error:
                    deadline_s = self._recover(sink, error)
                wait_s = deadline_s - time.monotonic()
                self._wake.wait(None if wait_s == math.inf else max(0.0, wait_s))
                self._wake.clear()
                if time.monotonic() > deadline_s + self._limits.late_s:
                    self._running_since_s = time.monotonic()
        finally:
            forget()
            name = self.name
            if self._stream_thread is not None:
                self._release(self._stream_thread)
            sink.notify(Notice(NoticeKind.ENDED, name, self._end_message(name)))

    def _step(self, sink: AudioQueue, now_s: float) -> float:
        """Act on the current state; return the time [time.monotonic] of the next check."""
        target = self._target()
        if (stream_thread := self._stream_thread) is None:
            return self._open_target(sink, target, now_s)
        if target is None or target.id != stream_thread.device.id:
            reason = device_change_message(stream_thread.device, target, self._watcher.devices())
            self._retry_s = now_s
        else:
            found = stream_failure(stream_thread, self._limits, now_s, self._running_since_s)
            if found is None:
                return self._watch(sink, stream_thread, target, now_s)
            reason = found
            self._retry_s = now_s + self._limits.retry_s
        self._handle_loss(sink, stream_thread, reason)
        return self._open_target(sink, target, now_s)

    def _recover(self, sink: AudioQueue, error: Exception) -> float:
        """Give up the stream after a defect; return when to open the next one."""
        log_failure(f"The recording from {self.name}", error)
        reason = AudioMessage.CAPTURE_DEFECT(name=self.name, reason=summarize_error(error))
        self._report_lost(sink, self.name, reason)
        if self._stream_thread is not None:
            self._release(self._stream_thread)
        self._retry_s = time.monotonic() + self._limits.retry_s
        return self._retry_s

    def _target(self) -> InputDevice | None:
        """Return the device to record now, None if there is none."""
        devices = self._watcher.devices()
        if self._chosen is not None:
            for device in devices:
                if device.id == self._chosen.id:
                    return device
        if not self._takes_default:
            return None
        return next((d for d in devices if d.kind is self._kind and d.is_default), None)

    def _watch(
        self, sink: AudioQueue, stream_thread: StreamThread, target: InputDevice, now_s: float
    ) -> float:
        """Check a running stream for silence; return the time of the next check."""
        self._note_listening(stream_thread)
        deadline_s = block_deadline_s(stream_thread, self._limits, self._running_since_s)
        zeros_s = stream_thread.tap.silence_s()
        # While the computer plays nothing, its audio consists of zeros.
        if target.kind is DeviceKind.SYSTEM:
            return deadline_s
        if zeros_s < self._limits.silence_s:
            if self._reported is _Reported.SILENT:
                self._reported = _Reported.LISTENING
                sink.notify(Notice(NoticeKind.RESTORED, target.name))
            # Not sooner than the next block, which `zeros_s` needs.
            missing_s = max(self._limits.silence_s - zeros_s, self._limits.silence_s / 50)
            return min(deadline_s, now_s + missing_s)
        if self._reported is _Reported.LISTENING:
            self._reported = _Reported.SILENT
            sink.notify(Notice(NoticeKind.SILENT, target.name, silence_message(target)))
        return min(deadline_s, now_s + self._limits.sound_check_s)

    def _note_listening(self, stream_thread: StreamThread) -> None:
        # The callback has sent HEARD or BACK with the first block.
        if stream_thread.tap.last_block_s is not None and self._reported is not _Reported.SILENT:
            self._reported = _Reported.LISTENING

    def _handle_loss(self, sink: AudioQueue, stream_thread: StreamThread, reason: str) -> None:
        """Report the loss of the stream and give it up."""
        stream_thread.tap.detach()
        self._note_listening(stream_thread)
        self._last_heard = stream_thread.tap.last_block or self._last_heard
        self._list_is_old = True
        self._report_lost(sink, stream_thread.device.name, reason)
        self._release(stream_thread)

    def _report_lost(self, sink: AudioQueue, name: str, reason: str) -> None:
        # Only once: a device that fails again and again stays lost.
        if self._reported is not _Reported.LOST:
            self._reported = _Reported.LOST
            sink.notify(Notice(NoticeKind.LOST, name, reason))

    def _release(self, stream_thread: StreamThread) -> None:
        self._stream_thread = None
        if not stream_thread.close(self._limits.close_s):
            self._hung_threads.append(stream_thread)

    def _open_target(self, sink: AudioQueue, target: InputDevice | None, now_s: float) -> float:
        """Open the wanted device if that is possible now; return the time of the next check."""
        if now_s < self._retry_s:
            return self._retry_s
        if not self._refresh_done.is_set():
            return math.inf
        if self._list_is_old and not self._watcher.is_live:
            self._list_is_old = False
            self._refresh_devices()
            return math.inf
        if target is None:
            self._report_lost(sink, self.name, absence_message(self._chosen, self._kind))
            self._list_is_old = True
            self._retry_s = now_s if self._watcher.is_live else now_s + self._limits.retry_s
            return math.inf if self._watcher.is_live else self._retry_s
        self._hung_threads = [
            stream_thread for stream_thread in self._hung_threads if not stream_thread.is_closed
        ]
        if len(self._hung_threads) >= self._limits.hung_streams:
            return math.inf
        news = NoticeKind.RESTORED if self._reported is _Reported.LOST else NoticeKind.ACTIVE
        greeting = Notice(news, target.name)
        tap = CaptureCallback(
            sink,
            target.sample_rate_hz,
            greeting,
            self._wake.set,
            self._count_overflow,
            self._last_heard if news is NoticeKind.RESTORED else None,
        )
        # Set before it starts, because a receiver of the first block may ask for the name.
        self._stream_thread = StreamThread(self._backend, target, tap, self._wake.set)
        self._stream_thread.start()
        return now_s + self._limits.first_block_s

    def _count_overflow(self) -> None:
        # Called by the callback of the only stream that is not detached.
        self._overflows += 1

    def _refresh_devices(self) -> None:
        """Refresh the list of devices in a thread, because that may hang."""
        self._refresh_done.clear()
        ReportingThread(self._refresh, name="device list", daemon=True).start()

    def _refresh(self) -> None:
        try:
            self._watcher.refresh()
        except AudioError as error:
            # The list stays unchanged; opening the device reports the error to the user.
            _log.warning("The device list cannot be refreshed: %s", error)
        finally:
            self._refresh_done.set()
            self._wake.set()

    def _end_message(self, name: str) -> str:
        words = []
        if any(not stream_thread.is_closed for stream_thread in self._hung_threads):
            words.append(AudioMessage.DEVICE_NOT_CLOSED(name=name))
        if self._overflows:
            words.append(AudioMessage.OVERFLOWS(count=self._overflows))
        return joined(words)
