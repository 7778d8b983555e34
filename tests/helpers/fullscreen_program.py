"""Fill the screen with green and record the clicks.

`python fullscreen_program.py FILE`: writes a line "x y" in screen pixels for each click.
"""

from __future__ import annotations

import sys
from pathlib import Path

TITLE, COLOUR = "Below", "#00aa00"


def main(clicks: Path) -> int:
    """Run until it is killed."""
    from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Below(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            QPainter(self).fillRect(event.rect(), QColor(COLOUR))

        def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
            at = event.globalPosition().toPoint()
            with clicks.open("a") as file:
                file.write(f"{at.x()} {at.y()}\n")

    app = QApplication([])
    window = Below()
    window.setWindowTitle(TITLE)
    window.showFullScreen()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
