"""The texts of the dictation window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from granite_live.desktop.text_input import FocusedWindow
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.messages import translate_message


def state_text(now: DictationState, *, is_loaded: bool, is_recorded: bool) -> str:
    """Return the text for a state; `is_recorded` if the main session listens anyway."""
    translate = QCoreApplication.translate
    if now is DictationState.READY and not is_loaded:
        return translate("Dictation", "Ready (loading the model…)")
    if now is DictationState.READY and is_recorded:
        return translate("Dictation", "Ready (main window is listening)")
    return {
        DictationState.OFF: translate("Dictation", "Not listening"),
        DictationState.STARTING: translate("Dictation", "Getting ready…"),
        DictationState.READY: translate("Dictation", "Ready (not recording)"),
        DictationState.LISTENING: translate("Dictation", "Listening"),
        DictationState.FINISHING: translate("Dictation", "Finishing up…"),
        DictationState.STOPPING: translate("Dictation", "The session ends…"),
    }[now]


def target(place: FocusedWindow | None) -> str:
    """Return where texts go."""
    translate = QCoreApplication.translate
    if place is None:
        return translate("Dictation", "No target window")
    if place.is_password:
        return translate("Dictation", "A password is asked for")
    if place.is_own:
        return translate("Dictation", "Into: Granite Live (click another window)")
    return translate("Dictation", "Into: {0}").format(place.title or "?")


def button(*, is_hold: bool, is_down: bool) -> str:
    """Return the label of the talk button."""
    translate = QCoreApplication.translate
    if is_hold:
        return translate("Dictation", "Hold to talk")
    return translate("Dictation", "Stop") if is_down else translate("Dictation", "Start")


def key(keys: str, reason: str, *, is_hold: bool) -> str:
    """Return how to dictate from other programs, or why that is not possible."""
    translate = QCoreApplication.translate
    if reason:
        return translate_message(reason)
    if not keys:
        return translate("Dictation", "No key is set for other programs: use the button.")
    if is_hold:
        return translate("Dictation", "Hold {0} and speak.").format(keys)
    return translate("Dictation", "Press {0} to start and stop.").format(keys)


def older_texts(count: int) -> str:
    """Return that older texts are only in the session's transcript."""
    text = QCoreApplication.translate("Dictation", "Older texts are in the transcript: {0}")
    return text.format(count)
