"""Render the program's icon for Linux (the sizes of the hicolor theme), macOS and Windows."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).parents[2]
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def rendered(renderer: QSvgRenderer, size: int) -> QImage:
    """Return the icon as a picture of `size` x `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def main() -> None:
    """Write all icons into packaging/."""
    _app = QGuiApplication([])
    renderer = QSvgRenderer(str(ROOT / "assets" / "icons" / "granite-live.svg"))
    packaging = ROOT / "packaging"
    targets = {packaging / "linux" / "icons" / f"{n}x{n}" / "granite-live.png": n for n in SIZES}
    targets[packaging / "macos" / "granite-live.icns"] = 512
    targets[packaging / "windows" / "granite-live.ico"] = 128
    for path, size in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not rendered(renderer, size).save(str(path)):
            raise SystemExit(f"{path} cannot be written")


if __name__ == "__main__":
    main()
