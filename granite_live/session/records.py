"""The records of utterances that a session adds to its journal."""

from __future__ import annotations

Record = dict[str, object]


def opened_record(utterance: int, start_sample: int, track: int = 0) -> Record:
    """Return the record of the start of an utterance."""
    fields = {"utterance": utterance, "start_sample": start_sample}
    return {"event": "utterance_opened", **fields, **_on_track(track)}


def closed_record(utterance: int, start_sample: int, stop_sample: int, track: int = 0) -> Record:
    """Return the record of a closed utterance."""
    fields = {"utterance": utterance, "start_sample": start_sample, "end_sample": stop_sample}
    return {"event": "utterance_closed", **fields, **_on_track(track)}


def _on_track(track: int) -> Record:
    """Return what a record says of its track: nothing for the first one, as in old journals."""
    return {"track": track} if track else {}
