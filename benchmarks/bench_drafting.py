"""Compare drafts from the last two blocks of 4 s with drafts of the whole utterance.

    python benchmarks/bench_drafting.py [RECORDING ...] [--bundle BUNDLE]

First: an utterance grows second by second and is drafted as in a session, each window joined to the
earlier draft. At the end its tokens are compared with those of one draft of the whole.

Second: the encoder's output for finished blocks, if it were kept, is compared with its output for
the same blocks of the whole utterance. If they were equal, the end of speech could reuse them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from granite_live.asr import Recognizer, ctc
from granite_live.audio.files import open_audio
from granite_live.session.planning import _BLOCK_S, _EDGE_S, window_start_s
from granite_live.util.paths import assets_dir

LENGTHS_S = (6.0, 10.0, 15.0, 20.0)
STEP_S = 1.0
LAGS_S = (0.0, 4.0, 8.0)

Token = tuple[int, float]
"""A token and the second of its center."""


def tokens_of(loaded: Recognizer, sound: np.ndarray, begins_s: float = 0.0) -> list[Token]:
    """Return the draft's tokens with their times."""
    draft = loaded.draft(sound)
    found = draft.tokens
    middles = (found.start_frames + found.end_frames) / 2 * draft.frame_s + begins_s
    return list(zip(found.ids, middles.tolist(), strict=True))


def grown(loaded: Recognizer, sound: np.ndarray) -> tuple[list[Token], float]:
    """Return the tokens of drafts joined as in a session, and the seconds encoded."""
    rate = loaded.sample_rate_hz
    tokens: list[Token] = []
    length_s = len(sound) / rate
    encoded_s = 0.0
    ends = [*np.arange(STEP_S, length_s, STEP_S).tolist(), length_s]
    for end_s in ends:
        begins_s = window_start_s(end_s)
        window = sound[round(begins_s * rate) : round(end_s * rate)]
        encoded_s += len(window) / rate
        edge_s = begins_s + _EDGE_S if begins_s > 0 else 0.0
        fresh = [one for one in tokens_of(loaded, window, begins_s) if one[1] >= edge_s]
        tokens = [one for one in tokens if one[1] < edge_s] + fresh
    return tokens, encoded_s


def differing(found: Sequence[int], wanted: Sequence[int]) -> int:
    """Return the number of differences between `wanted` and `found`."""
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )


def utterances(paths: Sequence[Path], rate_hz: int, seconds: float) -> Iterator[np.ndarray]:
    """Yield consecutive stretches of this length from each recording."""
    for path in paths:
        with open_audio(path) as audio:
            sound = np.concatenate(list(audio.blocks(rate_hz)))
        samples = round(seconds * rate_hz)
        for start in range(0, len(sound) - samples + 1, samples):
            yield sound[start : start + samples]


def show_windows(loaded: Recognizer, paths: Sequence[Path]) -> None:
    for seconds in LENGTHS_S:
        other = total = count = 0
        encoded_s = 0.0
        for sound in utterances(paths, loaded.sample_rate_hz, seconds):
            wanted = [token for token, _ in tokens_of(loaded, sound)]
            tokens, cost_s = grown(loaded, sound)
            other += differing([token for token, _ in tokens], wanted)
            total, count, encoded_s = total + len(wanted), count + 1, encoded_s + cost_s
        whole_s = sum(np.arange(STEP_S, seconds + STEP_S / 2, STEP_S)) * count
        if count:
            print(
                f"{seconds:4g} s  {count:3d} stretches: {other / max(1, total):6.2%} of {total} "
                f"draft tokens differ from the whole; encoded {encoded_s / whole_s:4.0%} of "
                f"what drafts of the whole would cost"
            )


@dataclass
class KeptShares:
    """Differences between the kept output of finished blocks and that of the whole."""

    shares: list[float] = field(default_factory=list)
    other: int = 0
    total: int = 0


def compare_blocks(loaded: Recognizer, sound: np.ndarray, lag_s: float, kept: KeptShares) -> None:
    """Add the difference for the first blocks when only `lag_s` of sound follows them."""
    rate = loaded.sample_rate_hz
    features = loaded._features(
        sound
    )  # The features depend on the loudest place of the whole utterance.
    rows_s = loaded.bundle.front_end.samples_per_row / rate
    whole = loaded._graphs.encode(features)
    length_s = len(sound) / rate
    for end_s in np.arange(_BLOCK_S, length_s - lag_s, _BLOCK_S).tolist():
        rows = round((end_s + lag_s) / rows_s)
        part = loaded._graphs.encode(features[:, :rows])
        share = end_s / length_s
        count = int(whole.audio_length * share)
        wanted = whole.audio_rows[:count]
        off = np.abs(part.audio_rows[:count] - wanted).max() / np.abs(wanted).max()
        frames = int(len(whole.ctc_mask) * share)
        kept.shares.append(float(off))
        mask = np.zeros(len(whole.ctc_mask))
        mask[:frames] = 1
        ids = [
            ctc.decode(one.ctc_scores, mask[: len(one.ctc_mask)], loaded.bundle.ctc).ids
            for one in (part, whole)
        ]
        kept.other += differing(ids[0], ids[1])
        kept.total += len(ids[1])


def show_blocks(loaded: Recognizer, paths: Sequence[Path]) -> None:
    for lag_s in LAGS_S:
        kept = KeptShares()
        for sound in utterances(paths, loaded.sample_rate_hz, LENGTHS_S[-1]):
            compare_blocks(loaded, sound, lag_s, kept)
        if kept.shares:
            print(
                f"blocks kept {lag_s:g} s after their end: audio rows off by "
                f"{np.median(kept.shares):.1e} of the greatest in the middle case, "
                f"{max(kept.shares):.1e} at worst; "
                f"{kept.other / max(1, kept.total):6.2%} of {kept.total} tokens differ"
            )


def main() -> None:
    from granite_live.models.opening import open_bundle
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--tier")
    args = parser.parse_args()
    paths = args.recordings or sorted((assets_dir() / "samples").glob("*.flac"))
    bundle = open_bundle(args.bundle or demo_bundle_dir(), args.tier)
    with Recognizer.load(bundle, "cpu") as loaded:
        print(f"{bundle.name}, {bundle.tier}")
        show_windows(loaded, paths)
        show_blocks(loaded, paths)


if __name__ == "__main__":
    main()
