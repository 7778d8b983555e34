"""Work on stored sessions that takes long: what a window needs to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from granite_live.live.events import Event
    from granite_live.transcript.history import Change


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        session_id: The session in the library, None where nothing came of it.
        taken_over: The user's corrections that the session has from an earlier one, None
            without any; `Library.apply(taken_over.reversed)` takes them out.
        without_text: How many utterances have no text all the same; their sound is kept.
    """

    session_id: int | None
    taken_over: Change | None = None
    without_text: int = 0


class Task(Protocol):
    """One such piece of work. `run` blocks and belongs into a thread."""

    def run(self, listener: Callable[[Event], None]) -> Outcome:
        """Do it. `listener` hears the texts as they come, from the work's own threads.

        Raises:
            GraniteError: It cannot be done; the message says why.
        """

    def stop(self) -> None:
        """End it soon, now or when it begins. Returns at once; from any thread."""
