"""The clipboard: what it holds, kept whole, and text that is lent to one program only."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QClipboard, QImage

from granite_live.delivery import DeliveryError

_QT_IMAGE = "application/x-qt-image"
_KEEP_BYTES = 256 * 1024 * 1024
_KEEP_WITHIN_S = 3.0

Contents = dict[str, bytes | QImage]
"""MIME type -> what it says; an image without a type of its own as Qt has it."""


class Clipboard(QObject):
    """The system's clipboard, which remembers whether what it holds was put there by `put`."""

    taken_over = Signal()
    """Another program, or another part of this one, has put something there."""

    def __init__(self, clipboard: QClipboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._contents: Contents | None = None
        self._is_putting = False
        clipboard.dataChanged.connect(self._look)

    def keep(self) -> Contents:
        """Return all that the clipboard holds, in every format.

        Raises:
            DeliveryError: Its owner is too slow or it holds too much; it is as it was.
        """
        if self._contents is not None:
            return self._contents
        # Qt may have nothing to give, whatever its types say.
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
        """Let it hold this again, as `keep` has returned it."""
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
        """Let it hold something that is made when it is asked for."""
        self._contents = None
        self._is_putting = True
        self._clipboard.setMimeData(data)
        self._is_putting = False

    def copy(self, text: str) -> None:
        """Let it hold a text, for good."""
        data = QMimeData()
        data.setText(text)
        self.lend(data)

    def is_ours(self) -> bool:
        """Return whether what it holds comes from this program."""
        return self._clipboard.ownsClipboard()

    def _look(self) -> None:
        if not self._is_putting:
            self._contents = None
            self.taken_over.emit()


def text_types() -> tuple[str, ...]:
    """Return the MIME types of a lent text: the last one asks clipboard managers to forget it."""
    return ("text/plain", "x-kde-passwordManagerHint")


class Lent(QMimeData):
    """A text that tells whenever it is fetched."""

    def __init__(self, text: str, fetched: Callable[[], None]) -> None:
        """Lend a text; `fetched()` is called each time that somebody takes it."""
        super().__init__()
        self._text, self._fetched = text, fetched

    def formats(self) -> list[str]:
        """Return the types there are."""
        return list(text_types())

    def hasFormat(self, mimetype: str) -> bool:  # noqa: N802
        """Return whether there is such a type."""
        return mimetype in text_types()

    def retrieveData(self, mimetype: str, _type: Any) -> Any:  # noqa: N802
        """Give what is asked for, and tell."""
        if mimetype == text_types()[0]:
            self._fetched()
            return self._text
        return b"secret" if mimetype in text_types() else None
