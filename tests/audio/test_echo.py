"""What the microphone picks up from the loudspeakers is removed; what the user says is not."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from granite_live.audio.echo import remove_echo

RATE = 16_000


def voice(seed: int, seconds: float, level_db: float = -26.0) -> NDArray[np.float64]:
    """Return colored noise in syllables, as loud and as irregular as speech."""
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal(round(seconds * RATE))
    color = 0.9 ** np.arange(64)
    sound = np.convolve(noise, color, "same")
    syllables = np.repeat(generator.random(round(seconds * 5)) > 0.3, RATE // 5)[: len(sound)]
    sound[: len(syllables)] *= np.convolve(syllables, np.ones(400) / 400, "same")
    return sound * 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2))


def echo_of(system: NDArray[np.float64], level_db: float, delay_s: float) -> NDArray[np.float64]:
    """Return the sound after a room; a negative delay brings it before the system's recording."""
    generator = np.random.default_rng(1)
    tail = RATE // 5
    room = generator.standard_normal(tail) * 10 ** (-3 * np.arange(tail) / tail) * 0.2
    room[0] = 1.0
    room /= np.sqrt(np.sum(room**2))
    size = len(system) + tail
    heard = np.fft.irfft(np.fft.rfft(system, size) * np.fft.rfft(room, size), size)[: len(system)]
    return np.roll(heard, round(delay_s * RATE)) * 10 ** (level_db / 20)


def samples(sound: NDArray[np.float64]) -> NDArray[np.int16]:
    quiet = np.random.default_rng(9).standard_normal(len(sound)) * 10 ** (-70 / 20)
    return np.clip((sound + quiet) * 32768, -32768, 32767).astype(np.int16)


def level_db(sound: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) + 1e-12))


@pytest.mark.parametrize(
    ("loudness_db", "delay_s"),
    [
        # Each loudness and each delay; the other pairs take as long.
        pytest.param(*pair, marks=() if -6.0 in pair or 0.06 in pair else pytest.mark.soak)
        for pair in product((0.0, -6.0, -12.0, -20.0), (-0.03, 0.0, 0.06, 0.2))
    ],
)
def test_an_echo_disappears(loudness_db: float, delay_s: float) -> None:
    system = voice(3, 12.0)
    heard = samples(echo_of(system, loudness_db, delay_s))
    clean = remove_echo(heard, samples(system), 4 * RATE)
    assert len(clean) == 4 * RATE
    assert level_db(clean) < level_db(heard[-4 * RATE :]) - 20.0


@pytest.mark.parametrize(
    ("loudness_db", "delay_s", "begin_s", "least_db"),
    [(0.0, 0.06, 10, 25.0), (-12.0, 0.2, 10, 25.0), (0.0, 0.2, 0, 15.0), (-12.0, 0.06, 0, 22.0)],
)
def test_speech_of_the_user_stays_also_while_the_loudspeakers_play(
    loudness_db: float, delay_s: float, begin_s: int, least_db: float
) -> None:
    system, own = voice(3, 16.0), voice(4, 16.0)
    own[: begin_s * RATE] = 0.0
    heard = samples(own + echo_of(system, loudness_db, delay_s))
    clean = remove_echo(heard, samples(system), 4 * RATE) / 32768
    wanted = own[-4 * RATE :]
    assert level_db(clean - wanted) < level_db(wanted) - least_db


def test_a_loudspeaker_may_distort_the_echo() -> None:
    system, own = voice(3, 16.0), voice(4, 16.0)
    own[: 10 * RATE] = 0.0
    distorted = np.tanh(6.0 * system) / 6.0
    heard = samples(own + echo_of(distorted, 0.0, 0.06))
    clean = remove_echo(heard, samples(system), 4 * RATE) / 32768
    wanted = own[-4 * RATE :]
    assert level_db(clean - wanted) < level_db(wanted) - 30.0


def test_sound_without_echo_is_not_touched() -> None:
    own, system = samples(voice(5, 8.0)), samples(voice(6, 8.0))
    assert np.array_equal(remove_echo(own, system, 2 * RATE), own[-2 * RATE :])
    silent = np.zeros_like(system)
    assert np.array_equal(remove_echo(own, silent, 2 * RATE), own[-2 * RATE :])


@pytest.mark.parametrize("seed", range(4))
def test_a_few_words_of_the_computer_explain_nothing_by_chance(seed: int) -> None:
    own = voice(20 + seed, 16.0) * (np.arange(16 * RATE) / RATE % 1.7 < 0.3)
    system = voice(30 + seed, 16.0) * (np.arange(16 * RATE) / RATE % 3.1 < 0.3)
    heard = samples(own)
    assert np.array_equal(remove_echo(heard, samples(system), 2 * RATE), heard[-2 * RATE :])


@pytest.mark.parametrize("length", [0, 1, 100, 5_000])
def test_any_length_is_taken(length: int) -> None:
    system = samples(voice(3, 1.0))[:length]
    assert len(remove_echo(system, system, length)) == length


def moved(sound: NDArray[np.float64], by_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sound later by a changing time; eight times as many samples keep it exact."""
    fine = np.fft.irfft(np.fft.rfft(sound), 8 * len(sound)) * 8.0
    places = (np.arange(len(sound)) / RATE - by_s) * 8 * RATE
    return np.interp(places, np.arange(len(fine)), fine)


@pytest.mark.parametrize(
    ("ppm", "sway_ms", "least_db"), [(-200.0, 0.0, 15.0), (50.0, 1.0, 15.0), (300.0, 2.0, 10.0)]
)
def test_an_echo_disappears_also_if_its_delay_moves(
    ppm: float, sway_ms: float, least_db: float
) -> None:
    """As between two devices with clocks of their own, which a session keeps together."""
    system = voice(3, 16.0)
    at_s = np.arange(len(system)) / RATE
    moves_s = ppm * 1e-6 * at_s + sway_ms / 1000 * np.sin(2 * np.pi * at_s / 20.0)
    heard = samples(moved(echo_of(system, -6.0, 0.06), moves_s))
    clean = remove_echo(heard, samples(system), 4 * RATE)
    assert level_db(clean) < level_db(heard[-4 * RATE :]) - least_db


@pytest.mark.parametrize(("ppm", "bend_ppm"), [(34.0, 0.0), (34.0, -100.0)])
def test_the_users_speech_stays_also_if_the_delay_moves(ppm: float, bend_ppm: float) -> None:
    """As in a session, which changes the speed of its tracks every few minutes."""
    system, own = voice(3, 30.0), voice(4, 30.0)
    own[: 16 * RATE] = 0.0
    at_s = np.arange(len(system)) / RATE
    moves_s = 1e-6 * (ppm * at_s + bend_ppm * np.maximum(0.0, at_s - 14.0))
    heard = samples(own + moved(echo_of(system, 0.0, 0.06), moves_s))
    clean = remove_echo(heard, samples(system), 6 * RATE) / 32768
    wanted = own[-6 * RATE :]
    assert level_db(clean - wanted) < level_db(wanted) - 26.0


@pytest.mark.parametrize("begin_s", [15.94, 15.97])
def test_the_first_words_after_a_pause_are_removed(begin_s: float) -> None:
    """The delay of a chunk that has only the beginning of a word, and not its echo, is unknown."""
    at_s = np.arange(19 * RATE) / RATE
    said = (at_s < 9.0) | (at_s > begin_s)
    system = voice(3, 19.0) * said
    own = voice(4, 19.0) * ((at_s > 9.5) & (at_s < 15.0))
    heard = samples(own + moved(echo_of(system, 0.0, 0.06), -1e-4 * at_s))
    first = round(begin_s * RATE)
    clean = remove_echo(heard, samples(system), len(heard) - first)
    word = slice(0, round(0.8 * RATE))
    assert level_db(clean[word]) < level_db(heard[first:][word]) - 30.0


@pytest.mark.parametrize(("dropped", "in_microphone"), [(186, True), (35, False)])
def test_an_echo_disappears_also_around_a_jump_of_its_delay(
    dropped: int, in_microphone: bool
) -> None:
    """As when a sound server drops samples of one track while the loudspeakers play."""
    system, own = voice(2, 12.0), voice(4, 12.0)
    own[6 * RATE :] = 0.0
    heard = own + echo_of(system, 0.0, 0.06)
    at = round(9.3 * RATE)

    def without(sound: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([sound[:at], sound[at + dropped :], np.zeros(dropped)])

    if in_microphone:
        heard = without(heard)
    else:
        system = without(system)
    clean = remove_echo(samples(heard), samples(system), 5 * RATE)
    second = slice(2 * RATE, 3 * RATE)  # from 0.3 s before the jump
    assert level_db(clean[second]) < level_db(samples(heard)[-5 * RATE :][second]) - 10.0
    assert level_db(clean[3 * RATE :]) < level_db(samples(heard)[-2 * RATE :]) - 20.0


@pytest.mark.parametrize("delay_s", [0.15, 0.3])
def test_a_late_echo_of_single_words_disappears(delay_s: float) -> None:
    """What is heard before the echo of a word comes does not say how loud the echo is."""
    system = voice(3, 8.0) * (np.arange(8 * RATE) / RATE % 0.8 < 0.25)
    heard = samples(echo_of(system, -12.0, delay_s))
    clean = remove_echo(heard, samples(system), 4 * RATE)
    assert level_db(clean) < level_db(heard[-4 * RATE :]) - 20.0


@pytest.mark.parametrize("heard_s", [(0.0, 0.0), (11.9, 12.0), (5.0, 5.4), (0.0, 12.0)])
@pytest.mark.parametrize("played_s", [(11.95, 12.0), (5.0, 5.3), (0.0, 12.0)])
def test_what_begins_or_is_missing_says_nothing_about_the_delay(
    heard_s: tuple[float, float], played_s: tuple[float, float]
) -> None:
    """As a microphone that delivers silence, or a computer that plays one short sound."""
    at_s = np.arange(12 * RATE) / RATE
    parts = [
        (voice(seed, 12.0) * ((at_s >= start_s) & (at_s < stop_s)) * 32768).astype(np.int16)
        for seed, (start_s, stop_s) in ((5, heard_s), (6, played_s))
    ]
    heard, played = parts
    assert np.array_equal(remove_echo(heard, played, 4 * RATE), heard[-4 * RATE :])
