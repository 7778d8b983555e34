"""Time limits after which a worker counts as hung."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits and restart delays in seconds."""

    start_s: float = 120.0
    """For a new process until its first message. Starting Python takes long on a busy machine,
    and a restart would only make the machine busier."""
    beat_s: float = 20.0
    """Without any message. Generous, because a machine that swaps is slow, not dead."""
    task_s: float = 30.0
    """For a task of any length."""
    task_per_sound: float = 20.0
    """Additional time for each second of its audio."""
    restart_s: tuple[float, ...] = (0.0, 1.0, 5.0)
    """Delays before the first, second and third consecutive restart that achieved nothing."""

    def task_limit_s(self, sound_s: float) -> float:
        """Return the time limit for a task with `sound_s` seconds of audio."""
        return self.task_s + self.task_per_sound * sound_s
