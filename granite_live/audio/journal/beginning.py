"""The first record of a session: its origin and its retention setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from granite_live.audio.journal.records import Record
from granite_live.audio.source import Origin, OriginKind

_EVENT = "journal_opened"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The content of the first record besides the time.

    Attributes:
        origin: The audio source; None in journals of older versions.
        keep: The retention setting of this session, None if it has none of its own.
        resume_key: Identifies the recording, the model and the options; "" if the session
            cannot be resumed from its recording.
    """

    origin: Origin | None = None
    keep: str | None = None
    resume_key: str = ""

    def record(self, time: str, sample_rate_hz: int) -> Record:
        """Return the record; `time` is the start of the session in ISO 8601."""
        record: Record = {"event": _EVENT, "time": time, "sample_rate_hz": sample_rate_hz}
        if self.origin is not None:
            record |= {"source_kind": self.origin.kind.value, "source": self.origin.name}
            if self.origin.audio_track is not None:
                record["audio_track"] = self.origin.audio_track
        if self.keep is not None:
            record["keep"] = self.keep
        if self.resume_key:
            record["resume_key"] = self.resume_key
        return record

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> Self:
        """Return the content found in the records; missing fields are None."""
        opened = next((one for one in records if one.get("event") == _EVENT), {})
        keep = opened.get("keep")
        resume_key = opened.get("resume_key")
        return cls(
            _origin(opened),
            None if keep is None else str(keep),
            resume_key if isinstance(resume_key, str) else "",
        )


def _origin(opened: Mapping[str, Any]) -> Origin | None:
    track = opened.get("audio_track")
    try:
        return Origin(
            OriginKind(opened["source_kind"]),
            str(opened["source"]),
            track if isinstance(track, int) else None,
        )
    except (KeyError, ValueError):
        return None
