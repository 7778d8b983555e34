"""Helpers for caption tests: utterances, pixels, mouse drags."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from granite_live.gui.captions.rows import UtteranceWords

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def said(number: int, text: str, *, is_final: bool = True) -> UtteranceWords:
    return UtteranceWords(number, tuple(text.split()), is_final)


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Return an image's pixels [shape=(height, width, 4), blue, green, red, alpha]."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    raw = np.frombuffer(bytes(image.constBits()), np.uint8)
    return raw.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()]


def shown(widget: QWidget) -> NDArray[np.uint8]:
    """Return a widget's rendered pixels [shape=(height, width, 3), blue, green, red]."""
    return pixels(widget.grab().toImage())[..., :3]


def count(found: NDArray[np.uint8], color: str) -> int:
    """Return the number of pixels of a color `#rrggbb`."""
    wanted = [int(color[at : at + 2], 16) for at in (5, 3, 1)]
    return int((found[..., :3] == np.array(wanted, np.uint8)).all(axis=-1).sum())


def drag(window: QWidget, hold: tuple[int, int], *ways: tuple[int, int]) -> None:
    """Press the mouse at a point of a window, move it by each of `ways` from there, release it."""
    begin = window.mapToGlobal(QPoint(*hold))
    stops: Sequence[QPoint] = [begin, *(begin + QPoint(*way) for way in ways)]
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * len(ways)]
    for kind, stop in zip(kinds, stops, strict=True):
        _mouse(window, kind, stop, _LEFT)
    _mouse(window, QEvent.Type.MouseButtonRelease, stops[-1], _NONE)


def _mouse(window: QWidget, kind: QEvent.Type, at: QPoint, held: Qt.MouseButton) -> None:
    button = _NONE if kind is QEvent.Type.MouseMove else _LEFT
    local = QPointF(window.mapFromGlobal(at))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QMouseEvent(kind, local, QPointF(at), button, held, none))
