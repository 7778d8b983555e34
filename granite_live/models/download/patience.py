"""Timeouts and retry limits of a download."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Timeouts in seconds, and retry limits.

    Attributes:
        connect_s: Timeout for a connection.
        stall_s: Timeout for the next byte.
        slow_window_s: Interval in which the rate must reach `slow_bytes_s`; a slower connection is
            dropped, because a new one is often faster.
        slow_bytes_s: Bytes a second; at this rate the smallest tier would take a month.
        attempts: Maximum number of attempts in a row without a new byte.
        first_wait_s: Wait before the second attempt; doubles each time.
        longest_wait_s: Maximum wait, unless the server asks for more.
        longest_asked_s: Maximum wait that a server may ask for; beyond it the user is told.
        wrong_copies: How often a file may fail verification before the source is given up.
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
        """Return the wait in seconds after the failed `attempt`, counted from 1."""
        own_s = min(self.longest_wait_s, self.first_wait_s * 2.0 ** min(attempt - 1, 30))
        return own_s if asked_s is None else max(own_s, asked_s)
