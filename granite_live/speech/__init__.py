"""The non-autoregressive pipeline on numpy arrays: waveform -> draft -> transcript."""

from granite_live.speech.draft import Draft
from granite_live.speech.recognizer import Recognizer

__all__ = ["Draft", "Recognizer"]
