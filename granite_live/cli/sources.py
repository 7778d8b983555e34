"""Opens the audio sources of `granite-live listen`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.settings import Settings
from granite_live.util.errors import AudioError

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
    """Open a microphone or the system's sound.

    Args:
        device: An id or a part of a name. Only this input is used, even if it disconnects.
        system_sound: Use the default system sound input.
        settings: Select the input if neither is given. While that input is not connected, the
            default is recorded, as in the window.
        warn: Receives a sentence if that is so at the start.

    Raises:
        AudioError: The input does not exist, or this computer cannot record.
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
    """Return the named input; None selects the default system sound."""
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
def file_source(
    path: Path, *, realtime: bool, audio_track: int | str | None = None
) -> Iterator[Source]:
    """Open a recording.

    Raises:
        AudioError: It cannot be read; raised before a session starts.
    """
    from granite_live.audio.file_source import FileSource
    from granite_live.audio.files import open_audio

    open_audio(path, audio_track=audio_track).close()
    yield FileSource(path, realtime=realtime, audio_track=audio_track)


def _check_system_sound(watcher: DeviceWatcher) -> None:
    from granite_live.audio.devices import DeviceKind

    if not any(device.kind is DeviceKind.SYSTEM for device in watcher.devices()):
        raise AudioError(
            "The computer's own sound cannot be recorded here: that takes PulseAudio or PipeWire "
            "on Linux; elsewhere install a loopback device, such as BlackHole on macOS, and "
            "choose it with --device."
        )
