"""Item delegate of the transcript: paints a line with its time stamp, edits it in place."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from granite_live.gui.style_sheet import current_theme, font
from granite_live.gui.theme import GRID_PX
from granite_live.gui.transcript.layout import (
    LineLayout,
    LineLayoutCache,
    found_ranges,
    playback_range,
    selected_range,
)
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import LINE_ROLE, TranscriptModel
from granite_live.gui.transcript.speakers import speaker_color
from granite_live.gui.widgets import pixmap
from granite_live.transcript.export.text_formats import format_clock

_Index = QModelIndex | QPersistentModelIndex


class LineDelegate(QStyledItemDelegate):
    """Emits `edited` (row, new text) and `split_requested` (row, position, new text)."""

    edited = Signal(int, str)
    split_requested = Signal(int, int, str)
    editor_resized = Signal()
    editing_started = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layouts = LineLayoutCache(800)
        self.needle = ""
        self.current_match: tuple[int, int] | None = None
        """The line key and position of the current search result."""
        self.playing_key: int | None = None
        """The key of the line being played."""
        self.playback_word: tuple[int, int, int] | None = None
        """The line key, position and length of the word at the playback position."""
        self.selected_range: Callable[[int], tuple[int, int] | None] = lambda _row: None
        """Returns the start and end of a row's selected text."""
        self.text_cursor: tuple[int, int] | None = None
        """The row and offset of the text cursor to paint."""
        self.speakers: TranscriptModel | None = None
        """The model that names speakers, if there is room for names beside the lines."""
        self._fading: dict[int, float] = {}
        self._editor_heights: dict[int, int] = {}

    def set_width(self, width: int) -> bool:
        """Set the view's width; return whether the layouts changed."""
        metrics = self.layouts.metrics
        has_names = self.speakers is not None
        is_same = width == metrics.width and has_names == bool(metrics.names)
        if is_same and self.layouts.theme is current_theme():
            return False
        self.layouts = LineLayoutCache(width, has_names=has_names)
        return True

    def show_speakers(self, model: TranscriptModel | None) -> None:
        """Show the names of a model's speakers beside the lines, or none."""
        self.speakers = model

    def fade(self, line: Line) -> None:
        """Fade a line's color to that of final text."""
        if current_theme().motion_ms:
            self._fading[line.key] = time.monotonic()

    @property
    def is_fading(self) -> bool:
        """Whether any line is fading."""
        oldest_s = time.monotonic() - current_theme().motion_ms / 1000
        self._fading = {key: at for key, at in self._fading.items() if at > oldest_s}
        return bool(self._fading)

    # -- painting ---------------------------------------------------------------------------

    def line_layout(self, index: _Index) -> LineLayout:
        """Return the layout of a row."""
        return self.layouts.of(index.data(LINE_ROLE))

    def row_height(self, line: Line) -> int:
        """Return a row's height; a row that is edited is as high as its editor."""
        return max(self.layouts.of(line).height, self._editor_heights.get(line.key, 0))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the row's size."""
        return QSize(self.layouts.metrics.width, self.line_layout(index).height)

    def text_corner(self, row: QRect) -> QPointF:
        """Return the top left corner of a row's text."""
        metrics = self.layouts.metrics
        is_mirrored = _is_mirrored(self.parent())
        left = metrics.width - metrics.left - metrics.column if is_mirrored else metrics.left
        return QPointF(row.left() + left, row.top() + metrics.padding)

    def time_rect(self, row: QRect) -> QRect:
        """Return the rectangle of a row's time stamp."""
        metrics = self.layouts.metrics
        corner = self.text_corner(row).toPoint()
        left = corner.x() - metrics.gutter
        if _is_mirrored(self.parent()):
            left = corner.x() + metrics.column
        return QRect(left, corner.y(), metrics.gutter, round(metrics.line_height))

    def name_rect(self, row: QRect) -> QRect:
        """Return the rectangle of the name of a row's speaker."""
        metrics, area = self.layouts.metrics, self.time_rect(row)
        is_mirrored = _is_mirrored(self.parent())
        left = area.right() + 1 if is_mirrored else area.left() - metrics.names
        return QRect(left, area.top(), metrics.names, area.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a line."""
        laid = self.line_layout(index)
        row: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, state)
        self._paint_margin(painter, row, laid.line)
        if self.speakers is not None:
            name = self.speakers.speaker_label(laid.line)
            number = self.speakers.speaker_number(laid.line)
            self._paint_name(painter, row, name, number)
        painter.setPen(self._ink(laid.line))
        now = self.current_match
        at = now[1] if now is not None and now[0] == laid.line.key else None
        found = found_ranges(laid.line, self.needle, at) if self.needle else []
        if self.playback_word is not None and self.playback_word[0] == laid.line.key:
            found.append(playback_range(*self.playback_word[1:]))
        if (part := self.selected_range(index.row())) is not None:
            found.append(selected_range(*part))
        laid.text.draw(painter, self.text_corner(row), found)
        if self.text_cursor is not None and self.text_cursor[0] == index.row():
            laid.text.drawCursor(painter, self.text_corner(row), self.text_cursor[1], 2)
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        metrics, colors = self.layouts.metrics, current_theme().colors
        corner = self.text_corner(row).toPoint()
        first = self.name_rect(row) if metrics.names else self.time_rect(row)
        left = min(corner.x(), first.left()) - GRID_PX // 2
        width = metrics.names + metrics.gutter + metrics.column + 2 * GRID_PX
        ground = QRect(left, row.top() + 1, width, row.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colors.selected))
            painter.drawRoundedRect(ground, GRID_PX, GRID_PX)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.focus), 2))
            painter.drawRoundedRect(ground, GRID_PX, GRID_PX)

    def _paint_margin(self, painter: QPainter, row: QRect, line: Line) -> None:
        theme = current_theme()
        colors = theme.colors
        area = self.time_rect(row)
        is_playing = line.key == self.playing_key
        weight = QFont.Weight.DemiBold if is_playing else QFont.Weight.Normal
        painter.setFont(font(theme.small_px, weight))
        painter.setPen(QColor(colors.accent_ink if is_playing else colors.quiet))
        gap = theme.px(2 * GRID_PX)
        mirrored = _is_mirrored(self.parent())
        inner = area.adjusted(gap, 0, 0, 0) if mirrored else area.adjusted(0, 0, -gap, 0)
        side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, format_clock(line.start_s))
        name, color = _sign(line, colors.quiet, colors.danger)
        if is_playing:
            name, color = "pause", colors.accent_ink
        if name:
            size = theme.px(12)
            x = inner.right() + 3 if not mirrored else inner.left() - size - 3
            y = area.center().y() - size // 2
            painter.drawPixmap(x, y, pixmap(name, color, size))

    def _paint_name(self, painter: QPainter, row: QRect, name: str, number: int) -> None:
        area = self.name_rect(row)
        painter.setFont(font(current_theme().small_px, QFont.Weight.DemiBold))
        painter.setPen(QColor(speaker_color(current_theme(), number)))
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        is_mirrored = _is_mirrored(self.parent())
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _ink(self, line: Line) -> QColor:
        colors = current_theme().colors
        match line.state:
            case LineState.OPEN:
                return QColor(colors.draft)
            case LineState.PROVISIONAL:
                return QColor(colors.soft)
            case LineState.FAILED:
                return QColor(colors.danger)
        began_s = self._fading.get(line.key)
        if began_s is None:
            return QColor(colors.text)
        share = min(1.0, (time.monotonic() - began_s) * 1000 / max(1, current_theme().motion_ms))
        return _between(QColor(colors.soft), QColor(colors.text), share)

    # -- editing ----------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the editor of a line."""
        self.editing_started.emit()
        editor = QPlainTextEdit(parent)
        editor.setFont(font(current_theme().reading_px))
        editor.setStyleSheet(
            f"font-size: {current_theme().reading_px}px; padding: 0; min-height: 0;"
            f"border: 2px solid {current_theme().colors.focus}; border-radius: 6px;"
            f"background: {current_theme().colors.raised};"
        )
        editor.setAccessibleName(self.tr("Text of the line"))
        editor.setToolTip(self.tr("Enter to save, Esc to cancel, Ctrl+Enter to split"))
        editor.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        key = index.data(LINE_ROLE).key
        document = editor.document().documentLayout()
        document.documentSizeChanged.connect(lambda _size: self._resize(editor, key))
        return editor

    def _resize(self, editor: QPlainTextEdit, key: int) -> None:
        """Make the row of an editor high enough for its text."""
        document = editor.document()
        text_px, block = 0.0, document.begin()
        while block.isValid():
            text_px += editor.blockBoundingRect(block).height()
            block = block.next()
        height = round(text_px + 2 * (editor.frameWidth() + document.documentMargin())) + 1
        if self._editor_heights.get(key) != height:
            self._editor_heights[key] = height
            self.editor_resized.emit()

    def destroyEditor(self, editor: QWidget, index: _Index) -> None:
        """Give the row its own height again."""
        self._editor_heights.clear()  # one line is edited at a time
        super().destroyEditor(editor, index)
        self.editor_resized.emit()

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Put the line's text into the editor."""
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(str(index.data(Qt.ItemDataRole.EditRole)))
        editor.moveCursor(editor.textCursor().MoveOperation.End)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Emit the edited text."""
        assert isinstance(editor, QPlainTextEdit)
        self.edited.emit(index.row(), editor.toPlainText())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        """Place the editor over its row; it covers no other one."""
        metrics = self.layouts.metrics
        row: QRect = option.rect
        corner = self.text_corner(row).toPoint()
        editor.setGeometry(corner.x() - 8, row.top(), metrics.column + 24, row.height())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Accept the text on Enter and split it on Ctrl+Enter."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and isinstance(editor, QPlainTextEdit):
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self._split(editor)
                else:
                    self.commitData.emit(editor)
                    self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                return True
        return super().eventFilter(editor, event)

    def _split(self, editor: QPlainTextEdit) -> None:
        view = self.parent()
        place, text = editor.textCursor().position(), editor.toPlainText()
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if isinstance(view, QAbstractItemView):
            self.split_requested.emit(view.currentIndex().row(), place, text)


def _sign(line: Line, quiet: str, danger: str) -> tuple[str, str]:
    """Return the icon beside the time stamp and its color: no state is shown by color alone."""
    if line.state is LineState.FAILED:
        return "warning", danger
    if line.is_edited:
        return "edit", quiet
    if line.state in (LineState.PROVISIONAL, LineState.OPEN):
        return "more", quiet
    return "", ""


def _is_mirrored(view: QObject | None) -> bool:
    return isinstance(view, QWidget) and view.layoutDirection() is Qt.LayoutDirection.RightToLeft


def _between(one: QColor, other: QColor, share: float) -> QColor:
    def mixed(a: float, b: float) -> float:
        return a + (b - a) * share

    return QColor.fromRgbF(
        mixed(one.redF(), other.redF()),
        mixed(one.greenF(), other.greenF()),
        mixed(one.blueF(), other.blueF()),
    )
