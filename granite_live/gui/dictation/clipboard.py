"""Paste through the clipboard and restore what it held."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractNativeEventFilter,
    QCoreApplication,
    QMimeData,
    QObject,
    QTimer,
    Signal,
)
from PySide6.QtGui import QClipboard, QImage

from granite_live.desktop.platform import DeliveryError, FocusedWindow

_QT_IMAGE = "application/x-qt-image"
_KEEP_BYTES = 256 * 1024 * 1024
_KEEP_WITHIN_S = 3.0

ClipboardContents = dict[str, bytes | QImage]
"""MIME type -> data; an image without a MIME type of its own as a QImage."""


class Clipboard(QObject):
    """The system clipboard; remembers whether its content was set by `restore`."""

    overwritten = Signal()
    """Emitted when another program, or another part of this one, sets the clipboard."""

    def __init__(self, clipboard: QClipboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._contents: ClipboardContents | None = None
        self._is_setting = False
        clipboard.dataChanged.connect(self._handle_change)

    def save(self) -> ClipboardContents:
        """Return the clipboard's content in all formats.

        Raises:
            DeliveryError: The owner is too slow or the content too large; the clipboard is
                unchanged.
        """
        if self._contents is not None:
            return self._contents
        # Qt may return None whatever the formats are.
        data: QMimeData | None = self._clipboard.mimeData()
        contents: ClipboardContents = {}
        if data is None:
            return contents
        formats = data.formats()
        has_image_type = any(one.startswith("image/") for one in formats)
        until_s, size_bytes = time.monotonic() + _KEEP_WITHIN_S, 0
        for one in formats:
            if one == _QT_IMAGE:
                if not has_image_type:
                    contents[one] = QImage(data.imageData())
                continue
            found = bytes(data.data(one).data())
            contents[one] = found
            size_bytes += len(found)
            if size_bytes > _KEEP_BYTES or time.monotonic() > until_s:
                raise DeliveryError(
                    self.tr(
                        "The clipboard's contents are too large or too slow to restore after "
                        "pasting: empty the clipboard, or choose typing."
                    )
                )
        return contents

    def restore(self, contents: ClipboardContents) -> None:
        """Restore content returned by `save`."""
        if contents:
            data = QMimeData()
            for kind, value in contents.items():
                if isinstance(value, QImage):
                    data.setImageData(value)
                else:
                    data.setData(kind, value)
            self.offer(data)
        else:
            self._is_setting = True
            self._clipboard.clear()
            self._is_setting = False
        self._contents = contents

    def offer(self, data: QMimeData) -> None:
        """Offer data that is produced on request."""
        self._contents = None
        self._is_setting = True
        self._clipboard.setMimeData(data)
        self._is_setting = False

    def copy(self, text: str) -> None:
        """Put a text into the clipboard permanently."""
        data = QMimeData()
        data.setText(text)
        self.offer(data)

    def is_owned(self) -> bool:
        """Return whether this program owns the clipboard."""
        return self._clipboard.ownsClipboard()

    def _handle_change(self) -> None:
        if not self._is_setting:
            self._contents = None
            self.overwritten.emit()


def text_types() -> tuple[str, ...]:
    """Return the MIME types of an offered text; the last one hides it from clipboard managers."""
    return ("text/plain", "x-kde-passwordManagerHint")


class ObservedMimeData(QMimeData):
    """A text that reports when it is fetched."""

    def __init__(self, text: str, fetched: Callable[[], None]) -> None:
        """Offer a text; `fetched()` is called on each request."""
        super().__init__()
        self._text, self._fetched = text, fetched

    def formats(self) -> list[str]:
        """Return the MIME types."""
        return list(text_types())

    def hasFormat(self, mimetype: str) -> bool:
        """Return whether the type is offered."""
        return mimetype in text_types()

    def retrieveData(self, mimetype: str, _type: Any) -> Any:
        """Return the data and report the request."""
        if mimetype == text_types()[0]:
            self._fetched()
            return self._text
        return b"secret" if mimetype in text_types() else None


_SELECTION_REQUEST = 30
_SENT = 0x80
"""The bit that marks events sent by a program."""


class _SelectionRequestEvent(ctypes.Structure):
    """The SelectionRequest event of the X protocol."""

    _fields_ = (
        ("number", ctypes.c_uint8),
        ("unused", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("owner", ctypes.c_uint32),
        ("requestor", ctypes.c_uint32),
        ("selection", ctypes.c_uint32),
        ("target", ctypes.c_uint32),
        ("property", ctypes.c_uint32),
    )


class ClipboardRequestFilter(QAbstractNativeEventFilter):
    """Stores the window of the last request; Qt answers it right after that."""

    def __init__(self) -> None:
        super().__init__()
        self.window: int | None = None
        """None if the platform does not report it."""

    def nativeEventFilter(self, kind: Any, message: int) -> object:
        """Inspect an event and leave it to Qt."""
        if bytes(kind) == b"xcb_generic_event_t":
            event = _SelectionRequestEvent.from_address(int(message))
            if event.number & ~_SENT == _SELECTION_REQUEST:
                self.window = int(event.requestor)
        return False, 0


_TAKEN_WITHIN_MS = 10_000
"""A program that takes longer would paste the old clipboard, so this is long."""
_QUIET_MS = 30
"""Some programs fetch twice, first to see whether there is anything to paste."""


class ClipboardPaste(QObject):
    """Used in the GUI thread, except `start_counting`.

    Emits `finished` once, with "" or why the text was not fetched. By then the clipboard is
    restored, or belongs to another program.
    """

    finished = Signal(str)

    def __init__(
        self, clipboard: Clipboard, text: str, target: FocusedWindow, parent: QObject | None = None
    ) -> None:
        """Put the text into the clipboard.

        Raises:
            DeliveryError: The clipboard could not be restored afterwards, so it is unchanged.
        """
        super().__init__(parent)
        self._clipboard, self._target = clipboard, target
        self._saved_contents = clipboard.save()
        self.outcome: str | None = None
        """The value emitted by `finished`; None before that."""
        self._is_counting = False
        self._timeout_timer = QTimer(self, singleShot=True, interval=_TAKEN_WITHIN_MS)
        self._timeout_timer.timeout.connect(self._handle_timeout)
        self._quiet_timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet_timer.timeout.connect(lambda: self.end(""))
        self._requests = ClipboardRequestFilter()
        if (app := QCoreApplication.instance()) is not None:
            app.installNativeEventFilter(self._requests)
        clipboard.overwritten.connect(self._handle_overwrite)
        clipboard.offer(ObservedMimeData(text, self._fetched))
        if not clipboard.is_owned():
            self.end("")
            raise DeliveryError(
                self.tr("The text could not be put into the clipboard: choose typing.")
            )

    def start_counting(self) -> None:
        """Count requests from now on, because the paste keys are about to be pressed."""
        self._is_counting = True

    def start_timeout(self) -> None:
        """Start the timeout after the paste keys were pressed."""
        if self.outcome is None and not self._quiet_timer.isActive():
            self._timeout_timer.start()

    def end(self, sentence: str) -> None:
        """Restore the clipboard if this program still owns it, and emit `finished`."""
        if self.outcome is not None:
            return
        self.outcome = sentence
        self._timeout_timer.stop()
        self._quiet_timer.stop()
        if (app := QCoreApplication.instance()) is not None:
            app.removeNativeEventFilter(self._requests)
        self._clipboard.overwritten.disconnect(self._handle_overwrite)
        if self._clipboard.is_owned():
            self._clipboard.restore(self._saved_contents)
        self.finished.emit(sentence)

    def _fetched(self) -> None:
        window = self._requests.window
        if not self._is_counting or self.outcome is not None:
            return
        if window is None or self._target.is_same_program(window):
            self._timeout_timer.stop()
            self._quiet_timer.start()

    def _handle_overwrite(self) -> None:
        if self._quiet_timer.isActive():
            self.end("")
        else:
            self.end(self.tr("Another program took the clipboard before the text was pasted."))

    def _handle_timeout(self) -> None:
        self.end(
            self.tr("'{0}' did not accept the text within {1} seconds.").format(
                self._target.title, _TAKEN_WITHIN_MS // 1000
            )
        )
