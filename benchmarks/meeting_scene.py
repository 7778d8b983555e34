"""A scripted meeting of two sides, from recordings with known text, and the loudspeakers' echo."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.files import read_audio
from granite_live.transcript.model import Track
from granite_live.transcript.word_errors import normalize_words

RATE = 16_000
_SPEECH_DBFS, _NOISE_DBFS = -26.0, -65.0
_OWN_SPEAKERS = ("ls1272", "ls1673", "librivox")
_OTHER_SPEAKERS = ("LJ", "ls2428", "jfk")
_PAUSE = RATE
_REVERBERATION_S = 0.25
Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Turn:
    """What one side says at once, at its place in the scene [samples]."""

    track: Track
    start: int
    stop: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """Both sides of a meeting, without echo, and the turns in the order of their starts."""

    own: Sound
    system: Sound
    turns: tuple[Turn, ...]

    @property
    def seconds(self) -> float:
        """The duration."""
        return len(self.own) / RATE


def make_scene(folder: Path, minutes: float, seed: int | None = None) -> Scene:
    """Return a meeting of two sides that take turns.

    Every third turn of the user begins 2 s before the other side ends, and every fourth turn of the
    other side 1.5 s before the user ends. The recordings are repeated, in other pairs, until the
    meeting is long enough.

    Args:
        folder: Has `dev.tsv` and the recordings in `dev`.
        minutes: The least duration.
        seed: Puts the recordings in another order; None for the order of the published figures.
    """
    mine, theirs = _recordings(folder, _OWN_SPEAKERS), _recordings(folder, _OTHER_SPEAKERS)
    if seed is not None:
        generator = np.random.default_rng(seed)
        mine, theirs = (
            [side[k] for k in generator.permutation(len(side))] for side in (mine, theirs)
        )
    own: list[tuple[int, Sound]] = []
    system: list[tuple[int, Sound]] = []
    turns: list[Turn] = []

    def say(track: Track, at: int, one: tuple[Sound, tuple[str, ...]]) -> int:
        sound, words = one
        (own if track == Track.MICROPHONE else system).append((at, sound))
        turns.append(Turn(track, at, at + len(sound), words))
        return at + len(sound)

    at = _PAUSE
    for number in itertools.count():
        if at >= minutes * 60 * RATE:
            break
        other = theirs[number % len(theirs)]
        end = say(Track.SYSTEM, at, other)
        is_interrupting = number % 3 == 2 and len(other[0]) > 4 * RATE
        begin = end - 2 * RATE if is_interrupting else end + _PAUSE
        end = max(end, say(Track.MICROPHONE, begin, mine[number % len(mine)]))
        at = end - 3 * RATE // 2 if number % 4 == 3 else end + _PAUSE
    length = at + 3 * RATE
    turns.sort(key=lambda one: one.start)
    return Scene(_placed(own, length), _placed(system, length), tuple(turns))


def microphone_of(scene: Scene, echo: Sound | None) -> Sound:
    """Return what the microphone hears: the user, a quiet room, and the echo if there is one."""
    noise = np.random.default_rng(5).standard_normal(len(scene.own)) * 10 ** (_NOISE_DBFS / 20)
    return scene.own + noise + (0.0 if echo is None else echo)


def echo_of(system: Sound, level_db: float, delay_ms: float) -> Sound:
    """Return the loudspeakers' sound in the microphone.

    It passes a loudspeaker that distorts a little and a room, and is `level_db` louder than the
    computer's own sound.
    """
    generator = np.random.default_rng(7)
    tail = round(_REVERBERATION_S * RATE)
    room = generator.standard_normal(tail) * 10 ** (-3 * np.arange(tail) / tail) * 0.25
    room[0] = 1.0
    room /= np.sqrt(np.sum(room**2))
    distorted = np.tanh(3.0 * system) / 3.0
    size = 1 << (len(system) + tail).bit_length()
    echo = np.fft.irfft(np.fft.rfft(distorted, size) * np.fft.rfft(room, size), size)
    delay = round(delay_ms * RATE / 1000)
    delayed: Sound = np.concatenate([np.zeros(delay), echo])[: len(system)] * 10 ** (level_db / 20)
    return delayed


def with_drops(microphone: Sound, system: Sound, seed: int) -> tuple[Sound, Sound]:
    """Return both tracks without some samples, as if a busy sound server had dropped them.

    While the other side speaks, about every 20 s, 35 to 186 samples are dropped of a track, and
    the next time as many of the other, so that the delay jumps to and fro.
    """
    generator = np.random.default_rng(seed)
    kept = [np.ones(len(one), bool) for one in (microphone, system)]
    level = np.sqrt(np.convolve(system**2, np.ones(RATE // 10) / (RATE // 10), "same"))
    speaks = level > 10 ** (_SPEECH_DBFS / 20) / 2
    for number, near in enumerate(range(10 * RATE, len(system) - 20 * RATE, 20 * RATE)):
        if number % 2 == 0:
            dropped = int(generator.integers(35, 187))
        places = np.flatnonzero(speaks[near : near + 10 * RATE])
        if len(places):
            at = near + int(generator.choice(places))
            kept[number % 2][at : at + dropped] = False
    length = min(int(one.sum()) for one in kept)
    return microphone[kept[0]][:length], system[kept[1]][:length]


def _recordings(folder: Path, speakers: Sequence[str]) -> list[tuple[Sound, tuple[str, ...]]]:
    """Return the recordings of these speakers at one level, speakers mixed, and their words."""
    by_speaker = [list(_recordings_of(folder, one)) for one in speakers]
    mixed = itertools.chain.from_iterable(itertools.zip_longest(*by_speaker))
    return [one for one in mixed if one is not None]


def _recordings_of(folder: Path, speaker: str) -> Iterator[tuple[Sound, tuple[str, ...]]]:
    with (folder / "dev.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["speaker"] == speaker and float(row["seconds"]) < 19:
                sound = read_audio(folder / "dev" / row["file"], RATE).astype(np.float64)
                level = 10 ** (_SPEECH_DBFS / 20) / np.sqrt(np.mean(sound**2))
                yield sound * level, tuple(normalize_words(row["text"]))


def _placed(sounds: Sequence[tuple[int, Sound]], length: int) -> Sound:
    track = np.zeros(length)
    for at, sound in sounds:
        track[at : at + len(sound)] += sound
    return track
