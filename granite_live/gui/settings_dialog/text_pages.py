"""Settings pages: captions, dictation, shortcuts, text."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_live.desktop.hotkeys import HotkeyError, check_hotkey
from granite_live.gui import shortcuts
from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.band import CaptionPreview
from granite_live.gui.export_dialog import rules_description, rules_labels
from granite_live.gui.messages import translate_message
from granite_live.gui.settings_dialog.form import (
    ChangeSettings,
    FormPage,
    KeySequenceField,
    combo_box,
)
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import hint, push_button, style_table, text_label
from granite_live.settings import Settings


class CaptionsPage(FormPage):
    """Changes apply at once, also to an open caption window."""

    def __init__(self, settings: Settings, family: str, change: ChangeSettings) -> None:
        """Show the settings; `family` is the default font."""
        super().__init__(settings, change)
        self._family = family
        self.preview = CaptionPreview(CaptionStyle.of(settings, family), self)
        self.add_wide(self.preview)
        self.lines = self.add_number(self.tr("Lines"), (1, 4), name="captions_lines")
        self.family = self.add_font(self.tr("Font"), family, name="captions_font_family")
        pixels = self.tr(" px")
        self.size_px = self.add_number(
            self.tr("Text size"), (16, 200), name="captions_font_size_px", step=4, suffix=pixels
        )
        self.color = self.add_color(
            self.tr("Text color"), self.tr("Text color"), name="captions_colour"
        )
        self.outline_px = self.add_number(
            self.tr("Outline"), (0, 20), name="captions_outline_px", suffix=pixels
        )
        self.background = self.add_color(
            self.tr("Background"), self.tr("Background color"), name="captions_background_colour"
        )
        self.opacity = self.add_number(
            self.tr("Background opacity"),
            (0, 100),
            name="captions_opacity_percent",
            step=10,
            suffix=self.tr(" %"),
        )
        self.click_through = self.add_switch(
            self.tr("Click-through"), name="captions_click_through"
        )
        self.add_hint(self.tr("Open captions from the ⋯ menu. Drag the middle to move them."))

    def show_settings(self, settings: Settings) -> None:
        """Show changed settings in the preview."""
        self.preview.show_style(CaptionStyle.of(settings, settings.font_family or self._family))


class DictationPage(FormPage):
    """The hotkey and the delivery apply at once, the rest from the next session on."""

    def __init__(self, settings: Settings, change: ChangeSettings) -> None:
        super().__init__(settings, change)
        self._add_key(settings)
        modes = {
            "hold": self.tr("Hold to talk"),
            "toggle": self.tr("Press to start and stop"),
        }
        self.mode = self.add_choice(self.tr("Mode"), modes, name="dictation_mode")
        ways = {
            "paste": self.tr("Pasting (clipboard restored)"),
            "type": self.tr("Typing"),
            "copy": self.tr("Copying only"),
        }
        self.delivery = self.add_choice(self.tr("Insert text by"), ways, name="dictation_delivery")
        self._add_speed()
        self.commands = self.add_switch(
            self.tr("Understand spoken commands"), name="spoken_editing"
        )
        self.add_hint(
            self.tr(
                "“New line”, “new paragraph” and “scratch that”; “neue Zeile”, “neuer Absatz” and "
                "“streich das”. Recognized only when spoken on their own."
            )
        )
        self.at_start = self.add_switch(
            self.tr("Open the pad when the program starts"), name="dictation_at_start"
        )
        self.add_hint(
            self.tr(
                "While the pad is open, the microphone is on standby. Nothing is recorded until "
                "you press the shortcut."
            )
        )

    def _add_key(self, settings: Settings) -> None:
        self.key = KeySequenceField(settings.dictation_key, _why_no_hotkey, self)
        self.key.keys_chosen.connect(lambda keys: self._change(dictation_key=keys))
        self.default_key = push_button(
            self.tr("Use the default"),
            self,
            self._use_default_key,
            name=self.tr("Use the default shortcut"),
        )
        self._show_default_key(settings.dictation_key)
        self.key.keys_chosen.connect(self._show_default_key)
        beside = QHBoxLayout()
        beside.setSpacing(GRID_PX)
        beside.addLayout(self.key.column(), 1)
        beside.addWidget(self.default_key, 0, Qt.AlignmentFlag.AlignTop)
        self.add_row(self.tr("Global shortcut"), self.key, beside=beside)

    def _use_default_key(self) -> None:
        self.key.show_keys(Settings().dictation_key)
        self.key.setFocus()  # the button is about to be disabled
        self._change(dictation_key=Settings().dictation_key)
        self._show_default_key(Settings().dictation_key)

    def _show_default_key(self, keys: str) -> None:
        self.default_key.setEnabled(keys != Settings().dictation_key)

    def _add_speed(self) -> None:
        self.quick = self.add_switch(self.tr("Fast mode"), name="dictation_quick")
        self.silence_ms = self.add_number(
            self.tr("Send after a pause of"),
            (200, 5000),
            name="dictation_silence_ms",
            step=50,
            suffix=self.tr(" ms"),
        )
        self.silence_ms.setEnabled(self.quick.isChecked())
        self.quick.toggled.connect(self.silence_ms.setEnabled)
        self.add_hint(
            self.tr(
                "Fast mode skips the correction step when the draft is fairly certain: about one "
                "extra error per 1,000 words. Changes apply to the next session."
            )
        )


def _why_no_hotkey(keys: str) -> str:
    """Return why a combination cannot be a global hotkey, "" if it can."""
    try:
        check_hotkey(keys)
    except HotkeyError as error:
        return translate_message(str(error))
    return ""


class KeysPage(FormPage):
    """A field for each action's keys. Keys of another action are reported and rejected."""

    def __init__(self, settings: Settings, change: ChangeSettings) -> None:
        super().__init__(settings, change)
        self._labels = shortcuts.labels()
        self._keys = shortcuts.current_keys(settings.shortcuts)
        self.add_hint(
            self.tr("Click a field and press the new shortcut. Backspace removes a shortcut.")
        )
        self.fields: dict[str, KeySequenceField] = {}
        for name, label in self._labels.items():
            field = KeySequenceField(self._keys[name], partial(self._why_refused, name), self)
            field.setAccessibleName(self.tr("Keys: {0}").format(label))
            field.keys_chosen.connect(partial(self._take, name))
            self.fields[name] = field
            self.add_row(label, field, beside=field.column())
        self.reset = push_button(self.tr("Reset to defaults"), self, self._reset)
        self.add_wide(self.reset)

    def _take(self, name: str, keys: str) -> None:
        self._keys[name] = keys
        self._change(shortcuts=shortcuts.custom_keys(self._keys))

    def _why_refused(self, name: str, keys: str) -> str:
        """Return why an action cannot have these keys, "" if it can."""
        native = shortcuts.native_text(keys)
        if keys == self._keys[name]:
            return ""
        if owner := self._owner(name, keys):
            return self.tr("{0} is already used for “{1}”.").format(native, owner)
        if shortcuts.is_needed_for_typing(name, keys):
            told = self.tr("{0} is needed for typing: add Ctrl or Alt, or choose a function key.")
            return told.format(native)
        return ""

    def _owner(self, name: str, keys: str) -> str:
        """Return what else the keys are used for, "" for nothing."""
        if keys in shortcuts.FIXED:
            return self.tr("a fixed command")
        others = (one for one, taken in self._keys.items() if taken == keys and one != name)
        return next((self._labels[one] for one in others), "")

    def _reset(self) -> None:
        self._keys = shortcuts.current_keys(())
        for name, field in self.fields.items():
            field.show_keys(self._keys[name])
        self._change(shortcuts=())


class TextPage(QWidget):
    """Changes apply from the next session or export on."""

    def __init__(self, settings: Settings, change: ChangeSettings) -> None:
        super().__init__()
        self._change = change
        self.sentence_case = QCheckBox(self.tr("Capitalize sentences"), self)
        self.sentence_case.setToolTip(self.tr("Where the model writes lower case"))
        self.sentence_case.setChecked(settings.sentence_case)
        self.sentence_case.toggled.connect(lambda is_on: change(sentence_case=is_on))
        self.table = QTableWidget(0, 2, self)
        self.table.setAccessibleName(self.tr("Replacements"))
        self.table.setHorizontalHeaderLabels([self.tr("Replace"), self.tr("With")])
        style_table(self.table)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        for pair in settings.replacements:
            self._add_row(*pair)
        self.table.itemChanged.connect(lambda _item: self._changed())
        self.table.itemSelectionChanged.connect(self._enable)
        self.add = push_button(self.tr("Add"), self, self._add, name=self.tr("Add a replacement"))
        self.remove = push_button(
            self.tr("Remove"), self, self._remove, name=self.tr("Remove the selected replacements")
        )
        self.rules = combo_box("subtitle_rules", rules_labels(), settings.subtitle_rules, change)
        self.rules_hint = hint("")
        self.rules.currentIndexChanged.connect(self._describe_rules)
        self._describe_rules()
        self._lay_out()
        self._enable()

    def _describe_rules(self) -> None:
        used = self.tr(
            "Applies to exports, to a watched folder and on the command line where no other rules "
            "are chosen."
        )
        self.rules_hint.setText(f"{rules_description(self.rules.currentData())} {used}")

    def _lay_out(self) -> None:
        self.rules.setAccessibleName(self.tr("Rules for subtitles"))
        form = QFormLayout()
        form.setHorizontalSpacing(3 * GRID_PX)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.rules.accessibleName(), self.rules)
        heading = text_label(self, self.tr("Replacements"), role="section")
        explained = hint(
            self.tr(
                "Words to replace in the transcript; leave “With” empty to omit them. Changes "
                "apply to the next session."
            )
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.sentence_case)
        column.addLayout(form)
        column.addWidget(self.rules_hint)
        column.addSpacing(GRID_PX)
        column.addWidget(heading)
        column.addWidget(explained)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)

    def _add_row(self, heard: str, written: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(heard))
        self.table.setItem(row, 1, QTableWidgetItem(written))

    def _add(self) -> None:
        self._add_row("", "")
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.editItem(self.table.currentItem())

    def _remove(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        for row in sorted(rows, reverse=True):
            self.table.removeRow(row)
        self._changed()

    def _enable(self) -> None:
        self.remove.setEnabled(bool(self.table.selectedIndexes()))

    def _changed(self) -> None:
        pairs = []
        for row in range(self.table.rowCount()):
            items = [self.table.item(row, column) for column in (0, 1)]
            heard, written = (item.text().strip() if item else "" for item in items)
            if heard:
                pairs.append((heard, written))
        self._change(replacements=tuple(pairs))
