"""Where `granite-live listen` gets its sound from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.errors import AudioError

if TYPE_CHECKING:
    from granite_live.audio.devices import DeviceWatcher
    from granite_live.audio.source import Source


@contextmanager
def input_source(device: str | None, *, system_sound: bool) -> Iterator[Source]:
    """Give a microphone, or what the computer plays.

    Args:
        device: An id or a part of a name; None takes the default.
        system_sound: The default is that of what the computer plays.

    Raises:
        AudioError: There is no such input, or nothing can be recorded at all.
    """
    from granite_live.audio.capture import open_input
    from granite_live.audio.devices import DeviceKind, find_input, watch_inputs

    watcher = watch_inputs()
    try:
        if device is not None:
            yield open_input(watcher, device=find_input(watcher.devices(), device))
        elif system_sound:
            _check_system_sound(watcher)
            yield open_input(watcher, kind=DeviceKind.SYSTEM)
        else:
            yield open_input(watcher)
    finally:
        watcher.close()


@contextmanager
def file_source(path: Path, *, realtime: bool) -> Iterator[Source]:
    """Give a recording.

    Raises:
        AudioError: It cannot be read; told before a session is begun for it.
    """
    from granite_live.audio.file_source import FileSource
    from granite_live.audio.files import open_audio

    open_audio(path).close()
    yield FileSource(path, realtime=realtime)


def _check_system_sound(watcher: DeviceWatcher) -> None:
    from granite_live.audio.devices import DeviceKind

    if not any(device.kind is DeviceKind.SYSTEM for device in watcher.devices()):
        raise AudioError(
            "The computer's own sound cannot be recorded here: that takes PulseAudio or PipeWire "
            "on Linux; elsewhere install a loopback device, such as BlackHole on macOS, and "
            "choose it with --device."
        )
