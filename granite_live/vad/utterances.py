"""Yield the utterances of an audio stream with their samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.vad.events import Closed
from granite_live.vad.segmenter import Segmenter


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A stretch of speech: `samples` [shape=(any,)] of the stream from `start_sample` on."""

    start_sample: int
    samples: NDArray[np.int16]


def stream_utterances(
    blocks: Iterable[NDArray[np.int16]], segmenter: Segmenter
) -> Iterator[Utterance]:
    """Yield the utterances of a complete stream, each as soon as it is closed.

    Keeps one block and the samples that the segmenter may still need (about one utterance).

    Args:
        blocks: Consecutive int16 samples at 16 kHz [each shape=(any,)].
        segmenter: A new segmenter for this stream only.
    """
    held = np.empty(0, np.int16)
    first = 0  # position of `held` in the stream
    for block in blocks:
        held = np.concatenate((held, block))
        found = segmenter.feed(block)
        yield from (_cut(held, first, one) for one in found if isinstance(one, Closed))
        needed = segmenter.oldest_needed_sample
        # A copy, because a view would keep the whole buffer alive.
        held, first = held[needed - first :].copy(), needed
    rest = segmenter.flush()
    yield from (_cut(held, first, one) for one in rest if isinstance(one, Closed))


def _cut(held: NDArray[np.int16], first: int, one: Closed) -> Utterance:
    samples = held[one.start_sample - first : one.stop_sample - first].copy()
    return Utterance(one.start_sample, samples)
