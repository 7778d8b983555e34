"""Which sounds go together through the encoder, and which drafts through the editor. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def rounded_up(length: int, step: int) -> int:
    """Return the next multiple of `step`."""
    return -(-length // step) * step


def alike(lengths: Sequence[int], step: int, most: int) -> Iterator[tuple[int, list[int]]]:
    """Yield groups of about the same length, to be filled up to one length.

    Args:
        lengths: In any unit.
        step: Groups have multiples of this, so that a device meets few different shapes.
        most: What a group may come to, filled up. What is longer goes alone.

    Yields:
        The length to fill up to, and the indices of the group. Each index is in one group.
    """
    by_length = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    group: list[int] = []
    width = 0
    for index in by_length:
        # The longest comes first and decides; half of the work must not be filling.
        if group and ((len(group) + 1) * width > most or 2 * lengths[index] < width):
            yield width, group
            group = []
        if not group:
            width = rounded_up(lengths[index], step)
        group.append(index)
    if group:
        yield width, group


def in_turn(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield groups of neighbours that together come to no more than `most`, or are alone."""
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
