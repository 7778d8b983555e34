"""Split audio that is too long for the model at its quietest places, without losing a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.util.pcm import EARLIEST_CUT_SHARE, quietest_sample


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
