"""Decide when the page of the first start is shown, and do what its controls ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from granite_live.app.engine import Engine
from granite_live.gui import shortcuts
from granite_live.gui.background import Background, LibraryStore
from granite_live.gui.captions.controller import CaptionController
from granite_live.gui.dictation.controller import DictationController
from granite_live.gui.early_opening import LevelMonitorSlot
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import status, translate_message
from granite_live.gui.models.controller import ModelController
from granite_live.gui.preferences import Preferences
from granite_live.gui.session_document import TranscriptDocument
from granite_live.library import SavedSession
from granite_live.session.events import DeviceLost, LevelMeasured

if TYPE_CHECKING:
    from granite_live.gui.first_start import FirstStartPage

_DONE = "first_start/done"
_TEST_MS = 60_000
"""The longest test: nobody should leave a microphone open by accident."""


class FirstStartController(QObject):
    """The page is shown in place of an empty view until the user has finished or skipped it.

    Who has sessions already does not see it.
    """

    _heard = Signal(object)

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: TranscriptDocument,
        live: LiveSession,
        store: LibraryStore,
        background: Background,
        preferences: Preferences,
        captions: CaptionController,
        models: ModelController,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._live, self._store, self._background = live, store, background
        self._preferences, self._models = preferences, models
        self._dictation: DictationController | None = None
        self._slot = LevelMonitorSlot()
        self._test = 0
        """The number of the present or last test."""
        self._is_new = False
        self._captions = captions
        self._page: FirstStartPage | None = None
        self._timer = QTimer(self, singleShot=True, interval=_TEST_MS)
        self._timer.timeout.connect(self._end_test)
        window.session_view.first_start_made.connect(self._connect_page)
        # Qt disconnects methods, unlike lambdas, when the window is deleted.
        document.session_changed.connect(self._update)
        live.activity_changed.connect(self._update)
        models.offer_changed.connect(self._show_model)
        preferences.changed.connect(self._show_settings)
        self._heard.connect(self._show_level)

    def _connect_page(self, page: FirstStartPage) -> None:
        self._page = page
        page.done.connect(self.finish)
        page.test_toggled.connect(self._toggle_test)
        page.picker.chosen.connect(self._choose_input)
        page.captions_requested.connect(self._captions.toggle)
        page.captions_requested.connect(page.mark_used)
        page.captions_button.setChecked(self._captions.is_shown)
        self._captions.visibility_changed.connect(page.captions_button.setChecked)
        self.show_inputs()
        self._show_settings()
        self._show_model()

    def connect_dictation(self, dictation: DictationController) -> None:
        """Let the page show the hotkey and receive texts that are dictated into its field."""
        self._dictation = dictation
        dictation.deliveries.accept = self._insert
        dictation.hotkey.changed.connect(self._show_settings)
        self._show_settings()

    def begin(self) -> None:
        """Show the page if this is a first start."""
        if self._window.ui_state.value(_DONE, False, type=bool):
            return

        if self._store.is_new:
            # Without waiting for the library, so that no other page is shown first.
            self._is_new = True
            self._update()

        def found(sessions: Sequence[SavedSession]) -> None:
            self._is_new = not sessions
            if sessions:
                self._window.ui_state.setValue(_DONE, True)
            self._update()

        self._store.run(lambda library: library.sessions(), found, lambda _sentence: None)

    def show_inputs(self) -> None:
        """List the microphones."""
        if self._page is not None:
            self._page.picker.set_inputs(self._engine.inputs())

    def finish(self) -> None:
        """Leave the page for good."""
        self._is_new = False
        self._window.ui_state.setValue(_DONE, True)
        self._update()
        self._window.control_bar.button.setFocus()

    def end(self) -> None:
        """Close the microphone."""
        self._timer.stop()
        self._stop_monitor()

    # -- display ------------------------------------------------------------------------------

    def _update(self, _changed: object = None) -> None:
        is_free = not self._live.is_active or self._live.is_dictation
        is_shown = self._is_new and self._document.session_id == 0 and is_free
        if not is_shown or self._live.is_active:
            self._end_test()
        self._window.session_view.show_first_start(is_shown)
        # A transcript needs the room.
        has_session = self._document.session_id != 0
        self._window.session_view.offer.set_brief(has_session or not is_free)

    def _insert(self, text: str) -> bool:
        return self._page is not None and self._page.insert(text)

    def _show_settings(self, _changed: object = None) -> None:
        page, settings = self._page, self._preferences.settings
        if page is None:
            return
        page.picker.choose(settings.input_device)
        hotkey = None if self._dictation is None else self._dictation.hotkey
        keys = "" if hotkey is None else shortcuts.native_text(hotkey.keys)
        reason = "" if hotkey is None else translate_message(hotkey.reason)
        is_hold = settings.dictation_mode == "hold"
        page.show_dictation(keys, reason, is_hold=is_hold)

    def _show_model(self) -> None:
        page = self._page
        if page is None:
            return
        if not self._models.is_known:
            page.show_model(self.tr("Looking for models…"))
        elif self._models.is_offered:
            page.show_model("")
        elif self._models.has_real_model:
            page.show_model(self.tr("The full model is installed."))
        else:
            page.show_model(self.tr("You can find all models later in the ⋯ menu."))

    # -- microphone ---------------------------------------------------------------------------

    def _choose_input(self, input_id: str) -> None:
        self._preferences.change(input_device=input_id)
        if self._page is not None and self._page.test_button.isChecked():
            self._toggle_test(True)

    def _end_test(self) -> None:
        if self._page is not None:
            self._page.test_button.setChecked(False)

    def _toggle_test(self, is_on: bool) -> None:
        self._stop_monitor()
        page = self._page
        if not is_on or page is None:
            self._timer.stop()
            return
        self._timer.start()
        page.mark_used()
        test = self._test
        current, wanted = page.picker.current, page.picker.wanted_id
        is_system = current is not None and current.is_system_sound

        def measure() -> None:
            self._slot.open(
                test,
                lambda: self._engine.monitor_level(
                    wanted or None,
                    system_sound=is_system,
                    listener=lambda event: self._heard.emit((test, event)),
                ),
            )

        def failed(sentence: str) -> None:
            if test == self._test:
                page.test_button.setChecked(False)
                page.show_problem(sentence)

        self._background.run(measure, None, failed)

    def _show_level(self, heard: tuple[int, LevelMeasured | DeviceLost]) -> None:
        (test, event), page = heard, self._page
        if page is None or test != self._test or not page.test_button.isChecked():
            return
        if isinstance(event, LevelMeasured):
            page.meter.show_level(event)
            if event.rms_dbfs > -90.0:
                page.show_problem("")
        else:
            page.meter.show_no_signal()
            page.show_problem(status.problem(event))

    def _stop_monitor(self) -> None:
        self._test, old = self._slot.begin_turn()
        if old is not None:
            self._background.run(old.stop)
