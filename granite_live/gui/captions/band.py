"""The painting of captions: rows that enter at the bottom and scroll up; and their preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QPointF, QRect, QSize, QVariantAnimation
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.rendering import FontRuler, RowRenderer
from granite_live.gui.captions.rows import CaptionRow, CaptionRows, UtteranceWords

MOVE_MS = 220
"""Duration of a row's move; slower than other animations, so that the eye can follow."""


class CaptionView(QWidget):
    """Paints rows from cached pictures, which are made when a row changes."""

    def __init__(
        self, look: CaptionStyle, *, has_motion: bool, parent: QWidget | None = None
    ) -> None:
        """Create an empty widget.

        Args:
            look: Font, colors and number of lines.
            has_motion: Whether rows scroll or jump.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self.caption_style = look
        self.has_motion = has_motion
        self.is_translucent = True
        """Whether the window is translucent; else the background is opaque."""
        self.backdrop: QColor | None = None
        """The color behind a translucent background, None for what is below the window."""
        self.has_border = False
        self._renderer = RowRenderer(look, 1.0)
        self._rows: tuple[CaptionRow, ...] = ()
        self._pictures: dict[int, tuple[CaptionRow, QImage]] = {}
        self._began: dict[int, float] = {}  # the slots from which rows move
        self._motion = QVariantAnimation(self)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setDuration(MOVE_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._motion.valueChanged.connect(lambda _share: self.update())
        self._motion.finished.connect(self._finish_motion)

    @property
    def rows(self) -> tuple[CaptionRow, ...]:
        """The visible rows."""
        return tuple(one for one in self._rows if one.slot >= 0)

    @property
    def is_moving(self) -> bool:
        """Whether rows are moving."""
        return bool(self._began)

    def set_caption_style(self, look: CaptionStyle) -> None:
        """Set another font and other colors."""
        self.caption_style = look
        self._renderer = RowRenderer(look, self.devicePixelRatioF())
        self._pictures.clear()
        self.update()

    def show_rows(self, rows: Sequence[CaptionRow], *, is_new_page: bool = False) -> None:
        """Show these rows; unless the page is new, rows with another slot move there."""
        old = {one.key: one for one in self._rows}
        places = {key: self._slot_now(one) for key, one in old.items()}
        new = tuple(rows)
        moved = 0.0
        began: dict[int, float] = {}
        for one in new:
            # New rows move with the row above them.
            moved = places[one.key] - one.slot if one.key in places else moved
            if moved:
                began[one.key] = one.slot + moved
        slots = [(one.key, one.slot) for one in self._rows]
        self._rows = new
        self._pictures = {
            one.key: self._pictures[one.key] for one in new if one.key in self._pictures
        }
        if is_new_page or not self.has_motion or not self.isVisible():
            began = {}
        if not began and not self._began and slots == [(one.key, one.slot) for one in new]:
            for one in new:
                if old[one.key] != one:
                    self.update(self._area(one.slot))
            return
        self._motion.stop()
        self._began = began
        if began:
            self._motion.start()
        self.update()

    def _finish_motion(self) -> None:
        self._began = {}
        self.update()

    def _slot_now(self, row: CaptionRow) -> float:
        """Return a row's present slot, fractional while it moves."""
        began = self._began.get(row.key)
        if began is None:
            return row.slot
        share = float(self._motion.currentValue() or 0.0)
        return began + (row.slot - began) * share

    def _area(self, slot: float) -> QRect:
        """Return the rectangle of a slot. The last slot is at the bottom."""
        from_bottom = (self.caption_style.lines - slot) * self.caption_style.row_px
        top = round(self.height() - self.caption_style.pad_px - from_bottom)
        return QRect(0, top, self.width(), self.caption_style.row_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background and the rows."""
        painter = QPainter(self)
        self._paint_background(painter, event.rect())
        for row in self._rows:
            slot = self._slot_now(row)
            area = self._area(slot)
            seen = min(1.0, max(0.0, 1 + slot), max(0.0, self.caption_style.lines - slot))
            if seen <= 0 or not area.intersects(event.rect()):
                continue
            # Fade rows that leave at the top or enter at the bottom.
            painter.setOpacity(seen)
            image = self.picture(row)
            painter.drawImage(QPointF(self._left_edge(row, image), area.top()), image)
        painter.end()

    def _paint_background(self, painter: QPainter, area: QRect) -> None:
        background = QColor(self.caption_style.background)
        if self.is_translucent:
            # Some systems pass mouse events through fully transparent pixels.
            background.setAlpha(max(1, round(self.caption_style.opacity_percent * 2.55)))
        if self.backdrop is not None:
            painter.fillRect(area, self.backdrop)
        else:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(area, background)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self.has_border:
            painter.setPen(QPen(QColor(self.caption_style.draft_color), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def picture(self, row: CaptionRow) -> QImage:
        """Return a row's picture, from the cache if its text is unchanged."""
        ratio = self.devicePixelRatioF()
        if ratio != self._renderer.ratio:
            self._renderer = RowRenderer(self.caption_style, ratio)
            self._pictures.clear()
        made = self._pictures.get(row.key)
        if made is not None and _has_same_text(made[0], row):
            return made[1]
        image = self._renderer.picture(row)
        self._pictures[row.key] = (row, image)
        return image

    def _left_edge(self, row: CaptionRow, image: QImage) -> float:
        edge = self._renderer.edge_px
        if not row.is_right_to_left:
            return self.caption_style.side_px - edge
        return (
            self.width() - self.caption_style.side_px + edge - image.width() / self._renderer.ratio
        )


def _has_same_text(one: CaptionRow, other: CaptionRow) -> bool:
    return (one.pieces, one.is_right_to_left) == (other.pieces, other.is_right_to_left)


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

    def sizeHint(self) -> QSize:
        """Return the height of the rows at the present width."""
        return QSize(self.width(), self.caption_style.height_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
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
