"""Terms are found in scores made by hand, and decided on by what stands there."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from helpers.prepared_recognizers import PutPrepared
from helpers.synthetic_sounds import made_up_sound

from granite_live.asr import Recognizer
from granite_live.asr.spotting.deciding import (
    DecisionRule,
    DraftToken,
    apply_terms,
    sound_similarity,
)
from granite_live.asr.spotting.lattice import LatticeBuilder, TermLattice, spellings
from granite_live.asr.spotting.spotter import SpottedTerm, Spotter
from granite_live.models.bundle import Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.settings.vocabulary import Term
from granite_live.transcript.model import Transcript, Word
from granite_live.util.paths import demo_bundle_dir


@pytest.fixture(scope="module")
def demo() -> Bundle:
    return open_bundle(demo_bundle_dir())


def builder_of(bundle: Bundle) -> LatticeBuilder:
    return LatticeBuilder(bundle.tokenizer, bundle.ctc, bundle.vocab_size + bundle.ctc.shift)


def spotter_of(bundle: Bundle, *terms: Term) -> Spotter:
    return Spotter(terms, builder_of(bundle), bundle.ctc.blank)


def planted(
    bundle: Bundle, spotter: Spotter, pieces: list[str | None], cost: float = 0.0
) -> np.ndarray:
    """Return scores of one frame a piece: the piece is `cost` below the best, all else far below.

    None is the blank.
    """
    columns = {int(c): k for k, c in enumerate(spotter.watched_classes)}
    below = np.full((len(pieces), len(columns)), -30.0, np.float32)
    for frame, piece in enumerate(pieces):
        if piece is None:
            below[frame, 0] = 0.0
            continue
        token = bundle.tokenizer.token_to_id(piece)
        assert token is not None, piece
        below[frame, columns[token + bundle.ctc.shift]] = cost
    return below


LYCOPHRON = ["Ġl", "y", None, "c", "op", "h", "h", "ron"]


def test_finds_a_planted_term_at_its_frames(demo: Bundle) -> None:
    spotter = spotter_of(demo, Term("Lycophron"), Term("Kirkleatham"))
    silence: list[str | None] = [None] * 5
    below = planted(demo, spotter, [*silence, *LYCOPHRON, *silence])
    [found] = spotter.find(below, -1.0)
    assert (found.term.text, found.start, found.end) == ("Lycophron", 5, 13)
    assert found.deficit == pytest.approx(0.0, abs=1e-3)


def test_pauses_before_and_in_a_term_do_not_move_its_frames(demo: Bundle) -> None:
    spotter = spotter_of(demo, Term("Lycophron"))
    pause: list[str | None] = [None] * 7
    below = planted(demo, spotter, [*pause, *LYCOPHRON[:2], *pause, *LYCOPHRON[3:], *pause])
    below[0, 0] = -1.0
    [found] = spotter.find(below, -1.0)
    assert (found.start, found.end) == (7, 21)
    assert found.deficit == pytest.approx(0.0, abs=1e-3)


def test_the_deficit_is_what_the_best_path_would_have_more(demo: Bundle) -> None:
    spotter = spotter_of(demo, Term("Lycophron"))
    below = planted(demo, spotter, LYCOPHRON, cost=-0.5)
    [found] = spotter.find(below, -1.0)
    # Seven frames cost half a unit each, the blank nothing.
    assert found.deficit == pytest.approx(-3.5, abs=1e-3)
    assert spotter.find(below, -0.3) == []


def test_two_equal_tokens_need_a_blank_between_them(demo: Bundle) -> None:
    spotter = spotter_of(demo, Term("Xoss"))
    with_blank = planted(demo, spotter, ["Ġx", "o", "s", None, "s"])
    assert [one.deficit for one in spotter.find(with_blank, -1.0)] == pytest.approx([0.0], abs=1e-3)
    assert spotter.find(planted(demo, spotter, ["Ġx", "o", "s", "s"]), -1.0) == []


@pytest.mark.parametrize("pieces", [["Ġly", "c", "op", "hr", "on"], ["ĠL", "y", "co", "ph", "ron"]])
def test_any_split_into_tokens_is_found(demo: Bundle, pieces: list[str | None]) -> None:
    spotter = spotter_of(demo, Term("Lycophron"))
    assert len(spotter.find(planted(demo, spotter, pieces), -0.1)) == 1


def test_a_term_that_sounds_like_a_spelling_is_found_by_it(demo: Bundle) -> None:
    term = Term("Lycophron", ("like off run",))
    spotter = spotter_of(demo, term)
    below = planted(demo, spotter, ["Ġlike", None, "Ġoff", "Ġrun"])
    assert [one.term for one in spotter.find(below, -0.1)] == [term]


def test_the_total_equals_the_best_of_all_paths(demo: Bundle) -> None:
    """Against a search that tries every path of a short term through a few random frames."""
    spotter = spotter_of(demo, Term("aab"))
    rng = np.random.default_rng(3)
    below = rng.uniform(-4, 0, (5, len(spotter.watched_classes))).astype(np.float32)
    below[:, 0] = rng.uniform(-4, 0, 5)
    columns = {int(c): k for k, c in enumerate(spotter.watched_classes)}
    totals = []
    for spelling in spellings("aab"):
        for lattice in builder_of(demo).build(spelling):
            totals += [
                total
                for chain in chains(lattice)
                for total in every_total(below, [columns[c] for c in chain])
            ]
    best = max(one.deficit for one in spotter.find(below, -9.0))
    assert best == pytest.approx(max(totals), abs=1e-2)


def chains(lattice: TermLattice, position: int = 0) -> list[list[int]]:
    if position == lattice.length:
        return [[]]
    return [
        [arc.token_class, *rest]
        for arc in lattice.arcs
        if arc.start == position
        for rest in chains(lattice, arc.end)
    ]


def every_total(below: np.ndarray, chain: list[int]) -> list[float]:
    found = []
    for first in range(len(below)):
        for stop in range(first + 1, len(below) + 1):
            for path in itertools.product([0, *set(chain)], repeat=stop - first):
                runs = [c for c, _ in itertools.groupby(path)]
                if path[0] and path[-1] and [c for c in runs if c] == chain:
                    total = sum(below[first + k, c] for k, c in enumerate(path))
                    found.append(float(total))
    return found


# -- deciding -------------------------------------------------------------------------------------


def heard(*words: str, confidence: float = 0.05) -> Transcript:
    """Return a transcript of words of half a second each."""
    made = tuple(Word(w, k / 2, k / 2 + 0.5, confidence) for k, w in enumerate(words))
    return Transcript(0.0, len(words) / 2, " ".join(words), (), made, 1.0, "", ())


def decided(
    transcript: Transcript, term: Term, start: int, end: int, deficit: float, draft_text: str = ""
) -> Transcript:
    """Decide on a term in frames of 0.1 s whose draft is the term itself, or another text."""
    found = SpottedTerm(term, start, end, deficit, len(term.text))
    draft = [DraftToken(f" {draft_text or term.text.lower()}", start, end)]
    return apply_terms(transcript, [found], draft, 0.1, rare_or_common, RULE)


RULE = DecisionRule()


def rare_or_common(text: str) -> int:
    """Return the tokens of a word: common words are one."""
    return 1 if text.lower() in {"mountain", "mountains", "cot", "cat", "there"} else 3


def test_a_term_replaces_what_sounds_like_it_and_keeps_the_punctuation() -> None:
    done = decided(heard("See", "“lycofron”,", "he", "said."), Term("Lycophron"), 5, 10, -0.5)
    assert done.text == "See “Lycophron”, he said."
    assert [word.replaced for word in done.words] == [None, "“lycofron”,", None, None]
    assert (done.words[1].start_s, done.words[1].end_s) == (0.5, 1.0)


def test_a_term_of_two_words_replaces_one_and_can_be_undone() -> None:
    done = decided(heard("Go", "nordkap", "now"), Term("Nord Kapp"), 5, 10, -0.2)
    assert done.text == "Go Nord Kapp now"
    assert [word.replaced for word in done.words] == [None, "nordkap", "", None]


def test_certain_other_words_stay() -> None:
    said = heard("See", "mountains", "there", confidence=0.99)
    assert decided(said, Term("Lycophron"), 5, 10, -6.0, "mountains") is said
    assert decided(said, Term("Mountain"), 5, 10, -4.0, "mountains") is said


def test_a_term_that_is_there_gets_its_capitals_only() -> None:
    assert decided(heard("an", "iphone."), Term("iPhone"), 5, 10, 0.0).text == "an iPhone."
    same = heard("an", "iPhone.")
    assert decided(same, Term("iPhone"), 5, 10, 0.0) is same


def test_a_short_term_needs_more() -> None:
    said = heard("the", "cot", "sat")
    assert decided(said, Term("cat"), 5, 10, -1.0).text == "the cot sat"
    assert decided(heard("the", "dagstrum"), Term("dagstrom"), 5, 10, -1.0).text == "the dagstrom"


def test_a_term_that_sounds_like_nothing_there_is_not_written() -> None:
    said = heard("no", "doubt", confidence=0.0)
    assert decided(said, Term("Kirkleatham"), 5, 10, -1.0, "doubt") is said


def test_accents_and_case_do_not_count_as_differences() -> None:
    done = decided(heard("bei", "Munchhausn"), Term("Münchhausen"), 5, 10, -0.5)
    assert done.text == "bei Münchhausen"


def test_words_that_are_spelled_otherwise_sound_alike() -> None:
    assert sound_similarity("", "") == sound_similarity("term", "term") == 1.0
    assert sound_similarity("", "term") < 0.5
    # A doubled letter, a silent one, and one of similar sound each count for less than another.
    other = sound_similarity("basel", "bared")
    for one, word in (
        ("basel", "bassel"),
        ("basel", "basle"),
        ("fetus", "foetus"),
        ("kyrill", "cyril"),
    ):
        assert sound_similarity(one, word) == sound_similarity(word, one) > other
    assert sound_similarity("москва", "москва") == 1.0


# -- with a model ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [Form.PREPARED, Form.JOINT])
def test_watched_scores_equal_those_of_the_published_graphs(
    form: Form, bundle_dir: Path, put_prepared: PutPrepared
) -> None:
    bundle = open_bundle(bundle_dir, "fp32")
    prepared = put_prepared("fp32", form)
    terms = [Term("Lycophron"), Term("Müller"), Term("one two")]
    sounds = [made_up_sound(samples, seed) for seed, samples in enumerate((9_000, 33_000, 70_000))]
    with Recognizer.load(bundle, "cpu", 1) as one, Recognizer.load(prepared, "cpu", 1) as other:
        plain = other.draft_many(sounds)
        assert all(draft.watched_scores is None for draft in plain)
        for recognizer in (one, other):
            recognizer.use_vocabulary(terms)
        for was, now in zip(one.draft_many(sounds), other.draft_many(sounds), strict=True):
            assert was.watched_scores is not None
            assert now.watched_scores is not None
            assert was.watched_scores.shape[1] > 10
            np.testing.assert_allclose(now.watched_scores, was.watched_scores, rtol=1e-3, atol=2e-3)
        other.use_vocabulary(())
        assert other.draft(sounds[0]).watched_scores is None


def test_a_term_that_the_demo_writes_wrongly_is_written_right(
    demo: Bundle,
) -> None:
    from granite_live.audio.files import open_audio
    from granite_live.util.paths import assets_dir

    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        sound = np.concatenate(list(audio.blocks(16_000)))[: 16_000 * 5]
    with Recognizer.load(demo, "cpu", 2) as recognizer:
        without = recognizer.transcribe(sound)
        recognizer.use_vocabulary([Term("Wyndow", ("window",)), Term("Kirkleatham")])
        with_terms = recognizer.transcribe(sound)
    assert "window" in without.text
    assert "Wyndow" not in without.text
    assert with_terms.text == without.text.replace("window", "Wyndow")
    [marked] = [word for word in with_terms.words if word.replaced is not None]
    assert (marked.text, marked.replaced) == ("Wyndow", "window")
