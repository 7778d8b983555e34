"""Measures voice detectors and the segmenter on real speech in silence and in noise.

    python benchmarks/bench_segment.py           # the report, on speakers and noises not tuned on
    python benchmarks/bench_segment.py --tune    # the sweep by which the settings were chosen

Wants ../shared/speech (folders dev and noise with their .tsv); without it only made-up sounds are
measured. Clips are trimmed to their speech, set to -26 dBFS and joined with silences of 0.3-3 s.
Where speech is in a clean clip is told by its loudness: that is the reference, to about 30 ms.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from granite_live.segment.detector import DETECTORS, Detector, DetectorError, make_detector
from granite_live.segment.events import Closed, Opened
from granite_live.segment.segmenter import Segmenter
from granite_live.segment.settings import SegmenterSettings

Sound = NDArray[np.float32]
RATE_HZ = 16000
HOP = 160
SPEECH_DBFS = -26.0
TUNE_SPEAKERS = {"ls1272", "ls2428", "librivox"}
TUNE_NOISES = {"rain", "helicopter", "dog_bark", "clock_tick", "fire_crackling"}
SNRS_DB = (20, 10, 5, 0)
TOLERANCE = 5  # hops: the reference is no better than this.


@dataclass(frozen=True)
class Scene:
    """Speech with known places: `speech` [shape=(hops,)], clips as (first, end) in hops."""

    sound: Sound
    speech: NDArray[np.bool_]
    clips: tuple[tuple[int, int], ...]


class Recorded:
    """A detector that repeats probabilities computed before."""

    def __init__(self, frame_samples: int, probabilities: Sequence[float]) -> None:
        self.frame_samples = frame_samples
        self._probabilities = iter(probabilities)

    def probability(self, frame: Sound) -> float:
        """Return the next one."""
        return next(self._probabilities)

    def reset(self) -> None:
        """Do nothing: the numbers know what they follow."""


# --- material ---------------------------------------------------------------------------------


def read(path: Path) -> Sound:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    with av.open(str(path)) as container:
        frames = [g for f in container.decode(audio=0) for g in resampler.resample(f)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def level_db(sound: Sound) -> NDArray[np.float64]:
    """Loudness of the 30 ms around each hop [shape=(hops,)]."""
    power = np.square(sound[: len(sound) // HOP * HOP].astype(np.float64)).reshape(-1, HOP)
    smooth = np.convolve(power.mean(axis=1), np.ones(3) / 3, mode="same")
    return 10 * np.log10(smooth + 1e-12)


def reference(sound: Sound) -> NDArray[np.bool_]:
    """Say of each hop of a clean clip whether it is speech; gaps below 0.15 s are filled."""
    level = level_db(sound)
    loud = np.percentile(level, 95)
    speech = level > max(loud - 28, min(np.percentile(level, 5) + 9, loud - 18))
    for value, shortest in ((False, 15), (True, 5)):
        edges = np.flatnonzero(np.diff(np.concatenate(([not value], speech, [not value]))))
        for first, end in zip(edges[::2], edges[1::2], strict=False):
            if end - first < shortest:
                speech[first:end] = not value
    return speech


def join(clips: Sequence[Sound], rng: np.random.Generator, gaps_s: tuple[float, float]) -> Scene:
    sounds, labels, places, at = [], [], [], 0
    for clip in clips:
        speech = reference(clip)
        inside = np.flatnonzero(speech)
        first, end = inside[0], inside[-1] + 1
        gap = int(rng.uniform(*gaps_s) * RATE_HZ) // HOP
        body = clip[first * HOP : end * HOP]
        active = np.repeat(speech[first:end], HOP)
        rms = np.sqrt(np.mean(np.square(body[active].astype(np.float64))))
        body = body * np.float32(10 ** (SPEECH_DBFS / 20) / rms)
        sounds += [np.zeros(gap * HOP, np.float32), body]
        labels += [np.zeros(gap, bool), speech[first:end]]
        places.append((at + gap, at + gap + end - first))
        at += gap + end - first
    tail = 2 * RATE_HZ // HOP
    sound = np.concatenate([*sounds, np.zeros(tail * HOP, np.float32)])
    # A room is never quite silent.
    sound += np.float32(10 ** (-70 / 20)) * pink(len(sound), rng)
    return Scene(sound, np.concatenate([*labels, np.zeros(tail, bool)]), tuple(places))


def pink(samples: int, rng: np.random.Generator) -> Sound:
    """Pink noise of RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, samples)
    return (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)


def recorded_noise(samples: int, noises: Sequence[Sound], rng: np.random.Generator) -> Sound:
    """Noises of RMS 1, each going on for half a minute."""
    out, filled = np.empty(samples, np.float32), 0
    while filled < samples:
        one = noises[int(rng.integers(len(noises)))]
        stretch = np.resize(one, min(30 * RATE_HZ, samples - filled))
        out[filled : filled + len(stretch)] = stretch
        filled += len(stretch)
    return out


def load_noises(shared: Path, tune: bool) -> dict[str, list[Sound]]:
    found: dict[str, list[Sound]] = {}
    for row in csv.DictReader((shared / "noise.tsv").open(), delimiter="\t"):
        if (row["class"] in TUNE_NOISES) != tune:
            continue
        sound = read(shared / "noise" / row["file"])
        sounding = sound[np.abs(sound) > 1e-4]
        if len(sounding) > RATE_HZ // 4:
            rms = np.sqrt(np.mean(np.square(sounding.astype(np.float64))))
            found.setdefault(row["class"], []).append(sound / np.float32(rms))
    return found


def load_scene(shared: Path, tune: bool) -> Scene:
    rows = csv.DictReader((shared / "dev.tsv").open(), delimiter="\t")
    files = [row["file"] for row in rows if (row["speaker"] in TUNE_SPEAKERS) == tune]
    rng = np.random.default_rng(1 if tune else 2)
    rng.shuffle(files)
    return join([read(shared / "dev" / file) for file in files], rng, (0.3, 3.0))


def load_words(shared: Path) -> Scene:
    """Single words said to a device, each by itself."""
    rows = csv.DictReader((shared / "train_real.tsv").open(), delimiter="\t")
    files = [row["file"] for row in rows if row["file"].startswith("precise_pd")][:100]
    sounds = [read(shared / "train_real" / file) for file in files]
    return join(sounds, np.random.default_rng(6), (1.0, 2.0))


def conditions(
    scene: Scene, noises: dict[str, list[Sound]], seed: int
) -> Iterator[tuple[str, Sound]]:
    rng = np.random.default_rng(seed)
    yield "clean", scene.sound
    for softer_db in (20, 30):
        # What a 16-bit recording of a soft voice holds.
        quiet = np.rint(scene.sound * 10 ** (-softer_db / 20) * 32768) / 32768
        yield f"clean, {softer_db} dB softer", quiet.astype(np.float32)
    every = [noise for kind in noises.values() for noise in kind]
    for kind in ("pink", "ESC-10"):
        samples = len(scene.sound)
        noise = pink(samples, rng) if kind == "pink" else recorded_noise(samples, every, rng)
        for snr_db in SNRS_DB:
            gain = np.float32(10 ** ((SPEECH_DBFS - snr_db) / 20))
            yield f"{kind} {snr_db} dB", np.clip(scene.sound + gain * noise, -1, 1)


# --- sounds without speech --------------------------------------------------------------------


def clicks(samples: int, rng: np.random.Generator) -> Sound:
    """Typing: bursts of band-limited noise of a few ms, about six a second, in runs."""
    out = (1e-4 * rng.standard_normal(samples)).astype(np.float32)
    at = 0
    while at < samples - 2000:
        length = int(rng.integers(160, 900))
        burst = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 6))
        out[at : at + length] += rng.uniform(0.03, 0.3) * np.convolve(burst, [0.5, 0, -0.5], "same")
        at += int(rng.uniform(0.06, 0.3) * RATE_HZ) if rng.uniform() < 0.93 else 2 * RATE_HZ
    return np.clip(out, -1, 1)


def tones(samples: int, rng: np.random.Generator) -> Sound:
    """Music-like: chords of decaying notes with six overtones and a little vibrato."""
    out = (1e-4 * rng.standard_normal(samples)).astype(np.float64)
    at = 0
    while at < samples - RATE_HZ:
        length = int(rng.choice([0.25, 0.5, 1.0]) * RATE_HZ)
        t = np.arange(length) / RATE_HZ
        for note in rng.choice(np.arange(-17, 15), 3, replace=False):
            pitch = 440 * 2 ** (note / 12)
            phase = 2 * np.pi * pitch * t + 0.1 * np.sin(2 * np.pi * 5.5 * t)
            sound = sum(np.sin(k * phase) / k**1.3 for k in range(1, 7))
            out[at : at + length] += 0.05 * np.exp(-3 * t) * np.minimum(t / 0.01, 1) * sound
        at += length
    return np.clip(out, -1, 1).astype(np.float32)


def made_up(minutes: float) -> Iterator[tuple[str, Sound]]:
    rng = np.random.default_rng(3)
    samples = int(minutes * 60 * RATE_HZ)
    yield "digital silence", np.zeros(samples, np.float32)
    for level in (-60, -40, -26):
        yield f"pink noise {level} dBFS", np.float32(10 ** (level / 20)) * pink(samples, rng)
    yield "keyboard-like clicks", clicks(samples, rng)
    yield "music-like tones", tones(samples, rng)


# --- measuring --------------------------------------------------------------------------------


def listen(detector: Detector, sound: Sound) -> list[float]:
    detector.reset()
    size = detector.frame_samples
    padded = np.concatenate((sound, np.zeros(-len(sound) % size, np.float32)))
    return [detector.probability(frame) for frame in padded.reshape(-1, size)]


def segments(
    size: int, probabilities: Sequence[float], sound: Sound, settings: SegmenterSettings
) -> tuple[list[Closed], int]:
    """Return the utterances, and how many were opened."""
    segmenter = Segmenter(Recorded(size, probabilities), settings)
    events = segmenter.feed(sound) + segmenter.flush()
    return [e for e in events if isinstance(e, Closed)], sum(isinstance(e, Opened) for e in events)


@dataclass(frozen=True)
class Score:
    """Shares are of 1, times in seconds."""

    miss: float
    false_alarm: float
    lost_speech: float
    starts_cut: int
    ends_cut: int
    unclosed: float
    utterances: int
    lead_s: float
    lag_s: float
    excess: float


def score(
    scene: Scene, size: int, probabilities: Sequence[float], settings: SegmenterSettings
) -> Score:
    hops = len(scene.speech)
    said = np.repeat(np.array(probabilities) >= settings.open_probability, size)[HOP // 2 :: HOP]
    said = said[:hops]
    found, _ = segments(size, probabilities, scene.sound, settings)
    covered = np.zeros(hops, bool)
    for one in found:
        covered[one.start_sample // HOP : -(-one.stop_sample // HOP)] = True
    starts = np.array([one.start_sample / HOP for one in found])
    stops = np.array([one.stop_sample / HOP for one in found])
    leads, lags, wide, unclosed = [], [], 0, 0
    clips = scene.clips
    for (_, end), (onset, _) in itertools.pairwise(clips):
        if (onset - end) * HOP < RATE_HZ:
            continue
        wide += 1
        if covered[end:onset].all():
            unclosed += 1
            continue
        before = starts[(starts > end - TOLERANCE) & (starts < onset + 50)]
        after = stops[(stops > end - 50) & (stops < onset)]
        leads += [(onset - before[-1]) / 100] if len(before) else []
        lags += [(after[0] - end) / 100] if len(after) else []
    return Score(
        miss=float(np.mean(~said[scene.speech])),
        false_alarm=float(np.mean(said[~scene.speech])),
        lost_speech=float(np.mean(~covered[scene.speech])),
        starts_cut=sum(not covered[first + TOLERANCE] for first, _ in clips),
        ends_cut=sum(not covered[end - 1 - TOLERANCE] for _, end in clips),
        unclosed=unclosed / max(wide, 1),
        utterances=len(found),
        lead_s=float(np.median(leads)) if leads else float("nan"),
        lag_s=float(np.median(lags)) if lags else float("nan"),
        excess=float(np.sum(covered & ~scene.speech) / np.sum(scene.speech)),
    )


def print_scores(rows: Sequence[tuple[str, Score]], clips: int) -> None:
    print(
        f"{'':30}{'miss':>6}{'false':>6}{'lost':>7}{'starts':>8}{'ends':>6}{'never':>7}"
        f"{'utter-':>8}{'lead':>7}{'lag':>7}{'excess':>8}"
    )
    print(
        f"{f'{clips} clips':30}{'%':>6}{'%':>6}{'%':>7}{'cut':>8}{'cut':>6}{'closed':>7}"
        f"{'ances':>8}{'s':>7}{'s':>7}{'%':>8}"
    )
    for name, s in rows:
        print(
            f"{name:30}{100 * s.miss:6.1f}{100 * s.false_alarm:6.1f}{100 * s.lost_speech:7.2f}"
            f"{s.starts_cut:8d}{s.ends_cut:6d}{100 * s.unclosed:6.0f}%{s.utterances:8d}"
            f"{s.lead_s:7.2f}{s.lag_s:7.2f}{100 * s.excess:8.0f}"
        )


def print_false_openings(
    name: str, detector: Detector, sounds: Sequence[tuple[str, Sound]], settings: SegmenterSettings
) -> None:
    print(f"\n{name}: sounds without speech, a minute: opened / kept as utterances")
    for kind, sound in sounds:
        found, opened = segments(detector.frame_samples, listen(detector, sound), sound, settings)
        minutes = len(sound) / RATE_HZ / 60
        print(f"  {kind:28}{opened / minutes:7.1f}{len(found) / minutes:7.1f}")


def print_cost(name: str, sound: Sound) -> None:
    started = time.process_time()
    detector = make_detector(name)
    loaded = time.process_time() - started
    segmenter = Segmenter(detector)
    pcm = (sound * 32767).astype(np.int16)
    started = time.process_time()
    for start in range(0, len(pcm), HOP):
        segmenter.feed(pcm[start : start + HOP])
    spent = time.process_time() - started
    share = 100 * spent / (len(pcm) / RATE_HZ)
    print(f"  {name}: {share:.2f} % of a core with 10 ms blocks, loaded in {loaded * 1000:.0f} ms")


# --- commands ---------------------------------------------------------------------------------


def available(names: Sequence[str]) -> dict[str, Detector]:
    found = {}
    for name in names:
        try:
            found[name] = make_detector(name)
        except DetectorError as error:
            print(error)
    return found


def tune(shared: Path, names: Sequence[str]) -> None:
    scene, noises = load_scene(shared, tune=True), load_noises(shared, tune=True)
    base = SegmenterSettings()
    tries = [("as set", base)]
    for p, stay in ((0.3, 0.2), (0.4, 0.25), (0.5, 0.25), (0.6, 0.35), (0.6, 0.45), (0.7, 0.55)):
        pair = replace(base, open_probability=p, stay_probability=stay)
        tries.append((f"open {p} stay {stay}", pair))
    for field, values in {
        "confirm_ms": (0, 30, 90, 150),
        "silence_ms": (500, 550, 700),
        "pre_roll_ms": (100, 200, 400),
        "keep_silence_ms": (100, 200, 400),
    }.items():
        tries += [(f"{field} {value}", replace(base, **{field: value})) for value in values]
    for name, detector in available(names).items():
        size = detector.frame_samples
        print(f"\n{name}: means over all conditions, sums of cuts")
        heard = [listen(detector, sound) for _, sound in conditions(scene, noises, 4)]
        rows = []
        for label, settings in tries:
            scores = [score(scene, size, one, settings) for one in heard]
            means = {
                field: np.mean([getattr(s, field) for s in scores])
                for field in Score.__dataclass_fields__
            }
            sums = {k: sum(getattr(s, k) for s in scores) for k in ("starts_cut", "ends_cut")}
            rows.append((label, Score(**{**means, **sums, "utterances": int(means["utterances"])})))
        print_scores(rows, len(scene.clips))


def report(shared: Path, names: Sequence[str], minutes: float) -> None:
    detectors = available(names)
    settings = SegmenterSettings()
    silent = list(made_up(minutes))
    if shared.is_dir():
        scene, noises = load_scene(shared, tune=False), load_noises(shared, tune=False)
        spoken = len(scene.sound) / RATE_HZ / 60
        words = load_words(shared)
        print(f"{spoken:.1f} minutes, {np.mean(scene.speech):.0%} speech; noises: {list(noises)}")
        for name, detector in detectors.items():
            print(f"\n{name}")
            rows = [
                (label, score(scene, detector.frame_samples, listen(detector, sound), settings))
                for label, sound in conditions(scene, noises, 5)
            ]
            print_scores(rows, len(scene.clips))
            heard = listen(detector, words.sound)
            one = score(words, detector.frame_samples, heard, settings)
            print(f"{len(words.clips)} single words: {one.starts_cut} lost or cut at the start")
        quiet = np.float32(10 ** (-30 / 20))
        silent += [(f"ESC-10 {k}", np.concatenate(v) * quiet) for k, v in noises.items()]
    else:
        print(f"{shared} is missing: only made-up sounds are measured")
    for name, detector in detectors.items():
        print_false_openings(name, detector, silent, settings)
    print("\ncost, detector and segmenter, processor time of the process")
    for name in detectors:
        print_cost(name, dict(silent)["music-like tones"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tune", action="store_true", help="sweep settings on the tuning part")
    parser.add_argument("--detector", action="append", choices=DETECTORS, help="only this one")
    parser.add_argument("--minutes", type=float, default=2.0, help="of each made-up sound")
    default = Path(__file__).resolve().parents[2] / "shared" / "speech"
    parser.add_argument("--shared", type=Path, default=default, help="folder of dev and noise")
    arguments = parser.parse_args()
    if arguments.tune:
        tune(arguments.shared, arguments.detector or DETECTORS)
    else:
        report(arguments.shared, arguments.detector or DETECTORS, arguments.minutes)


if __name__ == "__main__":
    main()
