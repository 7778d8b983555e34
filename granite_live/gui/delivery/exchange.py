"""One paste: offer a text in the clipboard to one program, then restore the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from granite_live.desktop.text_input import DeliveryError, Target
from granite_live.gui.delivery.clipboard import Clipboard, Lent
from granite_live.gui.delivery.requests import Requests

_TAKEN_WITHIN_MS = 10_000
"""A program that takes longer would paste the old clipboard, so this is long."""
_QUIET_MS = 30
"""Some programs fetch twice, first to see whether there is anything to paste."""


class Exchange(QObject):
    """Used in the GUI thread, except `begin_to_count`.

    Emits `finished` once, with "" or why the text was not fetched. By then the clipboard is
    restored, or belongs to another program.
    """

    finished = Signal(str)

    def __init__(
        self, clipboard: Clipboard, text: str, target: Target, parent: QObject | None = None
    ) -> None:
        """Put the text into the clipboard.

        Raises:
            DeliveryError: The clipboard could not be restored afterwards, so it is unchanged.
        """
        super().__init__(parent)
        self._clipboard, self._target = clipboard, target
        self._kept = clipboard.keep()
        self.outcome: str | None = None
        """The value emitted by `finished`; None before that."""
        self._counts = False
        self._deadline = QTimer(self, singleShot=True, interval=_TAKEN_WITHIN_MS)
        self._deadline.timeout.connect(self._give_up)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(lambda: self.end(""))
        self._requests = Requests()
        if (app := QCoreApplication.instance()) is not None:
            app.installNativeEventFilter(self._requests)
        clipboard.taken_over.connect(self._lose)
        clipboard.lend(Lent(text, self._fetched))
        if not clipboard.is_ours():
            self.end("")
            raise DeliveryError(
                self.tr("The system does not let the text into the clipboard: choose typing.")
            )

    def begin_to_count(self) -> None:
        """Count requests from now on, because the paste keys are about to be pressed."""
        self._counts = True

    def wait(self) -> None:
        """Start the timeout after the paste keys were pressed."""
        if self.outcome is None and not self._quiet.isActive():
            self._deadline.start()

    def end(self, sentence: str) -> None:
        """Restore the clipboard if this program still owns it, and emit `finished`."""
        if self.outcome is not None:
            return
        self.outcome = sentence
        self._deadline.stop()
        self._quiet.stop()
        if (app := QCoreApplication.instance()) is not None:
            app.removeNativeEventFilter(self._requests)
        self._clipboard.taken_over.disconnect(self._lose)
        if self._clipboard.is_ours():
            self._clipboard.put(self._kept)
        self.finished.emit(sentence)

    def _fetched(self) -> None:
        window = self._requests.window
        if not self._counts or self.outcome is not None:
            return
        if window is None or self._target.has_program_of(window):
            self._deadline.stop()
            self._quiet.start()

    def _lose(self) -> None:
        if self._quiet.isActive():
            self.end("")
        else:
            self.end(self.tr("Another program took the clipboard before the text was pasted."))

    def _give_up(self) -> None:
        self.end(
            self.tr("'{0}' did not take the text within {1} seconds.").format(
                self._target.title, _TAKEN_WITHIN_MS // 1000
            )
        )
