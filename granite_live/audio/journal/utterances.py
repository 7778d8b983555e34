"""What the records say about the utterances: which have their text, which still need it.

The session writes `opened` and `closed` records besides its events; the events "final",
"failed" and "provisional" are understood as `live.events.to_json` writes them.
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
    """Return the record for the moment when speech has begun."""
    return {"event": _OPENED, "utterance": utterance, "start_sample": start_sample}


def closed(utterance: int, start_sample: int, end_sample: int) -> Record:
    """Return the record for an utterance whose bounds are fixed and whose text is to come."""
    return {
        "event": _CLOSED,
        "utterance": utterance,
        "start_sample": start_sample,
        "end_sample": end_sample,
    }


@dataclass(frozen=True, slots=True)
class RecordedUtterance:
    """One utterance, as the records know it. Samples count from the session's first.

    `end_sample` is None while it is open. `final`, `failed` and `provisional` are those
    events as they were recorded, the last of each kind.
    """

    number: int
    start_sample: int
    end_sample: int | None = None
    final: Record | None = None
    failed: Record | None = None
    provisional: Record | None = None


def summarised(records: Iterable[Record], sample_rate_hz: int) -> tuple[RecordedUtterance, ...]:
    """Return the utterances that the records speak of, in the order of their numbers.

    Records that do not make sense are passed over: they come from a file that a crash
    may have damaged.
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
