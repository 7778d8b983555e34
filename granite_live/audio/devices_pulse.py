"""The inputs as PulseAudio or PipeWire knows them, with news as they come and go.

PortAudio reads its list once and does not see the monitors, through which the
computer's own sound is heard; the sound server tells both.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Self

import pulsectl

from granite_live.audio.devices import DeviceKind, InputDevice, Listeners
from granite_live.errors import AudioError
from granite_live.threads import ReportingThread

_log = logging.getLogger(__name__)

_PREFIX = "pulse:"

_CLIENT = "granite-live"
# The server is on this computer: one that takes longer does not work.
_CONNECT_S = 2.0
# After the server went away: how soon to look for a new one.
_RETRY_S = 0.5
_JOIN_S = 0.05
_CLOSE_S = 0.8
# The server converts from the device's rate to the one asked for. pulsectl reads the
# device's own rate from memory that is freed by then, so it is of no use.
_SAMPLE_RATE_HZ = 48_000
_MAX_CHANNELS = 2


class PulseWatcher:
    """A thread that keeps the server's list of sources. Made by `connect`.

    Only this thread talks to the server: should that hang, nobody else does.
    """

    def __init__(self) -> None:
        self._listeners = Listeners()
        self._devices: tuple[InputDevice, ...] = ()
        self._answered = False
        self._tried = threading.Event()
        self._stopped = threading.Event()
        self._is_stale = False
        # Guards the connection against being woken up after it was closed.
        self._lock = threading.Lock()
        self._pulse: pulsectl.Pulse | None = None
        self._thread = ReportingThread(self._run, name="input devices", daemon=True)
        self._thread.start()

    @classmethod
    def connect(cls) -> Self | None:
        """Return a watcher that knows the sources, or None where there is no sound server.

        Raises:
            AudioError: There is one, but it hangs. PortAudio would hang with it.
        """
        watcher = cls()
        tried = watcher._tried.wait(_CONNECT_S)
        if watcher._answered:
            return watcher
        watcher.close()
        if tried:
            return None
        raise AudioError(
            "the sound server (PulseAudio or PipeWire) does not answer; log out and in again, "
            "or restart it: systemctl --user restart pipewire-pulse pulseaudio"
        )

    @property
    def is_live(self) -> bool:
        """The server tells changes."""
        return True

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the sources as the server last told; none while no server answers."""
        return self._devices

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` from the watching thread after every change."""
        return self._listeners.add(listener)

    def refresh(self) -> None:
        """Do nothing: the server tells changes by itself."""

    def close(self) -> None:
        """End the thread and the connection; a thread that hangs is left behind."""
        self._stopped.set()
        # Several times: a wake-up is lost if the thread is just about to wait.
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
                # Without pulsectl's own time limit, which is always waited for in full.
                pulse.connect()
                self._follow(pulse)
            # pulsectl tells a lost connection by four unrelated classes, one of them private.
            except Exception as error:
                _log.debug("no sound server: %r", error)
            finally:
                with self._lock:
                    self._pulse = None
                    pulse.close()
            self._publish(())
            self._tried.set()
            self._stopped.wait(_RETRY_S)

    def _follow(self, pulse: pulsectl.Pulse) -> None:
        """Keep the list while the server is there and `close` was not called."""
        with self._lock:
            self._pulse = pulse
        pulse.event_mask_set("source", "server")
        pulse.event_callback_set(self._on_event)
        self._is_stale = True
        while not self._stopped.is_set():
            # News may also arrive while the list is being read.
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
            self._listeners.tell()


def _devices(pulse: pulsectl.Pulse) -> tuple[InputDevice, ...]:
    """Ask the server for its sources."""
    server = pulse.server_info()
    sources = pulse.source_list()
    microphones = [source.name for source in sources if source.monitor_of_sink_name is None]
    # Without a microphone the server's default is a monitor: that is not a microphone
    # to listen to unasked.
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
