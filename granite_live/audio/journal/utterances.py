"""Summarize the records by utterance: which have their text, and which still need it.

The session writes `opened` and `closed` records in addition to its events; "final", "failed" and
"provisional" have the form of `live.events.to_json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from granite_live.audio.journal.records import Record

_OPENED = "utterance_opened"
_CLOSED = "utterance_closed"
_RESULTS = ("final", "failed", "provisional")


def opened(utterance: int, start_sample: int) -> Record:
    """Return the record of the start of an utterance."""
    return {"event": _OPENED, "utterance": utterance, "start_sample": start_sample}


def closed(utterance: int, start_sample: int, end_sample: int) -> Record:
    """Return the record of a closed utterance, whose text is still missing."""
    return {
        "event": _CLOSED,
        "utterance": utterance,
        "start_sample": start_sample,
        "end_sample": end_sample,
    }


@dataclass(frozen=True, slots=True)
class RecordedUtterance:
    """An utterance according to the records. Samples count from the first of the session.

    `end_sample` is None while it is open. `final`, `failed` and `provisional` are the last
    recorded events of each kind.
    """

    number: int
    start_sample: int
    end_sample: int | None = None
    final: Record | None = None
    failed: Record | None = None
    provisional: Record | None = None


def summarised(records: Iterable[Record], sample_rate_hz: int) -> tuple[RecordedUtterance, ...]:
    """Return the recorded utterances in the order of their numbers.

    Inconsistent records are skipped: they come from a file that a crash may have damaged.
    """
    found: dict[int, RecordedUtterance] = {}
    for record in records:
        event = record.get("event")
        if event not in (_OPENED, _CLOSED, *_RESULTS):
            continue
        try:
            number, bounds = _bounds(record, sample_rate_hz)
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        known = found.get(number) or RecordedUtterance(number, bounds[0])
        if event in (_OPENED, _CLOSED) or known.end_sample is None:
            known = replace(known, start_sample=bounds[0], end_sample=bounds[1])
        if event == "final":
            known = replace(known, final=record)
        elif event == "failed":
            known = replace(known, failed=record)
        elif event == "provisional":
            known = replace(known, provisional=record)
        found[number] = known
    return tuple(found[number] for number in sorted(found))


def _bounds(record: dict[str, Any], sample_rate_hz: int) -> tuple[int, tuple[int, int | None]]:
    number = int(record["utterance"])
    end: int | None = None
    if record["event"] in _RESULTS:
        start = round(float(record["start_s"]) * sample_rate_hz)
        end = round(float(record["end_s"]) * sample_rate_hz)
    else:
        start = int(record["start_sample"])
        if record["event"] == _CLOSED:
            end = int(record["end_sample"])
    if start < 0 or (end is not None and end < start):
        raise ValueError("impossible bounds")
    return number, (start, end)
