"""A miniature of the caption window for the settings dialog."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.band import CaptionView
from granite_live.gui.captions.rendering import FontRuler
from granite_live.gui.captions.rows import CaptionRows, UtteranceWords

_SHARE_OF_SCREEN = 0.8
"""The width of a new caption window."""
_LEAST_FONT_PX = 7
_BACKDROP = "#7f8fa6"
"""Stands for the picture below the captions."""


class CaptionPreview(CaptionView):
    """Shows two sentences in the style of the captions, as large relative to itself as captions
    are relative to the screen."""

    def __init__(self, style: CaptionStyle, parent: QWidget | None = None) -> None:
        super().__init__(style, has_motion=False, parent=parent)
        self.backdrop = QColor(_BACKDROP)
        self._full_style = style
        self.setAccessibleName(self.tr("Preview"))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._lay_out()

    def show_style(self, style: CaptionStyle) -> None:
        """Show another style."""
        self._full_style = style
        self._lay_out()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of the rows at the present width."""
        return QSize(self.width(), self.caption_style.height_px)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Scale the text with the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def _lay_out(self) -> None:
        full = self._full_style
        scale = self.width() / max(1.0, _SHARE_OF_SCREEN * self.screen().size().width())
        small = replace(
            full,
            size_px=max(_LEAST_FONT_PX, round(full.size_px * scale)),
            outline_px=max(1, round(full.outline_px * scale)) if full.outline_px else 0,
        )
        self.set_caption_style(small)
        texts = [self.tr("A final sentence.")]
        if small.lines > 1:
            texts.append(self.tr("A draft"))
        rows = CaptionRows(FontRuler(small, max(1, self.width())), small.lines)
        rows.update(
            [
                UtteranceWords(number, tuple(text.split()), number == 0)
                for number, text in enumerate(texts)
            ]
        )
        self.show_rows(rows.rows, is_new_page=True)
        self.updateGeometry()
