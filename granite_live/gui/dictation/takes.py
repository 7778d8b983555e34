"""Which utterances of a session are dictated, and in what order their texts go out. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Take:
    """From one press of the key to its release: utterances `next` up to and with `last`."""

    next: int
    last: int | None = None
    settled: dict[int, str] = field(default_factory=dict)

    def covers(self, utterance: int) -> bool:
        return self.next <= utterance and (self.last is None or utterance <= self.last)

    @property
    def is_over(self) -> bool:
        return self.last is not None and self.next > self.last


class Takes:
    """Takes of one session. Texts may become known in any order; they go out in that of speech.

    A session says in `events.State.utterance` which utterance was the last before it paused or
    went on. So every take knows its first and its last one.
    """

    def __init__(self) -> None:
        self._takes: list[_Take] = []

    def begin(self, after: int) -> None:
        """Take the utterances after this one."""
        self._takes.append(_Take(after + 1))

    def end(self, last: int) -> None:
        """Let this one be the last. Without an open take nothing happens."""
        if self._takes and self._takes[-1].last is None:
            self._takes[-1].last = last
            self._forget()

    def covers(self, utterance: int) -> bool:
        """Return whether an utterance is dictated and its text not out yet."""
        return any(take.covers(utterance) for take in self._takes)

    def settle(self, utterance: int, text: str) -> list[str]:
        """Remember an utterance's text, "" for none; return the texts whose turn it is now."""
        for take in self._takes:
            if take.covers(utterance):
                take.settled[utterance] = text
        return self._go_out()

    def drain(self) -> list[str]:
        """Return all texts that are known, since no others will come, and begin anew."""
        known = [one.settled[number] for one in self._takes for number in sorted(one.settled)]
        self._takes.clear()
        return [text for text in known if text]

    @property
    def is_waiting(self) -> bool:
        """Whether a take is open, or texts of one are still to come."""
        return bool(self._takes)

    def _go_out(self) -> list[str]:
        out: list[str] = []
        for take in self._takes:
            while take.next in take.settled:
                out.append(take.settled.pop(take.next))
                take.next += 1
            if not take.is_over:
                break  # what was said later waits
        self._forget()
        return [text for text in out if text]

    def _forget(self) -> None:
        self._takes = [take for take in self._takes if not take.is_over]
