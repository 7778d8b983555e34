"""The dictation controller: window, hotkey, session and delivery."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from granite_live.desktop.text_input import DeliveryMethod, FocusedWindow, TextInput
from granite_live.gui import shortcuts
from granite_live.gui.background import Background
from granite_live.gui.dictation import status_text
from granite_live.gui.dictation.deliveries import DeliveryQueue, DeliveryStatus
from granite_live.gui.dictation.dictation import DictationState, PushToTalk
from granite_live.gui.dictation.indicator import DictationIndicator
from granite_live.gui.dictation.platform import CloseableTextSender, Hotkey, PlatformServices
from granite_live.gui.dictation.window import DictationWindow
from granite_live.gui.live_session import LiveSession
from granite_live.gui.messages import translate_message
from granite_live.gui.preferences import Preferences
from granite_live.session import events
from granite_live.settings import Settings

_STANDBY_MS = 60_000
"""How long the session stays ready for the next dictation without the window."""
_ESCAPE = "Esc"
_SHOWN_DELIVERED = 2
"""The number of delivered texts shown; failed ones stay until the user deals with them."""


class DictationController(QObject):
    """Emits `open_changed` with whether the window is open, `message_posted` with a sentence.

    The hotkey is watched from `begin` on. Without the window it opens the microphone, shows an
    indicator, and a minute after the last dictation the microphone is released again. With the
    window the microphone stays open until the window is closed.
    """

    open_changed = Signal(bool)
    message_posted = Signal(str)

    def __init__(
        self,
        live: LiveSession,
        start: Callable[[], None],
        preferences: Preferences,
        background: Background,
        ui_state: QSettings,
        services: PlatformServices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live, self._preferences, self._background = live, preferences, background
        self._services = services
        self._text_input: TextInput | None = None
        self._sender: CloseableTextSender | None = None
        self._is_opening = self._is_ended = self._is_begun = False
        self._last_failure = 0
        """The number of the text that failed last."""
        self._unaimed_press = 0
        """The press before the text input was open, 0 for none."""
        self.standby_timer = QTimer(self, singleShot=True, interval=_STANDBY_MS)
        self.standby_timer.timeout.connect(self._end_standby)
        self.dictation = PushToTalk(live, start, self)
        self.deliveries = DeliveryQueue(background, self)
        self._has_been_used = False
        """Whether the user has asked for dictation, so that the desktop may ask for permissions."""
        self.hotkey = Hotkey(lambda: services.open_keys(self._has_been_used), background, self)
        # Escape is watched for as long as a dictation without a held key lasts.
        self.cancel_key = Hotkey(
            lambda: services.open_keys(False), background, self, check=lambda _keys: None
        )
        self.window = DictationWindow(ui_state)
        self.indicator = DictationIndicator()
        self._connect()
        self._apply_settings(preferences.settings)

    def _connect(self) -> None:
        dictation, window, deliveries = self.dictation, self.window, self.deliveries
        dictation.state_changed.connect(lambda _stage: self._show())
        dictation.text_ready.connect(deliveries.deliver)
        dictation.press_started.connect(self._begin)
        dictation.draft_changed.connect(lambda text: window.set_label_text(window.draft, text))
        dictation.problem_changed.connect(self._show_problem)
        deliveries.changed.connect(self._show_entries)
        deliveries.message_posted.connect(lambda text: window.set_label_text(window.message, text))
        deliveries.message_posted.connect(self.message_posted)
        window.pressed.connect(lambda: self._press(is_held=self._is_hold_mode))
        window.released.connect(lambda: self._release(is_held=self._is_hold_mode))
        window.closed.connect(self._closed)
        window.rows.dismissed.connect(deliveries.dismiss)
        self.hotkey.pressed.connect(lambda: self._press(is_held=self._is_hold_mode))
        self.hotkey.released.connect(lambda: self._release(is_held=self._is_hold_mode))
        self.hotkey.released.connect(self._show)
        self.hotkey.canceled.connect(dictation.cancel)
        self.hotkey.line_ended.connect(deliveries.end_line)
        self.cancel_key.pressed.connect(dictation.cancel)
        self.hotkey.changed.connect(self._show)
        self._live.event_received.connect(self._handle_event)
        self._preferences.changed.connect(self._apply_settings)

    # -- user actions -------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the dictation window is open."""
        return self.window.isVisible()

    def begin(self) -> None:
        """Watch the hotkey."""
        if self._is_ended:
            return
        self._is_begun = True
        self.hotkey.watch(self._preferences.settings.dictation_key)

    def open(self) -> None:
        """Show the dictation window and prepare the session and the delivery."""
        if self.is_open:
            self.window.raise_()
            return
        self.standby_timer.stop()
        self.indicator.hide()
        self._open_text_input()
        self._allow_asking()
        self.begin()
        self.window.show_unfocused()
        self.dictation.open()
        self._find_target()
        self._show()
        self.open_changed.emit(True)

    def _allow_asking(self) -> None:
        """Watch the hotkey again if the desktop was not to ask for it before dictation is used."""
        is_first, self._has_been_used = not self._has_been_used, True
        if is_first and self.hotkey.reason:
            self.hotkey.watch("")

    def close(self) -> None:
        """Close the window and release the hotkey and the microphone."""
        if not self._is_ended:
            self.window.close()

    def toggle(self) -> None:
        """Open or close the window."""
        if self.is_open:
            self.close()
        else:
            self.open()

    def toggle_dictation(self) -> None:
        """Start or end dictating, for shortcuts that report no key release."""
        self._press(is_held=False)

    def hold(self) -> None:
        """Start dictating, as if the key was pressed and held."""
        self._press(is_held=True)

    def release(self) -> None:
        """End dictating at the end of the word that is being spoken."""
        self._release(is_held=True)

    def end(self, timeout_s: float) -> bool:
        """End everything; return whether nothing but background jobs is left running.

        Texts that were not delivered remain in the session's transcript.
        """
        until_s = time.monotonic() + timeout_s
        self._is_ended = True
        self.standby_timer.stop()
        self.window.close()
        self.dictation.close()
        for hotkey in (self.hotkey, self.cancel_key):
            hotkey.watch("")
        self.indicator.hide()
        self.indicator.deleteLater()
        sender, self._sender, self._text_input = self._sender, None, None
        is_over = sender is None or sender.close(max(0.0, until_s - time.monotonic()))
        self.window.deleteLater()
        return is_over

    # -- connections --------------------------------------------------------------------------

    @property
    def _is_hold_mode(self) -> bool:
        return self._preferences.settings.dictation_mode == "hold"

    def _press(self, *, is_held: bool) -> None:
        if self._is_ended:
            return
        self.standby_timer.stop()
        if not self.is_open:
            self._open_text_input()
            self.dictation.open()
        if is_held:
            self.dictation.press()
        else:
            self.dictation.toggle()

    def _release(self, *, is_held: bool) -> None:
        if is_held:
            self.dictation.release()

    def _begin(self, press: int) -> None:
        self.window.set_label_text(self.window.message, "")
        self.deliveries.begin()
        self._unaimed_press = press if self._text_input is None else 0
        self._find_target(press)

    def _closed(self) -> None:
        self.dictation.close()
        self.open_changed.emit(False)

    def _end_standby(self) -> None:
        """Release the microphone if nobody dictates without the window any more."""
        if not self.is_open and self.dictation.state is DictationState.READY:
            self.dictation.close()

    def _show_problem(self, sentence: str) -> None:
        self.window.set_label_text(self.window.problem, sentence)
        self.indicator.show_problem(sentence)

    def _open_text_input(self) -> None:
        """Open the text input once, in the background: connecting to the screen may take long."""
        if self._text_input is not None or self._is_opening:
            return
        self._is_opening = True

        def opened(text_input: TextInput) -> None:
            self._is_opening = False
            if self._is_ended:
                self._background.run(text_input.close)
                return
            self._text_input = text_input
            self._sender = self._services.make_sender(text_input)
            self.deliveries.set_services(text_input, self._sender)
            self._find_target(self._unaimed_press)
            self._show()

        def failed(sentence: str) -> None:
            self._is_opening = False
            self._show_problem(sentence)

        self._background.run(self._services.open_text_input, opened, failed)

    def _find_target(self, press: int = 0) -> None:
        """Show which window has the focus; with a press, deliver its texts only there."""

        def found(target: FocusedWindow | None) -> None:
            self._show_target(target)
            if press:
                self.deliveries.set_target(press, target)

        if self._text_input is not None:
            self._background.run(self._text_input.focused_window, found)

    def _show_target(self, target: FocusedWindow | None) -> None:
        self.window.set_label_text(self.window.target, status_text.target(target))

    def _handle_event(self, event: events.SessionEvent) -> None:
        if (
            isinstance(event, events.LevelMeasured)
            and self.dictation.state is DictationState.LISTENING
        ):
            self.window.meter.show_level(event)
            self.indicator.meter.show_level(event)
        elif isinstance(event, events.DeviceLost):
            self.window.meter.show_no_signal()
            self.indicator.meter.show_no_signal()
        elif isinstance(event, events.ModelReady):
            self._show()

    def _apply_settings(self, settings: Settings) -> None:
        self.deliveries.understands_commands = settings.spoken_editing
        self.deliveries.set_way(DeliveryMethod(settings.dictation_delivery))
        if self._is_begun:
            self.hotkey.watch(settings.dictation_key)
        self._show()

    # -- display ------------------------------------------------------------------------------

    def _show(self) -> None:
        if self._is_ended:
            return
        dictation, window, is_hold = self.dictation, self.window, self._is_hold_mode
        told = status_text.state_text(
            dictation.state, is_loaded=dictation.is_loaded, is_recorded=self._live.should_record
        )
        if dictation.state is DictationState.READY and self.deliveries.is_waiting:
            told = self.tr("Delivering…")
        window.show_state(dictation.state, told, is_hold=is_hold)
        window.set_label_text(window.key, " ".join(filter(None, (self._key(), self._way()))))
        self._show_indicator(told)
        is_toggled = dictation.is_down and not self.hotkey.is_down
        self.cancel_key.watch(_ESCAPE if is_toggled else "")

    def _show_indicator(self, told: str) -> None:
        """Show the state of a dictation without the window."""
        state, is_delivering = self.dictation.state, self.deliveries.is_waiting
        if self.is_open or state is DictationState.OFF:
            self.indicator.dismiss()
        elif self.dictation.is_down or state is DictationState.FINISHING or is_delivering:
            self.indicator.show_state(state, told)
        else:
            self.indicator.dismiss()
            if state is DictationState.READY and not self.standby_timer.isActive():
                self.standby_timer.start()

    def _key(self) -> str:
        hotkey = self.hotkey
        if self._preferences.settings.dictation_key and not (hotkey.keys or hotkey.reason):
            return ""  # still being opened
        return status_text.key(
            shortcuts.native_text(hotkey.keys), hotkey.reason, is_hold=self._is_hold_mode
        )

    def _way(self) -> str:
        """Return why texts are only copied, "" if they are not."""
        wanted = DeliveryMethod(self._preferences.settings.dictation_delivery)
        if wanted is DeliveryMethod.COPY:
            return self.tr("Texts are copied. Paste them where you want them.")
        if self._text_input is None or wanted in self._text_input.methods:
            return ""
        return translate_message(self._text_input.unavailable_reason)

    def _show_entries(self) -> None:
        entries = self.deliveries.texts
        newest = entries.last()
        if newest is not None and newest.status is DeliveryStatus.FAILED:
            is_new, self._last_failure = newest.number != self._last_failure, newest.number
            if is_new and not self._is_ended:
                self.open()  # it has a button to copy the text
        self.window.show_entries(entries.visible(_SHOWN_DELIVERED))
        older = status_text.older_texts(entries.forgotten) if entries.forgotten else ""
        self.window.set_label_text(self.window.older, older)
        self._show()
