"""Pictures of captions over a painted background."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QLabel
from scene import Photographer, Scene

from granite_live.gui.captions.positions import LOWER_THIRD
from granite_live.session import events

SCREEN = QRect(0, 0, 1920, 1080)
GERMAN = (
    ("Heute Morgen habe ich das Fenster geöffnet und den Regen auf dem Dach gehört.", {}),
    ("Nach dem Frühstück hörte er auf, also ging ich langsam am Fluss entlang.", {}),
    ("Die Luft war kühl und klar, und die Bäume waren voller Vögel.", {}),
)
GERMAN_DRAFT = "jemand hatte an der alten Brücke ein Boot"
ENGLISH = (
    ("I opened the window this morning and heard the rain on the roof.", {}),
    ("After breakfast it stopped, so I took a slow walk along the river.", {}),
)
ENGLISH_DRAFT = "the air was cool and clean and the trees were full"
ARABIC = (
    ("فتحت النافذة هذا الصباح وسمعت المطر على السطح.", {}),
    ("بعد الإفطار توقف المطر، فمشيت ببطء على ضفة النهر.", {}),
)
ARABIC_DRAFT = "كان الهواء باردا ونقيا وكانت"
_DAY = ("#bfe0f2", "#fff3c4", "#9fc6a0", "#6f9f78", "#4c7a58", "#f7f4ea", "#c9b08a")
_NIGHT = ("#10182c", "#e8e3c8", "#1d2a3f", "#16202f", "#0d141f", "#ffd98a", "#0a0f18")


def _landscape(colors: tuple[str, ...]) -> QPixmap:
    """Return a landscape to watch: sky, sun or moon, hills, a village with windows."""
    sky, sun, far, middle, near, windows, path = (QColor(one) for one in colors)
    picture = QPixmap(SCREEN.size())
    picture.fill(sky)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sun)
    painter.drawEllipse(QPointF(1480, 230), 110, 110)
    across = np.linspace(0, SCREEN.width(), 120)
    for ink, level, waves, height in (
        (far, 560, 2.1, 110),
        (middle, 680, 3.4, 80),
        (near, 820, 1.3, 60),
    ):
        heights = level + height * np.sin(across / SCREEN.width() * 2 * np.pi * waves + level)
        hill = [QPointF(float(x), float(y)) for x, y in zip(across, heights, strict=True)]
        hill += [QPointF(SCREEN.width(), SCREEN.height()), QPointF(0, SCREEN.height())]
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF(hill))
    for number in range(9):
        house = QRectF(240 + 170 * number, 700 + 26 * (number % 3), 96, 110)
        painter.setBrush(path)
        painter.drawRect(house)
        painter.setBrush(windows)
        for window in range(4):
            corner = house.topLeft() + QPointF(16 + 40 * (window % 2), 18 + 44 * (window // 2))
            painter.drawRect(QRectF(corner.x(), corner.y(), 24, 26))
    painter.end()
    return picture


def _take(
    p: Photographer,
    name: str,
    colors: tuple[str, ...],
    talk: tuple[tuple[str, dict[str, None]], ...],
    draft: str,
    **settings: object,
) -> None:
    scene = Scene(p, **settings)
    scene.open()
    desk = scene.application.controller.captions
    desk.open()
    window = desk.window
    assert window is not None
    look = window.caption_style
    window.move_to(LOWER_THIRD.geometry_on(SCREEN, look.height_px, look.least_width_px))
    session = scene.listen(len(talk), talk=talk)
    session.tell(events.DraftText(99.0, 90, 99.0, draft, 0))
    p.wait(lambda: window.rows and window.rows[-1].text.endswith(draft.split()[-1]))
    p.wait(lambda: not window.is_moving)
    picture = _landscape(colors)
    painter = QPainter(picture)
    painter.drawPixmap(window.pos(), window.grab())
    painter.end()
    shown = QLabel()
    shown.setStyleSheet("padding: 0; margin: 0;")
    shown.setPixmap(picture)
    shown.resize(picture.size())
    p.take(shown, name)
    scene.close()


def captions(p: Photographer) -> None:
    """Captions as a lower third: light and dark, one to four lines, outline, German, Arabic."""
    _take(p, "captions-light", _DAY, ENGLISH, ENGLISH_DRAFT)
    _take(p, "captions-dark", _NIGHT, ENGLISH, ENGLISH_DRAFT, captions_lines=1)
    bare = {"captions_opacity_percent": 0, "captions_outline_px": 5}
    _take(p, "captions-outline", _DAY, GERMAN, GERMAN_DRAFT, **bare)
    four = {"captions_lines": 4, "captions_font_size_px": 48}
    _take(p, "captions-german", _NIGHT, GERMAN, GERMAN_DRAFT, **four)
    paper = {
        "captions_colour": "#14140f",
        "captions_background_colour": "#fbf8ee",
        "captions_opacity_percent": 85,
        "captions_outline_px": 0,
    }
    _take(p, "captions-paper", _DAY, ENGLISH, ENGLISH_DRAFT, **paper)
    _take(p, "captions-right-to-left", _NIGHT, ARABIC, ARABIC_DRAFT)
