"""Granite Live: private live captions and dictation, from Granite Speech 4.1 2B NAR."""

__version__ = "0.1.0"
