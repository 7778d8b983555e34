"""Check that the memory for transcribing does not grow with the file's length.

    python benchmarks/bench_long_file.py [MINUTES ...]     (default: 2 20 120)

Each length runs in a process of its own, on the small bundle of random weights in tests/data:
what is measured is the decoder, the voice detector, the cutting and the bookkeeping, not a
model. The speech is the shipped sample, again and again at another loudness.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np

from granite_live.util.paths import assets_dir

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from helpers.segment_sounds import read

ROOT = Path(__file__).parents[1]
RATE_HZ = 16000
DEFAULT_MINUTES = (2, 20, 120)


def make_recording(path: Path, minutes: int) -> None:
    """Write the sample repeatedly, a minute at a time."""
    rng = np.random.default_rng(1)
    sample = read(assets_dir() / "samples" / "conversation.flac")
    minute = np.resize(sample, 60 * RATE_HZ)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for _ in range(minutes):
            file.writeframes((minute * rng.uniform(0.3, 1.0) * 32767).astype("<i2").tobytes())


def transcribe(path: Path) -> None:
    """Transcribe in this process and print its peak memory."""
    import psutil

    from granite_live.app.factory import make_segmenter
    from granite_live.cli.batch import transcribe_files
    from granite_live.cli.model_loading import load_recognizer
    from granite_live.cli.signals import StopRequest
    from granite_live.cli.stored_settings import TranscribeRequest

    bundle = ROOT / "tests" / "data" / "bundle"
    began = time.perf_counter()
    out = io.StringIO()
    request = TranscribeRequest((path,), bundle=bundle, tier="fp32", format_name="json")
    code = transcribe_files(
        request,
        lambda request, notes: load_recognizer(request, notes, StopRequest()),
        make_segmenter,
        out,
        io.StringIO(),
    )
    if code:
        raise SystemExit(code)
    info = psutil.Process().memory_info()
    peak = getattr(info, "peak_wset", 0)  # Windows
    if not peak:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak *= 1 if sys.platform == "darwin" else 1024
    print(f"{peak / 1e6:.0f} {time.perf_counter() - began:.1f} {len(out.getvalue()) / 1e6:.1f}")


def main() -> None:
    """Measure each length and print the differences to the shortest."""
    if len(sys.argv) == 3 and sys.argv[1] == "--file":
        transcribe(Path(sys.argv[2]))
        return
    lengths = [int(argument) for argument in sys.argv[1:]] or list(DEFAULT_MINUTES)
    first = 0.0
    for minutes in lengths:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "long.wav"
            make_recording(path, minutes)
            done = subprocess.run(
                [sys.executable, __file__, "--file", path],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        peak_mb, took_s, json_mb = map(float, done.stdout.split())
        first = first or peak_mb
        print(
            f"{minutes:4d} min of sound: peak {peak_mb:5.0f} MB ({peak_mb - first:+.0f} MB), "
            f"{took_s:6.1f} s, JSON of {json_mb:.1f} MB"
        )


if __name__ == "__main__":
    main()
