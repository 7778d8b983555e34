"""Dictated texts, and their delivery into other programs: one at a time, in order, without loss."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from granite_live.desktop.text_input import DeliveryMethod, FocusedWindow, TextInput
from granite_live.gui.background import Background
from granite_live.gui.dictation.dictation import TakeText
from granite_live.transcript.spoken import (
    SpokenCommand,
    SpokenEdit,
    apply_spoken_commands,
    count_backspaces,
)

KEPT = 50
"""The number of texts kept; the session's transcript has all."""


class DeliveryStatus(Enum):
    """The delivery status of a text."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    IN_CLIPBOARD = "aside"
    """In the clipboard, but not in its target window."""
    FAILED = "failed"
    SCRATCHED = "scratched"


@dataclass(slots=True)
class DictatedText:
    """A dictated text.

    `piece` is the delivered text with its leading space. `before` is the piece before it in the
    same window, or the clipboard text that it was appended to, "" if it is the first. `note`
    explains the status, "" if there is nothing to say.
    """

    number: int
    text: str
    piece: str = ""
    before: str = ""
    target: FocusedWindow | None = None
    status: DeliveryStatus = DeliveryStatus.WAITING
    note: str = ""


class DictatedTexts:
    """The newest texts, oldest first. Failed ones are forgotten last."""

    def __init__(self) -> None:
        self._all: deque[DictatedText] = deque()
        self.forgotten = 0
        """The number of failed texts that were forgotten."""

    def add(self, entry: DictatedText) -> None:
        """Add a text and forget the oldest beyond the limit."""
        self._all.append(entry)
        while len(self._all) > KEPT:
            settled = (one for one in self._all if one.status is not DeliveryStatus.FAILED)
            oldest = next(settled, self._all[0])
            self._all.remove(oldest)
            self.forgotten += oldest.status is DeliveryStatus.FAILED

    def find(self, number: int) -> DictatedText | None:
        """Return the text with this number, None if there is none."""
        return next((one for one in self._all if one.number == number), None)

    def remove(self, number: int) -> None:
        """Remove a text that the user has dealt with."""
        self._all = deque(one for one in self._all if one.number != number)

    def last(self) -> DictatedText | None:
        """Return the newest text that was not scratched."""
        return next(
            (one for one in reversed(self._all) if one.status is not DeliveryStatus.SCRATCHED), None
        )

    def visible(self, delivered: int) -> list[DictatedText]:
        """Return the texts to show, oldest first: all failed and the newest others."""
        others = [one for one in self._all if one.status is not DeliveryStatus.FAILED]
        newest = {one.number for one in others[-delivered:]}
        return [
            one for one in self._all if one.status is DeliveryStatus.FAILED or one.number in newest
        ]


_NO_SPACE_BEFORE = ".,;:!?…)"


def spaced(before: str, text: str) -> str:
    """Return a text with the space needed before it.

    `before` is the text delivered last to the same place, "" for none.
    """
    if (
        not before
        or not text
        or before[-1].isspace()
        or text[0].isspace()
        or text[0] in _NO_SPACE_BEFORE
    ):
        return text
    return f" {text}"


MAX_WAITING = 200
"""The longest queue of texts; further texts are listed as failed instead of delivered."""

_CHANGED = "*•● "
"""Characters that editors put around the title of a window with unsaved changes."""


class TextSender(Protocol):
    """Delivers texts into other windows; implemented in `gui.dictation.delivery_worker`."""

    delivered: SignalInstance
    failed: SignalInstance
    way: DeliveryMethod

    def send(self, number: int, text: str, required_target: FocusedWindow | None = None) -> None:
        """Deliver a text, only into `required_target` if given; emits `delivered` or `failed`."""

    def erase(self, number: int, characters: int) -> None:
        """Erase this number of characters before the cursor; emits the same signals."""


class DeliveryQueue(QObject):
    """Sends each text when the one before it is settled.

    Emits `changed` when the entries or their status changed, `message_posted` with a sentence about
    a spoken command.
    """

    changed = Signal()
    message_posted = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        """Create an empty queue. Texts wait until `set_services` is called."""
        super().__init__(parent)
        self._background = background
        self._text_input: TextInput | None = None
        self._sender: TextSender | None = None
        self._preferred_way = DeliveryMethod.PASTE
        self._waiting: deque[TakeText | SpokenCommand] = deque()
        self._targets: dict[int, FocusedWindow] = {}
        self._is_busy = False
        self._erasing: DictatedText | None = None
        self._numbers = 0
        self._last_target_id, self._last_piece, self._clipboard_text = "", "", ""
        self.understands_commands = False
        self.accept: Callable[[str], bool] = lambda _text: False
        """Asked first: whether a field of this program takes the text."""
        self.texts = DictatedTexts()

    def set_services(self, text_input: TextInput, sender: TextSender) -> None:
        """Deliver through these services from now on."""
        self._text_input, self._sender = text_input, sender
        sender.delivered.connect(self._delivered)
        sender.failed.connect(self._failed)
        self.set_way(self._preferred_way)
        self._deliver_next()

    def set_way(self, way: DeliveryMethod) -> None:
        """Deliver in this way if the platform supports it, else copy."""
        self._preferred_way = way
        if self._text_input is not None and self._sender is not None:
            self._sender.way = way if way in self._text_input.methods else DeliveryMethod.COPY

    @property
    def is_waiting(self) -> bool:
        """Whether a text is being delivered or waits."""
        return self._is_busy or bool(self._waiting)

    def begin(self) -> None:
        """Start a new dictation: the next copied text replaces the clipboard."""
        self._clipboard_text = ""

    def set_target(self, press: int, target: FocusedWindow | None) -> None:
        """Remember which window had the focus at a press: its texts go only there."""
        if target is not None and target.id and not target.is_own:
            self._targets[press] = target
            self._targets.pop(press - MAX_WAITING, None)

    def deliver(self, text: str, press: int = 0) -> None:
        """Deliver the text of a key press, or run the commands in it."""
        if self.accept(text):
            return
        meant = apply_spoken_commands(text) if self.understands_commands else SpokenEdit(text)
        self._waiting.extend([SpokenCommand.SCRATCH] * meant.scratches)
        if meant.text:
            if len(self._waiting) >= MAX_WAITING:
                self._add_failed(meant.text, self.tr("Too many texts are waiting."))
            else:
                self._waiting.append(TakeText(meant.text, press))
        if meant.commands and not meant.scratches:
            self.message_posted.emit(self._command_message(meant))
        self._deliver_next()

    def end_line(self) -> None:
        """Begin the next text without a space: the user pressed Return in some program."""
        # A Return while a text is being delivered may be part of that text.
        if not self._is_busy:
            self._last_piece = ""

    def dismiss(self, number: int) -> None:
        """Remove a text that the user has dealt with."""
        self.texts.remove(number)
        self.changed.emit()

    # -- delivery in order --------------------------------------------------------------------

    def _deliver_next(self) -> None:
        if self._is_busy or not self._waiting or self._text_input is None:
            self.changed.emit()
            return
        self._is_busy = True
        next_one = self._waiting.popleft()

        def go(target: FocusedWindow | None) -> None:
            if isinstance(next_one, SpokenCommand):
                self._scratch(target)
            else:
                self._deliver(next_one, target)

        self._background.run(self._text_input.focused_window, go, lambda _sentence: go(None))
        self.changed.emit()

    def _deliver(self, said: TakeText, target: FocusedWindow | None) -> None:
        """Deliver a text if its target window still has the focus."""
        assert self._sender is not None
        meant = self._targets.get(said.press)
        is_elsewhere = meant is not None and (target is None or target.id != meant.id)
        if is_elsewhere and self._sender.way is not DeliveryMethod.COPY:
            self._add_failed(said.text, self.tr("You switched windows before the text was ready."))
            self._finish_current()
        else:
            self._send(said.text, target, meant)

    def _send(self, text: str, target: FocusedWindow | None, meant: FocusedWindow | None) -> None:
        assert self._sender is not None
        place = "" if target is None else target.id
        if place != self._last_target_id:
            self._last_target_id, self._last_piece = place, ""
        # In NFC, one Backspace erases one composed character.
        text = unicodedata.normalize("NFC", text)
        is_copied = self._sender.way is DeliveryMethod.COPY
        before = self._clipboard_text if is_copied else self._last_piece
        entry = DictatedText(self._next_number(), text, spaced(before, text), before, target)
        self.texts.add(entry)
        self.changed.emit()
        if is_copied:
            # The clipboard holds one text, so texts of one dictation are joined.
            self._clipboard_text = before + entry.piece
            self._sender.send(entry.number, self._clipboard_text)
        else:
            self._sender.send(entry.number, entry.piece, meant)

    def _delivered(self, number: int, how: str) -> None:
        if (scratched := self._erasing) is not None and scratched.number == number:
            self._erased(scratched)
        elif (entry := self.texts.find(number)) is not None:
            # A note means that the text did not reach its target.
            entry.status, entry.note = (
                DeliveryStatus.IN_CLIPBOARD if how else DeliveryStatus.DELIVERED,
                how,
            )
            if entry.status is DeliveryStatus.DELIVERED:
                self._last_piece = entry.piece
        self._finish_current()

    def _failed(self, number: int, sentence: str) -> None:
        if (scratched := self._erasing) is not None and scratched.number == number:
            self._erasing = None
            self._report_refusal(sentence)
        elif (entry := self.texts.find(number)) is not None:
            entry.status, entry.note = DeliveryStatus.FAILED, sentence
        self._finish_current()

    def _finish_current(self) -> None:
        self._is_busy = False
        self._deliver_next()

    def _add_failed(self, text: str, note: str) -> None:
        self.texts.add(
            DictatedText(self._next_number(), text, status=DeliveryStatus.FAILED, note=note)
        )

    def _next_number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- "scratch that" -----------------------------------------------------------------------

    def _scratch(self, target: FocusedWindow | None) -> None:
        """Undo the last text if Backspace is sure to erase exactly that text."""
        assert self._sender is not None
        last = self.texts.last()
        if last is not None and last.status is DeliveryStatus.FAILED:
            self._erased(last)
            self._finish_current()
        elif last is not None and last.piece and self._clipboard_text == last.before + last.piece:
            self._scratch_copied(last)
        elif reason := self._scratch_problem(last, target):
            self._report_refusal(reason)
            self._finish_current()
        else:
            assert last is not None
            self._erasing = last
            self._sender.erase(last.number, count_backspaces(last.piece) or 0)

    def _scratch_problem(self, last: DictatedText | None, target: FocusedWindow | None) -> str:
        """Return why Backspace could erase something else, "" if it cannot."""
        if last is None:
            return self.tr("no text was delivered yet.")
        if last.status is not DeliveryStatus.DELIVERED or last.target is None or not last.target.id:
            return self.tr("the position of the text is not known.")
        if target is None or not _is_same(target, last.target):
            return self.tr("another window has the focus now.")
        if count_backspaces(last.piece) is None:
            return self.tr("programs erase its characters in different ways.")
        return ""

    def _scratch_copied(self, last: DictatedText) -> None:
        """Put the previous text back into the clipboard."""
        assert self._sender is not None
        if not last.before:
            self._report_refusal(self.tr("the clipboard contains nothing else."))
            self._finish_current()
            return
        self._clipboard_text = last.before
        self._erasing = last
        self._sender.send(last.number, self._clipboard_text)

    def _erased(self, entry: DictatedText) -> None:
        self._erasing = None
        if entry.status is DeliveryStatus.DELIVERED:
            self._last_piece = entry.before
        entry.status, entry.note = DeliveryStatus.SCRATCHED, ""
        self.message_posted.emit(self.tr("Scratched: {0}").format(entry.text.strip()))

    def _report_refusal(self, reason: str) -> None:
        self.message_posted.emit(self.tr("“Scratch that” was not possible: {0}").format(reason))

    def _command_message(self, meant: SpokenEdit) -> str:
        if SpokenCommand.SCRATCH in meant.commands:
            return self.tr("Discarded")
        if SpokenCommand.NEW_PARAGRAPH in meant.commands:
            return self.tr("New paragraph")
        return self.tr("New line")


def _is_same(one: FocusedWindow, other: FocusedWindow) -> bool:
    """Return whether both are the same window with, as far as its title shows, the same page."""
    return one.id == other.id and one.title.strip(_CHANGED) == other.title.strip(_CHANGED)
