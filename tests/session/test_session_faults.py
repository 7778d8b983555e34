"""Failing parts of a session are reported, the audio is safe, and the session ends in order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.session_fakes import (
    FakeSession,
    LoudnessSegmenter,
    MemoryJournal,
    PlainResampler,
    said,
)

from granite_live.audio.source import NoticeKind
from granite_live.session import events


class Failing:
    """Raises at the n-th call, and at every later one."""

    def __init__(self, inner: Any, method: str, at_call: int) -> None:
        self._inner, self._method, self._left = inner, method, at_call

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._left -= 1
            if self._left <= 0:
                raise ZeroDivisionError("an injected defect")
        return getattr(self._inner, name)


def test_a_segmenter_that_fails_costs_text_but_no_sound(
    start_session: Callable[..., FakeSession], caplog: pytest.LogCaptureFixture
) -> None:
    cutter = LoudnessSegmenter()
    s = start_session(segmenter=Failing(cutter, "feed", 200))  # in the fourth second
    s.source.notify(NoticeKind.ACTIVE)
    played = np.concatenate([said([200]), np.zeros(64000, np.int16), said([300])])
    s.source.play(played)
    fault = s.until(events.PartFailed)
    assert (fault.part, "ZeroDivisionError" in fault.detail) == ("segmenter", True)
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == ["W200"]
    assert s.journal.sound.tolist() == played.tolist()
    assert s.journal.ended_as == "closed"  # 'recover' processes the rest
    assert isinstance(s.events[-1], events.SessionClosed)
    assert s.session.failure == fault.detail
    assert "an injected defect" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("part", ["resampler", "journal"])
def test_a_pump_that_fails_stops_the_source_and_keeps_what_was_recorded(
    start_session: Callable[..., FakeSession], caplog: pytest.LogCaptureFixture, part: str
) -> None:
    journal = MemoryJournal()
    faulty: dict[str, Any] = {
        "resampler": {"resampler": Failing(PlainResampler(), "feed", 100)},
        "journal": {"journal": Failing(journal, "append", 100), "read_older": journal.read},
    }[part]
    s = start_session(**faulty)
    s.source.notify(NoticeKind.ACTIVE)
    s.source.play(said([200, 201, 202, 203, 204]))
    fault = s.until(events.PartFailed)
    assert fault.part == "recording"
    assert s.session.join(30)  # by itself, without `stop`
    assert s.source.is_stopped
    recorded = (journal if part == "journal" else s.journal).sound
    assert len(recorded) == 99 * 320
    assert isinstance(s.events[-1], events.SessionClosed)
    assert s.session.failure == fault.detail
    assert "an injected defect" in caplog.text


def test_a_listener_that_raises_costs_no_sound_and_no_text(
    start_session: Callable[..., FakeSession], caplog: pytest.LogCaptureFixture
) -> None:
    s = start_session(listener_error=OSError(28, "No space left on device"))
    s.source.notify(NoticeKind.ACTIVE)
    played = np.concatenate([said([200]), said([300])])
    s.source.play(played)
    s.end()
    assert "No space left on device" in caplog.text
    assert s.journal.sound.tolist() == played.tolist()
    texts = [record["text"] for record in s.journal.records if record["event"] == "final"]
    assert texts == ["W200", "W300"]
    assert s.journal.ended_as == "finished"
    assert isinstance(s.events[-1], events.SessionClosed)  # it was called until the end


def test_a_listener_that_hangs_holds_up_neither_recording_nor_text(
    start_session: Callable[..., FakeSession],
) -> None:
    may_go = threading.Event()
    s = start_session(listener_waits_for=may_go)
    s.source.notify(NoticeKind.ACTIVE)
    played = np.concatenate([said([200]), said([300])])
    s.source.play(played)
    assert s.journal.has_record.wait_for("final", 2)
    assert s.events == []
    assert s.journal.sound.tolist() == played.tolist()
    may_go.set()
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == ["W200", "W300"]


def test_a_listener_that_hangs_for_ever_is_left_behind_when_the_rest_is_not_waited_for(
    start_session: Callable[..., FakeSession],
) -> None:
    may_go = threading.Event()
    s = start_session(listener_waits_for=may_go)
    s.source.play(said([200]))
    s.session.stop(keep_unfinished=True)
    assert s.session.join(10)
    assert s.events == []
    may_go.set()  # so that its thread ends before the test does


def test_a_frozen_worker_keeps_nobody_from_leaving(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.until(events.ModelReady)
    s.source.notify(NoticeKind.ACTIVE)
    os.kill(s.session.worker_pid, signal.SIGSTOP)
    s.source.play(said(range(200, 240)))  # 20 s, ten times the capacity of a pipe
    s.session.stop()
    s.session.stop(keep_unfinished=True)
    assert s.session.join(60)  # though the worker is never continued
    # The listener is not waited for, so it may get the event a moment later.
    s.until(events.SessionClosed)
    assert len(s.journal.sound) == s.events[-1].samples_received


def test_a_source_that_cannot_start_leaves_nothing_behind(tmp_path: Path) -> None:
    s = FakeSession(tmp_path, source_error=OSError("no such device"))
    with pytest.raises(OSError, match="no such device"):
        s.session.start()
    assert s.session.join(30)
    assert isinstance(s.events[-1], events.SessionClosed)
