"""The clipboard: saved and restored in all formats, and text offered to one program."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QClipboard, QImage

from granite_live.desktop.text_input import DeliveryError

_QT_IMAGE = "application/x-qt-image"
_KEEP_BYTES = 256 * 1024 * 1024
_KEEP_WITHIN_S = 3.0

Contents = dict[str, bytes | QImage]
"""MIME type -> data; an image without a MIME type of its own as a QImage."""


class Clipboard(QObject):
    """The system clipboard; remembers whether its content was set by `put`."""

    taken_over = Signal()
    """Emitted when another program, or another part of this one, sets the clipboard."""

    def __init__(self, clipboard: QClipboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._contents: Contents | None = None
        self._is_putting = False
        clipboard.dataChanged.connect(self._look)

    def keep(self) -> Contents:
        """Return the clipboard's content in all formats.

        Raises:
            DeliveryError: The owner is too slow or the content too large; the clipboard is
                unchanged.
        """
        if self._contents is not None:
            return self._contents
        # Qt may return None whatever the formats are.
        data: QMimeData | None = self._clipboard.mimeData()
        contents: Contents = {}
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
                        "What the clipboard holds is too large or too slow to be put back after "
                        "pasting: empty it, or choose typing."
                    )
                )
        return contents

    def put(self, contents: Contents) -> None:
        """Restore content returned by `keep`."""
        if contents:
            data = QMimeData()
            for kind, value in contents.items():
                if isinstance(value, QImage):
                    data.setImageData(value)
                else:
                    data.setData(kind, value)
            self.lend(data)
        else:
            self._is_putting = True
            self._clipboard.clear()
            self._is_putting = False
        self._contents = contents

    def lend(self, data: QMimeData) -> None:
        """Offer data that is produced on request."""
        self._contents = None
        self._is_putting = True
        self._clipboard.setMimeData(data)
        self._is_putting = False

    def copy(self, text: str) -> None:
        """Put a text into the clipboard permanently."""
        data = QMimeData()
        data.setText(text)
        self.lend(data)

    def is_ours(self) -> bool:
        """Return whether this program owns the clipboard."""
        return self._clipboard.ownsClipboard()

    def _look(self) -> None:
        if not self._is_putting:
            self._contents = None
            self.taken_over.emit()


def text_types() -> tuple[str, ...]:
    """Return the MIME types of an offered text; the last one hides it from clipboard managers."""
    return ("text/plain", "x-kde-passwordManagerHint")


class Lent(QMimeData):
    """A text that reports when it is fetched."""

    def __init__(self, text: str, fetched: Callable[[], None]) -> None:
        """Offer a text; `fetched()` is called on each request."""
        super().__init__()
        self._text, self._fetched = text, fetched

    def formats(self) -> list[str]:
        """Return the MIME types."""
        return list(text_types())

    def hasFormat(self, mimetype: str) -> bool:  # noqa: N802
        """Return whether the type is offered."""
        return mimetype in text_types()

    def retrieveData(self, mimetype: str, _type: Any) -> Any:  # noqa: N802
        """Return the data and report the request."""
        if mimetype == text_types()[0]:
            self._fetched()
            return self._text
        return b"secret" if mimetype in text_types() else None
