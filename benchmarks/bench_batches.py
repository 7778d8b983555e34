"""Compare several utterances in one batch with one after the other: same graphs, same words?

    python benchmarks/bench_batches.py BUNDLE --provider cuda

Without a device this still runs on the processor, which one utterance fills. The demo model is of
another kind, which takes one utterance at a time, so without a bundle there is nothing to measure.
Graphs are kept in $GRANITE_LIVE_HOME if that is set, else nowhere.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from granite_live.asr import Recognizer
from granite_live.asr.providers import first_provider
from granite_live.audio.files import read_audio
from granite_live.models.bundle import Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier
from granite_live.util.paths import assets_dir

# Lengths of utterances in seconds, as the segmenter cuts conversation.
LENGTHS_S = (2.1, 6.4, 3.3, 9.0, 1.2, 4.8, 14.5, 5.2, 2.7, 7.9, 3.8, 11.3, 4.1, 6.0, 2.4, 18.6)


def utterances(count: int, rate_hz: int) -> list[np.ndarray]:
    """Return stretches of the sample recording, each from another place."""
    speech = read_audio(assets_dir() / "samples" / "welcome.flac", rate_hz)
    found = []
    for number in range(count):
        samples = round(LENGTHS_S[number % len(LENGTHS_S)] * rate_hz)
        found.append(np.resize(np.roll(speech, -number * rate_hz), samples))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bundle", type=Path, nargs="?", help="of the published layout")
    parser.add_argument("--provider", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--tier", help="default: fp16w on a card, fp32 elsewhere")
    parser.add_argument("--count", type=int, default=16, help="utterances")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.bundle is None:
        print("Nothing is measured without a BUNDLE: the demo model takes one utterance at a time.")
        return
    tier = asked.tier or ("fp16w" if asked.provider == "cuda" else "fp32")
    bundle = open_bundle(asked.bundle, tier)
    place = first_provider(asked.provider, tier)
    prepared = prepare_tier(bundle, place, print, Form.JOINT)
    with Recognizer.load(prepared, asked.provider) as recognizer:
        sounds = utterances(asked.count, recognizer.sample_rate_hz)
        seconds = sum(map(len, sounds)) / recognizer.sample_rate_hz
        alone_s, together_s = [], []
        for _ in range(1 + asked.rounds):  # The first run pays for new shapes.
            began = time.perf_counter()
            alone = [recognizer.transcribe(sound) for sound in sounds]
            alone_s.append(time.perf_counter() - began)
            began = time.perf_counter()
            together = recognizer.transcribe_many(sounds)
            together_s.append(time.perf_counter() - began)
    one, many = median(alone_s[1:]), median(together_s[1:])
    pairs = list(zip(alone, together, strict=True))
    drafts = sum(a.draft_token_ids == b.draft_token_ids for a, b in pairs)
    texts = sum(a.token_ids == b.token_ids for a, b in pairs)
    print(f"{asked.count} utterances, {seconds:.0f} s of sound, {tier} on {place}")
    print(f"one after the other {one:7.3f} s, {seconds / one:6.1f} x real time")
    print(
        f"together            {many:7.3f} s, {seconds / many:6.1f} x real time, {one / many:.2f} x"
    )
    print(f"the same draft {drafts}, the same text {texts} of {asked.count}")


if __name__ == "__main__":
    if "GRANITE_LIVE_HOME" in os.environ:
        main()
    else:
        with tempfile.TemporaryDirectory(prefix="granite-live-") as home:
            os.environ["GRANITE_LIVE_HOME"] = home
            main()
