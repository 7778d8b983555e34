"""How long to wait for what, and how often to try again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds.

    Attributes:
        connect_s: For a connection.
        stall_s: For the next byte.
        slow_window_s: Over which the rate must reach `slow_bytes_s`; a connection that does
            not is dropped, for a new one is often quicker.
        slow_bytes_s: Bytes a second; at this rate the smallest tier would take a month.
        attempts: In a row without a new byte.
        first_wait_s: Before the second attempt; doubles with each.
        longest_wait_s: Before any attempt, unless the server asks for more.
        longest_asked_s: What a server may ask for; beyond it the user is told instead.
        wrong_copies: How often a file may come wrong before the source is given up.
    """

    connect_s: float = 10.0
    stall_s: float = 30.0
    slow_window_s: float = 60.0
    slow_bytes_s: float = 1000.0
    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    longest_asked_s: float = 600.0
    wrong_copies: int = 3

    def wait_s(self, attempt: int, asked_s: float | None) -> float:
        """Return how long to wait after the failed `attempt`, the first being 1."""
        own_s = min(self.longest_wait_s, self.first_wait_s * 2.0 ** min(attempt - 1, 30))
        return own_s if asked_s is None else max(own_s, asked_s)
