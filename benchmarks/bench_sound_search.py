"""Measure the search by sound: rare words among the first places, and the time it takes.

    python benchmarks/bench_sound_search.py ../shared/speech [--bundle DIR] [--every 2]

The recordings are those of `bench_vocabulary.py`, as if they were one session. Every rare word
that is spoken in them is searched. The time is that of the encoder and of the search for one term,
for an hour of sound.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from bench_vocabulary import clips, is_rare_word, words_of

from granite_live.app.sound_search import LEAST_PER_LETTER
from granite_live.asr import Recognizer
from granite_live.asr.spotting.deciding import DecisionRule
from granite_live.asr.spotting.vocabulary import ActiveVocabulary
from granite_live.audio.files import open_audio
from granite_live.models.opening import open_bundle
from granite_live.settings.vocabulary import Term
from granite_live.util.paths import demo_bundle_dir

FIRST = 3
TIMED_S = 180.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("speech", type=Path)
    parser.add_argument("--bundle", type=Path, default=demo_bundle_dir())
    parser.add_argument("--every", type=int, default=2, help="take every n-th of the strangers")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    bundle = open_bundle(options.bundle)
    listed = clips(options.speech, options.every)
    count = Counter(words_of((options.speech / "sentences.txt").read_text()))
    spoken = {word for clip in listed for word in words_of(clip.text)}
    tokens = ActiveVocabulary([Term("any")], bundle).count_tokens
    terms = [Term(word) for word in sorted(spoken) if is_rare_word(word, count, tokens)]
    rule = DecisionRule(least_per_letter=LEAST_PER_LETTER)
    with Recognizer.load(bundle, "cpu", options.threads) as recognizer:
        sounds = []
        for clip in listed:
            with open_audio(clip.path) as audio:
                sounds.append(np.concatenate(list(audio.blocks(recognizer.sample_rate_hz))))
        length_s = sum(map(len, sounds)) / recognizer.sample_rate_hz
        print(f"{len(listed)} utterances, {length_s / 60:.1f} min, {len(terms)} rare words spoken")
        time_search(recognizer, sounds, terms[0], rule)
        recognizer.use_vocabulary(terms, rule)
        places: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, sound in enumerate(sounds):
            for one in recognizer.spotted(recognizer.draft(sound)):
                places[one.term.text].append((one.deficit_per_letter, number))
    texts = [set(words_of(clip.text)) for clip in listed]
    found = 0
    for term in terms:
        best: dict[int, float] = {}
        for score, number in places[term.text]:
            best[number] = max(score, best.get(number, score))
        first = sorted(best, key=lambda number: -best[number])[:FIRST]
        found += any(term.text in texts[number] for number in first)
    share = found / max(1, len(terms))
    print(f"among the first {FIRST} places: {found} of {len(terms)} ({share:.0%})")


def time_search(
    recognizer: Recognizer, sounds: list[np.ndarray], term: Term, rule: DecisionRule
) -> None:
    """Print the time of a search for one term, for an hour of sound."""
    recognizer.use_vocabulary([term], rule)
    searched_s = 0.0
    began_s, worked_s = time.perf_counter(), time.process_time()
    for sound in sounds:
        recognizer.spotted(recognizer.draft(sound))
        searched_s += len(sound) / recognizer.sample_rate_hz
        if searched_s > TIMED_S:
            break
    took_s, worked_s = time.perf_counter() - began_s, time.process_time() - worked_s
    print(
        f"{searched_s:.0f} s of sound, {recognizer.threads} threads: "
        f"{took_s / searched_s * 3600:.0f} s an hour of sound, "
        f"{worked_s / searched_s * 3600:.0f} s of processor time"
    )


if __name__ == "__main__":
    main()
