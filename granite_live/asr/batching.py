"""Group utterances into batches for the encoder and the editor. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def rounded_up(length: int, step: int) -> int:
    """Return `length` rounded up to a multiple of `step`."""
    return -(-length // step) * step


def alike(lengths: Sequence[int], step: int, most: int) -> Iterator[tuple[int, list[int]]]:
    """Yield batches of similar length, for padding to a common length.

    Args:
        lengths: In any unit.
        step: Padded lengths are multiples of this, so that a device sees few different shapes.
        most: The largest padded size of a batch. A longer item gets a batch of its own.

    Yields:
        The padded length and the indices of the batch. Each index is in exactly one batch.
    """
    by_length = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    group: list[int] = []
    width = 0
    for index in by_length:
        # The longest item determines the padded length. Padding must stay below half of the batch.
        if group and ((len(group) + 1) * width > most or 2 * lengths[index] < width):
            yield width, group
            group = []
        if not group:
            width = rounded_up(lengths[index], step)
        group.append(index)
    if group:
        yield width, group


def in_turn(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield runs of indices whose lengths sum to at most `most`, or single indices."""
    group: list[int] = []
    total = 0
    for index, length in enumerate(lengths):
        if group and total + length > most:
            yield group
            group, total = [], 0
        group.append(index)
        total += length
    if group:
        yield group
