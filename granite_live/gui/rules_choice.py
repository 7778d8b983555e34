"""The choice of subtitle rules, and what each of them means."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QSettings
from PySide6.QtWidgets import QComboBox, QWidget

from granite_live.settings import load_settings
from granite_live.transcript.export.options import PRESETS, SubtitleRules

_CHOSEN, _SETTING = "export/subtitles", "export/subtitle_rules"
"""Where the window's state has the rules of the last export, and the setting at that time."""


def rules_labels() -> dict[str, str]:
    """Return what each preset is called."""
    translate = QCoreApplication.translate
    return {
        "standard": translate("SubtitleRules", "Standard"),
        "bbc": translate("SubtitleRules", "As the BBC does"),
        "netflix": translate("SubtitleRules", "As Netflix does"),
        "phone": translate("SubtitleRules", "Short, for phones"),
    }


def rules_description(name: str) -> str:
    """Return the limits of a preset as a sentence."""
    translate, rules = QCoreApplication.translate, PRESETS[name]
    head = translate(
        "SubtitleRules", "At most {0} lines of {1} characters, shown for {2} to {3} seconds"
    ).format(
        rules.max_lines,
        rules.max_line_chars,
        _seconds(rules.min_cue_ms),
        _seconds(rules.max_cue_ms),
    )
    return f"{head}, {_pace(rules)}."


def _pace(rules: SubtitleRules) -> str:
    translate = QCoreApplication.translate
    if rules.min_word_ms:
        told = translate("SubtitleRules", "at least {0} seconds for each word")
        return told.format(_seconds(rules.min_word_ms))
    told = translate("SubtitleRules", "at most {0} characters a second")
    return told.format(rules.reading_speed_cps)


def _seconds(time_ms: int) -> str:
    text = QLocale().toString(time_ms / 1000, "f", 2)
    return text.rstrip("0").rstrip(QLocale().decimalPoint())


def rules_choice(ui_state: QSettings, parent: QWidget) -> QComboBox:
    """Return the choice of an export: that of the last export, or the setting if it is newer."""
    choice = QComboBox(parent)
    for name, label in rules_labels().items():
        choice.addItem(label, name)
    setting = load_settings().subtitle_rules
    is_newer = ui_state.value(_SETTING, setting) != setting
    remembered = -1 if is_newer else choice.findData(ui_state.value(_CHOSEN, ""))
    choice.setCurrentIndex(remembered if remembered >= 0 else choice.findData(setting))
    return choice


def remember_rules(ui_state: QSettings, name: str) -> None:
    """Remember the rules of an export for the next one."""
    ui_state.setValue(_CHOSEN, name)
    ui_state.setValue(_SETTING, load_settings().subtitle_rules)
