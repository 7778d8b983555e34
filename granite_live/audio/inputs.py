"""List and watch the inputs in the best way that this system offers.

Importing this module loads PortAudio, which files do not need: import it where it is used.
"""

from __future__ import annotations

import sys

from granite_live.audio.capture import PortAudio, PortAudioWatcher
from granite_live.audio.devices import DeviceWatcher, InputDevice
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError


def watch_inputs() -> DeviceWatcher:
    """Watch the inputs in the best way that this system offers.

    Raises:
        AudioError: PortAudio, which records, is not installed, or the sound server hangs.
    """
    # Connect to the server first: while PortAudio loads, it waits for one that hangs.
    watcher = _pulse_watcher()
    try:
        portaudio = PortAudio.shared()
    except AudioError:
        if watcher is not None:
            watcher.close()
        raise
    return watcher or PortAudioWatcher(portaudio)


def _pulse_watcher() -> DeviceWatcher | None:
    """Return the sound server's watcher, None if there is no sound server."""
    if sys.platform != "linux":
        return None
    try:
        from granite_live.audio.pulse_devices import PulseWatcher
    except OSError:  # pulsectl is installed, but the library that it loads is not
        return None
    return PulseWatcher.connect()


def list_inputs() -> list[InputDevice]:
    """Return the current inputs, microphones first, the default of each kind first.

    Raises:
        AudioError: PortAudio, which records, is not installed, the sound server hangs, or
            there is no input.
    """
    watcher = watch_inputs()
    try:
        devices = watcher.devices()
    finally:
        watcher.close()
    if not devices:
        raise AudioError(AudioMessage.NO_INPUT())
    return sorted(devices, key=lambda device: (device.kind.value, not device.is_default))
