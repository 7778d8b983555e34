"""The inputs of a computer: microphones, and the computer's own audio output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError


class DeviceKind(Enum):
    """The kind of audio that an input records."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    """The computer's output, such as meetings and videos."""


@dataclass(frozen=True, slots=True)
class InputDevice:
    """An input in its current state.

    Attributes:
        id: Identifies the device permanently, also after a restart or reconnection.
        name: The system's name for users.
        kind: Microphone or system audio.
        is_default: Whether it is the default of its kind.
        sample_rate_hz: The rate at which it is recorded.
        channels: How many channels are recorded, 1 or 2.
        is_muted: The system's mute switch; a switch on the device is unknown.
    """

    id: str
    name: str
    kind: DeviceKind
    is_default: bool
    sample_rate_hz: int
    channels: int
    is_muted: bool = False


class DeviceWatcher(Protocol):
    """Lists the inputs while the program runs."""

    @property
    def is_live(self) -> bool:
        """Whether changes are reported at once; otherwise `refresh` looks for them."""

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the devices known now; never waits."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` from any thread after every change; return a function to unsubscribe."""

    def refresh(self) -> None:
        """Read the list again, unless `is_live`. May take long.

        Raises:
            AudioError: The sound system does not answer.
        """

    def close(self) -> None:
        """Stop watching. Idempotent."""


class CallbackList:
    """A list of functions to call on a change."""

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[], None]] = {}

    def add(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Add a listener and return the function that removes it."""
        key = object()
        self._listeners[key] = listener

        def forget() -> None:
            self._listeners.pop(key, None)

        return forget

    def notify(self) -> None:
        """Call all listeners."""
        for listener in tuple(self._listeners.values()):
            listener()


def find_input(devices: Iterable[InputDevice], wanted: str) -> InputDevice:
    """Return the device whose id or name is `wanted`, or the only one whose name contains it.

    Raises:
        AudioError: No device matches, or several do.
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
            raise AudioError(AudioMessage.SEVERAL_INPUTS(wanted=wanted, ids=ids))
    names = ", ".join(f'"{device.name}"' for device in devices) or AudioMessage.NONE_AT_ALL()
    raise AudioError(AudioMessage.NO_SUCH_INPUT(wanted=wanted, names=names))
