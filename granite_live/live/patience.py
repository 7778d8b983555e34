"""How long a worker may take before it counts as hung."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds."""

    start_s: float = 120.0
    """For a new process to give its first sign of life. Python itself takes long to start
    on a busy machine; ending it for that would only make the machine busier."""
    beat_s: float = 20.0
    """Without any sign of life. Generous: a machine that swaps is slow, not dead."""
    task_s: float = 30.0
    """For a task, however short."""
    task_per_sound: float = 20.0
    """And for each second of its sound."""
    restart_s: tuple[float, ...] = (0.0, 1.0, 5.0)
    """Before the first, second, third restart in a row that came to nothing."""

    def task_limit_s(self, sound_s: float) -> float:
        """Return how long a task with `sound_s` seconds of sound may take."""
        return self.task_s + self.task_per_sound * sound_s
