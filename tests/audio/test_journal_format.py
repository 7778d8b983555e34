"""The journal's format: sample conversion, header, records and their summary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence, shows
from hypothesis import given
from hypothesis import strategies as st

from granite_live.audio.journal import closed_record, to_int16
from granite_live.audio.journal.records import (
    HEADER_BYTES,
    DamagedHeaderError,
    Header,
    encode_record,
    opened_record,
    read_records,
    summarize_utterances,
)
from granite_live.audio.journal.sound import PcmReader
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError
from granite_live.util.pcm import to_float32

HEADER = Header(16_000, datetime(2026, 3, 14, 9, 26, 53, 589_793, tzinfo=UTC))


def test_every_16_bit_sample_survives_floats_bit_for_bit() -> None:
    every = np.arange(-32768, 32768).astype(np.int16)
    floats = every.astype(np.float32) / np.float32(32768)
    assert np.array_equal(to_int16(floats), every)
    assert np.array_equal(to_float32(every), floats)
    assert to_float32(every).dtype == np.float32


def test_floats_are_rounded_to_nearest_and_clipped() -> None:
    step = 1 / 32768
    floats = [0.4 * step, 0.6 * step, -0.4 * step, -0.6 * step, 1.0, -1.0, 1.5, -9.0, 3e38]
    expected = [0, 1, 0, -1, 32767, -32768, 32767, -32768, 32767]
    assert to_int16(np.array(floats, dtype=np.float32)).tolist() == expected
    strange = np.array([np.nan, np.inf, -np.inf], dtype=np.float32)
    assert to_int16(strange).tolist() == [0, 32767, -32768]


def test_quantising_leaves_its_input_alone() -> None:
    floats = np.array([np.nan, 2.0, 0.25], dtype=np.float32)
    to_int16(floats)
    assert np.isnan(floats[0])
    assert floats[1:].tolist() == [2.0, 0.25]


def test_the_header_is_64_bytes_and_keeps_the_time() -> None:
    assert len(HEADER.pack()) == HEADER_BYTES == 64
    assert Header.parse(HEADER.pack()) == HEADER
    elsewhere = HEADER.started.astimezone(timezone(timedelta(hours=-7)))
    assert Header.parse(Header(48_000, elsewhere).pack()) == Header(48_000, HEADER.started)


@given(st.integers(0, HEADER_BYTES * 8 - 1))
def test_any_flipped_bit_in_the_header_is_noticed(bit: int) -> None:
    data = bytearray(HEADER.pack())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedHeaderError):
        Header.parse(bytes(data))


@pytest.mark.parametrize("length", [0, 8, 63])
def test_a_short_header_is_a_damaged_one(length: int) -> None:
    with pytest.raises(DamagedHeaderError):
        Header.parse(HEADER.pack()[:length])


def test_a_newer_format_is_not_misread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("granite_live.audio.journal.records._VERSION", 2)
    newer = HEADER.pack()
    monkeypatch.undo()
    with pytest.raises(
        AudioError, match=sentence(JournalMessage.NEWER_FORMAT, version="2")
    ) as caught:
        Header.parse(newer)
    assert not isinstance(caught.value, DamagedHeaderError)


def test_sound_behind_a_damaged_header_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "sound.pcm"
    samples = np.arange(-500, 500).astype("<i2")
    path.write_bytes(bytes(HEADER_BYTES) + samples.tobytes() + b"\x7f")
    with PcmReader.open(path) as reader:
        assert shows(reader.warning, JournalMessage.HEADER_MISSING)
        assert reader.started is None
        assert np.array_equal(reader.read(0, reader.samples), samples)
    path.write_bytes(HEADER.pack()[:20])
    with PcmReader.open(path) as reader:
        assert reader.samples == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=5), st.data())
def test_records_survive_and_a_torn_one_costs_itself_only(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("records") / "events.jsonl"
    lines = [encode_record(record) for record in records]
    assert all(one.count(b"\n") == 1 for one in lines)
    torn = encode_record({"event": "final", "text": "torn"})
    kept = data.draw(st.integers(1, len(torn) - 2))
    path.write_bytes(b"".join(lines) + torn[:kept])
    read = read_records(path)
    assert list(read.records) == records
    assert read.damaged_lines == 1
    # A truncated record stays damaged when others follow.
    path.write_bytes(b"".join(lines) + torn[:kept] + b"\n" + b"\n" + torn)
    read = read_records(path)
    assert list(read.records) == [*records, {"event": "final", "text": "torn"}]
    assert read.damaged_lines == 1


def test_lines_that_are_no_records_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'[1]\n"text"\n\x00\x00\n\xff\n{"event":"a"}\n' + b"[" * 100_000 + b"\n")
    read = read_records(path)
    assert read.records == ({"event": "a"},)
    assert read.damaged_lines == 5
    assert read_records(tmp_path / "none").records == ()


def final(utterance: int, start_s: float, end_s: float, text: str = "") -> dict[str, object]:
    return {
        "event": "final",
        "utterance": utterance,
        "start_s": start_s,
        "end_s": end_s,
        "text": text,
    }


def test_records_add_up_to_utterances() -> None:
    first = final(0, 0.5, 2.0, "one")
    provisional = {**final(2, 5.0, 6.0), "event": "provisional"}
    failed = {**final(3, 6.5, 7.0), "event": "failed"}
    found = summarize_utterances(
        [
            opened_record(0, 8_000),
            {"event": "draft", "utterance": 0, "start_s": 0.5, "text": "on"},
            closed_record(0, 8_000, 32_001),
            opened_record(1, 40_000),
            closed_record(1, 40_000, 64_000),
            first,
            closed_record(2, 80_000, 96_000),
            provisional,
            failed,
            opened_record(4, 120_000),
        ],
        16_000,
    )
    assert [utterance.number for utterance in found] == [0, 1, 2, 3, 4]
    # The bounds in samples count, not those of the event.
    assert (found[0].start_sample, found[0].end_sample, found[0].final) == (8_000, 32_001, first)
    assert (found[1].end_sample, found[1].final) == (64_000, None)
    assert (found[2].provisional, found[2].final) == (provisional, None)
    assert (found[3].start_sample, found[3].end_sample, found[3].failed) == (
        104_000,
        112_000,
        failed,
    )
    assert (found[4].start_sample, found[4].end_sample) == (120_000, None)


@given(st.integers(0, 16_000 * 3600 * 24))
def test_times_of_events_lead_back_to_the_very_sample(sample: int) -> None:
    (found,) = summarize_utterances([final(0, sample / 16_000, (sample + 1) / 16_000)], 16_000)
    assert (found.start_sample, found.end_sample) == (sample, sample + 1)


@pytest.mark.parametrize(
    "record",
    [
        {"event": "final"},
        {"event": "final", "utterance": "x", "start_s": 0, "end_s": 1},
        {"event": "final", "utterance": 1, "start_s": 2.0, "end_s": 1.0},
        {"event": "final", "utterance": 1, "start_s": float("nan"), "end_s": 1.0},
        {"event": "final", "utterance": 1, "start_s": 0.0, "end_s": float("inf")},
        {"event": "utterance_closed", "utterance": 1, "start_sample": -4, "end_sample": 4},
        {"event": ["final"], "utterance": 1},
        {"event": None},
    ],
)
def test_senseless_records_are_passed_over(record: dict[str, object]) -> None:
    assert summarize_utterances([record, closed_record(7, 1, 2)], 16_000)[0].number == 7
    assert len(summarize_utterances([record, closed_record(7, 1, 2)], 16_000)) == 1
