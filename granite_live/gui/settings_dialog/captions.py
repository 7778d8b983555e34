"""The settings page for captions."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QFontComboBox, QSpinBox

from granite_live.gui.settings_dialog.colour import ColourButton
from granite_live.gui.settings_dialog.form import Change, FormPage
from granite_live.settings import Settings


class CaptionsPage(FormPage):
    """Changes apply at once, also to an open caption window."""

    def __init__(self, settings: Settings, family: str, change: Change) -> None:
        """Show the settings; `family` is the default font."""
        super().__init__()
        self._change = change
        self.lines = self._number("captions_lines", settings.captions_lines, (1, 4))
        self.row(self.tr("Lines"), self.lines)
        self.family = QFontComboBox(self)
        self.family.setEditable(False)
        self.family.setCurrentText(settings.captions_font_family or family)
        self.family.currentTextChanged.connect(lambda name: change(captions_font_family=name))
        self.row(self.tr("Font"), self.family)
        pixels, size = self.tr(" px"), settings.captions_font_size_px
        self.size_px = self._number("captions_font_size_px", size, (16, 200), pixels)
        self.size_px.setSingleStep(4)
        self.row(self.tr("Text size"), self.size_px)
        self.colour = ColourButton(settings.captions_colour, self.tr("Colour of the text"))
        self.colour.chosen.connect(lambda name: change(captions_colour=name))
        self.row(self.tr("Text colour"), self.colour)
        outline = settings.captions_outline_px
        self.outline_px = self._number("captions_outline_px", outline, (0, 20), pixels)
        self.row(self.tr("Outline"), self.outline_px)
        behind = settings.captions_background_colour
        self.background = ColourButton(behind, self.tr("Colour behind the text"))
        self.background.chosen.connect(lambda name: change(captions_background_colour=name))
        self.row(self.tr("Background"), self.background)
        opacity, percent = settings.captions_opacity_percent, self.tr(" %")
        self.opacity = self._number("captions_opacity_percent", opacity, (0, 100), percent)
        self.opacity.setSingleStep(10)
        self.row(self.tr("Background covers"), self.opacity)
        self.click_through = QCheckBox(self.tr("Let clicks through to what is below"), self)
        self.click_through.setChecked(settings.captions_click_through)
        self.click_through.toggled.connect(lambda is_on: change(captions_click_through=is_on))
        self.wide(self.click_through)
        self.hint(self.tr("Open them in the menu at the top right. Drag them by their middle."))

    def _number(self, name: str, value: int, bounds: tuple[int, int], suffix: str = "") -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(*bounds)
        box.setSuffix(suffix)
        box.setValue(value)
        box.valueChanged.connect(partial(self._set, name))
        return box

    def _set(self, name: str, value: int) -> None:
        self._change(**{name: value})
