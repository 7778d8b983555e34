"""The settings page for the look: language, appearance, font, text size."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QFontComboBox, QSpinBox

from granite_live.gui.settings_dialog.form import Change, FormPage, choice
from granite_live.gui.translations import LANGUAGES, SYSTEM
from granite_live.settings import Settings


class LookPage(FormPage):
    """Changes apply at once, except the language."""

    def __init__(self, settings: Settings, family: str, change: Change) -> None:
        """Show the settings; `family` is the font in use."""
        super().__init__()
        self.language = choice(
            "language", {SYSTEM: self.tr("As the system"), **LANGUAGES}, settings.language, change
        )
        self.row(self.tr("Language"), self.language)
        self.hint(self.tr("A change of language shows at the next start."))
        looks = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        self.appearance = choice("appearance", looks, settings.appearance, change)
        self.row(self.tr("Appearance"), self.appearance)
        self.family = QFontComboBox(self)
        self.family.setEditable(False)
        self.family.setCurrentText(settings.font_family or family)
        self.family.currentTextChanged.connect(lambda name: change(font_family=name))
        self.row(self.tr("Font"), self.family)
        self.size_pt = QSpinBox(self)
        self.size_pt.setRange(11, 28)
        self.size_pt.setSuffix(self.tr(" pt"))
        self.size_pt.setValue(settings.font_size_pt)
        self.size_pt.valueChanged.connect(lambda size: change(font_size_pt=size))
        self.row(self.tr("Text size"), self.size_pt)
        self.spacing = QDoubleSpinBox(self)
        self.spacing.setRange(1.0, 3.0)
        self.spacing.setSingleStep(0.1)
        self.spacing.setDecimals(1)
        self.spacing.setValue(settings.line_spacing)
        self.spacing.valueChanged.connect(lambda lines: change(line_spacing=round(lines, 2)))
        self.row(self.tr("Line spacing of the transcript"), self.spacing)
