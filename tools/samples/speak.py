"""Make the recordings in assets/samples/ from the texts beside them (see README.md here)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from kokoro import RATE_HZ, load_speakers
from numpy.typing import NDArray

Wave = NDArray[np.float32]

OUT_HZ = 16_000
PEAK_DBFS = -3.0
ROOM_DBFS = -66.0
QUIET_DBFS = -52.0
QUIET_S = 5.0
LEAD_S, TAIL_S = 0.5, 0.8
SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"


@dataclass(frozen=True)
class Script:
    """Speakers of a text: the voices take turns line by line, with a random pause between lines."""

    name: str
    voices: tuple[str, ...]
    speed: float
    pause_s: tuple[float, float]
    seed: int


# The demo model was not trained on these voices, so that the samples do not flatter it.
SCRIPTS = (
    Script("welcome", ("af_sky",), 0.85, (0.7, 1.0), 11),
    Script("conversation", ("af_sky", "am_eric"), 0.88, (0.5, 0.9), 12),
)


def from_db(level_db: float) -> float:
    """Return the amplitude of a level in dB relative to full scale."""
    return float(10 ** (level_db / 20))


def level(wave: Wave, peak_dbfs: float) -> Wave:
    """Scale to the given peak."""
    return np.asarray(wave * (from_db(peak_dbfs) / np.abs(wave).max()), np.float32)


def trim(wave: Wave, floor: float = 0.01, pad_s: float = 0.06) -> Wave:
    """Cut the silence around one line and fade the cuts, so that only our own pauses remain."""
    heard = np.flatnonzero(np.abs(wave) > floor * np.abs(wave).max())
    pad = int(pad_s * RATE_HZ)
    cut = wave[max(0, heard[0] - pad) : heard[-1] + pad].copy()
    ramp = np.linspace(0, 1, pad // 2, dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[-len(ramp) :] *= ramp[::-1]
    return cut


def room(samples: int, rms_dbfs: float, rng: np.random.Generator) -> Wave:
    """Return noise like that of an empty room: it falls by 6 dB an octave above 80 Hz."""
    f = np.fft.rfftfreq(samples, 1 / OUT_HZ)
    shape = (f / 80) / (1 + (f / 80) ** 2)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(samples)) * shape, samples)
    return np.asarray(noise * (from_db(rms_dbfs) / noise.std()), np.float32)


def perform(script: Script, lines: list[str], say: Callable[[str, str, float], Wave]) -> Wave:
    """Speak a whole text: float32 [samples] at `OUT_HZ`."""
    rng = np.random.default_rng(script.seed)
    pieces = [np.zeros(int(LEAD_S * RATE_HZ), np.float32)]
    for i, line in enumerate(lines):
        voice = script.voices[i % len(script.voices)]
        # The voices differ in loudness, so each line is scaled to the same peak.
        pieces.append(level(trim(say(voice, line, script.speed)), PEAK_DBFS))
        pause_s = TAIL_S if i == len(lines) - 1 else rng.uniform(*script.pause_s)
        pieces.append(np.zeros(int(pause_s * RATE_HZ), np.float32))
    wave = np.asarray(soxr.resample(np.concatenate(pieces), RATE_HZ, OUT_HZ), np.float32)
    return level(wave + room(len(wave), ROOM_DBFS, rng), PEAK_DBFS)


def describe(path: Path) -> str:
    """Measure a finished file; raise ValueError if it clips or is silent."""
    wave, rate = sf.read(path, dtype="float32")
    peak, rms = float(np.abs(wave).max()), float(np.sqrt(np.mean(wave**2)))
    if rate != OUT_HZ or wave.ndim != 1 or not 1e-4 < peak < 0.99:
        msg = f"{path} is no sample: {rate} Hz, shape {wave.shape}, peak {peak:.3f}"
        raise ValueError(msg)
    frames = wave[: len(wave) // 320 * 320].reshape(-1, 320)
    frame_db = 20 * np.log10(np.sqrt(np.mean(frames**2, 1)) + 1e-9)
    low, high = np.percentile(frame_db, [10, 90])
    return (
        f"{path.name}: {len(wave) / rate:.2f} s, peak {20 * np.log10(peak):.1f} dBFS, "
        f"rms {20 * np.log10(rms):.1f} dBFS, 20 ms frames {low:.0f} (10 %) to {high:.0f} dBFS "
        f"(90 %), {path.stat().st_size} bytes"
    )


def main() -> None:
    """Write welcome.flac, conversation.flac and quiet.flac."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pieces", type=Path, help="the folder with the packages in README.md")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="the texts and recordings")
    options = parser.parse_args()
    speakers = load_speakers(options.pieces, {v for s in SCRIPTS for v in s.voices})
    made: dict[str, Wave] = {
        s.name: perform(
            s,
            (options.samples / f"{s.name}.txt").read_text(encoding="utf-8").splitlines(),
            lambda voice, line, speed: speakers[voice].say(line, speed),
        )
        for s in SCRIPTS
    }
    made["quiet"] = room(int(QUIET_S * OUT_HZ), QUIET_DBFS, np.random.default_rng(13))
    for name, wave in made.items():
        path = options.samples / f"{name}.flac"
        sf.write(path, wave, OUT_HZ, format="FLAC", subtype="PCM_16", compression_level=1.0)
        print(describe(path))


if __name__ == "__main__":
    main()
