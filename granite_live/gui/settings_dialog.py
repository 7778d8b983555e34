"""The settings: what is changed is in force at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFontComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from granite_live.errors import SettingsError
from granite_live.gui.preferences import Preferences
from granite_live.gui.theme import GRID_PX
from granite_live.settings import Keep, Retention


class SettingsDialog(QDialog):
    """Four pages: look, listening, model, text."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._preferences = preferences
        self.problem = QLabel(self)
        self.problem.setProperty("role", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._look(), self.tr("Look"))
        self.tabs.addTab(self._listening(), self.tr("Listening"))
        self.tabs.addTab(self._model(), self.tr("Model"))
        self.tabs.addTab(self._text(), self.tr("Text"))
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addWidget(self.problem, 1)
        bottom.addStretch()
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self.tabs, 1)
        column.addLayout(bottom)

    def change(self, **values: object) -> None:
        """Set values; what cannot be used is told, and the old value stays."""
        try:
            self._preferences.change(**values)
        except SettingsError as error:
            self.problem.setText(str(error))
            self.problem.show()
        else:
            self.problem.hide()

    # -- the pages --------------------------------------------------------------------------

    def _look(self) -> QWidget:
        settings = self._preferences.settings
        page, form = _page()
        self.appearance = self._choice(
            "appearance",
            {
                "system": self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
            },
        )
        form.addRow(self.tr("Appearance"), self.appearance)
        self.family = QFontComboBox(page)
        self.family.setEditable(False)
        self.family.setCurrentText(settings.font_family or self._preferences.theme().family)
        self.family.currentTextChanged.connect(lambda name: self.change(font_family=name))
        form.addRow(self.tr("Font"), self.family)
        self.size_pt = QSpinBox(page)
        self.size_pt.setRange(11, 28)
        self.size_pt.setSuffix(self.tr(" pt"))
        self.size_pt.setValue(settings.font_size_pt)
        self.size_pt.valueChanged.connect(lambda size: self.change(font_size_pt=size))
        form.addRow(self.tr("Text size"), self.size_pt)
        self.spacing = QDoubleSpinBox(page)
        self.spacing.setRange(1.0, 3.0)
        self.spacing.setSingleStep(0.1)
        self.spacing.setValue(settings.line_spacing)
        self.spacing.valueChanged.connect(lambda lines: self.change(line_spacing=round(lines, 2)))
        form.addRow(self.tr("Line spacing"), self.spacing)
        return page

    def _listening(self) -> QWidget:
        settings = self._preferences.settings
        page, form = _page()
        self.silence_ms = QSpinBox(page)
        self.silence_ms.setRange(200, 5000)
        self.silence_ms.setSingleStep(100)
        self.silence_ms.setSuffix(self.tr(" ms"))
        self.silence_ms.setValue(settings.silence_ms)
        self.silence_ms.valueChanged.connect(lambda value: self.change(silence_ms=value))
        form.addRow(self.tr("A pause ends a line after"), self.silence_ms)
        self.detector = self._choice(
            "detector",
            {"silero": self.tr("Silero (best in noise)"), "webrtc": self.tr("WebRTC (lightest)")},
        )
        form.addRow(self.tr("Speech is found by"), self.detector)
        self.keep = QComboBox(page)
        for keep, label in (
            (Keep.ALL, self.tr("Sound and text")),
            (Keep.TEXT, self.tr("Text only")),
            (Keep.DAYS, self.tr("Everything, for some days")),
        ):
            self.keep.addItem(label, keep)
        self.keep.setCurrentIndex(self.keep.findData(settings.keep.keep))
        self.days = QSpinBox(page)
        self.days.setRange(1, 99_999)
        self.days.setSuffix(self.tr(" days"))
        self.days.setAccessibleName(self.tr("Days to keep"))
        self.days.setValue(settings.keep.days)
        self.days.setVisible(settings.keep.keep is Keep.DAYS)
        self.keep.currentIndexChanged.connect(lambda _index: self._keep_changed())
        self.days.valueChanged.connect(lambda _days: self._keep_changed())
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addWidget(self.days)
        row.addStretch(1)
        form.addRow(self.tr("Of sessions, keep"), row)
        form.addRow(_hint(self.tr("These apply to the next session.")))
        return page

    def _model(self) -> QWidget:
        page, form = _page()
        self.model_path = QLineEdit(self._preferences.settings.model_path, page)
        self.model_path.setPlaceholderText(self.tr("The installed model, else the demo"))
        self.model_path.editingFinished.connect(
            lambda: self.change(model_path=self.model_path.text().strip())
        )
        browse = QPushButton(self.tr("Choose…"), page)
        browse.clicked.connect(self._choose_model)
        row = QHBoxLayout()
        row.addWidget(self.model_path, 1)
        row.addWidget(browse)
        form.addRow(self.tr("Folder"), row)
        self.tier = self._choice(
            "tier",
            {
                "": self.tr("What suits this computer"),
                "int8": self.tr("int8: quickest on a processor"),
                "fp16w": self.tr("fp16w: for graphics cards"),
                "fp32": self.tr("fp32: the reference"),
            },
        )
        form.addRow(self.tr("Tier"), self.tier)
        self.provider = self._choice(
            "provider",
            {
                "auto": self.tr("What is there"),
                "cpu": self.tr("Processor"),
                "cuda": self.tr("NVIDIA graphics card (CUDA)"),
                "coreml": self.tr("Apple (Core ML)"),
            },
        )
        form.addRow(self.tr("Compute on"), self.provider)
        form.addRow(_hint(self.tr("These apply to the next session.")))
        return page

    def _text(self) -> QWidget:
        page = QWidget()
        settings = self._preferences.settings
        self.sentence_case = QCheckBox(
            self.tr("Begin sentences with a capital where the model writes lower case"), page
        )
        self.sentence_case.setChecked(settings.sentence_case)
        self.sentence_case.toggled.connect(lambda is_on: self.change(sentence_case=is_on))
        heading = QLabel(self.tr("Replacements: what is heard, and what to write for it"), page)
        heading.setWordWrap(True)
        self.replacements = QTableWidget(0, 2, page)
        self.replacements.setAccessibleName(self.tr("Replacements"))
        self.replacements.setHorizontalHeaderLabels([self.tr("Heard"), self.tr("Written")])
        header = self.replacements.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.replacements.verticalHeader().hide()
        self.replacements.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.replacements.setTabKeyNavigation(False)
        for pair in settings.replacements:
            self._add_row(*pair)
        self.replacements.itemChanged.connect(lambda _item: self._replacements_changed())
        add = QPushButton(self.tr("Add"), page)
        add.clicked.connect(self._add_replacement)
        remove = QPushButton(self.tr("Remove"), page)
        remove.clicked.connect(self._remove_replacement)
        buttons = QHBoxLayout()
        buttons.addWidget(add)
        buttons.addWidget(remove)
        buttons.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.sentence_case)
        column.addSpacing(GRID_PX)
        column.addWidget(heading)
        column.addWidget(self.replacements, 1)
        column.addLayout(buttons)
        return page

    # -- what they do -----------------------------------------------------------------------

    def _choice(self, name: str, labels: dict[str, str]) -> QComboBox:
        box = QComboBox()
        for value, label in labels.items():
            box.addItem(label, value)
        box.setCurrentIndex(box.findData(getattr(self._preferences.settings, name)))
        box.currentIndexChanged.connect(lambda _index: self.change(**{name: box.currentData()}))
        return box

    def _keep_changed(self) -> None:
        keep = self.keep.currentData()
        self.days.setVisible(keep is Keep.DAYS)
        self.change(keep=Retention(keep, self.days.value()))

    def _choose_model(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Folder of the model"))
        if path:
            self.model_path.setText(path)
            self.change(model_path=path)

    def _add_row(self, heard: str, written: str) -> None:
        row = self.replacements.rowCount()
        self.replacements.insertRow(row)
        self.replacements.setItem(row, 0, QTableWidgetItem(heard))
        self.replacements.setItem(row, 1, QTableWidgetItem(written))

    def _add_replacement(self) -> None:
        self._add_row("", "")
        self.replacements.setCurrentCell(self.replacements.rowCount() - 1, 0)
        self.replacements.editItem(self.replacements.currentItem())

    def _remove_replacement(self) -> None:
        rows = {index.row() for index in self.replacements.selectedIndexes()}
        for row in sorted(rows, reverse=True):
            self.replacements.removeRow(row)
        self._replacements_changed()

    def _replacements_changed(self) -> None:
        pairs = []
        for row in range(self.replacements.rowCount()):
            items = [self.replacements.item(row, column) for column in (0, 1)]
            heard, written = (item.text().strip() if item else "" for item in items)
            if heard and written:
                pairs.append((heard, written))
        self.change(replacements=tuple(pairs))


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
    form.setVerticalSpacing(2 * GRID_PX)
    form.setHorizontalSpacing(3 * GRID_PX)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    return page, form


def _hint(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setWordWrap(True)
    return label
