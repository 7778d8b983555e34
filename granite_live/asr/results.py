"""Drafts from the encoder's output, and transcripts from the editor's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import ctc
from granite_live.asr.certainty import CertaintyThresholds, DraftStatistics, draft_statistics
from granite_live.asr.ctc import CtcTokens
from granite_live.asr.editing import EditedTokens
from granite_live.asr.graphs import Encoded
from granite_live.asr.words import decode_text, draft_words, make_words
from granite_live.transcript.model import Timing, Transcript, mean_confidence

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


@dataclass(frozen=True, slots=True, eq=False)
class RecognizerDraft:
    """A CTC draft with everything the editor needs, so that the encoder runs only once.

    `frame_s` is the length of a CTC frame in seconds. `audio_rows` are the audio embeddings without
    padding [shape=(audio_length, D)]. `certainty` is None if it was not requested or the tokens
    alone rule it out.
    """

    text: str
    tokens: CtcTokens
    frame_s: float
    duration_s: float
    audio_rows: NDArray[np.float32]
    timing: Timing = field(default_factory=Timing)
    certainty: DraftStatistics | None = None

    @property
    def token_ids(self) -> tuple[int, ...]:
        """The draft's token ids."""
        return self.tokens.ids


def make_draft(
    bundle: Bundle,
    encoded: Encoded | None,
    frame_s: float,
    duration_s: float,
    certain: CertaintyThresholds | None,
) -> RecognizerDraft:
    """Return the draft, without its timing, of an encoded utterance; None means no audio.

    Its certainty is computed only if the tokens alone allow that `certain` holds.
    """
    if encoded is None:
        nothing = ctc.decode(np.empty((0, 1), np.float32), np.empty(0), bundle.ctc)
        rows = np.empty((0, bundle.embedding_dim), np.float32)
        return RecognizerDraft("", nothing, frame_s, duration_s, rows)
    tokens = ctc.decode(encoded.ctc_scores, encoded.ctc_mask, bundle.ctc)
    sure = None
    if certain is not None and certain.tokens_pass(tokens):
        sure = draft_statistics(encoded.ctc_scores, encoded.ctc_mask, tokens)
    return RecognizerDraft(
        text=decode_text(bundle.tokenizer, tokens.ids),
        tokens=tokens,
        frame_s=frame_s,
        duration_s=duration_s,
        audio_rows=encoded.audio_rows[: encoded.audio_length],
        certainty=sure,
    )


def make_transcript(
    bundle: Bundle, draft: RecognizerDraft, given: tuple[int, ...], edited: EditedTokens
) -> Transcript:
    """Return the transcript of the editor's tokens; `given` are the token ids that it read."""
    words = make_words(bundle.tokenizer, draft, edited, draft.duration_s)
    is_own = given == draft.token_ids
    return Transcript(
        start_s=0.0,
        end_s=draft.duration_s,
        text=decode_text(bundle.tokenizer, edited.ids),
        token_ids=edited.ids,
        words=words,
        confidence=mean_confidence(words),
        draft_text=draft.text if is_own else decode_text(bundle.tokenizer, given),
        draft_token_ids=given,
        timing=draft.timing,
    )


def unedited_transcript(bundle: Bundle, draft: RecognizerDraft) -> Transcript:
    """Return the draft as a transcript."""
    words = draft_words(bundle.tokenizer, draft, draft.duration_s)
    return Transcript(
        start_s=0.0,
        end_s=draft.duration_s,
        text=draft.text,
        token_ids=draft.token_ids,
        words=words,
        confidence=mean_confidence(words),
        draft_text=draft.text,
        draft_token_ids=draft.token_ids,
        timing=draft.timing,
    )
