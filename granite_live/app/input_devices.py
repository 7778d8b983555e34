"""The input devices as a front end shows them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.audio.devices import DeviceWatcher
    from granite_live.audio.source import AudioSource


@dataclass(frozen=True, slots=True)
class AudioInput:
    """An input device. `id` is stable."""

    id: str
    name: str
    is_system_sound: bool
    is_default: bool
    is_muted: bool = False


class InputDevices:
    """Watches the input devices from `open` to `close`. `listener` is called from any thread."""

    def __init__(self, listener: Callable[[], None]) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._watcher: DeviceWatcher | None = None

    def open(self) -> None:
        """Start watching, if not yet started. May take seconds.

        Raises:
            AudioError: This computer cannot record; the message says why.
        """
        from granite_live.audio.inputs import watch_inputs

        with self._lock:
            if self._watcher is None:
                self._watcher = watch_inputs()
                self._watcher.subscribe(self._listener)

    def refresh(self) -> None:
        """Enumerate again where the system does not report changes. May take seconds.

        Raises:
            AudioError: The sound system does not answer.
        """
        watcher = self._watcher
        if watcher is not None and not watcher.is_live:
            watcher.refresh()

    def devices(self) -> tuple[AudioInput, ...]:
        """Return the inputs: microphones first, each kind's default first. Does not block."""
        from granite_live.audio.devices import DeviceKind

        watcher = self._watcher
        devices = () if watcher is None else watcher.devices()
        found = (
            AudioInput(
                one.id, one.name, one.kind is DeviceKind.SYSTEM, one.is_default, one.is_muted
            )
            for one in devices
        )
        return tuple(sorted(found, key=lambda one: (one.is_system_sound, not one.is_default)))

    def open_source(self, input_id: str | None, *, system_sound: bool) -> AudioSource:
        """Return the source for the input of this id, or for the default of its kind.

        Raises:
            AudioError: The input is not connected, or this computer cannot record.
        """
        from granite_live.audio.capture import open_input
        from granite_live.audio.devices import DeviceKind, find_input

        self.open()
        assert self._watcher is not None
        if input_id is not None:
            device = find_input(self._watcher.devices(), input_id)
            return open_input(self._watcher, device=device, allow_default=True)
        kind = DeviceKind.SYSTEM if system_sound else DeviceKind.MICROPHONE
        return open_input(self._watcher, kind=kind)

    def close(self) -> None:
        """Stop watching. May take a second."""
        with self._lock:
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()
