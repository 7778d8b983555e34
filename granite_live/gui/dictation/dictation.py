"""Push to talk: which utterances are dictated, and in which order their texts go out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.messages import status
from granite_live.session import events


@dataclass(slots=True)
class _Take:
    """One key press: utterances from `next` to `last`, inclusive."""

    next: int
    press: int = 0
    last: int | None = None
    settled: dict[int, str] = field(default_factory=dict)

    def covers(self, utterance: int) -> bool:
        return self.next <= utterance and (self.last is None or utterance <= self.last)

    @property
    def is_over(self) -> bool:
        return self.last is not None and self.next > self.last


@dataclass(frozen=True, slots=True)
class TakeText:
    """A text and the number of its key press."""

    text: str
    press: int


class Takes:
    """The takes of a session. Texts may arrive in any order; they are returned in order.

    `events.StateChanged.utterance` is the last utterance before the session paused or resumed, so
    every take knows its first and last utterance.
    """

    def __init__(self) -> None:
        self._takes: list[_Take] = []

    def begin(self, after: int, press: int = 0) -> None:
        """Begin a take with the utterances after this one, for a key press."""
        self._takes.append(_Take(after + 1, press))

    def end(self, last: int) -> None:
        """End the open take, if any, with this utterance."""
        if self._takes and self._takes[-1].last is None:
            self._takes[-1].last = last
            self._drop_finished()

    def covers(self, utterance: int) -> bool:
        """Return whether an utterance is dictated and its text not yet returned."""
        return any(take.covers(utterance) for take in self._takes)

    def settle(self, utterance: int, text: str) -> list[TakeText]:
        """Store an utterance's text, "" for none; return the texts whose turn has come."""
        for take in self._takes:
            if take.covers(utterance):
                take.settled[utterance] = text
        return self._release_ready()

    def drain(self) -> list[TakeText]:
        """Return all known texts, since no others will follow, and start again."""
        takes, self._takes = self._takes, []
        known = ((one, number) for one in takes for number in sorted(one.settled))
        return [TakeText(one.settled[at], one.press) for one, at in known if one.settled[at]]

    @property
    def is_waiting(self) -> bool:
        """Whether a take is open or waits for texts."""
        return bool(self._takes)

    def _release_ready(self) -> list[TakeText]:
        out: list[TakeText] = []
        for take in self._takes:
            while take.next in take.settled:
                out.append(TakeText(take.settled.pop(take.next), take.press))
                take.next += 1
            if not take.is_over:
                break  # later takes wait
        self._drop_finished()
        return [one for one in out if one.text]

    def _drop_finished(self) -> None:
        self._takes = [take for take in self._takes if not take.is_over]


TAIL_MS = 100
"""The delay of the sound system; speech up to the key release arrives this much later."""
MAX_TAIL_MS = 400
"""The longest time that a take continues after the key release, to finish a word."""

_RECORDS = ("waiting", "listening", "catching_up")


class DictationState(Enum):
    """The state of dictation."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    LISTENING = "listening"
    FINISHING = "finishing"
    STOPPING = "stopping"


class PushToTalk(QObject):
    """Uses the running session, or starts one that pauses while the user does not dictate.

    Emits `state_changed`; `draft_changed` with the words that have no final text yet; `text_ready`
    with each text in the order of speech and the number of its key press; `problem_changed` with a
    sentence about a problem, "" when that is over; `press_started` with the number of a key press.

    Args:
        live: The running session.
        start: Starts a session for dictation.
    """

    state_changed = Signal(object)
    draft_changed = Signal(str)
    text_ready = Signal(str, int)
    problem_changed = Signal(str)
    press_started = Signal(int)

    def __init__(
        self, live: LiveSession, start: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._live, self._start = live, start
        self._takes = Takes()
        self._drafts: dict[int, str] = {}
        # The key press of each expected resumption; 0 if it ends a take.
        self._expected_presses: deque[int] = deque()
        self._presses = 0
        self._canceled: set[int] = set()
        self._is_open = self._is_down = self._is_take_open = self._is_own = False
        self._was_paused = self._starts_next = self._is_silence_told = False
        self.is_loaded = False
        """Whether the session's model is loaded."""
        self.state = DictationState.OFF
        self._is_speaking = False
        self._tail = QTimer(self, singleShot=True, interval=TAIL_MS)
        self._tail.timeout.connect(self._end_take_after_word)
        self._max_tail = QTimer(self, singleShot=True, interval=MAX_TAIL_MS)
        self._max_tail.timeout.connect(self._end_take)
        live.activity_changed.connect(self._handle_activity)
        live.started.connect(self._started)
        live.event_received.connect(self._handle_event)
        live.failed.connect(self._start_failed)

    @property
    def is_down(self) -> bool:
        """Whether the user is dictating now."""
        return self._is_down

    @property
    def is_cancelable(self) -> bool:
        """Whether the user dictates, or a dictation has just ended whose last word is awaited."""
        return self._is_take_open or self._is_down

    def open(self) -> None:
        """Prepare for dictating: start a session unless one is active."""
        self._is_open = True
        self._begin_session()
        self._show()

    def close(self) -> None:
        """Stop dictating and end the session if it runs for dictation only."""
        self._is_open = False
        self.release()
        if self._max_tail.isActive():
            self._end_take()
        if self._is_own and not self._live.should_record:
            self._live.stop()
        self._show()

    def press(self) -> None:
        """Listen from now on."""
        if self._is_down or not self._is_open:
            return
        if self._max_tail.isActive():
            self._end_take()
        self._is_down = True
        self._presses += 1
        self.problem_changed.emit("")
        self.press_started.emit(self._presses)
        if self._live.session_id and self._live.activity is not SessionActivity.STOPPING:
            self._begin_take()
        else:
            self._starts_next = self._live.activity is SessionActivity.STOPPING
            self._begin_session()
        self._show()

    def release(self) -> None:
        """Stop listening, at the end of a word that is being spoken; the text follows at once."""
        if not self._is_down:
            return
        self._is_down = False
        if self._is_take_open:
            self._tail.start()
            self._max_tail.start()
        self._show()

    def cancel(self) -> None:
        """Stop listening at once; what was said since the press is not delivered.

        It stays in the session's transcript.
        """
        if not self.is_cancelable:
            return
        self._is_down = self._starts_next = False
        self._canceled.add(self._presses)
        self._end_take()
        self.draft_changed.emit("")
        self._show()

    def toggle(self) -> None:
        """Press or release."""
        if self._is_down:
            self.release()
        else:
            self.press()

    def _begin_session(self) -> None:
        if not self._live.is_active:
            self._is_own = True
            self._start()

    def _begin_take(self) -> None:
        self._is_take_open = True
        self._expected_presses.append(self._presses)
        self._live.begin_take()

    def _end_take_after_word(self) -> None:
        if not self._is_speaking:
            self._end_take()

    def _end_take(self) -> None:
        self._stop_tail()
        if not self._is_take_open:
            return
        self._is_take_open = False
        if self._is_silence_told:
            # Nobody speaks any more, so a silent microphone is no problem.
            self._tell_problem("")
        if self._live.should_record:
            self._expected_presses.append(0)
        self._live.end_take()
        self._show()

    def _stop_tail(self) -> None:
        self._tail.stop()
        self._max_tail.stop()

    # -- session events -----------------------------------------------------------------------

    def _started(self, _session_id: int) -> None:
        self._takes, self._drafts = Takes(), {}
        self._expected_presses.clear()
        self._was_paused = self._is_take_open = self._is_speaking = self.is_loaded = False
        if self._is_down:
            self._begin_take()

    def _start_failed(self, sentence: str) -> None:
        if self._is_open:
            self._is_down = False
            self.problem_changed.emit(sentence)
            self._show()

    def _handle_activity(self, activity: SessionActivity) -> None:
        if activity is SessionActivity.STOPPING:
            self._stop_tail()
            self._is_take_open = self._is_down = False
        elif activity is SessionActivity.IDLE:
            self._is_own = False
            self._is_down = self._is_down and self._starts_next
            if self._is_open and self._is_down:
                self._begin_session()  # pressed while another session was ending
            self._starts_next = False
        self._show()

    def _handle_event(self, event: events.SessionEvent) -> None:
        match event:
            case events.StateChanged():
                self._take_state(event)
            case events.DraftText() | events.ProvisionalText() if self._takes.covers(
                event.utterance
            ):
                self._drafts[event.utterance] = event.text
            case events.FinalText():
                self._settle(event.utterance, event.text)
            case events.UtteranceDropped(utterance=utterance):
                self._settle(utterance, "")
            case events.TranscriptionFailed(utterance=utterance) if self._takes.covers(utterance):
                told = self.tr("Part of your speech could not be transcribed. The audio is kept.")
                self.problem_changed.emit(told)
                self._settle(utterance, "")
            case events.ModelReady():
                self.is_loaded = True
            case events.SessionClosed():
                self._drafts.clear()
                self._emit_texts(self._takes.drain())
        if isinstance(event, events.LevelMeasured):
            self._is_speaking = event.speech
            if self._max_tail.isActive() and not self._tail.isActive():
                self._end_take_after_word()
            return
        is_silence = isinstance(event, events.DeviceLost) and status.is_silence(event.reason)
        if self._is_open and (trouble := _problem(event)):
            if self._is_take_open or not is_silence:
                self._tell_problem(trouble, is_silence=is_silence)
        elif isinstance(event, events.DeviceRecovered):
            self._tell_problem("")
        self.draft_changed.emit(" ".join(self._drafts[number] for number in sorted(self._drafts)))
        self._show()

    def _tell_problem(self, sentence: str, *, is_silence: bool = False) -> None:
        self._is_silence_told = is_silence
        self.problem_changed.emit(sentence)

    def _take_state(self, state: events.StateChanged) -> None:
        """Find the first and last utterance of each take; the user may also pause the session."""
        if state.state == "paused":
            self._takes.end(state.utterance)
            self._was_paused = True
        elif state.state in _RECORDS and self._was_paused:
            self._was_paused = False
            if self._expected_presses and (press := self._expected_presses.popleft()):
                self._takes.begin(state.utterance, press)

    def _settle(self, utterance: int, text: str) -> None:
        self._drafts.pop(utterance, None)
        self._emit_texts(self._takes.settle(utterance, text))

    def _emit_texts(self, texts: Sequence[TakeText]) -> None:
        for one in texts:
            if one.press not in self._canceled:
                self.text_ready.emit(one.text, one.press)
        if not self._takes.is_waiting and not self._expected_presses and not self._is_take_open:
            self._canceled.clear()

    def _show(self) -> None:
        stage = self._current_state()
        if stage is not self.state:
            self.state = stage
            self.state_changed.emit(stage)

    def _current_state(self) -> DictationState:
        activity = self._live.activity
        if not self._is_open or activity is SessionActivity.IDLE:
            return DictationState.OFF
        if activity is SessionActivity.STARTING:
            return DictationState.STARTING
        if activity is SessionActivity.STOPPING:
            return DictationState.STOPPING
        if self._is_down:
            return DictationState.LISTENING
        if self._is_take_open or self._expected_presses or self._takes.is_waiting:
            return DictationState.FINISHING
        return DictationState.READY


def _problem(event: events.SessionEvent) -> str:
    """Return the problem for the user, "" for none; the main window shows model notes."""
    if isinstance(event, events.ModelReady):
        return ""
    return status.problem(event)
