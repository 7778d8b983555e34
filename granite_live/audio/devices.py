"""Which inputs there are: microphones, and the computer's own sound."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from granite_live.errors import AudioError


class DeviceKind(Enum):
    """What an input hears."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    """What the computer plays: meetings, videos."""


@dataclass(frozen=True, slots=True)
class InputDevice:
    """An input, as it is now.

    Attributes:
        id: Names the device for good: the same after a restart or another plugging in.
        name: What the system calls it before the user.
        kind: Microphone or system sound.
        is_default: The one to take where none of its kind is named.
        sample_rate_hz: The rate at which it is recorded.
        channels: How many are recorded, 1 or 2.
        is_muted: The system's own switch; a switch on the device is not known.
    """

    id: str
    name: str
    kind: DeviceKind
    is_default: bool
    sample_rate_hz: int
    channels: int
    is_muted: bool = False


class DeviceWatcher(Protocol):
    """Knows the inputs while the program runs."""

    @property
    def is_live(self) -> bool:
        """Whether changes are told by themselves; otherwise `refresh` looks for them."""

    def devices(self) -> tuple[InputDevice, ...]:
        """Return what is known now; never waits."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener`, from any thread, whenever `devices` changed; return how to end it."""

    def refresh(self) -> None:
        """Look again, unless `is_live`. May take long.

        Raises:
            AudioError: The sound system does not answer.
        """

    def close(self) -> None:
        """End the watching. Doing so twice does no harm."""


class Listeners:
    """Those who want to know that something changed."""

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[], None]] = {}

    def add(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Remember a listener and return the function that forgets it."""
        key = object()
        self._listeners[key] = listener

        def forget() -> None:
            self._listeners.pop(key, None)

        return forget

    def tell(self) -> None:
        """Call them all."""
        for listener in tuple(self._listeners.values()):
            listener()


def watch_inputs() -> DeviceWatcher:
    """Begin to watch the inputs in the way that this system offers.

    Raises:
        AudioError: PortAudio, which does the recording, is not installed, or the sound
            server hangs.
    """
    # A local import: this loads a library that files do not need.
    from granite_live.audio.capture import PortAudio, PortAudioWatcher

    # First the server: PortAudio, while it is being loaded, waits for one that hangs.
    watcher = _pulse_watcher()
    try:
        portaudio = PortAudio.shared()
    except AudioError:
        if watcher is not None:
            watcher.close()
        raise
    return watcher or PortAudioWatcher(portaudio)


def _pulse_watcher() -> DeviceWatcher | None:
    """Return the sound server's watcher, None where there is no sound server."""
    if sys.platform != "linux":
        return None
    try:
        from granite_live.audio.devices_pulse import PulseWatcher
    except OSError:  # pulsectl is there, but the library that it loads is not
        return None
    return PulseWatcher.connect()


def list_inputs() -> list[InputDevice]:
    """Return the inputs there are now, microphones first, each kind's default in front.

    Raises:
        AudioError: PortAudio, which does the recording, is not installed, the sound server
            hangs, or there is no input at all.
    """
    watcher = watch_inputs()
    try:
        devices = watcher.devices()
    finally:
        watcher.close()
    if not devices:
        raise AudioError(
            "there is no microphone and no other input; connect one, and on Linux see that "
            "PulseAudio or PipeWire runs"
        )
    return sorted(devices, key=lambda device: (device.kind.value, not device.is_default))


def find_input(devices: Iterable[InputDevice], wanted: str) -> InputDevice:
    """Return the device whose id or name is `wanted`, or the only one whose name contains it.

    Raises:
        AudioError: None fits, or several do.
    """
    devices = tuple(devices)
    text = wanted.casefold()
    for fits in (
        [device for device in devices if device.id == wanted],
        [device for device in devices if device.name.casefold() == text],
        [device for device in devices if text in device.name.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            ids = ", ".join(device.id for device in fits)
            raise AudioError(f'several inputs are called "{wanted}": name one by its id ({ids})')
    names = ", ".join(f'"{device.name}"' for device in devices) or "none at all"
    raise AudioError(f'there is no input called "{wanted}"; there are: {names}')
