"""Copies the user's corrections from one transcript of a recording to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.library import Change, Library, Utterance

# Lines match if their starts and their ends differ by less than this.
_SAME_S = 0.05


def take_over(library: Library, from_id: int, to_id: int) -> Change | None:
    """Copy the corrections of session `from_id` to the matching lines of `to_id`.

    A corrected line without a match (merged, split, deleted) stays only in the earlier session. The
    new machine text is kept. Returns the change, None if there was nothing to copy.

    Raises:
        HistoryError: The library cannot be used, or a session does not exist.
    """
    from granite_live.library.editing import edited
    from granite_live.library.records import Change, UtteranceState

    by_number = {line.number: line for line in library.utterances(to_id) if line.number is not None}
    changes = []
    for line in library.utterances(from_id):
        target = None if line.number is None else by_number.get(line.number)
        if not line.is_edited or target is None or not _is_same(line, target):
            continue
        if target.state is not UtteranceState.PROVISIONAL:
            changes.append(edited(target, line.edited_text))
    before = tuple(line for change in changes for line in change.before)
    after = tuple(line for change in changes for line in change.after)
    if before == after:
        return None
    change = Change(to_id, before, after)
    library.apply(change)
    return change


def _is_same(one: Utterance, other: Utterance) -> bool:
    return abs(one.start_s - other.start_s) < _SAME_S and abs(one.end_s - other.end_s) < _SAME_S
