"""Formats times for subtitle files and for reading."""

from __future__ import annotations


def timestamp(time_ms: int, decimal_mark: str) -> str:
    """Return `HH:MM:SS` and three decimals; SRT uses a decimal comma, WebVTT a point.

    Hours have at least two digits.

    Raises:
        ValueError: The time is negative.
    """
    if time_ms < 0:
        raise ValueError(f"a subtitle cannot start {-time_ms} ms before the recording")
    seconds, ms = divmod(time_ms, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{ms:03d}"


def clock(time_s: float) -> str:
    """Return a time such as `2:05`, or `1:02:05` from one hour. Fractions are dropped."""
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
