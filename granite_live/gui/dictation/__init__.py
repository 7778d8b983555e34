"""Dictation into other programs: a window on top of them and a push-to-talk hotkey."""
