"""Start the window program: one instance per user, logging, theme, signals, shutdown."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QSettings,
    QSocketNotifier,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QMessageBox

from granite_live import __version__
from granite_live.app.engine import Engine
from granite_live.gui.auxiliary_windows import AuxiliaryWindows
from granite_live.gui.background import Background, LibraryStore
from granite_live.gui.dictation.platform import PlatformServices
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.high_contrast import SystemAppearance
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_controller import MainController
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.gui.preferences import Preferences
from granite_live.gui.remote_control import RemoteControl
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.single_instance import ANSWER_S, SingleInstance
from granite_live.gui.style_sheet import apply_theme, current_theme
from granite_live.gui.translations import Translation
from granite_live.gui.tray import DesktopApplication
from granite_live.gui.widgets import icon
from granite_live.settings import Settings, load_or_back_up
from granite_live.util import logs, paths
from granite_live.util.errors import WindowError

_log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Application:
    """The main window and everything connected to it."""

    def __init__(
        self,
        app: QApplication,
        engine: Engine,
        services: PlatformServices | None = None,
        system: SystemAppearance | None = None,
    ) -> None:
        """Create all parts. No thread starts yet except the library's.

        `services` are the services for other programs and the keyboard, `system` is the source of
        the system's appearance; None uses the system's.
        """
        self._app = app
        settings, sentence = load_or_back_up()
        self.translation = Translation(app, settings.language)
        self.background = Background()
        self.preferences = Preferences(settings, self.background, system=system)
        apply_theme(app, self.preferences.theme())
        self.store = LibraryStore()
        self.document = TranscriptDocument(self.store)
        self.live = LiveSession(engine, self.background)
        self.queue = JobQueue(engine, self.background)
        ui_state = QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self.store, self.document, self.queue, ui_state)
        self.controller = MainController(
            engine,
            self.window,
            self.document,
            self.live,
            self.queue,
            self.store,
            self.background,
            self.preferences,
        )
        self.auxiliary = AuxiliaryWindows(
            app,
            self.window,
            self.live,
            self.controller,
            self.preferences,
            self.background,
            services,
        )
        self.remote_control = RemoteControl(
            self.live, self.controller, self.auxiliary.dictation, self.window
        )
        self.window.set_shortcuts(settings.shortcuts)
        self.preferences.changed.connect(self._apply_settings)
        if sentence:
            self.window.session_view.notices.show_message(sentence, is_problem=True)

    def begin(self, files: Sequence[Path], *, in_tray: bool = False) -> None:
        """Show the window, or only the tray icon, and start looking for devices and sessions."""
        self.auxiliary.begin(in_tray=in_tray)
        self.window.control_bar.button.setFocus()
        self.controller.begin()
        if files:
            self.queue.add_files(files)

    def end(self) -> bool:
        """End everything; return whether nothing is left running."""
        is_over = self.auxiliary.end()
        is_over &= self.controller.end()
        self.translation.remove()
        return is_over

    def _apply_settings(self, settings: Settings) -> None:
        self.window.set_shortcuts(settings.shortcuts)
        self.window.control_bar.picker.choose(settings.input_device)
        self.window.control_bar.picker.add_system_sound(adds=settings.with_system_sound)
        self.window.control_bar.picker.remove_echo(removes=not settings.keep_echo)
        self.auxiliary.apply_settings(settings)
        theme = self.preferences.theme()
        if theme != current_theme():
            apply_theme(self._app, theme)


def run(files: Sequence[Path] = (), *, in_tray: bool = False) -> int:
    """Run the window program, or its tray icon, and return the exit code."""
    with logs.log_to_file(level=logging.INFO, crashes=True):
        return _run(files, in_tray=in_tray)


def _run(files: Sequence[Path], *, in_tray: bool) -> int:
    qInstallMessageHandler(_log_qt)
    app = DesktopApplication([sys.argv[0]])
    app.setApplicationName("granite-live")
    app.setApplicationDisplayName("Granite Live")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("granite-live")
    app.setStyle("Fusion")
    app.setWindowIcon(icon("granite-live", "", 64))
    instance = become_first(app, files)
    if instance is None:
        return 0
    application = Application(app, Engine())
    instance.files_received.connect(application.queue.add_files)
    instance.files_received.connect(lambda _files: application.window.bring_forward())
    instance.request_received.connect(application.remote_control.handle)
    tray_mode = application.auxiliary.tray_mode
    app.quit_requested.connect(tray_mode.allow_close)
    app.commitDataRequest.connect(lambda _session: application.auxiliary.allow_end_at_once())
    wake = _end_on_signals(app, tray_mode.quit)
    application.begin(files, in_tray=in_tray)
    code = app.exec()
    instance.close()
    is_over = application.end()
    if wake is not None:
        wake.setEnabled(False)
    if not is_over:
        # A recording is still being compressed. The next start repeats that without loss, and the
        # user wants the program to end now.
        os._exit(code)
    return code


def become_first(
    app: QApplication, files: Sequence[Path], *, answer_s: float = ANSWER_S
) -> SingleInstance | None:
    """Return the first instance, or None if another one has taken the files.

    The user who starts the program from a menu has no terminal that could show an error, so a box
    shows it, too.

    Raises:
        WindowError: See `SingleInstance`.
    """
    try:
        instance = SingleInstance(paths.data_dir(), answer_s=answer_s)
        return instance if instance.is_first(files) else None
    except WindowError as error:
        if sys.stderr is None or not sys.stderr.isatty():
            translation = Translation(app, load_or_back_up()[0].language)
            sentence = translate_message(str(error))
            QMessageBox.critical(None, app.applicationDisplayName(), sentence)
            translation.remove()
        raise


def _end_on_signals(app: QApplication, quit_program: Callable[[], None]) -> QSocketNotifier | None:
    """Quit on Ctrl-C, SIGTERM and SIGHUP."""
    if sys.platform == "win32":
        return None  # pipes cannot be watched there; the user closes the window
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    # SIGHUP means that the terminal was closed. `nohup` ignores that signal.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda *_woken: quit_program())
    return notifier


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)
