"""A session over fakes and a real worker process loses no speech."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.scripted_recognizers import KILL
from helpers.session_fakes import RATE, FakeSession, said

from granite_live.audio.continuity import MissingAudio
from granite_live.audio.source import Notice, NoticeKind
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.util.errors import OutputError


def test_what_is_said_becomes_text(start_session: Callable[..., FakeSession]) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    played = np.concatenate([said([200, 201]), said([300]), said([400, 401, 402])])
    s.source.play(played)
    s.end()
    finals = s.all(events.FinalText)
    assert [f.text for f in finals] == ["W200 W201", "W300", "W400 W401 W402"]
    assert [f.utterance for f in finals] == [1, 2, 3]
    assert finals[1].start_s == pytest.approx(1.25)
    assert finals[1].words[0].start_s == pytest.approx(1.25)
    assert s.journal.sound.tolist() == played.tolist()
    assert s.journal.ended_as == "finished"
    closed = s.events[-1]
    assert isinstance(closed, events.SessionClosed)
    assert (closed.utterances, closed.failed, closed.samples_lost) == (3, 0, 0)
    assert closed.samples_received == len(played)


def test_times_of_events_never_run_backwards(start_session: Callable[..., FakeSession]) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.source.play(said([200, 201]))
    s.end()
    times = [event.t for event in s.events]
    assert times == sorted(times)
    assert times[0] >= 0


def test_listening_is_said_when_sound_comes_not_before(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.until(events.StateChanged, state="waiting")
    s.source.play(np.zeros(RATE, np.int16))
    s.until(events.LevelMeasured)
    assert [e.state for e in s.all(events.StateChanged)] == ["waiting"]
    s.source.notify(NoticeKind.ACTIVE)
    assert "a fake" in s.until(events.StateChanged, state="listening").detail


def test_what_runs_is_told_when_the_model_is_loaded(
    start_session: Callable[..., FakeSession],
) -> None:
    ready = start_session().until(events.ModelReady)
    assert (ready.model.path, ready.model.tier, ready.threads) == ("fake", "none", 1)
    assert events.to_json(ready)["event"] == "model_ready"


def test_a_pause_records_nothing_and_ends_the_utterance(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    before, meanwhile, after = said([200], pause=0), said([300]), said([400])
    s.source.play(before)
    s.session.pause()
    s.session.pause()
    s.until(events.StateChanged, state="paused")
    s.source.play(meanwhile)
    s.session.resume()
    s.until(events.StateChanged, state="listening")
    s.source.play(after)
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == ["W200", "W400"]
    assert s.journal.sound.tolist() == np.concatenate([before, after]).tolist()
    assert s.events[-1].samples_lost == 0
    assert {"event": "gap", "sample": len(before)} in s.journal.records
    assert len([e for e in s.all(events.StateChanged) if e.state == "paused"]) == 1


def test_a_device_that_goes_during_a_pause_does_not_end_it(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.session.pause()
    s.source.notify(NoticeKind.LOST, "It was unplugged.")
    s.until(events.DeviceLost)
    assert s.all(events.StateChanged)[-1].state == "paused"
    s.session.resume()
    assert (
        "a fake"
        in s.until(events.StateChanged, state="waiting", detail="Waiting for a fake.").detail
    )
    s.source.notify(NoticeKind.RESTORED)
    s.until(events.StateChanged, state="listening")


def test_drafts_grow_and_the_final_replaces_them(start_session: Callable[..., FakeSession]) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.until(events.StateChanged, detail="Listening to a fake.")
    s.source.play(said([200, 201], pause=0))
    first = s.until(events.DraftText)
    assert (first.utterance, first.text) == (1, "w200 w201")
    s.source.play(said([202], pause=0))
    second = s.until(events.DraftText, text="w200 w201 w202")
    assert second.stable_words == 2
    s.source.play(np.zeros(RATE // 4, np.int16))
    assert s.until(events.FinalText).text == "W200 W201 W202"


def test_no_speech_withdraws_its_draft(start_session: Callable[..., FakeSession]) -> None:
    s = start_session()
    s.source.play(np.concatenate([np.full(RATE, -5, np.int16), np.zeros(RATE, np.int16)]))
    s.source.play(said([500]))
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == ["W500"]
    assert s.events[-1].utterances == 1


def test_a_worker_killed_while_people_speak(start_session: Callable[..., FakeSession]) -> None:
    """SIGKILL from outside after every fifth of 20 utterances: 20 finals, all audio kept."""
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.until(events.StateChanged, detail="Listening to a fake.")
    for n in range(20):
        s.source.play(said([200 + n]))
        if n % 5 == 4:
            s.until(events.FinalText)
            os.kill(s.session.worker_pid, signal.SIGKILL)
            s.until(events.WorkerRestarted)
            s.until(events.StateChanged, detail="Listening to a fake.")
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == [f"W{200 + n}" for n in range(20)]
    assert s.events[-1].worker_restarts == 4
    assert len(s.journal.sound) == s.events[-1].samples_received


def test_an_utterance_that_kills_is_failed_and_the_rest_goes_on(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    deadly = said([200])
    deadly[100] = KILL
    s.source.play(np.concatenate([deadly, said([300])]))
    s.end()
    failed = s.all(events.TranscriptionFailed)
    assert [(f.utterance, f.attempts) for f in failed] == [(1, 3)]
    assert [f.text for f in s.all(events.FinalText)] == ["W300"]
    assert s.events[-1].failed == 1
    assert s.journal.ended_as == "closed"  # its audio stays for another try


def test_without_a_model_everything_is_recorded(start_session: Callable[..., FakeSession]) -> None:
    s = start_session(factory="load_nothing")
    s.source.notify(NoticeKind.ACTIVE)
    told = s.until(events.StateChanged, state="recording_only")
    assert "There is no model" in told.detail
    s.source.play(said([200, 201]))
    s.end()
    assert s.journal.sound.tolist() == said([200, 201]).tolist()
    assert s.journal.ended_as == "closed"  # to be recovered
    assert s.events[-1].failed == 1


def test_a_lost_device_ends_the_utterance_and_is_told(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.source.play(said([200], pause=0))
    s.source.notify(NoticeKind.LOST, "The microphone was unplugged.")
    lost = s.until(events.DeviceLost)
    assert lost.reason == "The microphone was unplugged."
    s.until(events.StateChanged, state="waiting")
    s.source.notify(NoticeKind.RESTORED)
    s.until(events.DeviceRecovered)
    s.until(events.StateChanged, state="listening")
    s.source.play(said([201]))
    s.end()
    assert [f.text for f in s.all(events.FinalText)] == ["W200", "W201"]
    assert {"event": "gap", "sample": RATE // 2} in s.journal.records


def test_a_full_disk_is_told_at_once_and_its_end_too(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.play(said([200]))
    s.until(events.LevelMeasured)
    s.journal.refusing = True
    s.source.play(said([201]))
    trouble = s.until(events.DiskChanged)
    assert trouble.unwritten_s == 0.5
    assert (trouble.detail, trouble.folder, trouble.needed_bytes) == (
        "Make room.",
        "here",
        1_000_000,
    )
    s.journal.refusing = False
    s.source.play(said([202]))
    assert s.until(events.DiskChanged).unwritten_s == 0
    s.end()
    assert len(s.all(events.FinalText)) == 3


def test_refused_sound_is_counted(start_session: Callable[..., FakeSession]) -> None:
    """A full queue: frames that the callback could not enqueue are counted."""
    s = start_session()
    queue = s.source._sink
    assert queue is not None
    queue._dropped_frames = 1234  # as `offer` leaves it after refusing
    assert queue.offer(np.zeros((320, 1), np.float32), RATE)
    s.end()
    assert s.events[-1].samples_lost == 1234
    assert s.events[-1].lost == (events.LostStretch(0.0, 0.0, 1234 / RATE, "overload"),)
    stretch = SessionMessage.LOST_BUSY(seconds=0.1, start_s=0.0)
    assert s.events[-1].detail == SessionMessage.SOUND_LOST(seconds=0.1, stretches=stretch)


def test_missing_sound_is_told_where_it_is_missing(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.play(said([200]))
    queue = s.source._sink
    assert queue is not None
    missing = MissingAudio(17.0, ago_s=0.25)
    queue.notify(Notice(NoticeKind.GAP, "a fake", "17 s are missing.", missing))
    gap = s.until(events.AudioGap)
    assert (gap.at_s, gap.seconds, gap.asleep, gap.detail) == (
        0.5,
        17.0,
        False,
        "17 s are missing.",
    )
    assert events.to_json(gap)["event"] == "gap"
    s.end()
    closed = s.events[-1]
    assert closed.samples_lost == 17 * RATE
    assert closed.lost == (events.LostStretch(0.5, 0.5, 17.0, "suspended"),)


def test_nobody_waits_for_the_packing(start_session: Callable[..., FakeSession]) -> None:
    """The totals are reported before the recording is packed, and `join` waits for both."""
    s = start_session()
    may_pack = threading.Event()
    s.journal.before_finish = lambda: may_pack.wait(30)
    s.source.play(said([200]))
    s.session.stop()
    closed = s.until(events.SessionClosed)
    assert (closed.utterances, closed.failed) == (1, 0)
    assert s.journal.ended_as == "ended"
    assert not s.session.join(0.05)
    may_pack.set()
    assert s.session.join(30)
    assert s.session.packing_error == ""
    assert s.journal.ended_as == "finished"
    assert s.events[-1] is closed


def test_a_recording_that_cannot_be_packed_is_told_and_stays(
    start_session: Callable[..., FakeSession],
) -> None:
    def fail() -> None:
        raise OutputError("The disk is full.")

    s = start_session()
    s.journal.before_finish = fail
    s.source.play(said([200]))
    s.end()
    assert s.session.packing_error == "The disk is full."
    assert s.journal.ended_as == "ended"  # closed unfinished, for a recovery
    assert isinstance(s.events[-1], events.SessionClosed)


def test_the_sound_goes_where_that_is_wished(start_session: Callable[..., FakeSession]) -> None:
    s = start_session(keep_sound=False)
    s.source.play(said([200]))
    s.end()
    assert s.journal.ended_as == "finished without its sound"


def test_what_failed_keeps_its_sound_whatever_is_wished(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session(factory="load_nothing", keep_sound=False)
    s.source.play(said([200]))
    s.until(events.StateChanged, state="recording_only")
    s.end()
    assert s.journal.ended_as == "closed"


def test_leaving_at_once_keeps_the_rest_for_recovery(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session(factory="load_nothing")
    s.source.play(said([200]))
    s.until(events.StateChanged, state="recording_only")
    s.session.stop(keep_unfinished=True)
    assert s.session.join(10)
    assert s.journal.ended_as == "closed"


def test_what_the_source_says_at_its_end_is_told(start_session: Callable[..., FakeSession]) -> None:
    s = start_session()
    s.source.end_reason = "The file was cut off."
    s.end()
    assert s.all(events.StateChanged)[-1].detail == (
        f"The file was cut off. {SessionMessage.FINISHING()}"
    )


def test_a_pause_says_which_utterance_was_the_last_and_a_drop_that_nothing_comes_of_it(
    start_session: Callable[..., FakeSession],
) -> None:
    s = start_session()
    s.source.notify(NoticeKind.ACTIVE)
    s.source.play(said([200], pause=0))
    s.session.pause()
    assert s.until(events.StateChanged, state="paused").utterance == 1
    s.session.resume()
    assert s.until(events.StateChanged, state="listening").utterance == 1
    s.source.play(np.full(RATE // 4, -5, np.int16))
    s.session.pause()
    assert s.until(events.UtteranceDropped).utterance == 2
    assert s.until(events.StateChanged, state="paused").utterance == 2
    s.session.resume()
    s.source.play(said([300], pause=0))
    s.source.notify(NoticeKind.LOST, "It was unplugged.")
    assert s.until(events.StateChanged, state="waiting", detail="It was unplugged.").utterance == 3
    s.end()
    assert [f.utterance for f in s.all(events.FinalText)] == [1, 3]
    assert events.to_json(s.all(events.UtteranceDropped)[0])["event"] == "dropped"


def test_a_session_that_is_paused_before_it_begins_records_nothing(
    tmp_path: Path,
) -> None:
    s = FakeSession(tmp_path)
    s.session.pause()
    s.session.start()
    s.source.notify(NoticeKind.ACTIVE)
    s.source.play(said([200]))
    assert s.until(events.StateChanged, state="paused").utterance == 0
    s.end()
    assert s.session.samples_recorded == 0
    assert s.all(events.FinalText) == []
    assert s.events[-1].samples_received == 0
