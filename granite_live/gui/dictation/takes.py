"""Which utterances of a session are dictated, and in what order their texts go out. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Take:
    """From one press of the key to its release: utterances `next` up to and with `last`."""

    next: int
    press: int = 0
    last: int | None = None
    settled: dict[int, str] = field(default_factory=dict)

    def covers(self, utterance: int) -> bool:
        return self.next <= utterance and (self.last is None or utterance <= self.last)

    @property
    def is_over(self) -> bool:
        return self.last is not None and self.next > self.last


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and which press of the key it belongs to."""

    text: str
    press: int


class Takes:
    """Takes of one session. Texts may become known in any order; they go out in that of speech.

    A session says in `events.State.utterance` which utterance was the last before it paused or
    went on. So every take knows its first and its last one.
    """

    def __init__(self) -> None:
        self._takes: list[_Take] = []

    def begin(self, after: int, press: int = 0) -> None:
        """Take the utterances after this one, for a press of the key."""
        self._takes.append(_Take(after + 1, press))

    def end(self, last: int) -> None:
        """Let this one be the last. Without an open take nothing happens."""
        if self._takes and self._takes[-1].last is None:
            self._takes[-1].last = last
            self._forget()

    def covers(self, utterance: int) -> bool:
        """Return whether an utterance is dictated and its text not out yet."""
        return any(take.covers(utterance) for take in self._takes)

    def settle(self, utterance: int, text: str) -> list[Said]:
        """Remember an utterance's text, "" for none; return the texts whose turn it is now."""
        for take in self._takes:
            if take.covers(utterance):
                take.settled[utterance] = text
        return self._go_out()

    def drain(self) -> list[Said]:
        """Return all texts that are known, since no others will come, and begin anew."""
        takes, self._takes = self._takes, []
        known = ((one, number) for one in takes for number in sorted(one.settled))
        return [Said(one.settled[at], one.press) for one, at in known if one.settled[at]]

    @property
    def is_waiting(self) -> bool:
        """Whether a take is open, or texts of one are still to come."""
        return bool(self._takes)

    def _go_out(self) -> list[Said]:
        out: list[Said] = []
        for take in self._takes:
            while take.next in take.settled:
                out.append(Said(take.settled.pop(take.next), take.press))
                take.next += 1
            if not take.is_over:
                break  # what was said later waits
        self._forget()
        return [one for one in out if one.text]

    def _forget(self) -> None:
        self._takes = [take for take in self._takes if not take.is_over]
