"""The controller of the Help menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from granite_live.gui.background import Background
from granite_live.gui.dialogs import show_dialog
from granite_live.gui.main_window import MainWindow

if TYPE_CHECKING:
    from granite_live.gui.help_dialogs import HelpDialog


def _diagnostic_report() -> str:
    # The checks import what only they need.
    from granite_live.app.doctor import diagnostic_report

    return diagnostic_report()


class HelpController(QObject):
    """Opens the dialogs of the menu Help, and copies diagnostic information."""

    def __init__(
        self,
        window: MainWindow,
        background: Background,
        make_report: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._background = window, background
        self._make_report = make_report or _diagnostic_report
        table = window.actions_by_id
        table.bind("help", self.open_help)
        table.bind("shortcut_list", self.open_shortcuts)
        table.bind("about", self.open_about)
        table.bind("diagnostics", self.copy_diagnostics)

    def open_help(self) -> HelpDialog:
        """Open the help."""
        from granite_live.gui.help_dialogs import HelpDialog

        dialog = HelpDialog(self._window.actions_by_id.keys, self._window)
        show_dialog(dialog)
        return dialog

    def open_shortcuts(self) -> None:
        """Open the help at the list of shortcuts."""
        self.open_help().show_shortcuts()

    def open_about(self) -> None:
        """Open the dialog about the program."""
        from granite_live.gui.help_dialogs import AboutDialog, library_versions

        dialog = AboutDialog(library_versions(), self._window)
        dialog.diagnostics_requested.connect(self.copy_diagnostics)
        show_dialog(dialog)

    def copy_diagnostics(self) -> None:
        """Copy what a bug report needs; say so when it is copied."""
        notices = self._window.session_view.notices

        def copy(report: str) -> None:
            QGuiApplication.clipboard().setText(report)
            notices.show_message(
                self.tr(
                    "The diagnostic information was copied. It contains no names, paths or texts."
                )
            )

        def fail(sentence: str) -> None:
            notices.show_message(sentence, is_problem=True)

        self._background.run(self._make_report, copy, fail)
