"""Sounds of bench_segment.py: real speech and noise if present, and synthetic sounds."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE_HZ = 16000
HOP = 160
SPEECH_DBFS = -26.0
TUNE_SPEAKERS = {"ls1272", "ls2428", "librivox"}
TUNE_NOISES = {"rain", "helicopter", "dog_bark", "clock_tick", "fire_crackling"}
SNRS_DB = (20, 10, 5, 0)


@dataclass(frozen=True)
class Scene:
    """Speech with known places: `speech` [shape=(hops,)], clips as (first, end) in hops."""

    sound: Sound
    speech: NDArray[np.bool_]
    clips: tuple[tuple[int, int], ...]


def read(path: Path) -> Sound:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    with av.open(str(path)) as container:
        frames = [g for f in container.decode(audio=0) for g in resampler.resample(f)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def level_db(sound: Sound) -> NDArray[np.float64]:
    """Return the level of the 30 ms around each hop [shape=(hops,)]."""
    power = np.square(sound[: len(sound) // HOP * HOP].astype(np.float64)).reshape(-1, HOP)
    smooth = np.convolve(power.mean(axis=1), np.ones(3) / 3, mode="same")
    return 10 * np.log10(smooth + 1e-12)


def reference(sound: Sound) -> NDArray[np.bool_]:
    """Return for each hop of a clean clip whether it is speech; gaps below 0.15 s are filled."""
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
    # A room is never completely silent.
    sound += np.float32(10 ** (-70 / 20)) * pink(len(sound), rng)
    return Scene(sound, np.concatenate([*labels, np.zeros(tail, bool)]), tuple(places))


def pink(samples: int, rng: np.random.Generator) -> Sound:
    """Return pink noise of RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, samples)
    return (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)


def recorded_noise(samples: int, noises: Sequence[Sound], rng: np.random.Generator) -> Sound:
    """Return recorded noises of RMS 1, each half a minute long."""
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
    """Return single words spoken to a device, one each."""
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
        # The level of a soft voice in a 16-bit recording.
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
    """Return typing: bursts of band-limited noise of a few ms, about six a second, in runs."""
    out = (1e-4 * rng.standard_normal(samples)).astype(np.float32)
    at = 0
    while at < samples - 2000:
        length = int(rng.integers(160, 900))
        burst = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 6))
        out[at : at + length] += rng.uniform(0.03, 0.3) * np.convolve(burst, [0.5, 0, -0.5], "same")
        at += int(rng.uniform(0.06, 0.3) * RATE_HZ) if rng.uniform() < 0.93 else 2 * RATE_HZ
    return np.clip(out, -1, 1)


def tones(samples: int, rng: np.random.Generator) -> Sound:
    """Return music-like sound: chords of decaying notes with six overtones and a little vibrato."""
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
