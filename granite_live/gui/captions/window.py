"""The caption window: above all others, without the focus, moved and resized by the mouse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu

from granite_live.desktop.x11_keyboard import ScreenError, has_compositor
from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.band import CaptionView
from granite_live.gui.captions.positions import moved_within
from granite_live.gui.captions.rendering import FontRuler
from granite_live.gui.captions.rows import NO_TEXT, CaptionRows, UtteranceWords

_EDGE_PX = 10
"""The distance from an edge within which the mouse resizes."""

NO_EDGE = Qt.Edge(0)


def edges_at(point: QPoint, size: QSize) -> Qt.Edge:
    """Return the edges of a window of this size at a point, none in the middle."""
    # Keep a middle to drag in low windows.
    reach = min(_EDGE_PX, size.height() // 4, size.width() // 4)
    found = NO_EDGE
    if point.x() < reach:
        found |= Qt.Edge.LeftEdge
    elif point.x() >= size.width() - reach:
        found |= Qt.Edge.RightEdge
    if point.y() < reach:
        found |= Qt.Edge.TopEdge
    elif point.y() >= size.height() - reach:
        found |= Qt.Edge.BottomEdge
    return found


def cursor_for(edges: Qt.Edge) -> Qt.CursorShape:
    """Return the mouse cursor for these edges."""
    is_side = bool(edges & (Qt.Edge.LeftEdge | Qt.Edge.RightEdge))
    is_level = bool(edges & (Qt.Edge.TopEdge | Qt.Edge.BottomEdge))
    if is_side and is_level:
        falls = (Qt.Edge.LeftEdge | Qt.Edge.TopEdge, Qt.Edge.RightEdge | Qt.Edge.BottomEdge)
        return Qt.CursorShape.SizeFDiagCursor if edges in falls else Qt.CursorShape.SizeBDiagCursor
    if is_side:
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.SizeVerCursor if is_level else Qt.CursorShape.SizeAllCursor


def dragged(begin: QRect, edges: Qt.Edge, way: QPoint, least_width_px: int) -> QRect:
    """Return the geometry after dragging the edges, or the middle, by `way`.

    The caller rounds the height to a number of rows.
    """
    if edges == NO_EDGE:
        return begin.translated(way)
    left, right = begin.left(), begin.left() + begin.width()
    top, bottom = begin.top(), begin.top() + begin.height()
    if edges & Qt.Edge.LeftEdge:
        left = min(left + way.x(), right - least_width_px)
    if edges & Qt.Edge.RightEdge:
        right = max(right + way.x(), left + least_width_px)
    if edges & Qt.Edge.TopEdge:
        top = min(top + way.y(), bottom - 1)
    if edges & Qt.Edge.BottomEdge:
        bottom = max(bottom + way.y(), top + 1)
    return QRect(left, top, right - left, bottom - top)


_log = logging.getLogger(__name__)


def can_be_translucent() -> bool:
    """Return whether windows can be translucent."""
    if QGuiApplication.platformName() != "xcb":
        return True
    try:
        return has_compositor()
    except ScreenError as error:
        _log.info("Cannot determine whether a compositor is running: %s", error)
        return False


MAX_LINES = 4
SIZES_PX = (24, 32, 40, 48, 56, 64, 72, 88, 104, 128, 160, 200)
"""The font sizes for "Larger" and "Smaller"."""
_LEVEL = Qt.Edge.TopEdge | Qt.Edge.BottomEdge


@dataclass(frozen=True, slots=True)
class _Drag:
    begin: QRect
    edges: Qt.Edge
    mouse: QPoint


def _flags() -> Qt.WindowType:
    flags = (
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.NoDropShadowWindowHint
    )
    if QGuiApplication.platformName() == "xcb":
        # Window managers put full-screen windows above stay-on-top windows. An unmanaged window is
        # above both and never gets the focus.
        flags |= Qt.WindowType.BypassWindowManagerHint
    return flags


class CaptionWindow(CaptionView):
    """Shows captions.

    Emits `change_requested` with settings by name that the user changed here, `moved_by_user` when
    the user moved the window, `start_stop_requested` and `settings_requested` from the menu,
    `closed` when it was closed.
    """

    change_requested = Signal(object)
    start_stop_requested = Signal()
    settings_requested = Signal()
    moved_by_user = Signal(object)
    closed = Signal()

    def __init__(self, look: CaptionStyle, *, has_motion: bool) -> None:
        """Create the hidden window; `show_at` shows it."""
        super().__init__(look, has_motion=has_motion)
        self.setWindowFlags(_flags())
        self.setWindowTitle(self.tr("Captions"))
        self.setAccessibleName(self.tr("Captions"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.click_through_keys: Callable[[], str] = str
        """Returns the main window's shortcut that turns click-through off."""
        self.is_listening: Callable[[], bool] = bool
        """Returns whether a session runs."""
        self.is_click_through = False
        self._utterances: tuple[UtteranceWords, ...] = ()
        self._drag: _Drag | None = None
        self._laid_out: tuple[CaptionStyle, int] | None = None
        self._lines = CaptionRows(FontRuler(look, 1), look.lines)
        self.menu = QMenu(self)

    # -- content ------------------------------------------------------------------------------

    def show_words(self, said: Sequence[UtteranceWords]) -> None:
        """Show the newest words."""
        is_new = not self._utterances or not said
        self._utterances = tuple(said)
        self._lay_out(is_new_page=is_new)

    def change_caption_style(self, look: CaptionStyle) -> None:
        """Apply another look; the edge that is nearer to the middle of the screen moves."""
        if look == self.caption_style:
            return
        old = self.geometry()
        self.set_caption_style(look)
        self._laid_out = None
        self.move_to(moved_within(self._with_height(old), self.screen().geometry()))
        self._lay_out(is_new_page=True)

    def move_to(self, place: QRect) -> None:
        """Move there, with the height of the rows."""
        self.setGeometry(place.x(), place.y(), place.width(), self.caption_style.height_px)

    def set_click_through(self, is_on: bool) -> None:
        """Let clicks pass through, or accept them."""
        self.is_click_through = is_on
        flag = Qt.WindowType.WindowTransparentForInput
        flags = self.windowFlags()
        # `setWindowFlags` would hide the window.
        self.overrideWindowFlags(flags | flag if is_on else flags & ~flag)
        if self.isVisible():
            self.windowHandle().setFlags(self.windowFlags())
        self._show_border(False)

    def show_at(self, place: QRect) -> None:
        """Show the window at this position."""
        self.is_translucent = can_be_translucent()
        self.move_to(place)
        self.show()
        self.raise_()
        self._lay_out(is_new_page=True)

    def _lay_out(self, *, is_new_page: bool = False) -> None:
        state = (self.caption_style, self.width())
        said = self._utterances or (self._hint(FontRuler(*state)),)
        if is_new_page or state != self._laid_out:
            self._lines.reset(FontRuler(*state), self.caption_style.lines, said)
            self._laid_out, is_new_page = state, True
        else:
            self._lines.update(said)
        self.show_rows(self._lines.rows, is_new_page=is_new_page)

    def _hint(self, ruler: FontRuler) -> UtteranceWords:
        """Return the text of an empty window, so that it can be found; the longest that fits."""
        hints = [
            UtteranceWords(-1, tuple(text.split()), False)
            for text in (self.tr("Captions appear here"), self.tr("Captions"), NO_TEXT)
        ]
        return next((one for one in hints if self._fits(one, ruler)), hints[-1])

    def _fits(self, hint: UtteranceWords, ruler: FontRuler) -> bool:
        rows = CaptionRows(ruler, self.caption_style.lines)
        rows.update([hint])
        whole = all(len(ruler.cut(word)) == 1 for word in hint.words)
        return whole and len(rows.rows) <= self.caption_style.lines

    def _with_height(self, old: QRect) -> QRect:
        screen = self.screen().geometry()
        height = self.caption_style.height_px
        drag = self._drag
        is_low = old.center().y() > screen.center().y()
        if drag is not None and drag.edges & _LEVEL:
            is_low = bool(drag.edges & Qt.Edge.TopEdge)
        top = old.top() + old.height() - height if is_low else old.top()
        return QRect(old.left(), top, old.width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the rows for the new width."""
        super().resizeEvent(event)
        if self.isVisible():
            self._lay_out()

    # -- mouse --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start moving or resizing."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        edges = edges_at(event.position().toPoint(), self.size())
        if QGuiApplication.platformName().startswith("wayland"):
            # Wayland windows do not know their position: the compositor moves them.
            if edges:
                self.windowHandle().startSystemResize(edges)
            else:
                self.windowHandle().startSystemMove()
            return
        self._drag = _Drag(self.geometry(), edges, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move or resize with the mouse; a change of height changes the number of rows."""
        drag = self._drag
        if drag is None:
            self.setCursor(cursor_for(edges_at(event.position().toPoint(), self.size())))
            return
        way = event.globalPosition().toPoint() - drag.mouse
        place = dragged(drag.begin, drag.edges, way, self.caption_style.least_width_px)
        if drag.edges & _LEVEL:
            self._request_lines(
                (place.height() - 2 * self.caption_style.pad_px) / self.caption_style.row_px
            )
            place.setTop(self.y())
        self.move_to(self._within_screen(place, drag, event.globalPosition().toPoint()))

    def _within_screen(self, place: QRect, drag: _Drag, mouse: QPoint) -> QRect:
        """Keep a window that is moved or resized on the screen under the mouse."""
        screen = QGuiApplication.screenAt(mouse) or self.screen()
        area = screen.geometry()
        if drag.edges == NO_EDGE:
            height_px = self.caption_style.height_px
            return moved_within(QRect(place.topLeft(), QSize(place.width(), height_px)), area)
        if drag.edges & Qt.Edge.LeftEdge:
            place.setLeft(max(place.left(), area.left()))
        if drag.edges & Qt.Edge.RightEdge:
            place.setRight(min(place.right(), area.right()))
        return place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End moving or resizing."""
        if event.button() is Qt.MouseButton.LeftButton and self._drag is not None:
            self._drag = None
            self.moved_by_user.emit(self.geometry())

    def _request_lines(self, lines: float) -> None:
        wanted = min(MAX_LINES, max(1, round(lines)))
        if wanted != self.caption_style.lines:
            self.change_requested.emit({"captions_lines": wanted})

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the border."""
        self._show_border(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the border."""
        self._show_border(False)

    def _show_border(self, is_shown: bool) -> None:
        if self.has_border != is_shown:
            self.has_border = is_shown
            self.update()

    # -- menu ---------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu with the most common settings."""
        self.fill_menu()
        self.menu.popup(event.globalPos())

    def fill_menu(self) -> None:
        """Fill the menu for the present settings."""
        menu, size = self.menu, self.caption_style.size_px
        menu.clear()
        is_listening = self.is_listening()
        name = self.tr("Stop transcribing") if is_listening else self.tr("Start transcribing")
        menu.addAction(name, self.start_stop_requested.emit)
        menu.addSeparator()
        group = QActionGroup(menu)
        names = (self.tr("1 line"), self.tr("2 lines"), self.tr("3 lines"), self.tr("4 lines"))
        for lines, name in enumerate(names, start=1):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(lines == self.caption_style.lines)
            action.triggered.connect(partial(self._request_change, captions_lines=lines))
            group.addAction(action)
        menu.addSeparator()
        larger = next((one for one in SIZES_PX if one > size), None)
        smaller = next((one for one in reversed(SIZES_PX) if one < size), None)
        for text, wanted in ((self.tr("Larger"), larger), (self.tr("Smaller"), smaller)):
            action = menu.addAction(text)
            action.setEnabled(wanted is not None)
            action.triggered.connect(partial(self._request_change, captions_font_size_px=wanted))
        menu.addSeparator()
        # QMenu shows the text after a tab as the shortcut.
        through = menu.addAction(self.tr("Let clicks through"))
        through.setText(f"{through.text()}\t{self.click_through_keys()}".rstrip())
        through.triggered.connect(partial(self._request_change, captions_click_through=True))
        menu.addAction(self.tr("Caption settings…"), self.settings_requested.emit)
        menu.addAction(self.tr("Close"), self.close)

    def _request_change(self, _checked: bool = False, **values: object) -> None:
        self.change_requested.emit(values)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the window; the session continues."""
        self._drag = None
        self.menu.close()
        super().closeEvent(event)
        self.closed.emit()
