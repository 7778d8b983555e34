"""Measure the times of aligned words on synthetic speech, whose times are known.

    python -m pip install espeakng-loader        # once; it brings the synthesizer eSpeak NG
    python benchmarks/bench_align.py             # three sets of other sentences
    python benchmarks/bench_align.py --sets 1 --errors

Needs a file of sentences, one a line, such as ../shared/speech/sentences.txt. Each recording is
made of sentences with pauses of 0.2 to 1 s; an eighth of the text is not said, and an eighth of the
speech is not in the text. A word that is said and not found counts as wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import wave
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import soxr
from espeak_speech import Espeak, SpokenWord

from granite_live.app.factory import make_segmenter, open_recognizer
from granite_live.app.file_transcription import FileTranscriber
from granite_live.app.text_alignment import align_text
from granite_live.models.opening import open_bundle
from granite_live.transcript.model import Transcript, Word
from granite_live.util.paths import demo_bundle_dir

RATE = 16_000
LIMIT_S = 0.08
VOICES = ("en-us", "en-gb-x-rp", "en-us+f3", "en-gb-x-rp+m3")
SPEEDS = (140, 170, 200)
SENTENCES = Path(__file__).resolve().parents[2] / "shared" / "speech" / "sentences.txt"


@dataclass(frozen=True)
class Line:
    """A line of the text; `words` has the time of each word if it is said."""

    text: str
    words: tuple[SpokenWord, ...] | None


@dataclass(frozen=True)
class Pair:
    """A word that is said, where it was found, and whether a pause follows."""

    said: SpokenWord
    found: Word | None
    before_pause: bool


def compose(
    espeak: Espeak, sentences: Sequence[str], voice: str, speed: int, random: Random, path: Path
) -> list[Line]:
    """Write a recording of the sentences, and return the lines of its text."""
    pieces, lines = [np.zeros(RATE // 2, np.float32)], []
    at = RATE // 2
    for number, sentence in enumerate(sentences):
        is_unsaid, is_unwritten = number % 8 == 3, number % 8 == 6
        if is_unsaid:
            lines.append(Line(sentence, None))
            continue
        sound, words = espeak.speak(sentence, voice, speed)
        sound = np.asarray(soxr.resample(sound, espeak.rate_hz, RATE), np.float32)
        if not is_unwritten:
            offset_s = at / RATE
            moved = (SpokenWord(w.text, w.start_s + offset_s, w.end_s + offset_s) for w in words)
            lines.append(Line(sentence, tuple(moved)))
        pause = np.zeros(round(random.uniform(0.2, 1.0) * RATE), np.float32)
        pieces += [sound, pause]
        at += len(sound) + len(pause)
    noise = np.random.default_rng(1).standard_normal(at) * 10 ** (-65 / 20)
    samples = np.clip(np.concatenate(pieces) + noise, -1, 1) * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return lines


def pairs_of(lines: Sequence[Line], utterances: Sequence[Transcript]) -> Iterator[Pair]:
    """Yield the words that are said with the times that they got."""
    left = list(utterances)
    for line in lines:
        found: list[Word | None] = [None] * len(line.text.split())
        if left and (places := _places(line.text.split(), left[0].words)) is not None:
            for place, word in zip(places, left.pop(0).words, strict=True):
                found[place] = word
        if line.words is None:
            continue
        at = 0
        for k, said in enumerate(line.words):
            at = line.text.split().index(said.text, at)
            following = line.words[k + 1] if k + 1 < len(line.words) else None
            yield Pair(said, found[at], following is None or following.start_s > said.end_s + 0.05)
            at += 1


def _places(line: Sequence[str], words: Sequence[Word]) -> list[int] | None:
    """Return the places of the words in the line, None if they are not of this line."""
    places, at = [], 0
    for word in words:
        try:
            at = line.index(word.text, at) + 1
        except ValueError:
            return None
        places.append(at - 1)
    return places


def report(name: str, pairs: Sequence[Pair]) -> None:
    """Print the share of right edges."""

    def right(edge: str, some: Sequence[Pair]) -> float:
        hits = (
            one.found is not None
            and abs(getattr(one.found, edge) - getattr(one.said, edge)) <= LIMIT_S
            for one in some
        )
        return sum(hits) / max(1, len(some))

    lost = sum(one.found is None for one in pairs)
    pause = [one for one in pairs if one.before_pause]
    inner = [one for one in pairs if not one.before_pause]
    print(
        f"{name:12} {len(pairs):4} words   starts {right('start_s', pairs):6.1%}   "
        f"ends {right('end_s', pairs):6.1%} (before a pause {right('end_s', pause):6.1%} of "
        f"{len(pause)}, else {right('end_s', inner):6.1%})   not found {lost}",
        flush=True,
    )


def report_errors(pairs: Sequence[Pair]) -> None:
    """Print what the wrong ends are made of."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for one in pairs:
        if one.found is None:
            kinds["not found"].append(0.0)
            continue
        error_s = one.found.end_s - one.said.end_s
        if abs(error_s) > LIMIT_S:
            place = "before a pause" if one.before_pause else "before a word"
            kinds[f"{place}, {'late' if error_s > 0 else 'early'}"].append(error_s)
    for kind, errors in sorted(kinds.items()):
        print(f"    {kind:24} {len(errors):4}   median {1000 * float(np.median(errors)):5.0f} ms")


def main() -> None:
    """Print a line for each set of sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=Path, default=SENTENCES)
    parser.add_argument("--sets", type=int, nargs="+", default=[1, 2, 3], help="seeds of sentences")
    parser.add_argument("--count", type=int, default=8, help="sentences of each recording")
    parser.add_argument("--errors", action="store_true", help="tell the kinds of wrong ends")
    options = parser.parse_args()
    try:
        espeak = Espeak()
    except ImportError:
        sys.exit("The synthesizer is missing: python -m pip install espeakng-loader")
    wanted = [
        one
        for one in options.sentences.read_text(encoding="utf-8").splitlines()
        if 6 <= len(one.split()) <= 20 and one.replace("'", "").replace(" ", "").isascii()
    ]
    recognizer = open_recognizer(open_bundle(demo_bundle_dir(), "int8"), "cpu", 1)
    transcriber = FileTranscriber(recognizer, make_segmenter)
    for seed in options.sets:
        random = Random(seed)
        pairs: list[Pair] = []
        with tempfile.TemporaryDirectory() as folder:
            for number, voice in enumerate(VOICES):
                for speed in SPEEDS:
                    path = Path(folder, f"{number}-{speed}.wav")
                    sentences = random.sample(wanted, options.count)
                    lines = compose(espeak, sentences, voice, speed, random, path)
                    text = "\n".join(line.text for line in lines)
                    aligned = align_text(path, text, transcriber)
                    pairs += pairs_of(lines, aligned.transcript.utterances)
        report(f"set {seed}", pairs)
        if options.errors:
            report_errors(pairs)


if __name__ == "__main__":
    main()
