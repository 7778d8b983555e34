"""Two devices with two clocks stay together, for hours and across losses."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from helpers.session_fakes import RATE, MemoryJournal, PlainResampler

from granite_live.audio.source import AudioBlock, Notice, NoticeKind
from granite_live.session.alignment import MAX_FILLED_S, SessionClock
from granite_live.session.intake import AudioRecorder
from granite_live.session.sound_reader import RecentSamples

BLOCK_S = 0.02
TWO_HOURS_S = 7_200.0


@dataclass
class Device:
    """A device whose clock runs fast by `ppm`; the machine delivers late by up to `late_s`."""

    clock: SessionClock
    ppm: float
    late_s: float = 0.0
    begins_s: float = 0.0

    def __post_init__(self) -> None:
        self.position_s = 0.0
        self.is_lost = False
        self._heard_s = self.begins_s
        self._random = Random(round(self.ppm))
        self.alignment = self.clock.add_track(lambda: self.position_s)

    def run_until(self, now_s: float) -> None:
        """Deliver what was heard up to now."""
        while (ends_s := self._heard_s + BLOCK_S / (1 + self.ppm * 1e-6)) <= now_s:
            self._heard_s = ends_s
            if self.is_lost:
                continue
            arrives_s = ends_s + self._random.random() * self.late_s
            self.position_s += self.alignment.missing_before(arrives_s, BLOCK_S)
            self.position_s += BLOCK_S * self.alignment.factor


def test_two_hours_at_200_ppm_each_way_differ_by_less_than_40_ms() -> None:
    clock = SessionClock()
    fast, slow = Device(clock, 200.0, late_s=0.03), Device(clock, -200.0, late_s=0.03)
    greatest_s, now_s = 0.0, 0.0
    while now_s < TWO_HOURS_S:
        now_s += 1.0
        fast.run_until(now_s)
        slow.run_until(now_s)
        greatest_s = max(greatest_s, abs(fast.position_s - slow.position_s))
    assert greatest_s < 0.04
    # Without correction they would differ by 2.9 s.
    assert fast.position_s == pytest.approx(TWO_HOURS_S, abs=0.04)


def test_a_device_that_begins_later_begins_with_silence() -> None:
    clock = SessionClock()
    first, second = Device(clock, 0.0), Device(clock, 0.0, begins_s=0.7)
    for now_s in (0.5, 1.0, 2.0):
        first.run_until(now_s)
        second.run_until(now_s)
    assert second.position_s == pytest.approx(first.position_s, abs=1.5 * BLOCK_S)


def test_a_lost_device_comes_back_at_its_place_while_the_other_goes_on() -> None:
    clock = SessionClock()
    mic, system = Device(clock, 50.0), Device(clock, -50.0)
    for now_s in range(1, 400):
        mic.is_lost = 100 <= now_s < 300
        if now_s == 100:
            mic.alignment.interrupt()
        mic.run_until(now_s)
        system.run_until(now_s)
    assert system.position_s == pytest.approx(399, abs=0.04)
    assert mic.position_s == pytest.approx(system.position_s, abs=0.04)


def test_a_pause_is_left_out_on_both_tracks() -> None:
    clock = SessionClock()
    both = [Device(clock, 100.0), Device(clock, -100.0)]
    for now_s in range(1, 500):
        for one in both:
            if now_s in (50, 250):
                one.alignment.pause()
            one.is_lost = 50 <= now_s < 250
        for one in both:
            one.run_until(now_s)
    assert both[0].position_s == pytest.approx(299, abs=0.1)
    assert both[1].position_s == pytest.approx(both[0].position_s, abs=0.04)


def test_hours_without_any_sound_are_not_all_recorded() -> None:
    clock = SessionClock()
    both = [Device(clock, 0.0), Device(clock, 0.0)]
    for now_s in (10.0, 20_000.0, 20_010.0):
        for one in both:
            one.is_lost = now_s == 20_000.0
            if one.is_lost:
                one.alignment.interrupt()
            one.run_until(now_s)
    assert both[0].position_s == pytest.approx(MAX_FILLED_S + 20.0, abs=0.1)
    assert both[1].position_s == pytest.approx(both[0].position_s, abs=0.1)


def test_recorded_sound_keeps_its_time_at_another_speed() -> None:
    """A click each ten seconds is at its second of the clock, whatever the device's speed."""
    ppm = 2_000.0
    clock, journal = SessionClock(), MemoryJournal()
    sound = RecentSamples(RATE, journal.read)
    other = RecentSamples(RATE, journal.read_system)
    clock.add_track(lambda: other.total / RATE)
    recorder = AudioRecorder(
        *(PlainResampler(), journal, sound, lambda _: None),
        alignment=clock.add_track(lambda: sound.total / RATE),
    )
    played = np.zeros(round(100 * RATE * (1 + ppm * 1e-6)), np.float32)
    for second in range(5, 100, 10):
        played[round(second * RATE * (1 + ppm * 1e-6))] = 0.5
    step = round(BLOCK_S * RATE)
    for at in range(0, len(played) - step, step):
        arrived_s = (at + step) / RATE / (1 + ppm * 1e-6)
        recorder.record(AudioBlock(played[at : at + step, None], RATE, arrived_s=arrived_s))
    recorder.record(Notice(NoticeKind.ENDED, "a fake"))
    assert len(journal.sound) == pytest.approx(100 * RATE, abs=0.05 * RATE)
    places = [
        np.abs(journal.sound[(second - 1) * RATE : (second + 1) * RATE]).argmax() / RATE - 1.0
        for second in range(5, 100, 10)
    ]
    assert max(map(abs, places)) < 0.05


def test_the_speed_of_a_device_is_learned_and_then_stays() -> None:
    clock = SessionClock()
    fast, slow = Device(clock, 80.0, late_s=0.004), Device(clock, -120.0, late_s=0.004)
    factors: list[tuple[float, float]] = []
    for now_s in range(1, 1_200):
        fast.run_until(now_s)
        slow.run_until(now_s)
        if now_s >= 600:
            factors.append((fast.alignment.factor, slow.alignment.factor))
    for device, values in zip((fast, slow), zip(*factors, strict=True), strict=True):
        assert max(abs(one - 1.0 + device.ppm * 1e-6) for one in values) < 25e-6
        # An echo is removed with one filter for 30 s, so in most of them the speed is constant.
        same = sum(
            max(values[at : at + 30]) - min(values[at : at + 30]) < 2e-6 for at in range(570)
        )
        assert same > 0.8 * 570


def test_the_speed_of_a_track_is_changed_rarely() -> None:
    """So the distance of two tracks moves evenly for minutes, and an echo can be removed."""
    clock = SessionClock()
    device = Device(clock, 130.0, late_s=0.02)
    changes, before = 0, device.alignment.factor
    for now_s in range(1, 1_800):
        device.run_until(now_s)
        changes += device.alignment.factor != before
        before = device.alignment.factor
    assert changes <= 12
    assert before == pytest.approx(1.0 - 130e-6, abs=5e-6)


def lose(device: Device, from_s: float, until_s: float) -> None:
    """Let a sound server drop what the device hears then, and say nothing."""
    device.run_until(from_s)
    device.is_lost = True
    device.run_until(until_s)
    device.is_lost = False


def test_sound_that_a_device_lost_is_caught_up_without_another_idea_of_its_speed() -> None:
    clock = SessionClock()
    device, other = Device(clock, 0.0, late_s=0.004), Device(clock, 0.0, late_s=0.004)
    factors = []
    for now_s in range(1, 1_800):
        if now_s == 600:
            lose(device, 599.0, 599.02)
        device.run_until(now_s)
        other.run_until(now_s)
        factors.append(device.alignment.factor)
    assert 20e-6 < max(abs(one - 1.0) for one in factors[600:]) < 100e-6
    assert factors[-1] == pytest.approx(1.0, abs=5e-6)
    assert device.position_s == pytest.approx(other.position_s, abs=0.004)


def test_a_great_lag_is_corrected_within_two_minutes() -> None:
    clock = SessionClock()
    device, other = Device(clock, 0.0), Device(clock, 0.0)
    for now_s in range(1, 1_000):
        if now_s == 300:
            lose(device, 299.0, 299.3)
        device.run_until(now_s)
        other.run_until(now_s)
        apart_s = other.position_s - device.position_s
        if now_s == 300:
            assert apart_s > 0.25
        if now_s >= 420:
            assert abs(apart_s) < 0.06
    assert abs(apart_s) < 0.005
    assert device.alignment.factor == pytest.approx(1.0, abs=5e-6)


def test_a_device_that_delivers_in_bursts_is_no_other_speed() -> None:
    """Half a second at once, so that the first block of all seems to be half a second late."""
    clock = SessionClock()
    position_s, now_s, apart_s, factors = 0.0, 0.0, [], []
    alignment = clock.add_track(lambda: position_s)
    while now_s < 1_000.0:
        now_s += 0.5
        for _ in range(25):
            position_s += alignment.missing_before(now_s, BLOCK_S)
            position_s += BLOCK_S * alignment.factor
        factors.append(alignment.factor)
        apart_s.append(now_s - position_s)
    assert max(abs(one - 1.0) for one in factors[600:]) < 20e-6
    assert max(apart_s[600:]) - min(apart_s[600:]) < 0.005
