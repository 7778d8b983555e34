"""Sets damaged files of measurements and verdicts aside, for the start of every front end."""

from __future__ import annotations


def set_aside_damaged_notes() -> tuple[str, ...]:
    """Set aside what is damaged; return a sentence for the user for each such file."""
    from granite_live.asr import thread_tuning
    from granite_live.models.selection import machine_facts
    from granite_live.models.store import verification

    told = (module.set_aside_damaged() for module in (thread_tuning, machine_facts, verification))
    return tuple(filter(None, told))
