"""The non-autoregressive pipeline on numpy arrays: waveform -> draft -> transcript."""

from granite_live.asr.draft import Draft
from granite_live.asr.recognizer import Recognizer

__all__ = ["Draft", "Recognizer"]
