"""Silence goes where the clock says that sound is missing, and never without end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from granite_live.audio.timeline import Timeline

RATE_HZ = 1_000


def test_late_start_and_pause() -> None:
    clock = Timeline(origin_s=10.0)
    assert clock.silence_before(12.0) == 2.0  # the sound starts 2 s after the picture
    clock.advance(2 * RATE_HZ, RATE_HZ)
    assert clock.silence_before(12.0) == 0.0
    clock.advance(RATE_HZ, RATE_HZ)
    assert clock.silence_before(14.5) == 1.5
    assert (clock.first_gap_s, clock.gap_s) == (3.0, 1.5)  # a late start is no gap


def test_rounded_clock_is_no_gap() -> None:
    clock = Timeline()
    for frame in range(100):
        assert clock.silence_before(round(frame * 0.0213, 2)) == 0.0
        clock.advance(21, RATE_HZ)


def test_clock_that_steps_back_drops_nothing_and_is_followed_from_there() -> None:
    clock = Timeline(origin_s=0.0)
    clock.advance(5 * RATE_HZ, RATE_HZ)
    assert clock.silence_before(1.0) == 0.0
    clock.advance(RATE_HZ, RATE_HZ)
    assert clock.silence_before(3.0) == 1.0


def test_jump_of_a_day_is_a_broken_clock() -> None:
    clock = Timeline(origin_s=0.0)
    assert clock.silence_before(86_400.0) == 0.0
    clock.advance(RATE_HZ, RATE_HZ)
    assert clock.silence_before(86_401.0) == 0.0


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=50))
def test_silence_is_bounded_and_never_negative(times_s: list[float | None]) -> None:
    clock = Timeline()
    total_s = 0.0
    for time_s in times_s:
        silence_s = clock.silence_before(time_s)
        assert silence_s >= 0.0
        total_s += silence_s
        clock.position_s += silence_s
        clock.advance(20, RATE_HZ)
    assert total_s <= 3_600.0
