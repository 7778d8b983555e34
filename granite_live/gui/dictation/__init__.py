"""Dictation: a pad on top of other programs, and the key that is held while one speaks."""
