"""Measure voice detectors and the segmenter on real speech in silence and in noise.

    python benchmarks/bench_segment.py           # the report, on speakers and noises not tuned on
    python benchmarks/bench_segment.py --tune    # the sweep by which the settings were chosen

Wants ../shared/speech (folders dev and noise with their .tsv); without it only made-up sounds are
measured. Clips are trimmed to their speech, set to -26 dBFS and joined with silences of 0.3-3 s.
Where speech is in a clean clip is told by its loudness: that is the reference, to about 30 ms.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from granite_live.vad.detectors import DETECTORS, DetectorError, VoiceDetector, make_detector
from granite_live.vad.events import SegmentClosed, SegmenterSettings, SegmentOpened
from granite_live.vad.segmenter import Segmenter

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from helpers.segment_sounds import (
    HOP,
    RATE_HZ,
    Scene,
    Sound,
    conditions,
    level_db,
    load_noises,
    load_scene,
    load_words,
    made_up,
)

TOLERANCE = 5  # Hops; the reference is no more exact than this.


class Recorded:
    """Detector that repeats stored probabilities."""

    def __init__(self, frame_samples: int, probabilities: Sequence[float]) -> None:
        self.frame_samples = frame_samples
        self._probabilities = iter(probabilities)

    def probability(self, frame: Sound) -> float:
        """Return the next probability."""
        return next(self._probabilities)

    def reset(self) -> None:
        """Do nothing: the stored probabilities include any reset."""


# --- measuring --------------------------------------------------------------------------------


def listen(detector: VoiceDetector, sound: Sound) -> list[float]:
    detector.reset()
    size = detector.frame_samples
    padded = np.concatenate((sound, np.zeros(-len(sound) % size, np.float32)))
    return [detector.probability(frame) for frame in padded.reshape(-1, size)]


def segments(
    size: int, probabilities: Sequence[float], sound: Sound, settings: SegmenterSettings
) -> tuple[list[SegmentClosed], int]:
    """Return the utterances, and the number of those that were opened."""
    segmenter = Segmenter(Recorded(size, probabilities), settings)
    events = segmenter.feed(sound) + segmenter.flush()
    return [e for e in events if isinstance(e, SegmentClosed)], sum(
        isinstance(e, SegmentOpened) for e in events
    )


@dataclass(frozen=True)
class Score:
    """Results; shares are of 1, times in seconds."""

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


def words_kept(scene: Scene, detector: VoiceDetector, settings: SegmenterSettings) -> int:
    """Count the clips whose loud part (to 20 dB below its peak) lies in one utterance."""
    level, kept = level_db(scene.sound), 0
    heard = listen(detector, scene.sound)
    found, _ = segments(detector.frame_samples, heard, scene.sound, settings)
    for first, end in scene.clips:
        clip = level[first:end]
        peak = int(np.argmax(clip))
        soft = np.flatnonzero(clip < clip[peak] - 20)
        begin = first + max((at + 1 for at in soft if at < peak), default=0)
        stop = first + min((at for at in soft if at > peak), default=end - first)
        kept += any(
            one.start_sample <= begin * HOP and stop * HOP <= one.stop_sample for one in found
        )
    return kept


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
    name: str,
    detector: VoiceDetector,
    sounds: Sequence[tuple[str, Sound]],
    settings: SegmenterSettings,
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


def available(names: Sequence[str]) -> dict[str, VoiceDetector]:
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
            kept = words_kept(words, detector, settings)
            print(f"single words: {kept} of {len(words.clips)} kept, their loudest part whole")
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
