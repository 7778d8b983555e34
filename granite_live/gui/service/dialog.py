"""The dialog of the service for other programs, with the address as a QR code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from granite_live.gui.dialogs import button_row, dialog_column, question_box, show_dialog
from granite_live.gui.preferences import Preferences
from granite_live.gui.service.controller import ServiceController
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, default_button, hint, push_button, text_label
from granite_live.gui.wrapping import fit_to_text
from granite_live.util.errors import GraniteError

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


_MODULE_PX = 4


class AddressField(QWidget):
    """An address that cannot be edited, with a button that copies it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setReadOnly(True)
        self.field.setAccessibleName(name)
        self.copy = push_button(
            self.tr("Copy"),
            self,
            lambda: QGuiApplication.clipboard().setText(self.field.text()),
            name=self.tr("Copy: {0}").format(name),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.field, 1)
        row.addWidget(self.copy)

    def show_address(self, address: str) -> None:
        """Show an address, "" for none."""
        self.field.setText(address)
        self.field.setCursorPosition(0)
        self.setEnabled(bool(address))


class ServiceDialog(QDialog):
    """Switches the service on and off, and shows its addresses and who watches."""

    def __init__(
        self,
        service: ServiceController,
        preferences: Preferences,
        find_address: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        """Show the state. `find_address` returns this computer's address in the network."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Other programs and devices"))
        self._service, self._preferences = service, preferences
        self._find_address = find_address
        self.is_on = QCheckBox(
            self.tr("Serve captions and transcription to other programs on this computer"), self
        )
        self.is_on.setChecked(preferences.settings.serve)
        self.is_on.toggled.connect(lambda is_on: preferences.change(serve=is_on))
        self.captions = AddressField(self.tr("Captions for OBS or a browser"), self)
        self.api = AddressField(self.tr("Transcription as with OpenAI's API"), self)
        self.token = AddressField(self.tr("File with the token (API key)"), self)
        self.share_button = push_button("", self, self._toggle_sharing)
        self.phone = AddressField(self.tr("Captions for other devices"), self)
        self.qr_code = QLabel(self)
        self.qr_code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.qr_code.setAccessibleName(self.tr("QR code of the address for other devices"))
        self.watchers = text_label(self)
        self.problem = ProblemLabel(self)
        self._lay_out()
        service.changed.connect(self._show)
        service.failed.connect(self.problem.show_problem)
        service.watchers_changed.connect(self._show_watchers)
        self._show()
        fit_to_text(self, current_theme().px(620))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(GRID_PX)
        for field in (self.captions, self.api, self.token, self.phone):
            form.addRow(field.field.accessibleName(), field)
        self._form = form
        column = dialog_column(self)
        column.addWidget(self.is_on)
        column.addWidget(
            hint(
                self.tr(
                    "Nothing outside of this computer can connect, unless you share the captions. "
                    "Programs need the token. The model for their recordings is freed when it is "
                    "not used."
                )
            )
        )
        column.addLayout(form)
        column.addWidget(self.qr_code)
        column.addWidget(self.watchers)
        column.addWidget(self.problem)
        close = default_button(self.tr("Close"), self.accept, self)
        column.addLayout(button_row((self.share_button,), (close,)))

    def _show(self) -> None:
        from granite_live.server.guard import token_path

        service, share = self._service, self._service.share
        is_running = bool(service.address)
        self.captions.show_address(service.captions_url)
        self.api.show_address(f"{service.address}/v1" if is_running else "")
        self.token.show_address(str(token_path()) if is_running else "")
        self.share_button.setEnabled(is_running)
        self.share_button.setText(
            self.tr("Show captions on a phone…") if share is None else self.tr("Stop sharing")
        )
        self.phone.show_address("" if share is None else share.url)
        self._form.setRowVisible(self.phone, share is not None)
        self.qr_code.setVisible(share is not None)
        if share is not None:
            self.qr_code.setPixmap(qr_pixmap(share.url, _MODULE_PX))
        self.problem.show_problem(service.problem)
        self._show_watchers()
        self.adjustSize()

    def _show_watchers(self, _watchers: object = None) -> None:
        watchers = self._service.watchers
        here = self.tr("this computer")
        shown = [
            self.tr("{0}, since {1}").format(
                one.address if one.is_remote else here, f"{one.since.astimezone():%H:%M}"
            )
            for one in watchers
        ]
        text = self.tr("Watching now: {0}").format("; ".join(shown))
        self.watchers.setText(text if shown else self.tr("Nobody watches the captions."))
        self.watchers.setVisible(bool(self._service.address))

    def _toggle_sharing(self) -> None:
        if self._service.share is not None:
            self._service.end_sharing()
            return
        try:
            address = self._find_address()
        except GraniteError as error:
            self.problem.show_problem(str(error))
            return
        box = question_box(
            self,
            self.tr("Show the captions to other devices in your network?"),
            yes=self.tr("Share"),
            no=self.tr("Cancel"),
            act=lambda: self._service.share_captions(address),
        )
        box.setIcon(QMessageBox.Icon.Question)
        box.setInformativeText(
            self.tr(
                "Everybody in the network of {0} who has the link can read the captions until you "
                "stop sharing or close the program. They are sent unencrypted."
            ).format(address)
        )
        show_dialog(box)
