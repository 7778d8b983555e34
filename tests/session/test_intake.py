"""Arriving audio is recorded first, then returned in order."""

from __future__ import annotations

import threading

import numpy as np
from helpers.session_fakes import RATE, MemoryJournal, PlainResampler

from granite_live.audio.continuity import MissingAudio
from granite_live.audio.journal.disk_state import DiskState, DiskStatus
from granite_live.audio.source import Notice, NoticeKind
from granite_live.session.intake import AudioRecorder, FilledSilence, GapMark, Intake
from granite_live.session.sound_reader import RecentSamples

BLOCK = 320
MOST = 10 * BLOCK


class Desk:
    """An intake with its queue and its journal."""

    def __init__(self, room: int = 1000) -> None:
        self.journal = MemoryJournal()
        self.news: list[DiskStatus] = []
        self.recorder = AudioRecorder(
            PlainResampler(),
            self.journal,
            RecentSamples(RATE, self.journal.read),
            self.news.append,
        )
        self.intake = Intake(room, MOST)
        self.queue = self.intake.add_track(self.recorder)

    def play(self, *values: int) -> None:
        for value in values:
            block = np.full((BLOCK, 1), value / 32768, np.float32)
            assert self.queue.put(block, RATE, threading.Event())

    def tell(self, news: NoticeKind) -> None:
        self.queue.notify(Notice(news, "a fake"))

    def pieces(self) -> list[int | str]:
        """Return the value of each piece of audio, or the other item, up to the end."""
        found: list[int | str] = []
        while not found or found[-1] != "ended":
            piece = self.intake.next()[1]
            if isinstance(piece, GapMark):
                found.append("gap")
            elif isinstance(piece, FilledSilence):
                found.append(f"silence {piece.samples}")
            elif isinstance(piece, Notice):
                found.append(piece.kind.value)
            else:
                assert len(piece) == BLOCK
                found.append(int(piece[0]))
        return found


def test_all_that_has_arrived_is_recorded_before_the_first_piece_is_handed_on() -> None:
    desk = Desk()
    desk.play(1, 2, 3, 4, 5)
    piece = desk.intake.next()[1]
    assert isinstance(piece, np.ndarray)
    assert piece[0] == 1
    assert desk.journal.sound[::BLOCK].tolist() == [1, 2, 3, 4, 5]


def test_what_waits_is_bounded() -> None:
    desk = Desk()
    desk.play(*range(1, 41))
    desk.tell(NoticeKind.ENDED)
    desk.intake.next()[1]
    assert len(desk.journal.sound) == MOST
    desk.intake.next()[1]
    assert len(desk.journal.sound) == MOST + BLOCK
    assert desk.pieces() == [*range(3, 41), "ended"]


def test_news_keep_their_place() -> None:
    desk = Desk()
    desk.tell(NoticeKind.ACTIVE)
    desk.play(1)
    desk.tell(NoticeKind.LOST)
    desk.tell(NoticeKind.RESTORED)
    desk.play(2)
    desk.tell(NoticeKind.ENDED)
    assert desk.pieces() == ["heard", 1, "gap", "lost", "back", 2, "ended"]
    assert desk.journal.records == [{"event": "gap", "sample": BLOCK}]


def test_nothing_is_recorded_in_a_pause() -> None:
    desk = Desk()
    desk.play(1)
    desk.tell(NoticeKind.PAUSED)
    desk.tell(NoticeKind.PAUSED)
    desk.play(2, 3)
    desk.tell(NoticeKind.RESUMED)
    desk.tell(NoticeKind.RESUMED)
    desk.play(4)
    desk.tell(NoticeKind.ENDED)
    assert desk.pieces() == [1, "gap", "paused", "resumed", 4, "ended"]
    assert desk.journal.sound[::BLOCK].tolist() == [1, 4]


def test_sound_that_never_arrived_is_recorded_as_a_gap_with_its_length() -> None:
    desk = Desk()
    desk.play(1, 2, 3)
    missing = MissingAudio(17.0, ago_s=BLOCK / RATE)
    desk.queue.notify(Notice(NoticeKind.GAP, "a fake", "17 s are missing.", missing))
    desk.play(4)
    asleep = MissingAudio(60.0, asleep_s=60.0)
    desk.queue.notify(Notice(NoticeKind.GAP, "a fake", "It slept.", asleep))
    desk.tell(NoticeKind.LOST)
    desk.queue.notify(Notice(NoticeKind.RESTORED, "a fake", missing=MissingAudio(3.0)))
    desk.tell(NoticeKind.ENDED)
    silence = f"silence {3 * RATE}"
    assert desk.pieces() == [1, 2, 3, "gap", 4, "gap", "gap", "lost", silence, "back", "ended"]
    assert desk.journal.records == [
        {"event": "gap", "sample": 2 * BLOCK, "missing_s": 17.0, "asleep": False},
        {"event": "gap", "sample": 4 * BLOCK, "missing_s": 60.0, "asleep": True},
        {"event": "gap", "sample": 4 * BLOCK},
        {"event": "gap", "sample": 4 * BLOCK, "missing_s": 3.0, "asleep": False},
        {"event": "gap", "sample": 4 * BLOCK + 3 * RATE},
    ]
    assert desk.recorder.missing == [(2 * BLOCK, 17.0, "suspended")]


def test_the_recording_has_silence_for_the_time_in_which_the_device_was_away() -> None:
    desk = Desk()
    desk.play(1)
    desk.tell(NoticeKind.LOST)
    away = MissingAudio(25.0, asleep_s=13.0)
    desk.queue.notify(Notice(NoticeKind.RESTORED, "a fake", missing=away))
    desk.play(2)
    desk.tell(NoticeKind.ENDED)
    assert desk.pieces() == [1, "gap", "lost", f"silence {12 * RATE}", "back", 2, "ended"]
    sound = desk.journal.sound
    assert len(sound) == 2 * BLOCK + 12 * RATE
    assert not sound[BLOCK:-BLOCK].any()
    assert sound[-1] == 2


def test_a_loss_with_a_pause_in_it_is_not_filled() -> None:
    desk = Desk()
    desk.play(1)
    desk.tell(NoticeKind.LOST)
    desk.tell(NoticeKind.PAUSED)
    desk.tell(NoticeKind.RESUMED)
    desk.queue.notify(Notice(NoticeKind.RESTORED, "a fake", missing=MissingAudio(25.0)))
    desk.play(2)
    desk.tell(NoticeKind.ENDED)
    assert not [one for one in desk.pieces() if str(one).startswith("silence")]


def test_what_is_missing_in_a_pause_is_not_missed() -> None:
    desk = Desk()
    desk.tell(NoticeKind.PAUSED)
    desk.queue.notify(Notice(NoticeKind.GAP, "a fake", "17 s are missing.", MissingAudio(17.0)))
    desk.tell(NoticeKind.RESUMED)
    desk.tell(NoticeKind.ENDED)
    assert desk.pieces() == ["gap", "paused", "resumed", "ended"]
    assert desk.recorder.missing == []


def test_refused_sound_is_a_gap() -> None:
    desk = Desk(room=1)
    block = np.full((BLOCK, 1), 1 / 32768, np.float32)
    assert desk.queue.offer(block, RATE)
    assert not desk.queue.offer(block, RATE)
    desk.intake.next()[1]
    assert desk.queue.offer(block, RATE)
    desk.tell(NoticeKind.ENDED)
    assert desk.pieces() == ["gap", 1, "ended"]
    assert desk.recorder.missing == [(BLOCK, BLOCK / RATE, "overload")]


def test_how_the_disk_takes_it_is_told_when_it_changes() -> None:
    desk = Desk()
    desk.journal.refusing = True
    desk.play(1, 2)
    desk.intake.next()[1]
    desk.journal.refusing = False
    desk.play(3)
    for _ in range(2):
        desk.intake.next()[1]
    assert [news.state for news in desk.news] == [DiskState.REFUSING, DiskState.WRITING]
