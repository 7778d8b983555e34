"""The takes of push to talk: which utterances are dictated, texts in order. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Take:
    """One key press: utterances from `next` to `last`, inclusive."""

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
    """A text and the number of its key press."""

    text: str
    press: int


class Takes:
    """The takes of a session. Texts may arrive in any order; they are returned in order.

    `events.State.utterance` is the last utterance before the session paused or resumed, so every
    take knows its first and last utterance.
    """

    def __init__(self) -> None:
        self._takes: list[_Take] = []

    def begin(self, after: int, press: int = 0) -> None:
        """Begin a take with the utterances after this one, for a key press."""
        self._takes.append(_Take(after + 1, press))

    def end(self, last: int) -> None:
        """End the open take, if any, with this utterance."""
        if self._takes and self._takes[-1].last is None:
            self._takes[-1].last = last
            self._forget()

    def covers(self, utterance: int) -> bool:
        """Return whether an utterance is dictated and its text not yet returned."""
        return any(take.covers(utterance) for take in self._takes)

    def settle(self, utterance: int, text: str) -> list[Said]:
        """Store an utterance's text, "" for none; return the texts whose turn has come."""
        for take in self._takes:
            if take.covers(utterance):
                take.settled[utterance] = text
        return self._go_out()

    def drain(self) -> list[Said]:
        """Return all known texts, since no others will follow, and start again."""
        takes, self._takes = self._takes, []
        known = ((one, number) for one in takes for number in sorted(one.settled))
        return [Said(one.settled[at], one.press) for one, at in known if one.settled[at]]

    @property
    def is_waiting(self) -> bool:
        """Whether a take is open or waits for texts."""
        return bool(self._takes)

    def _go_out(self) -> list[Said]:
        out: list[Said] = []
        for take in self._takes:
            while take.next in take.settled:
                out.append(Said(take.settled.pop(take.next), take.press))
                take.next += 1
            if not take.is_over:
                break  # later takes wait
        self._forget()
        return [one for one in out if one.text]

    def _forget(self) -> None:
        self._takes = [take for take in self._takes if not take.is_over]
