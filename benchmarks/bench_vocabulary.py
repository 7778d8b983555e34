"""Measure what a vocabulary does: words put right, false terms, errors elsewhere, cost.

    python benchmarks/bench_vocabulary.py ../shared/speech [--bundle DIR] [--every 2]

The speech folder has `dev.tsv` and `train_real.tsv` (file, speaker, seconds, text); of the second
only the speakers that the demo model was not trained on are used. Rare words are those that are at
least two tokens and five letters long and at most twice in `sentences.txt`. The list has every rare
word that was spoken and written wrongly, rare words that were written right, and 300 that were
never spoken. Two spellings of a word (rumour, rumor) are the same word: written for one another
they are neither wrong nor false. The decision rule was fitted on three of the speakers: the others
count. Figures of `--never 3000` vary less, and take a minute more.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from granite_live.asr import Recognizer
from granite_live.asr.spotting.vocabulary import ActiveVocabulary
from granite_live.audio.files import open_audio
from granite_live.models.bundle import Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize.prepared_tiers import prepare_tier
from granite_live.settings.vocabulary import Term
from granite_live.transcript.model import Transcript
from granite_live.util.paths import demo_bundle_dir

STRANGERS = ("ls2412", "ls84", "ls1462", "ls27")
FITTED = ("ls84", "ls1462", "ls27")
TIMED_TERMS = 1_000
WATCHING_ROUNDS = 15


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it."""

    path: Path
    text: str
    speaker: str


def clips(speech: Path, every: int) -> list[Clip]:
    """Return the clips of dev and every n-th of the strangers."""
    found = []
    for kind in ("dev", "train_real"):
        for line in (speech / f"{kind}.tsv").read_text().splitlines():
            file, speaker, seconds, text, *_ = [*line.split("\t"), "", "", ""]
            if file == "file" or not text or text.startswith("~") or float(seconds) > 29:
                continue
            if kind == "dev" or speaker in STRANGERS:
                found.append((kind, Clip(speech / kind / file, text, speaker)))
    return [clip for k, (kind, clip) in enumerate(found) if kind == "dev" or k % every == 1 % every]


def words_of(text: str) -> list[str]:
    """Return the lower-case words of an English text."""
    return re.sub(r"[^a-z' ]+", " ", text.lower().replace("-", " ")).split()


def is_rare_word(word: str, count: Counter[str], tokens: Callable[[str], int]) -> bool:
    """Return whether a word is long, hardly ever in `count`, and not one token."""
    usual = len(word) < 5 or count[word] > 2 or "'" in word
    return not usual and tokens(word) >= 2


def in_one_spelling(words: Iterable[str]) -> set[str]:
    """Return the words with British and American spellings alike: "rumour" as "rumor"."""
    pairs = (("our", "or"), ("ys(e|ed|es|ing)$", r"yz\1"), ("is(e|ed|es|ing|ation)$", r"iz\1"))
    found = set(words)
    for british, american in pairs:
        found = {re.sub(british, american, word) for word in found}
    return found


def errors(reference: list[str], text: list[str]) -> int:
    """Return the number of words inserted, left out and replaced."""
    row = list(range(len(text) + 1))
    for number, left in enumerate(reference, 1):
        previous, row[0] = row[0], number
        for k, right in enumerate(text, 1):
            previous, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, previous + (left != right))
    return row[-1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("speech", type=Path)
    parser.add_argument("--bundle", type=Path, default=demo_bundle_dir())
    parser.add_argument("--every", type=int, default=2, help="take every n-th of the strangers")
    parser.add_argument("--never", type=int, default=300, help="terms that nobody said")
    options = parser.parse_args()
    bundle = open_bundle(options.bundle)
    listed = clips(options.speech, options.every)
    with Recognizer.load(bundle, "cpu") as recognizer:
        sounds, said = [], []
        for clip in listed:
            with open_audio(clip.path) as audio:
                sounds.append(np.concatenate(list(audio.blocks(recognizer.sample_rate_hz))))
            said.append(recognizer.transcribe(sounds[-1]))
        measure(recognizer, options.speech, options.never, listed, sounds, said)


def measure(
    recognizer: Recognizer,
    speech: Path,
    never_spoken: int,
    listed: list[Clip],
    sounds: list[np.ndarray],
    plain: list[Transcript],
) -> None:
    """Choose the terms, apply them, and print the figures."""
    bundle = recognizer.bundle
    count = Counter(words_of((speech / "sentences.txt").read_text()))
    tokens = ActiveVocabulary([Term("any")], bundle).count_tokens

    def is_rare(word: str) -> bool:
        return is_rare_word(word, count, tokens)

    references = [words_of(clip.text) for clip in listed]
    before = [words_of(one.text) for one in plain]
    pairs = [(set(r), set(b)) for r, b in zip(references, before, strict=True)]
    wrong = {
        (k, w)
        for k, (r, b) in enumerate(pairs)
        for w in r - b
        if is_rare(w) and not in_one_spelling([w]) & in_one_spelling(b)
    }
    right = sorted({w for r, b in pairs for w in r & b if is_rare(w)} - {w for _, w in wrong})
    spoken = set().union(*(r for r, _ in pairs))
    rng = random.Random(5)
    pool = sorted(w for w in count if is_rare(w) and w not in spoken)
    never = set(rng.sample(pool, min(never_spoken, len(pool))))
    texts = sorted({w for _, w in wrong} | never) + rng.sample(right, min(100, len(right)))
    terms = [Term(text) for text in texts]
    recognizer.use_vocabulary(terms)
    vocabulary = ActiveVocabulary(terms, bundle)
    after, seconds, spent_s = [], 0.0, 0.0
    for sound, one in zip(sounds, plain, strict=True):
        draft = recognizer.draft(sound)
        began = time.process_time()
        after.append(words_of(vocabulary(draft, one).text))
        spent_s += time.process_time() - began
        seconds += len(sound) / recognizer.sample_rate_hz
    print(f"{len(listed)} utterances, {seconds / 60:.1f} min, {len(terms)} terms")
    for name, is_fitted in (("speakers fitted on", True), ("other speakers", False)):
        numbers = [k for k, clip in enumerate(listed) if (clip.speaker in FITTED) == is_fitted]
        mine = {(k, w) for k, w in wrong if k in numbers}
        mended = sum(w in after[k] for k, w in mine)
        added = [(k, w) for k in numbers for w in (set(after[k]) & never) - set(before[k])]
        false = sum(not in_one_spelling([w]) & in_one_spelling(pairs[k][0]) for k, w in added)
        hours = sum(len(sounds[k]) for k in numbers) / recognizer.sample_rate_hz / 3600
        rate = false / (len(never) / 60) / hours
        print(
            f"{name}: {mended} of {len(mine)} wrong terms right "
            f"({mended / max(1, len(mine)):.0%}); "
            f"{false} of {len(never)} terms never spoken written: {rate:.2f} per 60 terms an hour"
        )
    without = [k for k, (r, _) in enumerate(pairs) if not r & set(texts)]
    total = sum(len(references[k]) for k in without)
    for name, made in (("without", before), ("with", after)):
        wrong_words = sum(errors(references[k], made[k]) for k in without)
        print(
            f"word errors in {len(without)} utterances without a term, {name} the vocabulary: "
            f"{wrong_words} of {total} ({wrong_words / total:.2%})"
        )
    everything = sum(map(len, references))
    for name, made in (("without", before), ("with", after)):
        wrong_words = sum(map(errors, references, made))
        print(f"word errors in all, {name}: {wrong_words} of {everything}")
    print(f"spotter and rule, {len(terms)} terms: {1000 * spent_s / seconds:.2f} ms a second")
    more = [Term(text) for text in rng.sample(pool, min(TIMED_TERMS, len(pool)))]
    recognizer.use_vocabulary(more)
    many = ActiveVocabulary(more, bundle)
    some = sounds[:: max(1, len(sounds) // 40)]
    drafts = [recognizer.draft(sound) for sound in some]
    length = sum(map(len, some)) / recognizer.sample_rate_hz
    began = time.process_time()
    for draft in drafts:
        many.find(draft)
    spent = 1000 * (time.process_time() - began) / length
    print(f"spotter, {len(more)} terms: {spent:.2f} ms a second of sound")
    compare_delay(recognizer, [Term(text) for text in texts[:100]], some[:20])
    compare_watching(bundle, [Term(text) for text in texts[:100]], some[:20])


def compare_delay(recognizer: Recognizer, terms: list[Term], sounds: list[np.ndarray]) -> None:
    """Print how much longer a final takes with 100 terms, in turns, by processor time."""
    spent = {"without": 0.0, "with": 0.0}
    for sound in sounds:
        for name, used in (("without", ()), ("with", terms)):
            recognizer.use_vocabulary(used)
            began = time.process_time()
            recognizer.transcribe(sound)
            spent[name] += time.process_time() - began
    print(
        f"finals of {len(sounds)} utterances, {len(terms)} terms: "
        f"{spent['with'] / spent['without'] - 1:+.1%} processor time"
    )


def compare_watching(bundle: Bundle, terms: list[Term], sounds: list[np.ndarray]) -> None:
    """Print how much longer drafts take with watched scores, for graphs of two forms.

    Two recognizers run in turns, in one thread. The least processor time of several rounds counts
    for each sound. The terms are not searched here.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRANITE_LIVE_HOME"] = folder
        forms = {"published": bundle, "prepared": prepare_tier(bundle, form=Form.PREPARED)}
        for name, form in forms.items():
            with Recognizer.load(form, "cpu", 1) as plain, Recognizer.load(form, "cpu", 1) as other:
                other.use_vocabulary(terms)
                spent = np.zeros((WATCHING_ROUNDS, len(sounds), 2))
                for number in range(WATCHING_ROUNDS):
                    for place, sound in enumerate(sounds):
                        for kind, recognizer in enumerate((plain, other)):
                            began = time.process_time()
                            recognizer.draft(sound)
                            spent[number, place, kind] = time.process_time() - began
            least = spent.min(axis=0).sum(axis=0)
            print(
                f"drafts of {len(sounds)} utterances, {name} graphs, {len(terms)} terms watched: "
                f"{least[1] / least[0] - 1:+.1%} processor time"
            )


if __name__ == "__main__":
    main()
