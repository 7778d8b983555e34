"""List and watch the inputs of PulseAudio or PipeWire.

PortAudio reads its list once and does not list the monitor sources, which record the computer's own
output; the sound server reports both.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Self

import pulsectl

from granite_live.audio.devices import CallbackList, DeviceKind, InputDevice
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import ReportingThread

_log = logging.getLogger(__name__)

_PREFIX = "pulse:"

_CLIENT = "granite-live"
# The server is on this computer: if it takes longer, it does not work.
_CONNECT_S = 2.0
# Delay until the next connection attempt after the server went away.
_RETRY_S = 0.5
_JOIN_S = 0.05
_CLOSE_S = 0.8
# The server resamples to the requested rate. pulsectl reads the device's own rate from freed
# memory, so that value is useless.
_SAMPLE_RATE_HZ = 48_000
_MAX_CHANNELS = 2


class PulseWatcher:
    """A thread that keeps the server's list of sources. Created by `connect`.

    Only this thread talks to the server, so that a server that hangs blocks nothing else.
    """

    def __init__(self) -> None:
        self._listeners = CallbackList()
        self._devices: tuple[InputDevice, ...] = ()
        self._answered = False
        self._tried = threading.Event()
        self._stopped = threading.Event()
        self._is_stale = False
        # Prevents waking up the connection after it was closed.
        self._lock = threading.Lock()
        self._pulse: pulsectl.Pulse | None = None
        self._thread = ReportingThread(self._run, name="input devices", daemon=True)
        self._thread.start()

    @classmethod
    def connect(cls) -> Self | None:
        """Return a watcher that knows the sources, or None if there is no sound server.

        Raises:
            AudioError: The server hangs; PortAudio would hang too.
        """
        watcher = cls()
        tried = watcher._tried.wait(_CONNECT_S)
        if watcher._answered:
            return watcher
        watcher.close()
        if tried:
            return None
        raise AudioError(AudioMessage.SOUND_SERVER_STUCK())

    @property
    def is_live(self) -> bool:
        """Always True: the server reports changes."""
        return True

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the latest list of sources; empty while no server answers."""
        return self._devices

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` from the watching thread after every change."""
        return self._listeners.add(listener)

    def refresh(self) -> None:
        """Do nothing: the server reports changes itself."""

    def close(self) -> None:
        """End the thread and the connection; a thread that hangs is left behind."""
        self._stopped.set()
        # Repeated, because a wake-up is lost if the thread is just about to wait.
        for _ in range(round(_CLOSE_S / _JOIN_S)):
            with self._lock:
                if self._pulse is not None:
                    self._pulse.event_listen_stop()
            self._thread.join(_JOIN_S)
            if not self._thread.is_alive():
                return

    def _run(self) -> None:
        while not self._stopped.is_set():
            pulse = pulsectl.Pulse(_CLIENT, connect=False)
            try:
                # Not pulsectl's own time limit, which always elapses in full.
                pulse.connect()
                self._follow(pulse)
            # pulsectl raises four unrelated classes for a lost connection, one of them private.
            except Exception as error:
                _log.debug("No sound server: %r", error)
            finally:
                with self._lock:
                    self._pulse = None
                    pulse.close()
            self._publish(())
            self._tried.set()
            self._stopped.wait(_RETRY_S)

    def _follow(self, pulse: pulsectl.Pulse) -> None:
        """Keep the list up to date until the server goes away or `close` is called."""
        with self._lock:
            self._pulse = pulse
        pulse.event_mask_set("source", "server")
        pulse.event_callback_set(self._on_event)
        self._is_stale = True
        while not self._stopped.is_set():
            # A change may arrive while the list is being read.
            while self._is_stale:
                self._is_stale = False
                devices = _devices(pulse)
            self._publish(devices)
            self._answered = True
            self._tried.set()
            pulse.event_listen()

    def _on_event(self, _event: object) -> None:
        self._is_stale = True
        raise pulsectl.PulseLoopStop

    def _publish(self, devices: tuple[InputDevice, ...]) -> None:
        if devices != self._devices:
            self._devices = devices
            self._listeners.notify()


def _devices(pulse: pulsectl.Pulse) -> tuple[InputDevice, ...]:
    """Return the server's sources."""
    server = pulse.server_info()
    sources = pulse.source_list()
    microphones = [source.name for source in sources if source.monitor_of_sink_name is None]
    # Without a microphone the server's default is a monitor, which must not be recorded
    # instead of a microphone without being chosen.
    microphone = server.default_source_name
    if microphone not in microphones:
        microphone = microphones[0] if microphones else None
    devices = []
    for source in sources:
        is_system = source.monitor_of_sink_name is not None
        is_default = (
            source.monitor_of_sink_name == server.default_sink_name
            if is_system
            else source.name == microphone
        )
        devices.append(
            InputDevice(
                id=_PREFIX + source.name,
                name=source.description,
                kind=DeviceKind.SYSTEM if is_system else DeviceKind.MICROPHONE,
                is_default=is_default,
                sample_rate_hz=_SAMPLE_RATE_HZ,
                channels=min(source.channel_count, _MAX_CHANNELS),
                is_muted=bool(source.mute),
            )
        )
    return tuple(devices)
