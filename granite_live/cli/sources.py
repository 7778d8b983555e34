"""Where `granite-live listen` gets its sound from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.errors import AudioError
from granite_live.settings import Settings

if TYPE_CHECKING:
    from granite_live.audio.devices import DeviceWatcher
    from granite_live.audio.source import Source

_log = logging.getLogger(__name__)


@contextmanager
def input_source(
    device: str | None,
    *,
    system_sound: bool,
    settings: Settings | None = None,
    warn: Callable[[str], object] = _log.warning,
) -> Iterator[Source]:
    """Give a microphone, or what the computer plays.

    Args:
        device: An id or a part of a name. Recorded, or waited for, and nothing else.
        system_sound: Take the default of what the computer plays.
        settings: What to take where neither is asked for. While the input that they name is
            not connected, the default is recorded, as in the window.
        warn: Told a sentence if that is so from the start.

    Raises:
        AudioError: There is no such input, or nothing can be recorded at all.
    """
    from granite_live.audio.devices import watch_inputs

    watcher = watch_inputs()
    try:
        if device is None and not system_sound:
            yield _usual_input(watcher, settings or Settings(), warn)
        else:
            yield _input_asked_for(watcher, device)
    finally:
        watcher.close()


def _input_asked_for(watcher: DeviceWatcher, device: str | None) -> Source:
    """Return the named input, None for the default of the computer's own sound."""
    from granite_live.audio.capture import open_input
    from granite_live.audio.devices import DeviceKind, find_input

    if device is not None:
        return open_input(watcher, device=find_input(watcher.devices(), device))
    _check_system_sound(watcher)
    return open_input(watcher, kind=DeviceKind.SYSTEM)


def _usual_input(
    watcher: DeviceWatcher, settings: Settings, warn: Callable[[str], object]
) -> Source:
    from granite_live.audio.capture import open_input

    wanted = settings.input_device
    for device in watcher.devices():
        if device.id == wanted:
            return open_input(watcher, device=device, allow_default=True)
    if wanted:
        warn(f"The input of your settings, '{wanted}', is not connected: the default is taken.")
    if settings.input_kind == "system":
        return _input_asked_for(watcher, None)
    return open_input(watcher)


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
