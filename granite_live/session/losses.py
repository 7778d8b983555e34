"""Summarize what a session has lost, for its last event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from granite_live.session.events import LostSound

# A sentence names at most this many stretches; the event has all of them.
_MAX_NAMED = 3


def losses(
    from_disk: Iterable[tuple[int, int]], missing: Iterable[tuple[int, float, str]], rate: int
) -> tuple[LostSound, ...]:
    """Return the lost stretches in order.

    Args:
        from_disk: The samples (start, stop) that neither disk nor memory could hold.
        missing: The sample before which audio is missing, the seconds, and the reason.
        rate: Samples per second.
    """
    found = [
        LostSound(start / rate, stop / rate, (stop - start) / rate, "disk")
        for start, stop in from_disk
    ]
    found += [LostSound(at / rate, at / rate, seconds, why) for at, seconds, why in missing]
    return tuple(sorted(found, key=lambda one: one.start_s))


def sentences(lost: Sequence[LostSound], texts_lost: int, reason: str) -> str:
    """Return sentences for the user, "" if nothing was lost.

    Args:
        lost: The result of `losses`.
        texts_lost: Number of texts that are not on the disk.
        reason: Why the disk did not take the end of the session, "" if it did.
    """
    found = []
    if lost:
        named = [_named(one) for one in lost[:_MAX_NAMED]]
        if len(lost) > _MAX_NAMED:
            named.append(f"and {len(lost) - _MAX_NAMED} more stretches")
        seconds = sum(one.seconds for one in lost)
        found.append("; ".join([f"{seconds:.1f} s of sound were lost", *named]) + ".")
    if texts_lost:
        found.append(f"{texts_lost} texts could not be written to the disk.")
    if reason:
        found.append(reason)
    return " ".join(found)


def _named(one: LostSound) -> str:
    if one.reason == "disk":
        return f"from {one.start_s:.1f} s to {one.end_s:.1f} s, because the disk took no more"
    why = "the program was stopped or" if one.reason == "suspended" else ""
    reason = f"{why} the computer was too busy".strip()
    return f"{one.seconds:.1f} s at {one.start_s:.1f} s, because {reason}"
