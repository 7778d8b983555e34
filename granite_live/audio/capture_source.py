"""A microphone or the computer's own sound as a source that outlives its device.

One thread decides. It never calls the sound system itself: streams are opened and closed
in threads of their own (`Keeper`), so that a device that hangs takes nothing with it.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass
from enum import Enum, auto

from granite_live.audio.capture_stream import Backend, Keeper, Tap
from granite_live.audio.devices import DeviceKind, DeviceWatcher, InputDevice
from granite_live.audio.source import Notice, SoundQueue, SourceNews
from granite_live.errors import AudioError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long what is waited for."""

    block_s: float = 1.5
    """Without a block for so long, the device is taken for lost: blocks come every 20 ms."""
    first_block_s: float = 3.0
    """A sound server may wake its device first, which was seen to take 2 seconds."""
    zeros_s: float = 1.5
    """Nothing but zeros for so long is no microphone: even a silent room makes noise."""
    sound_check_s: float = 0.25
    """How often to look, while there are only zeros, whether sound is back."""
    retry_s: float = 1.0
    """Between two attempts at a device that does not open."""
    close_s: float = 0.5
    """A stream that takes longer to close is left behind."""
    hung_streams: int = 3
    """With so many left behind, no further ones are opened."""


class _Told(Enum):
    """What the listener was last told."""

    NOTHING = auto()
    LISTENING = auto()
    SILENT = auto()
    LOST = auto()


class Capture:
    """Records the chosen device, or its kind's default, from `start` to `stop`.

    There is one rule: the stream is on the device that is wanted now. When that changes,
    because a device went, came back or became the default, the stream is opened anew.

    Args:
        backend: Opens the streams.
        watcher: Knows the devices. Remains the caller's.
        device: The chosen device, which need not be connected; None for the default.
        kind: Whose default, if no device is chosen.
        allow_default: Take the default while the chosen device is not there.
    """

    def __init__(
        self,
        backend: Backend,
        watcher: DeviceWatcher,
        *,
        device: InputDevice | None = None,
        kind: DeviceKind = DeviceKind.MICROPHONE,
        allow_default: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._backend = backend
        self._watcher = watcher
        self._chosen = device
        self._kind = device.kind if device else kind
        self._takes_default = allow_default or device is None
        self._limits = limits or Limits()
        self._overflows = 0
        self._told = _Told.NOTHING
        self._keeper: Keeper | None = None
        self._opened_s = 0.0
        self._retry_s = -math.inf
        self._hung: list[Keeper] = []
        self._looked = threading.Event()
        self._looked.set()
        self._list_is_old = False
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The name of the device that is recorded, or wanted."""
        if (keeper := self._keeper) is not None:
            return keeper.device.name
        if self._chosen is not None:
            return self._chosen.name
        return "the microphone" if self._kind is DeviceKind.MICROPHONE else "the system sound"

    @property
    def overflows(self) -> int:
        """How often the system lost sound before it reached this program."""
        keeper = self._keeper
        return self._overflows + (keeper.tap.overflows if keeper else 0)

    def start(self, sink: SoundQueue) -> None:
        """Begin to fill `sink`; returns at once. A source is started once."""
        assert self._thread is None
        self._thread = threading.Thread(target=self._run, args=(sink,), name="capture", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop within a second, whatever the device does; ENDED is the last notice."""
        if self._thread is None:
            return
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _run(self, sink: SoundQueue) -> None:
        forget = self._watcher.subscribe(self._wake.set)
        try:
            while not self._stopping.is_set():
                deadline_s = self._step(sink, time.monotonic())
                wait_s = deadline_s - time.monotonic()
                self._wake.wait(None if wait_s == math.inf else max(0.0, wait_s))
                self._wake.clear()
        finally:
            forget()
            name = self.name
            if self._keeper is not None:
                self._release(self._keeper)
            sink.notify(Notice(SourceNews.ENDED, name, self._last_words(name)))

    def _step(self, sink: SoundQueue, now_s: float) -> float:
        """Do what is to be done now, and return when to look again at the latest."""
        target = self._target()
        if (keeper := self._keeper) is not None:
            if keeper.tap.last_block_s is not None and self._told is not _Told.SILENT:
                self._told = _Told.LISTENING
            trouble = self._trouble(keeper, target, now_s)
            if trouble is None:
                return self._watch(sink, keeper, target, now_s)
            self._lose(sink, keeper, trouble)
        return self._seek(sink, target, now_s)

    def _target(self) -> InputDevice | None:
        """Return the device to be recorded now, None if there is none."""
        devices = self._watcher.devices()
        if self._chosen is not None:
            for device in devices:
                if device.id == self._chosen.id:
                    return device
        if not self._takes_default:
            return None
        return next((d for d in devices if d.kind is self._kind and d.is_default), None)

    def _trouble(self, keeper: Keeper, target: InputDevice | None, now_s: float) -> str | None:
        """Return what is wrong with the stream in a sentence, None if nothing is."""
        name = keeper.device.name
        if target is None or target.id != keeper.device.id:
            self._retry_s = now_s
            is_there = any(d.id == keeper.device.id for d in self._watcher.devices())
            gone = "" if is_there else f"{name} is no longer connected"
            change = f"changing to {target.name}" if target else ""
            return "; ".join(filter(None, (gone, change))) or f"{name} is not the default any more"
        self._retry_s = now_s + self._limits.retry_s
        if keeper.error is not None:
            return keeper.error
        if keeper.is_finished:
            return f"the sound system has ended the recording from {name}"
        if now_s < self._silence_deadline_s(keeper):
            return None
        if keeper.tap.last_block_s is None:
            return f"{name} was opened but gives no sound; is it in use by another program?"
        return f"no sound arrives from {name} any more; is it still connected?"

    def _silence_deadline_s(self, keeper: Keeper) -> float:
        if keeper.tap.last_block_s is None:
            return self._opened_s + self._limits.first_block_s
        return keeper.tap.last_block_s + self._limits.block_s

    def _watch(
        self, sink: SoundQueue, keeper: Keeper, target: InputDevice | None, now_s: float
    ) -> float:
        """Look whether a running stream gives more than zeros; return when to look again."""
        deadline_s = self._silence_deadline_s(keeper)
        zeros_s = keeper.tap.zeros_s()
        # While the computer plays nothing, zeros are what its sound consists of.
        if keeper.device.kind is DeviceKind.SYSTEM:
            return deadline_s
        if zeros_s < self._limits.zeros_s:
            if self._told is _Told.SILENT:
                self._told = _Told.LISTENING
                sink.notify(Notice(SourceNews.BACK, keeper.device.name))
            missing_s = self._limits.zeros_s - zeros_s
            return min(deadline_s, now_s + max(missing_s, self._limits.zeros_s / 50))
        if self._told is _Told.LISTENING:
            self._told = _Told.SILENT
            detail = _silence(keeper.device.name, target is not None and target.is_muted)
            sink.notify(Notice(SourceNews.SILENT, keeper.device.name, detail))
        return min(deadline_s, now_s + self._limits.sound_check_s)

    def _lose(self, sink: SoundQueue, keeper: Keeper, reason: str) -> None:
        """Tell that the stream is lost, and give it up."""
        keeper.tap.detach()
        self._list_is_old = True
        self._tell_lost(sink, keeper.device.name, reason)
        self._release(keeper)

    def _tell_lost(self, sink: SoundQueue, name: str, reason: str) -> None:
        # Once: a device that fails again and again is lost all the time.
        if self._told is not _Told.LOST:
            self._told = _Told.LOST
            sink.notify(Notice(SourceNews.LOST, name, reason))

    def _release(self, keeper: Keeper) -> None:
        self._keeper = None
        if not keeper.close(self._limits.close_s):
            self._hung.append(keeper)
        self._overflows += keeper.tap.overflows

    def _seek(self, sink: SoundQueue, target: InputDevice | None, now_s: float) -> float:
        """Open the wanted device if that is possible now; return when to look again."""
        if now_s < self._retry_s:
            return self._retry_s
        if not self._looked.is_set():
            return math.inf
        if self._list_is_old and not self._watcher.is_live:
            self._list_is_old = False
            self._look()
            return math.inf
        if target is None:
            self._tell_lost(sink, self.name, self._absence())
            self._list_is_old = True
            self._retry_s = now_s if self._watcher.is_live else now_s + self._limits.retry_s
            return math.inf if self._watcher.is_live else self._retry_s
        self._hung = [keeper for keeper in self._hung if not keeper.is_closed]
        if len(self._hung) >= self._limits.hung_streams:
            return math.inf
        news = SourceNews.BACK if self._told is _Told.LOST else SourceNews.HEARD
        tap = Tap(sink, target.sample_rate_hz, Notice(news, target.name), self._wake.set)
        self._opened_s = now_s
        self._keeper = Keeper(self._backend, target, tap, self._wake.set)
        return now_s + self._limits.first_block_s

    def _look(self) -> None:
        """Read the list of devices again, in a thread: that may hang, too."""
        self._looked.clear()
        threading.Thread(target=self._refresh, name="device list", daemon=True).start()

    def _refresh(self) -> None:
        try:
            self._watcher.refresh()
        except AudioError as error:
            # The list stays as it was; opening the device will tell the user.
            _log.warning("the list of devices cannot be read again: %s", error)
        finally:
            self._looked.set()
            self._wake.set()

    def _absence(self) -> str:
        if self._chosen is not None:
            return f"{self._chosen.name} is not connected; listening goes on once it is"
        if self._kind is DeviceKind.MICROPHONE:
            return "no microphone is connected; listening begins once there is one"
        return "the system sound cannot be recorded: no sound output, or no sound server is there"

    def _last_words(self, name: str) -> str:
        words = []
        if any(not keeper.is_closed for keeper in self._hung):
            words.append(f"{name} does not answer and could not be closed.")
        if self._overflows:
            words.append(f"The system lost sound {self._overflows} times: it is overloaded.")
        return " ".join(words)


def _silence(name: str, is_muted: bool) -> str:
    if is_muted:
        return f"{name} is muted in the system's sound settings; switch it on there"
    return f"{name} gives nothing but zeros; it is probably muted by a switch of its own"
