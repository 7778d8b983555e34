"""The interface of long tasks on stored sessions, and their result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from granite_live.library import Change
    from granite_live.session.events import Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a task.

    Attributes:
        session_id: The session in the library, None if nothing was stored.
        taken_over: The corrections copied from an earlier session, None without any;
            `Library.apply(taken_over.reversed)` undoes the copy.
        without_text: How many utterances still have no text; their audio is kept.
        detail: A sentence on what else is missing, "" if nothing is.
    """

    session_id: int | None
    taken_over: Change | None = None
    without_text: int = 0
    detail: str = ""


class Task(Protocol):
    """A long task. `run` blocks and belongs in a thread."""

    def run(self, listener: Callable[[Event], None]) -> Outcome:
        """Run the task. `listener` receives the texts, from the task's own threads.

        Raises:
            GraniteError: The task failed; the message says why.
        """

    def stop(self) -> None:
        """Stop soon, or as soon as it starts. Returns at once; may be called from any thread."""
