"""The inputs while the window is open, with news when one is plugged in or out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.audio.devices import DeviceWatcher
    from granite_live.audio.source import Source


@dataclass(frozen=True, slots=True)
class Input:
    """An input to choose. `id` names it for good."""

    id: str
    name: str
    is_system_sound: bool
    is_default: bool
    is_muted: bool = False


class Inputs:
    """Watches the inputs from `open` to `close`. `listener` is called from any thread."""

    def __init__(self, listener: Callable[[], None]) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._watcher: DeviceWatcher | None = None

    def open(self) -> None:
        """Begin to watch, if that did not begin yet. May take seconds.

        Raises:
            AudioError: Nothing can be recorded here; the message says why.
        """
        from granite_live.audio.devices import watch_inputs

        with self._lock:
            if self._watcher is None:
                self._watcher = watch_inputs()
                self._watcher.subscribe(self._listener)

    def refresh(self) -> None:
        """Look again where changes are not told by themselves. May take seconds.

        Raises:
            AudioError: The sound system does not answer.
        """
        watcher = self._watcher
        if watcher is not None and not watcher.is_live:
            watcher.refresh()

    def known(self) -> tuple[Input, ...]:
        """Return the inputs, microphones first, each kind's default in front. Never waits."""
        from granite_live.audio.devices import DeviceKind

        watcher = self._watcher
        devices = () if watcher is None else watcher.devices()
        found = (
            Input(one.id, one.name, one.kind is DeviceKind.SYSTEM, one.is_default, one.is_muted)
            for one in devices
        )
        return tuple(sorted(found, key=lambda one: (one.is_system_sound, not one.is_default)))

    def source(self, input_id: str | None, *, system_sound: bool) -> Source:
        """Return what records the input of this id, or the default of its kind.

        Raises:
            AudioError: It is not connected, or nothing can be recorded here.
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
        """End the watching. May take a second."""
        with self._lock:
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()
