"""A session with two sources: each has its track, and either may fail and return alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.session_fakes import QUICK, RATE, FakeSession, LoudnessSegmenter, ScriptedSource, said

from granite_live.audio.journal import Journal, find_unfinished, open_for_recovery
from granite_live.audio.source import NoticeKind
from granite_live.session import events
from granite_live.session.echo import EchoFreeReader, RemoveEcho
from granite_live.session.messages import ModelSpec
from granite_live.session.protocols import closed_record
from granite_live.session.recovery import RecoveryResult, recover
from granite_live.util.errors import AudioError
from granite_live.vad.events import SegmentEvent

BLOCK = 320
SILENCE = np.zeros(RATE // 4, np.int16)


class Meeting:
    """A session with two scripted sources on a simulated clock."""

    def __init__(
        self,
        folder: Path,
        journal: Journal | None = None,
        factory: str = "load",
        remove_echo: RemoveEcho | None = None,
    ) -> None:
        self.now_s = 100.0
        self.system = ScriptedSource(None)
        self.fake = FakeSession(
            folder,
            factory,
            journal=journal,
            read_older=None if journal is None else journal.read,
            system=self.system,
            clock=lambda: self.now_s,
            remove_echo=remove_echo,
        )
        self.mic = self.fake.source
        self.fake.session.start()

    def play(self, mic: np.ndarray | None, system: np.ndarray | None) -> None:
        """Play both in real time of the simulated clock; None for a device that is lost."""
        length = max(len(one) for one in (mic, system) if one is not None)
        for at in range(0, length, BLOCK):
            self.now_s += BLOCK / RATE
            for source, sound in ((self.mic, mic), (self.system, system)):
                if sound is not None:
                    block = np.zeros(BLOCK, np.int16)
                    piece = sound[at : at + BLOCK]
                    block[: len(piece)] = piece
                    source.play(block)

    def finals(self) -> list[tuple[int, str]]:
        """Return track and text of the final texts in the order of their starts."""
        found = self.fake.all(events.FinalText)
        return [(one.track, one.text) for one in sorted(found, key=lambda one: one.start_s)]


def test_both_sides_have_their_lines_with_numbers_in_common(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.play(said([200]), SILENCE)
    meeting.play(SILENCE, said([300]))
    meeting.play(said([201]), said([301, 302]))
    meeting.fake.end()
    assert sorted(meeting.finals()) == [*((0, "W200"), (0, "W201"), (1, "W300"), (1, "W301 W302"))]
    assert meeting.finals()[:2] == [(0, "W200"), (1, "W300")]
    finals = meeting.fake.all(events.FinalText)
    assert sorted(one.utterance for one in finals) == [1, 2, 3, 4]
    closed = {
        one["utterance"]: one.get("track", 0)
        for one in meeting.fake.journal.records
        if one["event"] == "utterance_closed"
    }
    assert closed == {one.utterance: one.track for one in finals}
    assert {one.track for one in meeting.fake.all(events.LevelMeasured)} == {0, 1}
    end = meeting.fake.events[-1]
    assert isinstance(end, events.SessionClosed)
    assert (end.utterances, end.failed, end.samples_lost) == (4, 0, 0)
    assert len(meeting.fake.journal.sound) == len(meeting.fake.journal.system_sound)


def test_one_source_may_be_lost_and_return_while_the_other_goes_on(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    for source in (meeting.mic, meeting.system):
        source.notify(NoticeKind.ACTIVE)
    meeting.play(said([200]), SILENCE)
    meeting.system.notify(NoticeKind.LOST, "It was pulled out.")
    meeting.play(said([201, 202]), None)
    meeting.system.notify(NoticeKind.RESTORED)
    meeting.play(SILENCE, said([300]))
    meeting.fake.end()
    assert meeting.finals() == [(0, "W200"), (0, "W201 W202"), (1, "W300")]
    (late,) = (one for one in meeting.fake.all(events.FinalText) if one.track == 1)
    # What is heard after the loss has its time by the clock, as on the other track.
    assert late.start_s == pytest.approx(
        (len(said([200])) + len(said([201, 202]))) / RATE, abs=0.05
    )
    states = [one.state for one in meeting.fake.all(events.StateChanged)]
    assert "waiting" not in states[1:]
    assert len(meeting.fake.all(events.DeviceLost)) == 1
    gaps = [one for one in meeting.fake.journal.records if one["event"] == "gap"]
    assert gaps
    assert {one.get("track", 0) for one in gaps} <= {1, 0}
    assert any(one.get("track") == 1 and one.get("missing_s") for one in gaps)


def test_a_session_waits_only_while_neither_source_delivers(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    for source in (meeting.mic, meeting.system):
        source.notify(NoticeKind.ACTIVE)
    for source in (meeting.mic, meeting.system):
        source.notify(NoticeKind.LOST, "It was pulled out.")
    waiting = meeting.fake.until(events.StateChanged, detail="It was pulled out.")
    assert waiting.state == "waiting"
    meeting.fake.end()


def test_a_pause_is_left_out_on_both_tracks(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.play(said([200]), said([300]))
    meeting.fake.session.pause()
    meeting.now_s += 60.0
    meeting.play(said([400]), said([500]))
    meeting.fake.session.resume()
    meeting.play(said([201]), said([301]))
    meeting.fake.end()
    assert sorted(meeting.finals()) == [(0, "W200"), (0, "W201"), (1, "W300"), (1, "W301")]
    starts = {one.text: one.start_s for one in meeting.fake.all(events.FinalText)}
    assert starts["W201"] == pytest.approx(starts["W301"], abs=0.03)
    assert starts["W201"] < 2.0
    states = [one.state for one in meeting.fake.all(events.StateChanged)]
    assert states.count("paused") == 1


def recovered(
    session: Path, remove_echo: RemoveEcho | None = None
) -> tuple[RecoveryResult, list[events.FinalText]]:
    """Recover a session; return the result and the final texts that were told."""
    told: list[events.SessionEvent] = []
    done = recover(
        open_for_recovery(session),
        LoudnessSegmenter(),
        "helpers.scripted_recognizers:load",
        ModelSpec(str(session.parent)),
        told.append,
        QUICK,
        remove_echo=remove_echo,
    )
    return done, [one for one in told if isinstance(one, events.FinalText)]


def test_after_a_kill_both_sides_get_their_missing_texts(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "sessions", system_source="Loudspeakers")
    meeting = Meeting(tmp_path, journal, factory="load_nothing")
    meeting.play(said([200]), said([300]))
    meeting.play(said([201]), SILENCE)
    meeting.play(SILENCE, said([301]))
    meeting.fake.end()
    (found,) = find_unfinished(tmp_path / "sessions")
    done, finals = recovered(found.path)
    assert (done.missing, done.unfinished) == (4, 0)
    assert sorted((one.track, one.text) for one in finals) == [
        *((0, "W200"), (0, "W201"), (1, "W300"), (1, "W301"))
    ]
    assert {one.name for one in found.path.iterdir()} >= {"sound.flac", "system.flac"}
    assert find_unfinished(tmp_path / "sessions") == []


def test_sound_that_was_not_segmented_before_a_kill_is_segmented_on_both_tracks(
    tmp_path: Path,
) -> None:
    journal = Journal.create(tmp_path / "sessions", system_source="Loudspeakers")
    journal.append(np.concatenate([said([200]), said([201])]))
    journal.append(np.concatenate([SILENCE, said([300])]), 1)
    journal.append_record({"event": "gap", "sample": len(SILENCE) + RATE // 4, "track": 1})
    journal.close()
    _done, finals = recovered(journal.path)
    found = sorted((one.track, one.utterance, one.text, one.start_s) for one in finals)
    # The gap on the second track cuts only there.
    assert found == [
        *((0, 1, "W200", 0.0), (0, 2, "W201", 0.75)),
        *((1, 3, "W300", 0.25), (1, 4, "W300", 0.5)),
    ]


def subtracted(microphone: np.ndarray, system: np.ndarray, keep: int) -> np.ndarray:
    """Remove an echo that arrives at once and as loud as it was played."""
    assert len(microphone) == len(system)
    return (microphone - system)[-keep:]


def test_what_the_loudspeakers_play_is_not_said_twice(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path, remove_echo=subtracted)
    meeting.play(said([300]), said([300]))
    meeting.play(said([200]), SILENCE)
    meeting.fake.end()
    assert [one for one in meeting.finals() if one[1]] == [(1, "W300"), (0, "W200")]
    # The recording keeps what was heard.
    assert 300 in meeting.fake.journal.sound


def test_a_recovery_removes_the_echo_too(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "sessions", system_source="Loudspeakers")
    journal.append(np.concatenate([said([300]), said([200])]))
    journal.append(said([300]), 1)
    journal.close()
    _done, finals = recovered(journal.path, subtracted)
    texts = [(one.track, one.text) for one in finals]
    assert sorted(one for one in texts if one[1]) == [(0, "W200"), (1, "W300")]


def tones(*pieces: tuple[int, float]) -> np.ndarray:
    """Return sound of these values and durations."""
    return np.concatenate([np.full(round(s * RATE), value, np.int16) for value, s in pieces])


# What I said twice, held together by the echo of the other side's turn between.
ACROSS = tones((200, 0.5), (300, 1.5), (201, 0.5), (0, 0.25))
OTHERS = tones((0, 0.5), (300, 1.5), (0, 0.75))


def test_turns_that_only_the_echo_joins_are_lines_of_their_own(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path, remove_echo=subtracted)
    meeting.play(ACROSS, OTHERS)
    meeting.fake.end()
    assert meeting.finals() == [(0, "W200"), (1, "W300"), (0, "W201")]
    later = max(meeting.fake.all(events.FinalText), key=lambda one: one.start_s)
    assert (later.start_s, later.utterance) == (pytest.approx(2.0, abs=0.03), 3)
    closed = [
        (one["utterance"], one["start_sample"] < RATE)
        for one in meeting.fake.journal.records
        if one["event"] == "utterance_closed" and not one.get("track")
    ]
    # A kill between the last two leaves nothing without a text.
    assert closed == [(1, True), (3, False), (1, True)]
    end = meeting.fake.events[-1]
    assert isinstance(end, events.SessionClosed)
    assert (end.utterances, end.failed) == (3, 0)


def test_a_recovery_separates_such_turns_too(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "sessions", system_source="Loudspeakers")
    journal.append(np.concatenate([tones((300, 1.0)), ACROSS]))
    journal.append(np.concatenate([tones((300, 1.0)), OTHERS]), 1)
    journal.append_record(closed_record(1, 0, RATE + len(ACROSS)))
    journal.close()
    _done, finals = recovered(journal.path, subtracted)
    assert sorted((one.start_s, one.text) for one in finals if not one.track) == [
        # It began with the echo; its line begins where something was said.
        *((1.0, "W200"), (3.0, "W201")),
    ]


def test_without_a_segmenter_for_it_the_joined_turns_stay() -> None:
    def broken(_samples: np.ndarray) -> list[SegmentEvent]:
        raise ValueError("a defect")

    segmenter = LoudnessSegmenter()
    segmenter.feed = broken  # type: ignore[method-assign]
    sounds = [lambda a, b: ACROSS[a:b], lambda a, b: OTHERS[a:b]]
    free = EchoFreeReader(*sounds, lambda: len(OTHERS), subtracted, segmenter)
    clean = free(0, len(ACROSS))
    assert free.cut(0, clean) == []
    working = EchoFreeReader(*sounds, lambda: len(OTHERS), subtracted, LoudnessSegmenter())
    assert len(working.cut(0, clean)) == 2
    # Sound without an echo is one utterance, whatever the segmenter finds in it.
    assert working.cut(0, ACROSS) == []


def test_what_is_left_of_an_echo_is_no_utterance() -> None:
    def leave_a_tenth(microphone: np.ndarray, system: np.ndarray, keep: int) -> np.ndarray:
        return (microphone - 0.9 * system)[-keep:].astype(np.int16)

    silence, turn = tones((0, 0.2)), tones((300, 1.0))
    microphone = np.concatenate([tones((200, 0.5)), silence, turn, silence, tones((40, 0.5))])
    system = np.concatenate([tones((0, 0.7)), turn, tones((0, 0.7))])
    sounds = [lambda a, b: microphone[a:b], lambda a, b: system[a:b]]
    free = EchoFreeReader(*sounds, lambda: len(system), leave_a_tenth, LoudnessSegmenter())
    # Soft speech without an echo stays.
    starts = [round(start / RATE, 1) for start, _stop in free.cut(0, free(0, len(microphone)))]
    assert starts == [0.0, 1.9]
    # Where nothing but the echo was heard the utterance stays, and is silent.
    only_echo = round(0.6 * RATE), round(1.8 * RATE)
    assert free(*only_echo).any()
    assert free.cut(only_echo[0], free(*only_echo)) == [only_echo]
    assert not free(*only_echo).any()
    assert free(0, RATE).any()


def test_an_unreadable_second_track_costs_no_word_of_the_first() -> None:
    microphone = np.arange(1_000, dtype=np.int16)

    def broken(_start: int, _stop: int) -> np.ndarray:
        raise AudioError("The disk fails.")

    read = EchoFreeReader(lambda a, b: microphone[a:b], broken, lambda: 1_000, subtracted)
    assert np.array_equal(read(200, 400), microphone[200:400])


def test_the_second_track_may_be_shorter() -> None:
    microphone, system = np.full(1_000, 7, np.int16), np.full(600, 7, np.int16)
    read = EchoFreeReader(
        lambda a, b: microphone[a:b], lambda a, b: system[a:b], lambda: 600, subtracted
    )
    assert read(500, 700).tolist() == [0] * 100 + [7] * 100
    assert read(700, 800).tolist() == [7] * 100


def test_a_second_source_that_cannot_start_leaves_nothing_running(tmp_path: Path) -> None:
    fake = FakeSession(tmp_path, system=ScriptedSource(AudioError("There is no output.")))
    with pytest.raises(AudioError, match="no output"):
        fake.session.start()
    assert fake.session.join(30)
    assert fake.source.is_stopped
    assert isinstance(fake.events[-1], events.SessionClosed)
