"""A QR code as a picture."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPixmap

_BORDER = 4
"""The white border that readers need, in modules."""


def qr_pixmap(text: str, module_px: int) -> QPixmap:
    """Return a text as QR code, black on white in every theme, because readers need that."""
    import segno

    rows = list(segno.make_qr(text, error="m").matrix_iter(border=_BORDER))
    image = QImage(len(rows), len(rows), QImage.Format.Format_RGB32)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            image.setPixel(x, y, 0xFF000000 if is_dark else 0xFFFFFFFF)
    side_px = module_px * len(rows)
    return QPixmap.fromImage(image.scaled(side_px, side_px))
