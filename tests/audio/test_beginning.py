"""The first record of a session, and journals without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from granite_live.audio.journal import Journal, OpeningRecord
from granite_live.audio.journal.records import RECORDS_NAME, read_records
from granite_live.audio.source import Origin, OriginKind

MEETING = Origin(OriginKind.SYSTEM, "Monitor of the speakers")


@pytest.mark.parametrize("keep", [None, "7-days"])
@pytest.mark.parametrize(
    "origin", [None, MEETING, Origin(OriginKind.FILE, "/talks/na\udcefve.mp3")]
)
def test_a_journal_remembers_how_it_began(
    tmp_path: Path, origin: Origin | None, keep: str | None
) -> None:
    with Journal.create(tmp_path, origin=origin, keep=keep) as journal:
        journal.append_record({"event": "x", "source": "nothing to do with it"})
    assert OpeningRecord.from_records(
        read_records(journal.path / RECORDS_NAME).records
    ) == OpeningRecord(origin, keep)


@pytest.mark.parametrize(
    "record",
    [
        {"event": "journal_opened", "time": "2026-01-02T03:04:05.000+00:00"},
        {"event": "journal_opened", "source_kind": "satellite", "source": "Astra"},
        {"event": "journal_opened", "source_kind": "file"},
        {"event": "final", "source_kind": "file", "source": "/a"},
    ],
)
def test_what_an_older_or_newer_program_wrote_says_nothing(record: dict[str, str]) -> None:
    assert OpeningRecord.from_records([record]) == OpeningRecord()
    assert OpeningRecord.from_records([]) == OpeningRecord()
