"""One piece of work in the queue, and how far it has come. Knows nothing of Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from granite_live.engine import Interrupted, ModelChoice, Outcome, Task
from granite_live.transcript.history import Session


class JobState(Enum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """A piece of work. `done_s` of `duration_s` of sound have their text; 0.0 is unknown.

    `name` is what the user calls it, `problem` a sentence about what went wrong, `session_id`
    the session that came of it.
    """

    name: str
    state: JobState = JobState.WAITING
    duration_s: float = 0.0
    done_s: float = 0.0
    session_id: int = 0
    problem: str = ""
    began_s: float = 0.0

    @property
    def left_s(self) -> float | None:
        """How long it will take at the speed so far, None where that cannot be told."""
        spent_s = time.monotonic() - self.began_s
        if self.state is not JobState.RUNNING or not self.duration_s or self.done_s < 1.0:
            return None
        return max(0.0, spent_s / self.done_s * (self.duration_s - self.done_s))

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.done_s / self.duration_s) if self.duration_s else 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)


@dataclass(eq=False)
class FileJob(Job):
    """A recording or a video that becomes a session."""

    path: Path = field(default_factory=Path)


@dataclass(eq=False)
class TaskJob(Job):
    """Work on a stored session. `make` returns the task when its turn has come."""

    make: Callable[[], Task] | None = None
    outcome: Outcome | None = None


@dataclass(eq=False)
class AgainJob(TaskJob):
    """A session that is transcribed once more."""

    session: Session | None = None
    model: ModelChoice | None = None


@dataclass(eq=False)
class RecoveryJob(TaskJob):
    """A session that a crash left without its last texts."""

    interrupted: Interrupted | None = None
