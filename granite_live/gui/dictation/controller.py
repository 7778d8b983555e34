"""The dictation controller: window, hotkey, session and delivery."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QGuiApplication

from granite_live.desktop.text_input import DeliveryMethod, FocusedWindow, TextInput
from granite_live.gui import shortcuts
from granite_live.gui.background import Background
from granite_live.gui.dictation import status_text
from granite_live.gui.dictation.deliveries import Deliveries
from granite_live.gui.dictation.dictation import Dictation, Stage
from granite_live.gui.dictation.platform import Closing, Hotkey, Means
from granite_live.gui.dictation.window import Pad
from granite_live.gui.live_session import LiveSession
from granite_live.gui.messages import in_words
from granite_live.gui.preferences import Preferences
from granite_live.gui.theme import Theme
from granite_live.session import events
from granite_live.settings import Settings

_SHOWN_DELIVERED = 2
"""The number of delivered texts shown; failed ones stay until the user deals with them."""


class DictationDesk(QObject):
    """Emits `opened` with whether the window is open, `told` with a sentence on a command.

    The microphone is open and the hotkey is watched only while the window is open.
    """

    opened = Signal(bool)
    told = Signal(str)

    def __init__(
        self,
        live: LiveSession,
        start: Callable[[], None],
        preferences: Preferences,
        background: Background,
        places: QSettings,
        means: Means,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live, self._preferences, self._background = live, preferences, background
        self._means = means
        self._hands: TextInput | None = None
        self._carrier: Closing | None = None
        self._is_opening = self._is_ended = False
        self.dictation = Dictation(live, start, self)
        self.deliveries = Deliveries(background, self)
        self.hotkey = Hotkey(means.open_keys, background, self)
        self.pad = Pad(preferences.theme(), places)
        self._connect()
        self._take_over(preferences.settings)

    def _connect(self) -> None:
        dictation, pad, deliveries = self.dictation, self.pad, self.deliveries
        dictation.stage_changed.connect(lambda _stage: self._show())
        dictation.said.connect(deliveries.say)
        dictation.began.connect(self._begin)
        dictation.drafted.connect(lambda text: pad.show_sentence(pad.draft, text))
        dictation.troubled.connect(lambda text: pad.show_sentence(pad.trouble, text))
        deliveries.changed.connect(self._show_entries)
        deliveries.told.connect(lambda text: pad.show_sentence(pad.told, text))
        deliveries.told.connect(self.told)
        pad.pressed.connect(lambda: self._press(is_held=self._is_hold))
        pad.released.connect(lambda: self._release(is_held=self._is_hold))
        pad.closed.connect(self._closed)
        pad.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))
        pad.dismissed.connect(deliveries.dismiss)
        self.hotkey.pressed.connect(lambda: self._press(is_held=self._is_hold))
        self.hotkey.released.connect(lambda: self._release(is_held=self._is_hold))
        self.hotkey.changed.connect(self._show)
        self._live.told.connect(self._hear)
        self._preferences.changed.connect(self._take_over)

    # -- user actions -------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the dictation window is open."""
        return self.pad.isVisible()

    def open(self) -> None:
        """Show the dictation window and prepare the session and the delivery."""
        if self.is_open:
            self.pad.raise_()
            return
        self._open_hands()
        self.hotkey.watch(self._preferences.settings.dictation_key)
        self.pad.appear()
        self.dictation.open()
        self._look_for_target()
        self._show()
        self.opened.emit(True)

    def close(self) -> None:
        """Close the window and release the hotkey and the microphone."""
        if not self._is_ended:
            self.pad.close()

    def toggle(self) -> None:
        """Open or close the window."""
        if self.is_open:
            self.close()
        else:
            self.open()

    def speak(self) -> None:
        """Start or end dictating, for shortcuts that report no key release."""
        if not self.is_open:
            self.open()
        self.dictation.toggle()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self.pad.set_theme(theme)

    def end(self, timeout_s: float) -> bool:
        """End everything; return whether nothing but background jobs is left running.

        Texts that were not delivered remain in the session's transcript.
        """
        until_s = time.monotonic() + timeout_s
        self._is_ended = True
        self.pad.close()
        carrier, self._carrier, self._hands = self._carrier, None, None
        is_over = carrier is None or carrier.close(max(0.0, until_s - time.monotonic()))
        self.pad.deleteLater()
        return is_over

    # -- connections --------------------------------------------------------------------------

    @property
    def _is_hold(self) -> bool:
        return self._preferences.settings.dictation_mode == "hold"

    def _press(self, *, is_held: bool) -> None:
        if is_held:
            self.dictation.press()
        else:
            self.dictation.toggle()

    def _release(self, *, is_held: bool) -> None:
        if is_held:
            self.dictation.release()

    def _begin(self, press: int) -> None:
        self.pad.show_sentence(self.pad.told, "")
        self.deliveries.begin()
        self._look_for_target(press)

    def _closed(self) -> None:
        self.dictation.close()
        self.hotkey.watch("")
        self.opened.emit(False)

    def _open_hands(self) -> None:
        """Open the text input once, in the background: connecting to the screen may take long."""
        if self._hands is not None or self._is_opening:
            return
        self._is_opening = True

        def opened(hands: TextInput) -> None:
            self._is_opening = False
            if self._is_ended:
                self._background.run(hands.close)
                return
            self._hands = hands
            self._carrier = self._means.make_carrier(hands)
            self.deliveries.use(hands, self._carrier)
            self._look_for_target()
            self._show()

        def failed(sentence: str) -> None:
            self._is_opening = False
            self.pad.show_sentence(self.pad.trouble, sentence)

        self._background.run(self._means.open_hands, opened, failed)

    def _look_for_target(self, press: int = 0) -> None:
        """Show which window has the focus; with a press, deliver its texts only there."""

        def found(target: FocusedWindow | None) -> None:
            self._show_target(target)
            if press:
                self.deliveries.aim(press, target)

        if self._hands is not None and self.is_open:
            self._background.run(self._hands.focused_window, found)

    def _show_target(self, target: FocusedWindow | None) -> None:
        self.pad.show_sentence(self.pad.target, status_text.target(target))

    def _hear(self, event: events.SessionEvent) -> None:
        if isinstance(event, events.LevelMeasured) and self.dictation.stage is Stage.LISTENING:
            self.pad.meter.show_level(event)
        elif isinstance(event, events.DeviceLost):
            self.pad.meter.show_lost()
        elif isinstance(event, events.ModelReady):
            self._show()

    def _take_over(self, settings: Settings) -> None:
        self.deliveries.understands_commands = settings.spoken_editing
        self.deliveries.set_way(DeliveryMethod(settings.dictation_delivery))
        if self.is_open:
            self.hotkey.watch(settings.dictation_key)
        self._show()

    # -- display ------------------------------------------------------------------------------

    def _show(self) -> None:
        dictation, pad, is_hold = self.dictation, self.pad, self._is_hold
        told = status_text.stage(
            dictation.stage, is_loaded=dictation.is_loaded, is_recorded=self._live.is_wanted
        )
        if dictation.stage is Stage.READY and self.deliveries.is_waiting:
            told = self.tr("Delivering…")
        pad.show_stage(dictation.stage, told, is_hold=is_hold)
        pad.show_sentence(pad.key, " ".join(filter(None, (self._key(), self._way()))))

    def _key(self) -> str:
        hotkey = self.hotkey
        if self._preferences.settings.dictation_key and not (hotkey.keys or hotkey.reason):
            return ""  # still being opened
        return status_text.key(shortcuts.shown(hotkey.keys), hotkey.reason, is_hold=self._is_hold)

    def _way(self) -> str:
        """Return why texts are only copied, "" if they are not."""
        wanted = DeliveryMethod(self._preferences.settings.dictation_delivery)
        if wanted is DeliveryMethod.COPY:
            return self.tr("Texts are copied: paste them where you want them.")
        if self._hands is None or wanted in self._hands.methods:
            return ""
        return in_words(self._hands.unavailable_reason)

    def _show_entries(self) -> None:
        entries = self.deliveries.entries
        self.pad.show_entries(entries.shown(_SHOWN_DELIVERED))
        older = status_text.forgotten(entries.forgotten) if entries.forgotten else ""
        self.pad.show_sentence(self.pad.older, older)
        self._show()
