"""Speech with known positions: clips of real or shipped speech with pauses between."""

from __future__ import annotations

import csv
import itertools
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.util.paths import assets_dir
from helpers.segment_sounds import HOP, RATE_HZ, Scene, Sound, join, read, reference

SHARED = Path(__file__).resolve().parents[3] / "shared" / "speech"
_SAMPLES = ("welcome", "conversation")
Clip = tuple[Sound, str]

# The clips of a sample are separated by pauses of this length.
_PAUSE_HOPS = 50


def shipped_clips() -> list[Clip]:
    """Return the utterances of the shipped samples, split by their loudness, and their words."""
    clips = []
    for name in _SAMPLES:
        sound = read(assets_dir() / "samples" / f"{name}.flac")
        loud = np.flatnonzero(reference(sound))
        breaks = np.flatnonzero(np.diff(loud) > _PAUSE_HOPS)
        firsts = [loud[0], *loud[breaks + 1]]
        lasts = [*loud[breaks], loud[-1]]
        texts = (assets_dir() / "samples" / f"{name}.txt").read_text("utf-8").splitlines()
        for first, last, text in zip(firsts, lasts, texts, strict=True):
            clips.append((sound[max(0, first - 10) * HOP : (last + 10) * HOP], text))
    return clips


def clips_of_many() -> tuple[list[Clip], str]:
    """Return clips of many speakers if present, else the shipped ones; and which they are."""
    table = SHARED / "dev.tsv"
    if not table.is_file():
        return shipped_clips(), "shipped samples, repeated"
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    np.random.default_rng(7).shuffle(rows)
    clips = [(read(SHARED / "dev" / row["file"]), row["text"]) for row in rows]
    return clips, "recordings of many speakers"


def spoken(
    clips: list[Clip], count: int, gaps_s: tuple[float, float] = (1.0, 2.0), seed: int = 5
) -> tuple[Scene, list[str]]:
    """Return `count` clips in a row, repeated if needed, at random loudness; and their words."""
    rng = np.random.default_rng(seed)
    chosen = list(itertools.islice(itertools.cycle(clips), count))
    scene = join([sound for sound, _ in chosen], rng, gaps_s)
    sound = scene.sound.copy()
    for first, end in scene.clips:
        sound[first * HOP : end * HOP] *= np.float32(10 ** (rng.uniform(-6, 3) / 20))
    texts = [text for _, text in chosen]
    return Scene(np.clip(sound, -1, 1), scene.speech, scene.clips), texts


def hours_of(scene: Scene, hours: float) -> Sound:
    """Return the scene's audio repeated for this duration."""
    return np.resize(scene.sound, round(hours * 3600 * RATE_HZ))


def write(path: Path, sound: Sound) -> NDArray[np.int16]:
    """Write a 16-bit mono WAV file; return its samples."""
    samples = np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return samples
