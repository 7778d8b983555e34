"""The utterances of a stream of sound, each with its samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.segment.events import Closed
from granite_live.segment.segmenter import Segmenter


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A stretch of speech: `samples` [shape=(any,)] from `start_sample` of the stream on."""

    start_sample: int
    samples: NDArray[np.int16]


def stream_utterances(
    blocks: Iterable[NDArray[np.int16]], segmenter: Segmenter
) -> Iterator[Utterance]:
    """Yield the utterances of a whole stream, each as soon as it is complete.

    Holds the sound that the segmenter may still ask for (one utterance and a little) and
    one block.

    Args:
        blocks: Consecutive sound at 16 kHz [each shape=(any,)].
        segmenter: A new one, which is used up.
    """
    held = np.empty(0, np.int16)
    first = 0  # where `held` begins in the stream
    for block in blocks:
        held = np.concatenate((held, block))
        found = segmenter.feed(block)
        yield from (_cut(held, first, one) for one in found if isinstance(one, Closed))
        needed = segmenter.oldest_needed_sample
        # A copy: a view would keep the whole buffer it was cut from alive.
        held, first = held[needed - first :].copy(), needed
    rest = segmenter.flush()
    yield from (_cut(held, first, one) for one in rest if isinstance(one, Closed))


def _cut(held: NDArray[np.int16], first: int, one: Closed) -> Utterance:
    samples = held[one.start_sample - first : one.stop_sample - first].copy()
    return Utterance(one.start_sample, samples)
