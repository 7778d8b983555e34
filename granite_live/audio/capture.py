"""Microphones and the computer's own audio output, through PortAudio.

Everything about the sounddevice library is here: how to load it, list devices and open a stream.
`capture_source` uses the streams.
"""

from __future__ import annotations

import atexit
import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from granite_live.audio.capture_source import CaptureSource
from granite_live.audio.capture_stream import AudioCallback, DeviceStream
from granite_live.audio.devices import CallbackList, DeviceKind, DeviceWatcher, InputDevice
from granite_live.messages.audio import AudioMessage
from granite_live.util import paths
from granite_live.util.errors import AudioError
from granite_live.util.logs import NativeLog

# Long enough that the fixed cost of a callback is negligible, short enough for a low latency.
BLOCK_S = 0.02
# How much the system may buffer for a callback that comes late; it adds this latency only then.
_LATENCY_S = 0.1

_MAX_CHANNELS = 2
_PREFIX = "portaudio:"
# Windows lists every device under four host APIs; this one has untruncated names.
_WASAPI = "Windows WASAPI"
_PULSE_PREFIX = "pulse:"
_PULSE_DEVICE = "pulse"
_PULSE_VARIABLE = "PULSE_SOURCE"
# Another thread may hang in PortAudio forever: fail after this time.
_LOCK_S = 2.0


def open_input(
    watcher: DeviceWatcher,
    *,
    device: InputDevice | None = None,
    kind: DeviceKind = DeviceKind.MICROPHONE,
    allow_default: bool = False,
) -> CaptureSource:
    """Return the source that records `device`, or the default of its kind; not yet started.

    Args:
        watcher: From `inputs.watch_inputs`; close it after stopping the source.
        device: The chosen device, None for the default.
        kind: The kind of default device.
        allow_default: Use the default while the chosen device is not connected.

    Raises:
        AudioError: The PortAudio library is not installed.
    """
    return CaptureSource(
        PortAudio.shared(), watcher, device=device, kind=kind, allow_default=allow_default
    )


class PortAudio:
    """The PortAudio library of this process; `shared` returns the only instance.

    PortAudio reads the list of devices once. Reading it again requires terminating and
    initializing the library, which ends every open stream, so it is done only while none is open.
    """

    def __init__(self, sounddevice: Any, native_log: NativeLog | None = None) -> None:
        self._sounddevice = sounddevice
        self._native_log = native_log
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._open_streams = 0

    @classmethod
    @functools.cache
    def shared(cls) -> Self:
        """Return this process's PortAudio; the first call loads the library.

        Raises:
            AudioError: The library is not installed.
        """
        try:
            import sounddevice
        except OSError as error:
            raise AudioError(AudioMessage.PORTAUDIO_MISSING_FOR_RECORDING()) from error
        return cls(sounddevice, NativeLog.begin(paths.log_dir()))

    def inputs(self) -> tuple[InputDevice, ...]:
        """Return the inputs in PortAudio's list, which may be outdated.

        Raises:
            AudioError: The sound system does not answer.
        """
        # Another thread may be about to reinitialize the library.
        with self._locked():
            return tuple(device for device, _ in self._inputs())

    def refresh(self) -> bool:
        """Read the list of devices again; return False if a stream is open.

        Raises:
            AudioError: The sound system does not answer.
        """
        with self._locked():
            return self._refresh()

    def open(
        self, device: InputDevice, callback: AudioCallback, finished: Callable[[], None]
    ) -> DeviceStream:
        """Open a stream on a device. The caller must start and finally close it.

        Raises:
            AudioError: The device is not connected or cannot be opened.
        """
        sounddevice = self._sounddevice
        with self._locked(), _environment(_pulse_source(device)):
            index = self._index(device)
            if index is None and self._refresh():
                index = self._index(device)
            if index is None:
                raise _not_listed(device)
            try:
                stream = sounddevice.InputStream(
                    device=index,
                    samplerate=device.sample_rate_hz,
                    channels=device.channels,
                    dtype="float32",
                    blocksize=round(device.sample_rate_hz * BLOCK_S),
                    latency=_LATENCY_S,
                    callback=callback,
                    finished_callback=finished,
                )
            except (sounddevice.PortAudioError, ValueError) as error:
                raise AudioError(
                    AudioMessage.DEVICE_UNOPENABLE(name=device.name, reason=error)
                ) from error
            with self._counting:
                self._open_streams += 1
        return _OpenStream(stream, self._closed, sounddevice)

    def output_rate_hz(self) -> int:
        """Return the sample rate of the default output.

        Raises:
            AudioError: There is no output.
        """
        with self._locked():
            index = self._output_index()
            return round(float(self._sounddevice.query_devices(index)["default_samplerate"]))

    def open_output(
        self,
        sample_rate_hz: int,
        fill: Callable[[Any], bool],
        finished: Callable[[], None],
    ) -> DeviceStream:
        """Open the default output with one channel; see `playback.Output`.

        Raises:
            AudioError: There is no output, or it cannot be opened.
        """
        sounddevice = self._sounddevice

        def callback(block: Any, _frames: int, _time: Any, _status: Any) -> None:
            if not fill(block[:, 0]):
                raise sounddevice.CallbackStop

        with self._locked():
            try:
                stream = sounddevice.OutputStream(
                    device=self._output_index(),
                    samplerate=sample_rate_hz,
                    channels=1,
                    dtype="float32",
                    latency=_LATENCY_S,
                    callback=callback,
                    finished_callback=finished,
                )
            except (sounddevice.PortAudioError, ValueError) as error:
                raise AudioError(AudioMessage.DEFAULT_OUTPUT_UNOPENABLE(reason=error)) from error
            with self._counting:
                self._open_streams += 1
        return _OpenStream(stream, self._closed, sounddevice, "output")

    def _output_index(self) -> int:
        """Return the sound server's output if PortAudio lists it, else the default one."""
        for _ in range(2):
            entries = list(self._sounddevice.query_devices())
            names = [entry["name"] for entry in entries if entry["max_output_channels"]]
            if names:
                if _PULSE_DEVICE in names:
                    return [entry["name"] for entry in entries].index(_PULSE_DEVICE)
                usual = int(self._sounddevice.default.device[1])
                if usual >= 0:
                    return usual
                return [bool(entry["max_output_channels"]) for entry in entries].index(True)
            # The output may be newer than the list.
            if not self._refresh():
                break
        raise AudioError(AudioMessage.NO_OUTPUT())

    def _closed(self) -> None:
        with self._counting:
            self._open_streams -= 1

    def _refresh(self) -> bool:
        if self._open_streams:
            return False
        self._sounddevice._terminate()
        self._sounddevice._initialize()
        return True

    def _index(self, device: InputDevice) -> int | None:
        if device.id.startswith(_PULSE_PREFIX):
            names = [entry["name"] for entry in self._sounddevice.query_devices()]
            return names.index(_PULSE_DEVICE) if _PULSE_DEVICE in names else None
        return next((index for known, index in self._inputs() if known.id == device.id), None)

    def _inputs(self) -> Iterator[tuple[InputDevice, int]]:
        """Yield the inputs of the preferred host API with their indices."""
        apis = self._sounddevice.query_hostapis()
        if not apis:
            return
        names = [api["name"] for api in apis]
        usual = names.index(_WASAPI) if _WASAPI in names else self._sounddevice.default.hostapi
        seen: dict[str, int] = {}
        for index, entry in enumerate(self._sounddevice.query_devices()):
            if not entry["max_input_channels"] or entry["hostapi"] != usual:
                continue
            name = f"{_PREFIX}{names[usual]}:{entry['name']}"
            # Identical devices are distinguished by their order.
            seen[name] = seen.get(name, 0) + 1
            device = InputDevice(
                id=name if seen[name] == 1 else f"{name}#{seen[name]}",
                name=entry["name"],
                kind=DeviceKind.MICROPHONE,
                is_default=index == apis[usual]["default_input_device"],
                sample_rate_hz=round(entry["default_samplerate"]),
                channels=min(entry["max_input_channels"], _MAX_CHANNELS),
            )
            yield device, index

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_LOCK_S):
            raise AudioError(AudioMessage.SOUND_SYSTEM_STUCK())
        try:
            if self._native_log is not None:
                self._native_log.truncate_if_long()
            yield
        finally:
            self._lock.release()


class PortAudioWatcher:
    """Lists the inputs on systems without a sound server; `refresh` updates the list."""

    def __init__(self, portaudio: PortAudio) -> None:
        self._portaudio = portaudio
        self._listeners = CallbackList()
        # The library may have been loaded long ago.
        portaudio.refresh()
        self._devices = portaudio.inputs()

    @property
    def is_live(self) -> bool:
        """Always False: PortAudio reports no changes."""
        return False

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the inputs of the latest refresh."""
        return self._devices

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when `refresh` has found a change; return a function to unsubscribe."""
        return self._listeners.add(listener)

    def refresh(self) -> None:
        """Read the list again if no stream is open.

        Raises:
            AudioError: The sound system does not answer.
        """
        if not self._portaudio.refresh():
            return
        devices = self._portaudio.inputs()
        if devices != self._devices:
            self._devices = devices
            self._listeners.notify()

    def close(self) -> None:
        """Do nothing; no resource is held."""


class _OpenStream:
    """A sounddevice stream that is aborted and closed once.

    Its `stop` is not used: that waits for the device's last samples, forever if there are none.
    """

    def __init__(
        self, stream: Any, closed: Callable[[], None], sounddevice: Any, what: str = "input"
    ) -> None:
        self._what = what
        self._stream = stream
        self._closed = closed
        self._sounddevice = sounddevice

    def start(self) -> None:
        try:
            self._stream.start()
        except self._sounddevice.PortAudioError as error:
            raise AudioError(
                AudioMessage.STREAM_UNSTARTABLE(what=self._what, reason=error)
            ) from error

    def close(self) -> None:
        self._stream.abort()
        self._stream.close()
        self._closed()

    def abandon(self) -> None:
        # At exit, sounddevice closes the open streams, which would hang as well.
        atexit.unregister(self._sounddevice._exit_handler)


@contextmanager
def _environment(pulse_source: str | None) -> Iterator[None]:
    """Set the variable for libpulse, which reads the environment when a stream is opened."""
    if pulse_source is None:
        yield
        return
    before = os.environ.get(_PULSE_VARIABLE)
    os.environ[_PULSE_VARIABLE] = pulse_source
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PULSE_VARIABLE]
        else:
            os.environ[_PULSE_VARIABLE] = before


def _pulse_source(device: InputDevice) -> str | None:
    is_pulse = device.id.startswith(_PULSE_PREFIX)
    return device.id.removeprefix(_PULSE_PREFIX) if is_pulse else None


def _not_listed(device: InputDevice) -> AudioError:
    if device.id.startswith(_PULSE_PREFIX):
        return AudioError(AudioMessage.NO_WAY_TO_SOUND_SERVER(name=device.name))
    return AudioError(AudioMessage.DEVICE_NOT_CONNECTED(name=device.name))
