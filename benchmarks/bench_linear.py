"""Measure cost against length: seconds of computing per second of sound, from 2 s to 60 s.

    python benchmarks/bench_linear.py BUNDLE --tier int8 --graphs prepared --threads 2

Prints each stage, a line through the totals, and the distance of each total from it. The sound is
one utterance, and the draft has as many tokens as speech of that length. The editor attends over
the whole sound, so its cost has a small quadratic part, and `exponent` shows it: 1 is linear.
`--layers` says how many of the editor's 40 layers the bundle has; its time is scaled to all of
them, head included. The default bundle is the demo.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

LENGTHS_S = (2.0, 4.0, 8.0, 15.0, 20.0, 30.0, 45.0, 60.0)
TOKENS_PER_S = 3.2
ROUNDS = 3
FULL_LAYERS = 40


def run(loaded: Any, seconds: float, layers: int) -> tuple[float, float, float]:
    """Return the seconds of encoder, editor (scaled to all its layers) and host for one sound."""
    count = round(seconds * loaded.sample_rate_hz)
    noise = np.random.default_rng(0).standard_normal(count)
    draft = loaded.draft((0.1 * noise).astype(np.float32))
    tokens = [
        (97 * k) % loaded.bundle.vocab_size for k in range(max(1, round(TOKENS_PER_S * seconds)))
    ]
    timing = loaded.edit(draft, tokens).timing
    host_s = timing.total_s - timing.encoder_s - timing.editor_s
    return timing.encoder_s, timing.editor_s * FULL_LAYERS / layers, host_s


def measure(loaded: Any, lengths_s: list[float], layers: int) -> list[tuple[float, ...]]:
    """Return medians of encoder, editor and host by length; lengths take turns, against drift."""
    runs: list[list[tuple[float, float, float]]] = [[] for _ in lengths_s]
    for number in range(1 + ROUNDS):
        for seconds, of_length in zip(lengths_s, runs, strict=True):
            one = run(loaded, seconds, layers)
            if number:
                of_length.append(one)
    return [tuple(median(part) for part in zip(*ones, strict=True)) for ones in runs]


def show(lengths_s: list[float], stages: list[tuple[float, ...]]) -> None:
    """Print the table, the line, and the exponent of the cost."""
    totals = np.array([sum(one) for one in stages])
    lengths = np.array(lengths_s)
    # Fit relative errors; otherwise the longest sound alone would decide.
    slope, start = np.polyfit(lengths, totals, 1, w=1 / totals)
    for seconds, (encoder, editor, host), total in zip(lengths_s, stages, totals, strict=True):
        off = total / (start + slope * seconds) - 1
        print(
            f"{seconds:5.1f} s  encoder {encoder:7.3f}  editor {editor:7.3f}  host {host:6.4f}  "
            f"total {total:7.3f}  {total / seconds:6.4f} s a second  {off:+6.1%} off the line"
        )
    print(f"line: {start:.3f} s + {slope:.4f} s for each second of sound")
    long = lengths >= 8  # Shorter sounds mostly pay the fixed cost of an utterance.
    if long.sum() > 1:
        exponent = np.polyfit(np.log(lengths[long]), np.log(totals[long]), 1)[0]
        print(f"exponent from 8 s on: {exponent:.2f}")


def main() -> None:
    from granite_live.app.factory import open_recognizer
    from granite_live.models.opening import open_bundle
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tier", default="int8")
    parser.add_argument("--graphs", default="auto", choices=["auto", "published", "prepared"])
    parser.add_argument("--layers", type=int, default=FULL_LAYERS, help="of the bundle's editor")
    parser.add_argument("--seconds", default=",".join(f"{s:g}" for s in LENGTHS_S))
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    lengths_s = [float(part) for part in args.seconds.split(",")]
    bundle = open_bundle(args.bundle or demo_bundle_dir(), args.tier)
    with open_recognizer(bundle, "cpu", args.threads, args.graphs, print) as loaded:
        form = "prepared" if loaded.bundle.prepared else "published"
        print(
            f"{loaded.bundle.name}, {loaded.bundle.tier}, {form} graphs, {loaded.threads} threads"
        )
        most_s = loaded.max_samples / loaded.sample_rate_hz
        for too_long in (seconds for seconds in lengths_s if seconds > most_s):
            print(f"{too_long:g} s is left out: the model takes {most_s:.0f} s at once")
        lengths_s = [seconds for seconds in lengths_s if seconds <= most_s]
        show(lengths_s, measure(loaded, lengths_s, args.layers))


if __name__ == "__main__":
    main()
