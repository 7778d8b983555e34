"""Make batches for training: clips from the cache with random noise, room and microphone.

Adding rooms, noises and microphones to band powers costs a thousandth of the encoder's
time, so that every clip sounds different every time it is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from features import HOP, MELS, RATE, htk_bank, normalise_log
from tokenizers import Tokenizer
from torch import Tensor

SPEEDS = (0.9, 1.0, 1.1)
VIEWS = 2  # copies of a clip in a batch, each with other noise
AGAIN = 0.5  # share of the good synthetic voices that appears twice in an epoch
MADE = 0.15  # share of the sentences of the simple voices in an epoch
WIDTH = htk_bank().sum(0).astype(np.float32)
CENTRE = (np.arange(1, 257) @ htk_bank()[1:]) / htk_bank()[1:].sum(0) * RATE / 512


Views = tuple[list[np.ndarray], str, list[int]]
"""A clip's rows in each view, its text and its tokens."""


class Cache:
    """The prepared clips."""

    def __init__(self, path: Path) -> None:
        self.clips = json.loads((path / "clips.json").read_text())
        self.power = {s: np.load(path / f"speed_{s}.npy", mmap_mode="r") for s in SPEEDS}
        self.made = np.zeros((0, MELS), np.float16)
        if (path / "made.json").exists():
            self.clips += json.loads((path / "made.json").read_text())
            self.made = np.load(path / "made.npy", mmap_mode="r")
        self.tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        for c in self.clips:
            c["ids"] = self.tokenizer.encode(c["text"]).ids

    def part(self, name: str) -> list[dict]:
        """Return the clips of one part of the split."""
        return [c for c in self.clips if c["part"] == name]

    def log_power(self, clip: dict, speed: float = 1.0) -> np.ndarray:
        """Return log10 of band powers: [frames,80]."""
        at, n = clip[f"at_{speed}"]
        power = self.made if clip["kind"] == "made" else self.power[speed]
        return np.asarray(power[at : at + n], dtype=np.float32)


@dataclass
class Batch:
    """Padded features and the texts; the second half are the same clips with other noise."""

    features: Tensor
    mask: Tensor
    texts: list[str]
    ids: list[list[int]]


def collate(items: list[tuple[np.ndarray, str, list[int]]]) -> Batch:
    """Pad with each clip's own quietest value."""
    t = max(len(x) for x, _, _ in items)
    features = torch.zeros(len(items), t, 2 * MELS)
    mask = torch.zeros(len(items), t, dtype=torch.int64)
    for i, (x, _, _) in enumerate(items):
        features[i] = float(x.min())
        features[i, : len(x)] = torch.from_numpy(x)
        mask[i, : len(x)] = 1
    return Batch(features, mask, [x[1] for x in items], [x[2] for x in items])


class Spoiler:
    """Adds random rooms, noises, microphones and masks."""

    def __init__(self, cache: Cache, rng: np.random.Generator, strength: float = 1.0) -> None:
        self.cache, self.rng, self.strength = cache, rng, strength
        self.noises = cache.part("noise")
        self.voices = [c for c in cache.part("train") if c["kind"] not in ("keyword", "made")]

    def hiss(self, frames: int, slope: float) -> np.ndarray:
        """Return stationary noise, `slope` = power of 1/f, with the scatter of real spectra."""
        shape = WIDTH * (200.0 / (CENTRE + 100.0)) ** slope
        k = np.maximum(WIDTH, 1.0)
        return (shape * self.rng.gamma(k, 1.0 / k, (frames, MELS))).astype(np.float32)

    def noise(self, frames: int) -> np.ndarray:
        """Return the band power of one noise, of any level."""
        r = self.rng.random()
        if r < 0.4:
            return self._tile(self.noises, frames)
        if r < 0.6:
            return sum(self._tile(self.voices, frames) for _ in range(self.rng.integers(3, 7)))
        return self.hiss(frames, self.rng.uniform(0, 2.0))

    def _tile(self, clips: list[dict], frames: int) -> np.ndarray:
        x = 10.0 ** self.cache.log_power(clips[self.rng.integers(len(clips))])
        x = np.roll(x, self.rng.integers(len(x)), axis=0)
        return np.tile(x, (frames // len(x) + 1, 1))[:frames] / (x.mean() + 1e-10)

    def room(self, p: np.ndarray) -> np.ndarray:
        """Return reverberation as an exponential smear of power over time."""
        decay = 10.0 ** (-6.0 * HOP / RATE / self.rng.uniform(0.15, 0.8))
        n = int(min(70, 1 + np.ceil(-4 / np.log10(decay))))
        kernel = decay ** np.arange(n) * self.rng.exponential(1.0, n)
        kernel[0] = 0.0
        kernel *= 10 ** (self.rng.uniform(-12, 2) / 10) / (kernel.sum() + 1e-9)
        kernel[0] = 1.0
        size = len(p) + n
        spec = np.fft.rfft(p, size, axis=0) * np.fft.rfft(kernel, size)[:, None]
        return np.maximum(np.fft.irfft(spec, size, axis=0)[: len(p)], 1e-10).astype(np.float32)

    def colour(self, p: np.ndarray) -> np.ndarray:
        """Return a microphone's response, sometimes with the band limits of a telephone."""
        at = np.linspace(0, MELS - 1, 6)
        db = np.interp(np.arange(MELS), at, self.rng.normal(0, 4.0 * self.strength, 6))
        r = self.rng.random()
        if r < 0.1:
            low, high = self.rng.uniform(150, 400), self.rng.uniform(3000, 4200)
            db = db - np.where((low > CENTRE) | (high < CENTRE), self.rng.uniform(15, 60), 0)
        elif r < 0.2:
            db = db - np.where(self.rng.uniform(4000, 7500) < CENTRE, self.rng.uniform(15, 60), 0)
        return p * (10.0 ** (db / 10.0)).astype(np.float32)

    def ends(self, p: np.ndarray) -> np.ndarray:
        """Add quiet at both ends, and make the number of frames even."""
        a, b = self.rng.integers(0, 50, 2)
        b += (len(p) + a + b) % 2
        if self.rng.random() < 0.4:
            pad = np.full((a + b, MELS), 1e-10, np.float32)
        else:
            quiet = np.quantile(p.mean(1), 0.03) + 1e-10
            pad = self.hiss(a + b, 1.0) * (quiet / WIDTH.mean())
        return np.concatenate((pad[:a], p, pad[a:]))

    def throat(self, x: np.ndarray) -> np.ndarray:
        """Imitate another speaker and pace: stretch log band powers in mel and in time."""
        rng = self.rng
        pace, size = rng.uniform(0.88, 1.14), rng.uniform(0.93, 1.07)
        at = np.arange(0.5 * rng.random(), len(x) - 1.001, pace)
        i = at.astype(np.int64)
        part = (at - i).astype(np.float32)[:, None]
        x = x[i] * (1 - part) + x[i + 1] * part
        band = np.clip(np.arange(MELS) * size, 0, MELS - 1.001)
        i = band.astype(np.int64)
        part = (band - i).astype(np.float32)
        return x[:, i] * (1 - part) + x[:, i + 1] * part

    def __call__(self, logp: np.ndarray, speech: bool = True) -> list[np.ndarray]:
        """Return noisy, normalized rows [T,160] for each view of log10 band powers.

        Views are in the same room and as long as each other; noise, microphone and masks differ.
        """
        rng = self.rng
        p = 10.0**logp
        if speech and rng.random() < 0.8:
            p = self.ends(p)
        if rng.random() < 0.35 * self.strength:
            p = self.room(p)
        p = p[: len(p) // 2 * 2]
        return [self._view(p, speech) for _ in range(VIEWS)]

    def _view(self, p: np.ndarray, speech: bool) -> np.ndarray:
        rng = self.rng
        level = p.mean(1)
        level = level[level >= np.median(level)].mean()
        if rng.random() < 0.6 * self.strength:
            snr = rng.uniform(3, 30)
            n = self.noise(len(p))
            p = p + n * (level / (n.mean() + 1e-10) * 10 ** (-snr / 10))
        if rng.random() < 0.5:
            n = self.hiss(len(p), rng.uniform(0, 1.5))
            p = p + n * (level / n.mean() * 10 ** (-rng.uniform(20, 55) / 10))
        if rng.random() < 0.8 * self.strength:
            p = self.colour(p)
        x = normalise_log(np.log10(np.maximum(p, 1e-10)))
        return self.masks(x) if speech else x

    def masks(self, x: np.ndarray) -> np.ndarray:
        """Apply SpecAugment: hide bands and moments, so that context must help."""
        rng, t = self.rng, len(x)
        fill = float(x.mean())
        y = x.reshape(t * 2, MELS)
        for _ in range(rng.integers(0, 3)):
            w = rng.integers(1, 14)
            f = rng.integers(0, MELS - w)
            y[:, f : f + w] = fill
        for _ in range(rng.integers(0, 1 + max(1, t // 60))):
            w = rng.integers(2, int(24 * self.strength))
            if 2 * t > 4 * w:
                s = rng.integers(0, 2 * t - w)
                y[s : s + w] = fill
        return y.reshape(t, 2 * MELS)


class Loader:
    """Yields endless epochs of batches with little padding."""

    def __init__(self, cache: Cache, rows: int, seed: int, strength: float = 1.0) -> None:
        self.cache, self.rows = cache, rows
        self.rng = np.random.default_rng(seed)
        self.spoil = Spoiler(cache, self.rng, strength)
        self.clips = cache.part("train")
        self.by_speaker: dict[str, list[dict]] = {}
        for c in self.clips:
            self.by_speaker.setdefault(c["speaker"], []).append(c)
        self.epoch = 0

    def _items(self) -> list[tuple[list[dict], float, int]]:
        rng, out = self.rng, []
        good = [c for c in self.clips if c["kind"] == "train_tts" or c["path"] == "made/kokoro"]
        for c in [*self.clips, *(c for c in good if rng.random() < AGAIN)]:
            if c["path"] in ("made/flite", "made/espeak") and rng.random() > MADE:
                continue
            speed = 1.0 if c["kind"] == "made" else SPEEDS[rng.integers(3)]
            group = [c]
            while rng.random() < 0.12 and len(group) < 5:
                other = self.by_speaker[c["speaker"]]
                group.append(other[rng.integers(len(other))])
            while len(group) > 1 and sum(g[f"at_{speed}"][1] for g in group) > 2000:
                group.pop()
            out.append((group, speed, sum(g[f"at_{speed}"][1] + 50 for g in group) // 2))
        noises = self.spoil.noises
        out.extend(
            ([noises[rng.integers(len(noises))]], 1.0, int(rng.integers(30, 300)))
            for _ in range(len(out) // 35)
        )
        return out

    def _make(self, item: tuple[list[dict], float, int]) -> Views:
        group, speed, t = item
        rng = self.rng
        if not group[0]["text"]:
            return self._quiet(t), "", []
        parts, strange = [], rng.random() < 0.5
        for g in group:
            x = self.cache.log_power(g, speed)
            if strange:
                x = self.spoil.throat(x)
            parts.append(x)
            gap = rng.integers(0, 40)
            parts.append(np.full((gap, MELS), np.quantile(x, 0.02), np.float32))
        text = " ".join(g["text"] for g in group)
        ids = self.cache.tokenizer.encode(text).ids if len(group) > 1 else group[0]["ids"]
        return self.spoil(np.concatenate(parts[:-1])), text, ids

    def _quiet(self, t: int) -> list[np.ndarray]:
        r = self.rng.random()
        if r < 0.1:
            return [np.full((t, 2 * MELS), -1.5, np.float32)] * VIEWS
        if r < 0.35:
            logp = np.log10(self.spoil.hiss(2 * t, self.rng.uniform(0, 2.0)) + 1e-10)
        else:
            logp = np.log10(self.spoil._tile(self.spoil.noises, 2 * t) + 1e-10)
        return self.spoil(logp, speech=False)

    def __iter__(self) -> Iterator[Batch]:
        while True:
            self.epoch += 1
            items = self._items()
            items.sort(key=lambda x: x[2] * self.rng.uniform(0.93, 1.07))
            groups: list[list] = [[]]
            for it in items:
                n = len(groups[-1])
                if n and VIEWS * (n + 1) * max(it[2], groups[-1][-1][2]) > self.rows:
                    groups.append([])
                groups[-1].append(it)
            self.steps = len(groups)
            for g in self.rng.permutation(len(groups)):
                made = [self._make(it) for it in groups[g]]
                yield collate([(x[v], text, ids) for v in range(VIEWS) for x, text, ids in made])


def plain_batches(cache: Cache, clips: list[dict], rows: int = 4000) -> Iterator[Batch]:
    """Yield clips without noise, for measuring."""
    order = sorted(clips, key=lambda c: c["at_1.0"][1])
    group: list[tuple[np.ndarray, str, list[int]]] = []
    for c in order:
        x = normalise_log(cache.log_power(c))
        if group and (len(group) + 1) * len(x) > rows:
            yield collate(group)
            group = []
        group.append((x, c["text"], c["ids"]))
    if group:
        yield collate(group)
