"""Formats of a journal: the header of its samples, and its records, one JSON object a line."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.filesystem import FileSystem, read_regular
from granite_live.audio.source import Origin, OriginKind
from granite_live.messages import decoded
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError

RECORDS_NAME = "events.jsonl"

Record = dict[str, Any]

SOURCE_ENDED = "source_ended"
"""The record for a recording that was read to its end: `detail` is what is to say about it, and
`message` is the same with its code."""

TEXT_GIVEN = "text_given"
"""The record of a session whose text was given, not recognized: its words stay as they are."""


def source_notes(records: Iterable[Mapping[str, Any]]) -> str:
    """Return what the last `source_ended` record says about the recording, "" for nothing."""
    ended = [one for one in records if one.get("event") == SOURCE_ENDED]
    if not ended:
        return ""
    try:
        notes = decoded(ended[-1]["message"])
    except (KeyError, TypeError, ValueError):  # of an earlier version, or damaged
        notes = ended[-1].get("detail")
    return notes if isinstance(notes, str) else ""


def encode_record(record: Mapping[str, Any]) -> bytes:
    r"""Return the record as one line of UTF-8, including the line feed.

    Unpaired surrogates, as in names that the system gave in a broken encoding, become
    a \uXXXX escape, which JSON restores.

    Raises:
        TypeError: The record holds an object that JSON cannot represent.
    """
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """The content of a records file; `damaged_lines` were skipped."""

    records: tuple[Record, ...]
    damaged_lines: int


def read_records(path: Path) -> RecordsRead:
    """Read all undamaged records. A missing file counts as empty.

    A kill can truncate the last line, and that line stays damaged when others follow; such lines
    are counted, not raised.

    Raises:
        OSError: The file cannot be read.
    """
    records: list[Record] = []
    damaged = 0
    try:
        file = read_regular(path)
    except FileNotFoundError:
        return RecordsRead((), 0)
    with file:
        for raw in file:
            if not raw.strip():
                continue
            record = parse_record(raw)
            if record is None:
                damaged += 1
            else:
                records.append(record)
    return RecordsRead(tuple(records), damaged)


def parse_record(raw: bytes) -> Record | None:
    """Return the record in a line, None if the line is damaged."""
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def open_records(path: Path, files: FileSystem) -> tuple[int, int]:
    """Open the records for appending; return the descriptor and the position to continue at.

    A truncated last line is terminated first, so that the next record begins a new line.

    Raises:
        OSError: The file cannot be opened, or the line feed cannot be written.
    """
    fd = files.open_file(path, create=not path.exists())
    try:
        size = os.lseek(fd, 0, os.SEEK_END)
        if size:
            os.lseek(fd, -1, os.SEEK_END)
            if os.read(fd, 1) != b"\n":
                filesystem.write_all(files, fd, b"\n")
                size += 1
    except BaseException:
        os.close(fd)
        raise
    return fd, size


_EVENT = "journal_opened"


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """The content of the first record besides the time.

    Attributes:
        origin: The audio source; None in journals of older versions.
        keep: The retention setting of this session, None if it has none of its own.
        resume_key: Identifies the recording, the model and the options; "" if the session
            cannot be resumed from its recording.
        system_source: The name of the device of the second track, "" if there is none.
    """

    origin: Origin | None = None
    keep: str | None = None
    resume_key: str = ""
    system_source: str = ""

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
        if self.system_source:
            record["system_source"] = self.system_source
        return record

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Self:
        """Return the content found in the records; missing fields are None."""
        opened = next((one for one in records if one.get("event") == _EVENT), {})
        keep = opened.get("keep")
        resume_key, system_source = opened.get("resume_key"), opened.get("system_source")
        return cls(
            _origin(opened),
            None if keep is None else str(keep),
            resume_key if isinstance(resume_key, str) else "",
            system_source if isinstance(system_source, str) else "",
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


HEADER_BYTES = 64
"""The offset of the samples."""
SAMPLE_BYTES = 2
"""Mono, little-endian 16-bit integers."""

_MAGIC = b"GLSOUND\n"
_VERSION = 1
_CHANNELS = 1
_FORMAT = b"s16le"
# Magic, version, header length, sample rate, channels, sample format, start (microseconds since
# 1970, UTC), reserved zeros; then the checksum of everything before it.
_LAYOUT = struct.Struct("<8sHHIH6sq28x")
_CHECKSUM = struct.Struct("<I")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DamagedHeaderError(AudioError):
    """The file does not begin with a journal header."""


@dataclass(frozen=True, slots=True)
class Header:
    """The sample rate of a journal and the time of its first sample."""

    sample_rate_hz: int
    started: datetime

    def pack(self) -> bytes:
        """Return the header's 64 bytes."""
        microseconds = (self.started - _EPOCH) // timedelta(microseconds=1)
        body = _LAYOUT.pack(
            _MAGIC, _VERSION, HEADER_BYTES, self.sample_rate_hz, _CHANNELS, _FORMAT, microseconds
        )
        return body + _CHECKSUM.pack(zlib.crc32(body))

    @classmethod
    def parse(cls, data: bytes) -> Header:
        """Return the header from a file's first 64 bytes.

        Raises:
            DamagedHeaderError: The bytes are not a header.
            AudioError: A newer version of the program wrote it.
        """
        if len(data) < HEADER_BYTES or not data.startswith(_MAGIC):
            raise DamagedHeaderError(JournalMessage.HEADER_MISSING())
        body = data[: _LAYOUT.size]
        (checksum,) = _CHECKSUM.unpack_from(data, _LAYOUT.size)
        if checksum != zlib.crc32(body):
            raise DamagedHeaderError(JournalMessage.HEADER_DAMAGED())
        _, version, header_bytes, rate_hz, channels, sample_format, start_us = _LAYOUT.unpack(body)
        usual = (header_bytes, channels, sample_format.rstrip(b"\0"))
        if version != _VERSION or usual != (HEADER_BYTES, _CHANNELS, _FORMAT):
            raise AudioError(JournalMessage.NEWER_FORMAT(version=version, known=_VERSION))
        return cls(rate_hz, _EPOCH + timedelta(microseconds=start_us))


_OPENED = "utterance_opened"
_CLOSED = "utterance_closed"
_RESULTS = ("final", "failed", "provisional")


def on_track(track: int) -> Record:
    """Return what a record says of its track: nothing for the first one."""
    return {"track": track} if track else {}


def track_of(record: Mapping[str, Any]) -> int:
    """Return the track of a record; a damaged number counts as the first track."""
    return 1 if record.get("track") == 1 else 0


def opened_record(utterance: int, start_sample: int, track: int = 0) -> Record:
    """Return the record of the start of an utterance."""
    fields = {"utterance": utterance, "start_sample": start_sample}
    return {"event": _OPENED, **fields, **on_track(track)}


def closed_record(utterance: int, start_sample: int, end_sample: int, track: int = 0) -> Record:
    """Return the record of a closed utterance, whose text is still missing."""
    return {
        "event": _CLOSED,
        "utterance": utterance,
        "start_sample": start_sample,
        "end_sample": end_sample,
        **on_track(track),
    }


@dataclass(frozen=True, slots=True)
class RecordedUtterance:
    """An utterance according to the records. Samples count from the first of the session.

    `track` is the track that has its sound. `end_sample` is None while it is open. `final`,
    `failed` and `provisional` are the last recorded events of each kind.
    """

    number: int
    start_sample: int
    end_sample: int | None = None
    final: Record | None = None
    failed: Record | None = None
    provisional: Record | None = None
    track: int = 0


def summarize_utterances(
    records: Iterable[Record], sample_rate_hz: int
) -> tuple[RecordedUtterance, ...]:
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
        known = found.get(number) or RecordedUtterance(number, bounds[0], track=track_of(record))
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
