"""Interrupted sessions are found, completed and finished."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence

from granite_live.audio.files import open_audio
from granite_live.audio.journal import (
    Journal,
    closed_record,
    find_unfinished,
    open_for_recovery,
    to_int16,
)
from granite_live.audio.journal.records import opened_record, read_records
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError

START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SOUND = np.random.default_rng(1).integers(-32768, 32768, 16_000 * 5, dtype=np.int16)


def final(utterance: int, start: int, end: int, text: str) -> dict[str, object]:
    bounds = {"start_s": start / 16_000, "end_s": end / 16_000}
    return {"event": "final", "utterance": utterance, **bounds, "text": text}


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A session that ended without `finish`: 0 is final, 1 closed, 2 failed, 3 open."""
    with Journal.create(tmp_path, started=START) as journal:
        journal.append(SOUND[:20_000])
        journal.append_record(closed_record(0, 100, 15_000))
        journal.append_record(closed_record(1, 15_000, 30_000))
        journal.append_record(final(0, 100, 15_000, "zero"))
        journal.append(SOUND[20_000:])
        journal.append_record(closed_record(2, 40_000, 50_000))
        journal.append_record({**final(2, 40_000, 50_000, ""), "event": "failed"})
        journal.append_record(opened_record(3, 60_000))
    return journal.path


def test_an_unfinished_session_is_found_with_its_length(crashed: Path) -> None:
    (found,) = find_unfinished(crashed.parent)
    assert found.path == crashed
    assert (found.started, found.duration_s) == (START, 5.0)
    assert (found.has_ended, found.warning) == (False, "")


def test_recovery_tells_what_is_missing(crashed: Path) -> None:
    with open_for_recovery(crashed) as recovery:
        assert recovery.started == START
        assert recovery.sound.samples == len(SOUND)
        assert np.array_equal(recovery.sound.read(15_000, 30_000), SOUND[15_000:30_000])
        assert [utterance.number for utterance in recovery.missing] == [1, 2]
        assert recovery.unsegmented_from_samples == (50_000,)
        assert recovery.next_utterance == 4
        assert recovery.damaged_lines == 0
        # Nothing else can open the session meanwhile.
        assert find_unfinished(crashed.parent) == []


def test_recovery_adds_records_and_finishes(crashed: Path) -> None:
    with open_for_recovery(crashed) as recovery:
        recovery.append_record(final(1, 15_000, 30_000, "one"))
        flac = recovery.finish()
    assert flac is not None
    with open_audio(flac) as file:
        assert np.array_equal(to_int16(np.concatenate(list(file.blocks(16_000)))), SOUND)
    events = read_records(crashed / "events.jsonl")
    assert events.damaged_lines == 0
    assert [event["event"] for event in events.records][-2:] == ["final", "journal_closed"]
    assert find_unfinished(crashed.parent) == []
    with pytest.raises(AudioError, match=sentence(JournalMessage.NOTHING_TO_RECOVER)):
        open_for_recovery(crashed)


def test_a_recovery_that_stops_half_way_can_be_taken_up_again(crashed: Path) -> None:
    with open_for_recovery(crashed) as recovery:
        recovery.append_record(final(1, 15_000, 30_000, "one"))
    with open_for_recovery(crashed) as recovery:
        assert [utterance.number for utterance in recovery.missing] == [2]
        assert recovery.finish() == crashed / "sound.flac"


def test_an_odd_byte_and_a_torn_record_are_tolerated(crashed: Path) -> None:
    with (crashed / "sound.pcm").open("ab") as file:
        file.write(b"\x55")
    with (crashed / "events.jsonl").open("ab") as file:
        file.write(b'{"event":"final","utter')
    with open_for_recovery(crashed) as recovery:
        assert recovery.sound.samples == len(SOUND)
        assert recovery.damaged_lines == 1
        recovery.append_record(final(1, 15_000, 30_000, "one"))
        flac = recovery.finish()
    assert flac is not None
    with open_audio(flac) as file:
        assert np.array_equal(to_int16(np.concatenate(list(file.blocks(16_000)))), SOUND)
    events = read_records(crashed / "events.jsonl")
    assert events.damaged_lines == 1
    assert [event["event"] for event in events.records][-2:] == ["final", "journal_closed"]


def test_a_record_without_its_line_feed_is_not_lost(crashed: Path) -> None:
    path = crashed / "events.jsonl"
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    with open_for_recovery(crashed) as recovery:
        assert recovery.records[-1] == opened_record(3, 60_000)
        recovery.append_record({"event": "x"})
    assert read_records(path).records[-2:] == (opened_record(3, 60_000), {"event": "x"})
    assert read_records(path).damaged_lines == 0


def test_records_beyond_the_sound_ask_for_nothing_that_is_not_there(crashed: Path) -> None:
    # As after a full disk: the texts were written, the audio was not.
    with open_for_recovery(crashed) as recovery:
        recovery.append_record(closed_record(4, 90_000, 99_000))
    with open_for_recovery(crashed) as recovery:
        assert [utterance.number for utterance in recovery.missing] == [1, 2]
        assert recovery.unsegmented_from_samples == (len(SOUND),)


def test_without_its_records_a_session_is_all_to_be_done(crashed: Path) -> None:
    (crashed / "events.jsonl").unlink()
    with open_for_recovery(crashed) as recovery:
        assert (recovery.records, recovery.missing) == ((), ())
        assert (recovery.unsegmented_from_samples, recovery.next_utterance) == ((0,), 0)
        assert recovery.finish() == crashed / "sound.flac"


def test_a_damaged_header_is_told_and_the_sound_is_finished(crashed: Path) -> None:
    path = crashed / "sound.pcm"
    path.write_bytes(b"\xff" * 8 + path.read_bytes()[8:])
    (found,) = find_unfinished(crashed.parent)
    assert "header" in found.warning
    assert found.started == START.astimezone()  # from the folder's name
    assert found.duration_s == 5.0
    with open_for_recovery(crashed) as recovery:
        assert recovery.finish() == crashed / "sound.flac"


def test_what_is_no_session_is_left_alone(tmp_path: Path, crashed: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "sound.pcm").write_bytes(b"mine")
    (tmp_path / "2026-99-99_00-00-00").mkdir()
    (tmp_path / "2026-01-01_00-00-00").mkdir()
    (tmp_path / "2026-01-01_00-00-01").write_text("a file")
    (tmp_path / "2026-01-01_00-00-02").symlink_to(crashed)
    assert [found.path for found in find_unfinished(tmp_path)] == [crashed]
    assert find_unfinished(tmp_path / "none") == []
    for path in (tmp_path / "none", tmp_path / "2026-01-01_00-00-00"):
        with pytest.raises(AudioError, match=sentence(JournalMessage.NOTHING_TO_RECOVER)):
            open_for_recovery(path)
