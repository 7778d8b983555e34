"""Decide when a stream counts as lost or silent, and word the messages for the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from granite_live.audio.continuity import Missing
from granite_live.audio.devices import DeviceKind, InputDevice

if TYPE_CHECKING:
    from granite_live.audio.capture_stream import Keeper


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of a capture stream."""

    block_s: float = 1.5
    """Without a block for this long the device counts as lost; blocks come every 20 ms."""
    first_block_s: float = 3.0
    """A sound server may wake its device first, which has taken up to 2 seconds."""
    zeros_s: float = 1.5
    """Zeros for this long mean a muted microphone: even a silent room makes noise."""
    sound_check_s: float = 0.25
    """How often to check for sound while there are only zeros."""
    retry_s: float = 1.0
    """Between two attempts to open a device."""
    late_s: float = 0.5
    """If the watching thread wakes this much too late, the program was suspended."""
    close_s: float = 0.5
    """A stream that takes longer to close is left behind."""
    hung_streams: int = 3
    """With this many streams left behind, no further ones are opened."""


def block_deadline_s(keeper: Keeper, limits: Limits, running_since_s: float) -> float:
    """Return the time [time.monotonic] by which the next block must arrive.

    No block can arrive while the program is suspended; `running_since_s` is when it resumed.
    """
    if keeper.tap.last_block_s is None:
        return max(keeper.began_s, running_since_s) + limits.first_block_s
    return max(keeper.tap.last_block_s, running_since_s) + limits.block_s


def trouble(keeper: Keeper, limits: Limits, now_s: float, running_since_s: float) -> str | None:
    """Return a sentence about the failure of a stream, None if it works."""
    name = keeper.device.name
    if keeper.error is not None:
        return keeper.error
    if keeper.is_finished:
        return f"the sound system has ended the recording from {name}"
    if now_s < block_deadline_s(keeper, limits, running_since_s):
        return None
    if keeper.tap.last_block_s is None:
        return f"{name} was opened but gives no sound; is it in use by another program?"
    return f"no sound arrives from {name} any more; is it still connected?"


def change(old: InputDevice, new: InputDevice | None, devices: tuple[InputDevice, ...]) -> str:
    """Return a sentence about the change from `old` to `new`, or to no device."""
    gone = all(device.id != old.id for device in devices)
    reasons = [f"{old.name} is no longer connected"] if gone else []
    if new is not None:
        reasons.append(f"changing to {new.name}")
    return "; ".join(reasons) or f"{old.name} is not the default any more"


def gap(name: str, missing: Missing) -> str:
    """Return a sentence about audio that a connected device did not deliver."""
    if missing.was_asleep:
        return f"The computer slept: {missing.seconds:.0f} s were not recorded."
    return (
        f"{missing.seconds:.1f} s of sound from {name} are missing, as when the program is stopped "
        f"or the computer too busy."
    )


def silence(device: InputDevice) -> str:
    """Return a sentence about a device that delivers only zeros."""
    if device.is_muted:
        return f"{device.name} is muted in the system's sound settings; switch it on there"
    return f"{device.name} gives nothing but zeros; it is probably muted by a switch of its own"


def absence(chosen: InputDevice | None, kind: DeviceKind) -> str:
    """Return a sentence about a device that is not connected."""
    if chosen is not None:
        return f"{chosen.name} is not connected; listening goes on once it is"
    if kind is DeviceKind.MICROPHONE:
        return "no microphone is connected; listening begins once there is one"
    return "the system sound cannot be recorded: no sound output, or no sound server is there"
