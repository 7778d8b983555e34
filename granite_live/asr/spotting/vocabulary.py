"""A vocabulary in use: the spotter of one model and the rule that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.spotting.deciding import DecisionRule, DraftToken, apply_terms
from granite_live.asr.spotting.lattice import LatticeBuilder
from granite_live.asr.spotting.spotter import SpottedTerm, Spotter

if TYPE_CHECKING:
    from granite_live.asr.results import RecognizerDraft
    from granite_live.models.bundle import Bundle
    from granite_live.settings.vocabulary import Term
    from granite_live.transcript.model import Transcript

_MAX_REMEMBERED_WORDS = 10_000


class ActiveVocabulary:
    """Writes the terms that were spoken into the transcripts of one model."""

    def __init__(
        self,
        terms: Sequence[Term],
        bundle: Bundle,
        rule: DecisionRule | None = None,
    ) -> None:
        """Tokenize the terms, which takes about a millisecond each.

        Args:
            terms: At least one.
            bundle: The model's tokenizer and mapping are used.
            rule: None for the usual one.
        """
        self._rule = rule or DecisionRule()
        self._tokenizer = bundle.tokenizer
        builder = LatticeBuilder(bundle.tokenizer, bundle.ctc, bundle.vocab_size + bundle.ctc.shift)
        self._spotter = Spotter(terms, builder, bundle.ctc.blank)
        self._token_count = lru_cache(_MAX_REMEMBERED_WORDS)(self.count_tokens)

    @property
    def watched_classes(self) -> NDArray[np.int64]:
        """The classes whose scores each draft needs."""
        return self._spotter.watched_classes

    def find(self, draft: RecognizerDraft) -> list[SpottedTerm]:
        """Return the terms that may have been spoken; none if the draft has no watched scores."""
        if draft.watched_scores is None or draft.frames is None:
            return []
        found = self._spotter.find(draft.watched_scores, self._rule.least_per_letter)
        frames = draft.frames
        return [
            replace(one, start=int(frames[one.start]), end=int(frames[one.end - 1]) + 1)
            for one in found
        ]

    def __call__(self, draft: RecognizerDraft, transcript: Transcript) -> Transcript:
        """Return the transcript of the draft with the terms that were spoken."""
        if not transcript.words or not (spotted := self.find(draft)):
            return transcript
        return apply_terms(
            transcript,
            spotted,
            self._draft_tokens(draft),
            draft.frame_s,
            self._token_count,
            self._rule,
        )

    def _draft_tokens(self, draft: RecognizerDraft) -> list[DraftToken]:
        """Return the draft's tokens. A token is decoded after another, which keeps its space."""
        tokens = draft.tokens
        first = self._tokenizer.decode([draft.token_ids[0]]) if draft.token_ids else ""
        return [
            DraftToken(
                self._tokenizer.decode([draft.token_ids[0], one])[len(first) :],
                int(start),
                int(end),
            )
            for one, start, end in zip(
                tokens.ids, tokens.start_frames, tokens.end_frames, strict=True
            )
        ]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes in the middle of a sentence, in its best case."""
        forms = {text, text.lower(), text.lower().capitalize()}
        return min(
            len(self._tokenizer.encode(f" {one}", add_special_tokens=False).ids) for one in forms
        )
