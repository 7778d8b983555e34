"""The non-autoregressive pipeline on numpy arrays: waveform -> draft -> transcript."""

from granite_live.asr.recognizer import Recognizer, RecognizerOptions

__all__ = ["Recognizer", "RecognizerOptions"]
