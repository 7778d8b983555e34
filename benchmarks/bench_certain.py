"""Measure certain drafts that skip the editor: how many, whose text changes, and the time saved.

    python benchmarks/bench_certain.py [SPEECH] [--bundle BUNDLE] [--check dev]

SPEECH is a folder of tables NAME.tsv (columns file, speaker, seconds, text) with the recordings in
NAME/. Without it the samples that come with the program are all there is. Recordings are cut into
utterances as `transcribe` does it, or not with `--whole`.

To choose the bounds anew, from other speech than that on which they are checked, by people
whom the model has never heard:

    python benchmarks/bench_certain.py SPEECH --choose train_real,train_tts \
        --speakers 27,84,1462,2412,af_sky,am_eric,bf_alice --write
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from granite_live.asr import Recognizer
from granite_live.asr.certainty import CertaintyThresholds, load_thresholds
from granite_live.audio.files import open_audio

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from helpers.certainty_rules import (
    ScoredDraft,
    as_toml,
    choose_fast,
    choose_safe,
    level_of,
    rule_at,
)

ROOT = Path(__file__).parents[1]
RULES = ROOT / "granite_live" / "asr" / "certain_drafts.toml"
RATE_HZ = 16_000
SAMPLES = "samples"
# This rule accepts every draft.
ANYTHING = CertaintyThresholds(0.0, 0.0, float("inf"), float("inf"), 0.0, 1.0)

Clip = tuple[str, str, Path, str]
"""Table, name, file, and reference text ("" if unknown)."""


def clips_of(speech: Path, tables: Sequence[str], speakers: Sequence[str]) -> Iterator[Clip]:
    """Yield the clips of these tables; with `speakers`, only theirs and those of their blends."""
    wanted = set(speakers)
    for table in tables:
        with (speech / f"{table}.tsv").open(newline="", encoding="utf-8") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                file, speaker, _seconds, text = row
                voices = {speaker.removeprefix("ls"), *speaker.split("+")}
                # Machine transcripts are good enough to choose bounds with, not to evaluate them.
                text = "" if text.startswith("~") else text
                if file != "file" and (not wanted or wanted & voices):
                    yield table, file, speech / table / file, text


def samples() -> Iterator[Clip]:
    """Yield the recordings that come with the program."""
    for folder in (ROOT / "assets" / "samples", ROOT / "assets" / "demo" / "test_fixtures"):
        for path in sorted([*folder.glob("*.flac"), *folder.glob("*.wav")]):
            said = path.with_suffix(".txt")
            yield SAMPLES, path.name, path, said.read_text("utf-8") if said.exists() else ""


def utterances(path: Path, *, whole: bool) -> Iterator[np.ndarray]:
    """Yield the utterances of a recording as `transcribe` passes them to the recognizer."""
    from granite_live.app.factory import make_segmenter
    from granite_live.util.pcm import to_float32, to_int16
    from granite_live.vad.segmenter import segment_stream

    with open_audio(path) as audio:
        if whole:
            yield np.concatenate(list(audio.blocks(RATE_HZ)))
            return
        blocks = (to_int16(block) for block in audio.blocks(RATE_HZ))
        for one in segment_stream(blocks, make_segmenter()):
            yield to_float32(one.samples)


def hear(loaded: Recognizer, clips: Sequence[Clip], *, whole: bool) -> list[ScoredDraft]:
    """Draft and edit every utterance."""
    heard = []
    for number, (table, name, path, _text) in enumerate(clips):
        for sound in utterances(path, whole=whole):
            draft = loaded.draft(sound)
            if draft.certainty is not None and loaded.fits(draft):
                final = loaded.edit(draft, draft.token_ids)  # Hypotheses are always edited.
                heard.append(ScoredDraft(table, name, draft.certainty, draft.text, final.text))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number + 1} of {len(clips)} recordings")
    return heard


@cache
def word_errors(said: str, written: str) -> tuple[int, int]:
    """Return the number of wrong words and of reference words."""
    sys.path.append(str(ROOT / "tools" / "demo_bundle"))
    from text import word_errors as count

    errors: tuple[int, int] = count(said, written)
    return errors


class ScoredRules:
    """Clips with their transcripts, so that rules can be tried."""

    def __init__(self, clips: Sequence[Clip], heard: Sequence[ScoredDraft]) -> None:
        self.heard = heard
        self._said = {(table, name): text for table, name, _, text in clips if text}

    def errors(self, rule: CertaintyThresholds | None) -> tuple[int, int]:
        """Return the wrong words under a rule, and the reference words."""
        texts: dict[tuple[str, str], list[str]] = {key: [] for key in self._said}
        for one in self.heard:
            if (one.table, one.clip) in texts:
                texts[one.table, one.clip].append(one.text(rule))
        wrong = total = 0
        for key, parts in texts.items():
            errors, words = word_errors(self._said[key], " ".join(parts))
            wrong, total = wrong + errors, total + words
        return wrong, total

    def report(self, name: str, rules: dict[str, CertaintyThresholds | None]) -> None:
        """Print a line for each rule."""
        count = len(self.heard)
        for mode, rule in rules.items():
            skipped = [one for one in self.heard if one.is_skipped(rule)]
            changed = [one for one in skipped if one.is_changed]
            wrong, words = self.errors(rule)
            rate = f"{wrong / words:7.2%} of {words} words wrong" if words else ""
            print(
                f"{name:14s} {mode:5s} {len(skipped):4d} of {count} skipped "
                f"({len(skipped) / max(1, count):5.1%}), {len(changed):3d} texts changed  {rate}"
            )
        levels = [level_of(one.certainty) for one in self.heard if one.is_changed]
        print(
            f"{name:14s} the editor changes {len(levels)} of {count} drafts, "
            f"the most certain of them at level {min(levels, default=0):.3f}"
        )


def tables(clips: list[Clip], heard: list[ScoredDraft]) -> Iterator[tuple[str, ScoredRules]]:
    for table in dict.fromkeys(clip[0] for clip in clips):
        mine = [clip for clip in clips if clip[0] == table]
        yield table, ScoredRules(mine, [one for one in heard if one.table == table])


def choose(
    judged: ScoredRules, about: str, *, write: bool
) -> dict[str, CertaintyThresholds | None]:
    """Choose the bounds, print them, and store them on request."""
    safe = choose_safe(judged.heard)
    words = judged.errors(None)[1]
    fast = choose_fast(judged.heard, safe, lambda rule: judged.errors(rule)[0], words)
    text = as_toml(safe, fast, f"{len(judged.heard)} utterances of {about}")
    print(text)
    if write:
        RULES.write_text(text, "utf-8")
    return {"off": None, "safe": rule_at(safe), "fast": rule_at(fast)}


def main() -> None:
    from granite_live.app.factory import open_recognizer
    from granite_live.models.opening import open_bundle
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("speech", nargs="?", type=Path)
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--tier")
    parser.add_argument("--graphs", default="auto")
    parser.add_argument("--check", default="dev", help="tables to check on")
    parser.add_argument("--choose", default="", help="tables to choose from")
    parser.add_argument("--speakers", default="", help="of the latter only these")
    parser.add_argument("--whole", action="store_true", help="do not cut at pauses")
    parser.add_argument("--write", action="store_true", help="store what was chosen")
    args = parser.parse_args()
    rules: dict[str, CertaintyThresholds | None] = {
        mode: load_thresholds(mode) for mode in ("off", "safe", "fast")
    }
    bundle = open_bundle(args.bundle or demo_bundle_dir(), args.tier)
    with open_recognizer(bundle, "cpu", None, args.graphs) as loaded:
        loaded._thresholds = ANYTHING
        if args.choose:
            speakers = [one for one in args.speakers.split(",") if one]
            clips = list(clips_of(args.speech, args.choose.split(","), speakers))
            judged = ScoredRules(clips, hear(loaded, clips, whole=args.whole))
            about = f"{args.choose}, speakers {args.speakers or 'all'}, by {bundle.name}"
            rules = choose(judged, about, write=args.write)
            judged.report("chosen from", rules)
        clips = list(samples())
        if args.speech is not None:
            clips += clips_of(args.speech, args.check.split(","), ())
        for table, judged in tables(clips, hear(loaded, clips, whole=args.whole)):
            judged.report(table, rules)


if __name__ == "__main__":
    main()
