"""What the user corrected in one transcript of a sound, for another transcript of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granite_live.transcript.history import Change, Library, Utterance

# Lines are the same stretch of sound when they begin and end within so much of each other.
_SAME_S = 0.05


def take_over(library: Library, from_id: int, to_id: int) -> Change | None:
    """Give the lines of session `to_id` the corrections that those of `from_id` have.

    A correction goes to the line that stands for the same stretch of sound; what the user
    merged, split or deleted has none there, and stays in the earlier session alone. The new
    machine's text stays beside each. Returns the change, None if there was nothing to do.

    Raises:
        HistoryError: The library cannot be used, or one of the sessions is gone.
    """
    from granite_live.transcript.history.editing import edited
    from granite_live.transcript.history.records import Change, UtteranceState

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
