"""Finished texts outlive a run that is killed, and nothing else does."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from helpers.model_fakes import make_transcript
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.checkpoint import (
    KEEP_DAYS,
    Checkpoint,
    checkpoints_dir,
    delete_expired_checkpoints,
)
from granite_live.transcript.model import Timing, Transcript, Word

ONE = make_transcript("one", 0.5, 2.0)
TWO = make_transcript("two words", 3.0, 4.25)


def opened(key: str = "key", *, restart: bool = False) -> Checkpoint:
    checkpoint = Checkpoint.open(key, restart=restart)
    assert checkpoint is not None
    return checkpoint


def kept_file() -> Path:
    (path,) = checkpoints_dir().iterdir()
    return path


def keep_two() -> None:
    with opened() as checkpoint:
        assert checkpoint.resume_at_s == 0.0
        checkpoint.append([8_000], "a", [ONE])
        checkpoint.append([48_000], "b", [TWO])


def test_what_was_kept_is_taken_in_order() -> None:
    keep_two()
    with opened() as checkpoint:
        assert checkpoint.resume_at_s == 4.25
        assert checkpoint.take([8_000], "a") == (ONE,)
        assert checkpoint.take([48_000], "b") == (TWO,)
        assert checkpoint.take([90_000], "c") is None
        checkpoint.append([90_000], "c", [ONE, TWO])
    with opened() as checkpoint:
        assert [checkpoint.take([at], name) for at, name in ((8_000, "a"), (48_000, "b"))]
        assert checkpoint.take([90_000], "c") == (ONE, TWO)


@pytest.mark.parametrize(("start", "digest"), [(48_001, "b"), (48_000, "other")])
def test_texts_of_another_sound_are_forgotten_with_all_behind_them(start: int, digest: str) -> None:
    keep_two()
    with opened() as checkpoint:
        checkpoint.append([90_000], "c", [TWO])
    with opened() as checkpoint:
        assert checkpoint.take([8_000], "a") == (ONE,)
        assert checkpoint.take([start], digest) is None
        assert checkpoint.take([90_000], "c") is None
        checkpoint.append([start], digest, [TWO])
    with opened() as checkpoint:
        assert checkpoint.take([8_000], "a") == (ONE,)
        assert checkpoint.take([start], digest) == (TWO,)
        assert checkpoint.take([90_000], "c") is None


@pytest.mark.parametrize("missing", [1, 2, 100])
def test_a_half_written_record_does_not_count(missing: int) -> None:
    keep_two()
    data = kept_file().read_bytes()
    kept_file().write_bytes(data[:-missing])
    with opened() as checkpoint:
        assert checkpoint.resume_at_s == 2.0
        assert checkpoint.take([8_000], "a") == (ONE,)
        assert checkpoint.take([48_000], "b") is None
        checkpoint.append([48_000], "b", [TWO])
    assert kept_file().read_bytes() == data


@given(st.binary(max_size=200))
def test_damage_is_never_an_error(garbage: bytes) -> None:
    keep_two()
    data = kept_file().read_bytes()
    kept_file().write_bytes(data + garbage + b"\n" + data)
    with opened() as checkpoint:
        assert checkpoint.take([8_000], "a") == (ONE,)
        assert checkpoint.take([48_000], "b") == (TWO,)
        assert checkpoint.take([0], "x") is None
    kept_file().unlink()


@given(
    st.floats(0, 1e5),
    st.text(max_size=30),
    st.lists(st.integers(0, 100_000), max_size=5),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, "", "draft"]),
)
def test_texts_come_back_to_the_last_bit(
    time_s: float, text: str, ids: list[int], skipped: bool | None, draft: str | None
) -> None:
    transcript = Transcript(
        start_s=time_s / 3,
        end_s=time_s,
        text=text,
        token_ids=tuple(ids),
        words=(Word(text, time_s / 3, time_s / 7, 0.1 + 0.2, draft),),
        confidence=time_s / 1e6,
        draft_text=text[::-1],
        draft_token_ids=tuple(ids[::-1]),
        timing=Timing(0.1, 0.2, 0.3, time_s),
        editor_skipped=skipped,
    )
    with opened(restart=True) as checkpoint:
        checkpoint.append([1], "d", [transcript])
    with opened() as checkpoint:
        assert checkpoint.take([1], "d") == (transcript,)


def test_a_new_beginning_forgets_what_was_kept() -> None:
    keep_two()
    with opened(restart=True) as checkpoint:
        assert checkpoint.resume_at_s == 0.0
        assert checkpoint.take([8_000], "a") is None


def test_keys_are_kept_apart() -> None:
    keep_two()
    with opened("other") as checkpoint:
        assert checkpoint.resume_at_s == 0.0


def test_nothing_is_left_of_what_is_done_or_never_began() -> None:
    opened().close()
    assert list(checkpoints_dir().iterdir()) == []
    keep_two()
    opened().remove()
    assert list(checkpoints_dir().iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_nobody_else_can_read_it() -> None:
    keep_two()
    assert stat.S_IMODE(checkpoints_dir().stat().st_mode) == 0o700
    assert stat.S_IMODE(kept_file().stat().st_mode) == 0o600


def test_one_has_it_at_a_time() -> None:
    with opened():
        assert Checkpoint.open("key") is None
    opened().close()


def test_what_nobody_goes_on_with_is_deleted() -> None:
    keep_two()
    changed_s = kept_file().stat().st_mtime
    (checkpoints_dir() / "notes.txt").touch()
    delete_expired_checkpoints(changed_s + (KEEP_DAYS - 0.1) * 86_400)
    assert len(list(checkpoints_dir().iterdir())) == 2
    delete_expired_checkpoints(changed_s + (KEEP_DAYS + 0.1) * 86_400)
    assert [path.name for path in checkpoints_dir().iterdir()] == ["notes.txt"]
