"""Transcription results, rules on their text, export files and the session library."""
