"""Measure the delay from the end of speech to the final text, by the utterance's length.

    python benchmarks/bench_final_delay.py [BUNDLE] [--tier int8] [--layers 40] [--invent]

Runs real sessions in real time, with published and with prepared graphs: drafts during speech, its
end found by silence (600 ms of every delay), what is computed in that silence, and the rest. Takes
some five minutes. Two options are for bundles of random weights: `--invent` gives the editor as
many tokens as speech of that length has, and `--layers N` says that the editor has N of its 40
layers, and repeats its work for the missing ones.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import bench_prepared
import numpy as np

from granite_live.app import factory
from granite_live.audio.file_source import FileSource
from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal
from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.transcript.model import Timing, Transcript
from granite_live.util.paths import assets_dir, demo_bundle_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.detectors import DEFAULT_DETECTOR, make_detector
from granite_live.vad.events import SegmenterSettings
from granite_live.vad.segmenter import Segmenter, segment_stream

LENGTHS_S = "2,4,6,10,15,20"
FORMS = ("published", "prepared")
RATE_HZ = 16_000
PAUSE_S = SegmenterSettings().silence_ms / 1000
# Sound around the speech of an utterance; with it, the longest stays below the limit for cutting.
AROUND_S = 0.8
LAYERS = "GRANITE_LIVE_BENCH_LAYERS"


# ---------------------------------------------------------------- in the worker


class Inventive:
    """Recognizer whose editor reads as many tokens as speech has, with the work of all layers."""

    def __init__(self, inner: Any, layers: int) -> None:
        self._inner = inner
        self._more = bench_prepared.FULL_LAYERS / layers - 1
        bench_prepared._held["loaded"] = inner
        self.edit(inner.draft(np.zeros(RATE_HZ, np.float32)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def edit(self, draft: Any) -> Transcript:
        """Edit made-up tokens."""
        count = max(1, round(bench_prepared.TOKENS_PER_S * draft.duration_s))
        tokens = [(97 * k) % self._inner.bundle.vocab_size for k in range(count)]
        done: Transcript = self._inner.edit(draft, tokens)
        began = time.perf_counter()
        for _ in range(round(self._more)):
            bench_prepared._body_s(draft, tokens)
        more_s = time.perf_counter() - began
        return replace(done, timing=done.timing + Timing(editor_s=more_s, total_s=more_s))

    def transcribe(self, waveform: np.ndarray) -> Transcript:
        """Draft and edit."""
        return self.edit(self._inner.draft(waveform))


def load_inventive(spec: ModelSpec) -> Inventive:
    return Inventive(factory.load_worker_recognizer(spec), int(os.environ[LAYERS]))


# ---------------------------------------------------------------- in this process


def speech(seconds: float) -> np.ndarray:
    """Return speech of this length without a pause that would end an utterance."""
    tight = SegmenterSettings(silence_ms=200, keep_silence_ms=50, pre_roll_ms=50)
    pieces: list[np.ndarray] = []
    for name in ("welcome.flac", "conversation.flac"):
        with open_audio(assets_dir() / "samples" / name) as audio:
            blocks = [to_int16(block) for block in audio.blocks(RATE_HZ)]
        segmenter = Segmenter(make_detector(DEFAULT_DETECTOR), tight)
        pieces += [to_float32(one.samples) for one in segment_stream(blocks, segmenter)]
    return np.resize(np.concatenate(pieces), round(seconds * RATE_HZ))


def scene(lengths: list[float], lead_s: float, rounds: int) -> tuple[np.ndarray, list[float]]:
    """Return the sound of a session, and the second at which the speech of each utterance ends."""
    parts, ends = [np.zeros(round(lead_s * RATE_HZ), np.float32)], []
    at_s = lead_s
    for seconds in lengths * rounds:
        said = speech(max(0.5, seconds - AROUND_S))
        rest_s = 3.0 + seconds
        ends.append(at_s + len(said) / RATE_HZ)
        parts += [said, np.zeros(round(rest_s * RATE_HZ), np.float32)]
        at_s = ends[-1] + rest_s
    return np.concatenate(parts), ends


class EventTimes:
    """Listener that records events with their times."""

    def __init__(self) -> None:
        self.told: list[tuple[events.SessionEvent, float]] = []
        self.over = threading.Event()

    def __call__(self, event: events.SessionEvent) -> None:
        """Record an event."""
        self.told.append((event, time.monotonic()))
        if isinstance(event, events.SessionClosed):
            self.over.set()

    def delays_s(self, ends_s: list[float]) -> list[float]:
        """Return for each end of speech the delay of its final text; nan if none came."""
        # The source's first block is 20 ms long when its start is reported.
        began_s = self._first(events.StateChanged, "listening") - 0.02
        loaded_s = self._first(events.ModelReady) - began_s
        if loaded_s > ends_s[0]:
            raise SystemExit(f"the model took {loaded_s:.0f} s to load: give a longer --lead")
        finals = [
            (e.end_s, at_s - began_s) for e, at_s in self.told if isinstance(e, events.FinalText)
        ]
        return [
            next((at_s - end_s for last_s, at_s in finals if abs(last_s - end_s) < PAUSE_S), np.nan)
            for end_s in ends_s
        ]

    def _first(self, kind: type, state: str = "") -> float:
        for event, at_s in self.told:
            if isinstance(event, kind) and (not state or getattr(event, "state", "") == state):
                return at_s
        raise SystemExit(f"the session never told {kind.__name__} {state}: {self.told[-1:]}")


def run(path: Path, folder: Path, spec: ModelSpec, timeout_s: float) -> EventTimes:
    """Let a session read a file in real time to its end."""
    heard = EventTimes()
    journal = Journal.create(folder)
    session = factory.make_session(FileSource(path, realtime=True), spec, journal, heard)
    session.start()
    try:
        if not heard.over.wait(timeout_s):
            raise SystemExit(f"the session was not over after {timeout_s:.0f} s")
    finally:
        session.stop(keep_unfinished=True)
        session.join()
    return heard


def show(lengths: list[float], found: dict[str, list[float]], rounds: int) -> None:
    """Print a line for each length: seconds from the end of speech to the final text."""
    print("seconds from the end of speech to the final text, medians; in brackets beyond the pause")
    for index, seconds in enumerate(lengths):
        middle = {
            form: median(delays[index + len(lengths) * k] for k in range(rounds))
            for form, delays in found.items()
        }
        shown = "   ".join(
            f"{f} {s:6.2f} ({max(0.0, s - PAUSE_S):5.2f})" for f, s in middle.items()
        )
        share = middle["prepared"] / middle["published"]
        print(f"{seconds:4g} s   {shown}   prepared {share:4.0%} of published")


def main() -> None:
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tier")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seconds", default=LENGTHS_S)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--lead", type=float, default=20.0, help="seconds to load in")
    parser.add_argument("--layers", type=int, default=bench_prepared.FULL_LAYERS)
    parser.add_argument("--invent", action="store_true")
    args = parser.parse_args()
    lengths = [float(part) for part in args.seconds.split(",")]
    if args.invent:
        os.environ[LAYERS] = str(args.layers)
        # Sessions read these settings when they start.
        factory.RECOGNIZER_FACTORY = f"{Path(__file__).stem}:load_inventive"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.setdefault("GRANITE_LIVE_HOME", str(folder / "home"))
        bundle = open_bundle(args.bundle or demo_bundle_dir(), args.tier)
        prepare_tier(bundle, tell=print)
        sound, ends_s = scene(lengths, args.lead, args.rounds)
        found: dict[str, list[float]] = {}
        path = _written(folder / "speech.wav", sound)
        place = str(bundle.path.absolute())
        for form in FORMS:
            # Measure this before the session, which would otherwise be delayed by it.
            factory.open_recognizer(bundle, "cpu", args.threads, form, live=True).close()
            spec = ModelSpec(place, bundle.tier, "cpu", args.threads, form)
            heard = run(path, folder / form, spec, 60 + 3 * len(sound) / RATE_HZ)
            found[form] = heard.delays_s(ends_s)
        show(lengths, found, args.rounds)


def _written(path: Path, sound: np.ndarray) -> Path:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(to_int16(sound).astype("<i2").tobytes())
    return path


if __name__ == "__main__":
    main()
