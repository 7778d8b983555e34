"""Measure what of a meeting's other side comes back through the microphone, with echo removal.

    python benchmarks/bench_echo.py                        # all levels and delays
    python benchmarks/bench_echo.py --levels -6 --delays 60

Wants ../shared/speech/dev. Two people talk in turn and at once; the loudspeaker's sound reaches the
microphone through a room (0.25 s of reverberation) and a loudspeaker that distorts a little. The
demo model transcribes the microphone's track, as a session would: with the echo, and without.

A line counts as doubled if it has text and the user was silent. Words count as lost if they are
recognized without any echo, but not with it.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.app.factory import make_segmenter, open_recognizer
from granite_live.asr.recognizer import Recognizer
from granite_live.audio.echo import CONTEXT_S, remove_echo
from granite_live.audio.files import open_audio
from granite_live.models.opening import open_bundle
from granite_live.transcript.model import Word
from granite_live.util.paths import demo_bundle_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.events import SegmentClosed

RATE = 16_000
SPEECH_DBFS, NOISE_DBFS = -26.0, -65.0
Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """A recording of known text at its place in the scene, in samples."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True)
class Scene:
    """Both sides of a meeting, without echo."""

    own: Sound
    system: Sound
    said: list[Said]


@dataclass(frozen=True)
class Result:
    """What was recognized on the microphone's track."""

    doubled: int
    other_turns: int
    right: int
    words: int
    seconds_per_second: float


def load(folder: Path, speakers: Sequence[str], count: int) -> list[tuple[Sound, str]]:
    """Return recordings of these speakers at the same level, with their texts."""
    found = []
    with (folder / "dev.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["speaker"] in speakers and len(found) < count and float(row["seconds"]) < 9:
                with open_audio(folder / "dev" / row["file"]) as audio:
                    sound = np.concatenate(list(audio.blocks(RATE))).astype(np.float64)
                level = 10 ** (SPEECH_DBFS / 20) / np.sqrt(np.mean(sound**2))
                found.append((sound * level, row["text"]))
    return found


def make_scene(folder: Path, turns: int) -> Scene:
    """Return a meeting in which every third turn begins while the other side still speaks."""
    mine, theirs = load(folder, ["ls1272"], turns), load(folder, ["ls2428", "LJ"], turns)
    length = sum(len(one[0]) for one in (*mine, *theirs)) + 2 * turns * RATE + 4 * RATE
    own, system = np.zeros(length), np.zeros(length)
    said, at = [], RATE
    for turn, ((my_sound, text), (their_sound, _)) in enumerate(zip(mine, theirs, strict=False)):
        system[at : at + len(their_sound)] += their_sound
        over = turn % 3 == 2
        start = at + len(their_sound) + (-2 * RATE if over else RATE)
        own[start : start + len(my_sound)] += my_sound
        said.append(Said(start, start + len(my_sound), text))
        at = start + len(my_sound) + RATE
    return Scene(own[: at + RATE], system[: at + RATE], said)


def echo_of(system: Sound, level_db: float, delay_ms: int, generator: np.random.Generator) -> Sound:
    """Return the loudspeaker's sound in the microphone."""
    tail = round(0.25 * RATE)
    room = generator.standard_normal(tail) * 10 ** (-3 * np.arange(tail) / tail) * 0.25
    room[0] = 1.0
    room /= np.sqrt(np.sum(room**2))
    distorted = np.tanh(3.0 * system) / 3.0
    size = 1 << (len(system) + tail).bit_length()
    echo = np.fft.irfft(np.fft.rfft(distorted, size) * np.fft.rfft(room, size), size)
    delay = round(delay_ms * RATE / 1000)
    return np.concatenate([np.zeros(delay), echo])[: len(system)] * 10 ** (level_db / 20)


def transcribe(
    microphone: NDArray[np.int16], system: NDArray[np.int16] | None, recognizer: Recognizer
) -> tuple[list[tuple[int, int, tuple[Word, ...]]], float]:
    """Return (start, stop, words) of each line, and the seconds that removal took.

    Without `system` the sound stays as it is.
    """
    segmenter = make_segmenter()
    found = [*segmenter.feed(microphone), *segmenter.flush()]
    lines, took_s = [], 0.0
    for one in found:
        if not isinstance(one, SegmentClosed):
            continue
        sound = microphone[one.start_sample : one.stop_sample]
        if system is not None:
            first = max(0, min(one.start_sample, one.stop_sample - round(CONTEXT_S * RATE)))
            began_s = time.perf_counter()
            sound = remove_echo(
                microphone[first : one.stop_sample], system[first : one.stop_sample], len(sound)
            )
            took_s += time.perf_counter() - began_s
        words = recognizer.transcribe(to_float32(sound)).shifted(one.start_sample / RATE).words
        lines.append((one.start_sample, one.stop_sample, words))
    return lines, took_s


def rate(scene: Scene, lines: list[tuple[int, int, tuple[Word, ...]]], took_s: float) -> Result:
    """Compare what was recognized with what the user said."""
    doubled = right = words = 0
    for start, stop, heard in lines:
        is_own = any(min(stop, one.stop) - max(start, one.start) > RATE // 5 for one in scene.said)
        doubled += bool(heard) and not is_own
    everything = [word for _, _, heard in lines for word in heard]
    for one in scene.said:
        inside = [
            word.text.lower().strip(".,?!")
            for word in everything
            if one.start / RATE - 0.3 <= (word.start_s + word.end_s) / 2 <= one.stop / RATE + 0.3
        ]
        wanted = one.text.lower().split()
        words += len(wanted)
        matcher = SequenceMatcher(None, wanted, inside, autojunk=False)
        right += sum(block.size for block in matcher.get_matching_blocks())
    return Result(doubled, len(scene.said), right, words, took_s / (len(scene.own) / RATE))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    usual = Path(__file__).parents[2] / "shared" / "speech"
    parser.add_argument("--speech", type=Path, default=usual)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--levels", type=float, nargs="+", default=[0.0, -6.0, -12.0, -20.0])
    parser.add_argument("--delays", type=int, nargs="+", default=[0, 60, 200])
    options = parser.parse_args()
    recognizer = open_recognizer(open_bundle(demo_bundle_dir(), "int8"), "cpu")
    scene = make_scene(options.speech, options.turns)
    generator = np.random.default_rng(5)
    noise = generator.standard_normal(len(scene.own)) * 10 ** (NOISE_DBFS / 20)
    system = to_int16(scene.system.astype(np.float32))

    def heard(echo: Sound) -> NDArray[np.int16]:
        return to_int16((scene.own + noise + echo).astype(np.float32))

    def report(name: str, result: Result) -> None:
        lost = (clean.right - result.right) / clean.words
        print(
            f"{name:28} doubled {result.doubled:3} of {result.other_turns}   "
            f"lost own words {lost:6.1%}   {result.seconds_per_second:.3f} s per s"
        )

    silent = heard(np.zeros_like(scene.own))
    clean = rate(scene, *transcribe(silent, None, recognizer))
    print(f"{len(scene.own) / RATE:.0f} s; without echo {clean.right} of {clean.words} words right")
    report("no echo, left alone", clean)
    report("no echo, removal on", rate(scene, *transcribe(silent, system, recognizer)))
    for level in options.levels:
        for delay in options.delays:
            echo = heard(echo_of(scene.system, level, delay, generator))
            name = f"{level:.0f} dB, {delay} ms, "
            report(f"{name}left alone", rate(scene, *transcribe(echo, None, recognizer)))
            report(f"{name}removed", rate(scene, *transcribe(echo, system, recognizer)))


if __name__ == "__main__":
    main()
