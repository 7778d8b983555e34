"""Call a hook for the events of a live session."""

from __future__ import annotations

from collections.abc import Callable

from granite_live.app.hooks.runner import HookRunner
from granite_live.session import events


class SessionHook:
    """Calls a hook with each final text, and at the end with the text of the whole session."""

    def __init__(self, runner: Callable[[], HookRunner | None]) -> None:
        """`runner` returns what calls the hook, None if there is no hook now."""
        self._runner = runner
        self._texts: list[str] = []

    def show(self, event: events.SessionEvent) -> None:
        """Take the next event of a session; from one thread at a time."""
        runner = self._runner()
        if isinstance(event, events.FinalText) and event.text:
            self._texts.append(event.text)
            if runner is not None:
                runner.call(
                    "final",
                    event.text,
                    utterance=event.utterance,
                    start_s=f"{event.start_s:.3f}",
                    end_s=f"{event.end_s:.3f}",
                    confidence=f"{event.confidence:.4f}",
                )
        elif isinstance(event, events.SessionClosed):
            texts, self._texts = self._texts, []
            if runner is not None:
                runner.call("session", "\n".join(texts), utterances=len(texts))
