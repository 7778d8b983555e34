"""Deliver dictated texts into another program, one at a time, in order, without loss."""

from __future__ import annotations

import unicodedata
from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from granite_live.desktop.text_input import DeliveryMethod, FocusedWindow, TextInput
from granite_live.gui.background import Background
from granite_live.gui.dictation.dictation import Said
from granite_live.gui.dictation.entries import Entries, Entry, Fate, spaced
from granite_live.transcript.spoken import (
    SpokenCommand,
    SpokenEdit,
    apply_spoken_commands,
    count_backspaces,
)

MOST_WAITING = 200
"""The longest queue of texts; further texts are listed as failed instead of delivered."""

_CHANGED = "*•● "
"""Characters that editors put around the title of a window with unsaved changes."""


class Carrier(Protocol):
    """Delivers texts into other windows; implemented in `gui.dictation.delivery_worker`."""

    delivered: SignalInstance
    failed: SignalInstance
    way: DeliveryMethod

    def send(self, number: int, text: str, aim: FocusedWindow | None = None) -> None:
        """Deliver a text, only into window `aim` if given; emits `delivered` or `failed`."""

    def erase(self, number: int, characters: int) -> None:
        """Erase this number of characters before the cursor; emits the same signals."""


class Deliveries(QObject):
    """Sends each text when the one before it is settled.

    Emits `changed` when the entries or their status changed, `told` with a sentence about a spoken
    command.
    """

    changed = Signal()
    told = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        """Create an empty queue. Texts wait until `use` is called."""
        super().__init__(parent)
        self._background = background
        self._hands: TextInput | None = None
        self._carrier: Carrier | None = None
        self._wanted = DeliveryMethod.PASTE
        self._waiting: deque[Said | SpokenCommand] = deque()
        self._meant: dict[int, FocusedWindow] = {}
        self._is_busy = False
        self._erasing: Entry | None = None
        self._numbers = 0
        self._place, self._before, self._copied = "", "", ""
        self.understands_commands = False
        self.entries = Entries()

    def use(self, hands: TextInput, carrier: Carrier) -> None:
        """Deliver through these services from now on."""
        self._hands, self._carrier = hands, carrier
        carrier.delivered.connect(self._delivered)
        carrier.failed.connect(self._failed)
        self.set_way(self._wanted)
        self._go_on()

    def set_way(self, way: DeliveryMethod) -> None:
        """Deliver in this way if the platform supports it, else copy."""
        self._wanted = way
        if self._hands is not None and self._carrier is not None:
            self._carrier.way = way if way in self._hands.methods else DeliveryMethod.COPY

    @property
    def is_waiting(self) -> bool:
        """Whether a text is being delivered or waits."""
        return self._is_busy or bool(self._waiting)

    def begin(self) -> None:
        """Start a new dictation: the next copied text replaces the clipboard."""
        self._copied = ""

    def aim(self, press: int, target: FocusedWindow | None) -> None:
        """Remember which window had the focus at a press: its texts go only there."""
        if target is not None and target.id and not target.is_own:
            self._meant[press] = target
            self._meant.pop(press - MOST_WAITING, None)

    def say(self, text: str, press: int = 0) -> None:
        """Deliver the text of a key press, or run the commands in it."""
        meant = apply_spoken_commands(text) if self.understands_commands else SpokenEdit(text)
        self._waiting.extend([SpokenCommand.SCRATCH] * meant.scratches)
        if meant.text:
            if len(self._waiting) >= MOST_WAITING:
                self._keep(meant.text, self.tr("Too much waits to be delivered."))
            else:
                self._waiting.append(Said(meant.text, press))
        if meant.commands and not meant.scratches:
            self.told.emit(self._words(meant))
        self._go_on()

    def dismiss(self, number: int) -> None:
        """Remove a text that the user has dealt with."""
        self.entries.remove(number)
        self.changed.emit()

    # -- delivery in order --------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._is_busy or not self._waiting or self._hands is None:
            self.changed.emit()
            return
        self._is_busy = True
        next_one = self._waiting.popleft()

        def go(target: FocusedWindow | None) -> None:
            if isinstance(next_one, SpokenCommand):
                self._scratch(target)
            else:
                self._deliver(next_one, target)

        self._background.run(self._hands.focused_window, go, lambda _sentence: go(None))
        self.changed.emit()

    def _deliver(self, said: Said, target: FocusedWindow | None) -> None:
        """Deliver a text if its target window still has the focus."""
        assert self._carrier is not None
        meant = self._meant.get(said.press)
        is_elsewhere = meant is not None and (target is None or target.id != meant.id)
        if is_elsewhere and self._carrier.way is not DeliveryMethod.COPY:
            self._keep(said.text, self.tr("Another window had the keys when the text was ready."))
            self._next()
        else:
            self._send(said.text, target, meant)

    def _send(self, text: str, target: FocusedWindow | None, meant: FocusedWindow | None) -> None:
        assert self._carrier is not None
        place = "" if target is None else target.id
        if place != self._place:
            self._place, self._before = place, ""
        # In NFC, one Backspace erases one composed character.
        text = unicodedata.normalize("NFC", text)
        is_copied = self._carrier.way is DeliveryMethod.COPY
        before = self._copied if is_copied else self._before
        entry = Entry(self._number(), text, spaced(before, text), before, target)
        self.entries.add(entry)
        self.changed.emit()
        if is_copied:
            # The clipboard holds one text, so texts of one dictation are joined.
            self._copied = before + entry.piece
            self._carrier.send(entry.number, self._copied)
        else:
            self._carrier.send(entry.number, entry.piece, meant)

    def _delivered(self, number: int, how: str) -> None:
        if (scratched := self._erasing) is not None and scratched.number == number:
            self._erased(scratched)
        elif (entry := self.entries.find(number)) is not None:
            # A note means that the text did not reach its target.
            entry.fate, entry.note = Fate.ASIDE if how else Fate.DELIVERED, how
            if entry.fate is Fate.DELIVERED:
                self._before = entry.piece
        self._next()

    def _failed(self, number: int, sentence: str) -> None:
        if (scratched := self._erasing) is not None and scratched.number == number:
            self._erasing = None
            self._refuse(sentence)
        elif (entry := self.entries.find(number)) is not None:
            entry.fate, entry.note = Fate.FAILED, sentence
        self._next()

    def _next(self) -> None:
        self._is_busy = False
        self._go_on()

    def _keep(self, text: str, note: str) -> None:
        self.entries.add(Entry(self._number(), text, fate=Fate.FAILED, note=note))

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- "scratch that" -----------------------------------------------------------------------

    def _scratch(self, target: FocusedWindow | None) -> None:
        """Undo the last text if Backspace is sure to erase exactly that text."""
        assert self._carrier is not None
        last = self.entries.last()
        if last is not None and last.fate is Fate.FAILED:
            self._erased(last)
            self._next()
        elif last is not None and last.piece and self._copied == last.before + last.piece:
            self._scratch_copied(last)
        elif reason := self._reason_against(last, target):
            self._refuse(reason)
            self._next()
        else:
            assert last is not None
            self._erasing = last
            self._carrier.erase(last.number, count_backspaces(last.piece) or 0)

    def _reason_against(self, last: Entry | None, target: FocusedWindow | None) -> str:
        """Return why Backspace could erase something else, "" if it cannot."""
        if last is None:
            return self.tr("nothing was delivered yet.")
        if last.fate is not Fate.DELIVERED or last.target is None or not last.target.id:
            return self.tr("it is not known where the text is.")
        if target is None or not _is_same(target, last.target):
            return self.tr("another window has the keys now.")
        if count_backspaces(last.piece) is None:
            return self.tr("programs do not agree on how its characters are erased.")
        return ""

    def _scratch_copied(self, last: Entry) -> None:
        """Put the previous text back into the clipboard."""
        assert self._carrier is not None
        if not last.before:
            self._refuse(self.tr("the clipboard has nothing else."))
            self._next()
            return
        self._copied = last.before
        self._erasing = last
        self._carrier.send(last.number, self._copied)

    def _erased(self, entry: Entry) -> None:
        self._erasing = None
        if entry.fate is Fate.DELIVERED:
            self._before = entry.before
        entry.fate, entry.note = Fate.SCRATCHED, ""
        self.told.emit(self.tr("Scratched: {0}").format(entry.text.strip()))

    def _refuse(self, reason: str) -> None:
        self.told.emit(self.tr("“Scratch that” was not possible: {0}").format(reason))

    def _words(self, meant: SpokenEdit) -> str:
        if SpokenCommand.SCRATCH in meant.commands:
            return self.tr("Scratched before it was delivered")
        if SpokenCommand.NEW_PARAGRAPH in meant.commands:
            return self.tr("New paragraph")
        return self.tr("New line")


def _is_same(one: FocusedWindow, other: FocusedWindow) -> bool:
    """Return whether both are the same window with, as far as its title shows, the same page."""
    return one.id == other.id and one.title.strip(_CHANGED) == other.title.strip(_CHANGED)
