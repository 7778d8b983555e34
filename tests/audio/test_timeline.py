"""Audio is placed by the container's clock, and a broken clock does no harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_live.audio.timeline import MonoFrame, Timeline

RATE_HZ = 16_000
FRAME = 320


def place(
    times_s: list[float | None], clock: Timeline, frame: int = FRAME
) -> tuple[list[float], float]:
    """Return when each frame is played (frame n has the level n + 1), and the length."""
    pieces = []
    for number, time_s in enumerate(times_s):
        sound = MonoFrame(np.full(frame, number + 1, np.float32), RATE_HZ, time_s)
        pieces += [piece for piece, _ in clock.add(sound)]
    pieces += [piece for piece, _ in clock.finish()]
    whole = np.concatenate(pieces)
    assert clock.position_s == pytest.approx(len(whole) / RATE_HZ)
    # A warped sample between two frames may lie anywhere between both.
    starts = [int(np.argmax(whole > number + 0.5)) for number in range(len(times_s))]
    return [start / RATE_HZ for start in starts], len(whole) / RATE_HZ


def steady(count: int, start_s: float = 0.0, step_s: float = 0.02) -> list[float | None]:
    return [start_s + number * step_s for number in range(count)]


def test_a_clock_that_fits_changes_no_sample() -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(50 * FRAME).astype(np.float32)
    clock = Timeline(0.0)
    heard = []
    for number in range(50):
        # Rounded to 1 ms, as in Matroska.
        time_s = round(number * FRAME / RATE_HZ + 0.0004, 3)
        sound = MonoFrame(noise[number * FRAME :][:FRAME], RATE_HZ, time_s)
        heard += [piece for piece, _ in clock.add(sound)]
    heard += [piece for piece, _ in clock.finish()]
    np.testing.assert_array_equal(np.concatenate(heard), noise)


@pytest.mark.parametrize("late_s", [0.03, 0.5, 2.0])
def test_a_late_start_is_silence_and_no_gap(late_s: float) -> None:
    clock = Timeline(10.0)
    starts, _ = place(steady(100, 10.0 + late_s), clock)
    assert starts[0] == pytest.approx(late_s, abs=0.001)
    assert (clock.gap_s, clock.jumps) == (0.0, 0)


@pytest.mark.parametrize("gap_s", [0.06, 0.15, 1.5, 600.0])
def test_a_gap_is_silence(gap_s: float) -> None:
    clock = Timeline()
    wanted = steady(60) + steady(60, 1.2 + gap_s)
    starts, length_s = place(wanted, clock)
    np.testing.assert_allclose(starts, np.array(wanted, float), atol=0.005)
    assert length_s == pytest.approx(2.4 + gap_s, abs=0.005)
    told_s = gap_s if gap_s >= 0.2 else 0.0
    assert clock.gap_s == pytest.approx(told_s)
    assert clock.jumps == 0


@pytest.mark.parametrize("drift", [-0.05, -0.001, 0.001, 0.05])
def test_a_clock_that_runs_apart_is_followed(drift: float) -> None:
    clock = Timeline(0.0)
    wanted = steady(3_000, step_s=0.02 * (1 + drift))
    starts, length_s = place(wanted, clock)
    np.testing.assert_allclose(starts, np.array(wanted, float), atol=0.035)
    assert length_s == pytest.approx(60.0 * (1 + drift), abs=0.035)
    assert (clock.gap_s, clock.jumps) == (0.0, 0)


def test_stamps_that_jitter_neither_open_gaps_nor_stretch() -> None:
    """A browser stamps audio when it arrives, up to 80 ms late."""
    rng = np.random.default_rng(4)
    late = np.where(rng.random(1_000) < 0.2, rng.uniform(0, 0.08, 1_000), 0.0)
    wanted = np.array(steady(1_000), float)
    clock = Timeline(0.0)
    starts, length_s = place(list(wanted + late), clock)
    np.testing.assert_allclose(starts, wanted, atol=0.035)
    assert length_s == pytest.approx(20.0, abs=0.035)


def test_an_overlap_is_worked_off_and_nothing_dropped() -> None:
    clock = Timeline(0.0)
    wanted = steady(100) + steady(400, 1.8)  # 0.2 s back
    starts, _ = place(wanted, clock)
    assert all(np.diff(starts) > 0)
    np.testing.assert_allclose(starts[250:], np.array(wanted[250:], float), atol=0.02)


def test_a_clock_that_begins_anew_is_followed_from_there() -> None:
    clock = Timeline(0.0)
    starts, length_s = place(steady(300) + steady(300), clock)
    assert length_s == pytest.approx(12.0, abs=0.01)
    assert starts[300] == pytest.approx(6.0, abs=0.005)
    assert (clock.jumps, clock.first_jump_s) == (1, pytest.approx(6.0))


@pytest.mark.parametrize(("jump_s", "silence_s"), [(5.0, 5.0), (60.0, 0.0), (80_000.0, 0.0)])
def test_a_broadcast_clock_may_jump(jump_s: float, silence_s: float) -> None:
    clock = Timeline(0.0, may_jump=True)
    _, length_s = place(steady(100) + steady(100, 2.0 + jump_s), clock)
    assert length_s == pytest.approx(4.0 + silence_s, abs=0.01)
    assert clock.jumps == (0 if silence_s else 1)


def test_jump_of_a_day_is_a_broken_clock() -> None:
    clock = Timeline(0.0)
    assert place(steady(100) + steady(100, 86_400.0), clock)[1] == pytest.approx(4.0, abs=0.01)


def test_counted_times_only_tell_of_skipped_pieces() -> None:
    clock = Timeline(0.0, has_no_clock=True)
    times_s = steady(100) + steady(100, 2.1) + steady(100, 5.1) + steady(100, 7.1, step_s=0.005)
    assert place(times_s, clock)[1] == pytest.approx(9.1, abs=0.01)
    assert clock.jumps == 0


@settings(deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=50))
def test_silence_is_bounded_and_never_negative(times_s: list[float | None]) -> None:
    clock = Timeline()
    total = 0
    for time_s in times_s:
        sound = MonoFrame(np.ones(20, np.float32), 1_000, time_s)
        total += sum(len(piece) for piece, _ in clock.add(sound))
    total += sum(len(piece) for piece, _ in clock.finish())
    assert 18 * len(times_s) - 50 <= total <= 3_600_000 + 22 * len(times_s) + 50
