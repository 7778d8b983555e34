"""When a stream counts as lost or silent, and what the user is told then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from granite_live.audio.continuity import Missing
from granite_live.audio.devices import DeviceKind, InputDevice

if TYPE_CHECKING:
    from granite_live.audio.capture_stream import Keeper


@dataclass(frozen=True, slots=True)
class Limits:
    """How long what is waited for."""

    block_s: float = 1.5
    """Without a block for so long, the device is taken for lost: blocks come every 20 ms."""
    first_block_s: float = 3.0
    """A sound server may wake its device first, which was seen to take 2 seconds."""
    zeros_s: float = 1.5
    """Nothing but zeros for so long is no microphone: even a silent room makes noise."""
    sound_check_s: float = 0.25
    """How often to look, while there are only zeros, whether sound is back."""
    retry_s: float = 1.0
    """Between two attempts at a device that does not open."""
    late_s: float = 0.5
    """Who watches the stream and wakes so much too late did not run: neither did the callback."""
    close_s: float = 0.5
    """A stream that takes longer to close is left behind."""
    hung_streams: int = 3
    """With so many left behind, no further ones are opened."""


def block_deadline_s(keeper: Keeper, limits: Limits, running_since_s: float) -> float:
    """Return until when the next block must have come [time.monotonic].

    While the program did not run none could come: `running_since_s` is when it went on.
    """
    if keeper.tap.last_block_s is None:
        return max(keeper.began_s, running_since_s) + limits.first_block_s
    return max(keeper.tap.last_block_s, running_since_s) + limits.block_s


def trouble(keeper: Keeper, limits: Limits, now_s: float, running_since_s: float) -> str | None:
    """Return what is wrong with a stream, None if nothing is."""
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
    """Return why `old` is left for `new`, or for nothing."""
    gone = all(device.id != old.id for device in devices)
    reasons = [f"{old.name} is no longer connected"] if gone else []
    if new is not None:
        reasons.append(f"changing to {new.name}")
    return "; ".join(reasons) or f"{old.name} is not the default any more"


def gap(name: str, missing: Missing) -> str:
    """Return what to tell of sound that did not arrive from a device that is there."""
    if missing.was_asleep:
        return f"The computer slept: {missing.seconds:.0f} s were not recorded."
    return (
        f"{missing.seconds:.1f} s of sound from {name} are missing, as when the program is stopped "
        f"or the computer too busy."
    )


def silence(device: InputDevice) -> str:
    """Return why a device may give nothing but zeros."""
    if device.is_muted:
        return f"{device.name} is muted in the system's sound settings; switch it on there"
    return f"{device.name} gives nothing but zeros; it is probably muted by a switch of its own"


def absence(chosen: InputDevice | None, kind: DeviceKind) -> str:
    """Return what is missing where there is nothing to record."""
    if chosen is not None:
        return f"{chosen.name} is not connected; listening goes on once it is"
    if kind is DeviceKind.MICROPHONE:
        return "no microphone is connected; listening begins once there is one"
    return "the system sound cannot be recorded: no sound output, or no sound server is there"
