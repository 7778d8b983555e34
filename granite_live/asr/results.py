"""Split long audio into parts, and turn the model's tokens into results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from granite_live.util.pcm import EARLIEST_CUT_SHARE, quietest_sample

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


@dataclass(frozen=True, slots=True, eq=False)
class RecognizerDraft:
    """A CTC draft with everything the editor needs, so that the encoder runs only once.

    `frame_s` is the length of a CTC frame in seconds. `audio_rows` are the audio embeddings without
    padding [shape=(audio_length, D)]. `certainty` is None if it was not requested or the tokens
    alone rule it out. `watched_scores` are those of `Encoded` in valid frames, whose numbers are
    `frames`; None without a vocabulary.
    """

    text: str
    tokens: CtcTokens
    frame_s: float
    duration_s: float
    audio_rows: NDArray[np.float32]
    timing: Timing = field(default_factory=Timing)
    certainty: DraftStatistics | None = None
    watched_scores: NDArray[np.float32] | None = None
    frames: NDArray[np.int64] | None = None

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
    tokens = ctc.decode(encoded.ctc_scores, encoded.ctc_mask, bundle.ctc, encoded.best_classes)
    sure = None
    if certain is not None and certain.tokens_pass(tokens):
        sure = draft_statistics(encoded.ctc_scores, encoded.ctc_mask, tokens)
    frames = watched = None
    if encoded.watched_scores is not None:
        frames = np.flatnonzero(np.asarray(encoded.ctc_mask) > 0)
        watched = encoded.watched_scores[frames]
    return RecognizerDraft(
        text=decode_text(bundle.tokenizer, tokens.ids),
        tokens=tokens,
        frame_s=frame_s,
        duration_s=duration_s,
        audio_rows=encoded.audio_rows[: encoded.audio_length],
        certainty=sure,
        watched_scores=watched,
        frames=frames,
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


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a longer recording: `waveform` [shape=(samples,)], starting at `start_sample`."""

    start_sample: int
    waveform: NDArray[np.float32]


def stream_parts(
    blocks: Iterable[NDArray[np.float32]], max_samples: int, sample_rate_hz: int
) -> Iterator[Part]:
    """Yield the parts of a stream as soon as each is complete, none longer than `max_samples`.

    Holds at most one part and one block in memory. A stream that fits in one part stays whole; an
    empty stream yields nothing.

    Args:
        blocks: Consecutive audio blocks [each shape=(any,)].
        max_samples: The longest part; at least 2.
        sample_rate_hz: The sample rate.
    """
    if max_samples < 2:
        raise ValueError(f"max_samples is {max_samples}, it must be at least 2")
    held: list[NDArray[np.float32]] = []
    held_samples = start = 0
    for block in blocks:
        held.append(block)
        held_samples += len(block)
        if held_samples <= max_samples:
            continue
        waveform = np.concatenate(held)
        while len(waveform) > max_samples:
            cut = _cut(waveform, max_samples, sample_rate_hz)
            yield Part(start, waveform[:cut])
            start += cut
            waveform = waveform[cut:]
        # Copy, because a view would keep the whole buffer alive.
        held, held_samples = [waveform.copy()], len(waveform)
    if held_samples:
        yield Part(start, np.concatenate(held))


def split(waveform: NDArray[np.float32], max_samples: int, sample_rate_hz: int) -> list[Part]:
    """Return `waveform` in parts of at most `max_samples`, cut as in `stream_parts`."""
    return list(stream_parts([waveform], max_samples, sample_rate_hz))


def split_in_half(waveform: NDArray[np.float32], sample_rate_hz: int) -> tuple[Part, Part]:
    """Return `waveform` cut once, at the quietest place of its middle third."""
    third = len(waveform) // 3
    cut = quietest_sample(waveform, max(third, 1), max(2 * third, 1), sample_rate_hz)
    return Part(0, waveform[:cut]), Part(cut, waveform[cut:])


def _cut(waveform: NDArray[np.float32], max_samples: int, sample_rate_hz: int) -> int:
    first = max(1, int(EARLIEST_CUT_SHARE * max_samples))
    return quietest_sample(waveform, first, max_samples, sample_rate_hz)
