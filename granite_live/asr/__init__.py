"""The non-autoregressive pipeline on numpy arrays: waveform -> draft -> transcript."""

from granite_live.asr.recognizer import Recognizer
from granite_live.asr.results import Draft

__all__ = ["Draft", "Recognizer"]
