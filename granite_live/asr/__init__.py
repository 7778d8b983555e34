"""The non-autoregressive pipeline on numpy arrays: waveform -> draft -> transcript."""

from granite_live.asr.recognizer import Recognizer, RecognizerOptions
from granite_live.asr.results import RecognizerDraft

__all__ = ["Recognizer", "RecognizerDraft", "RecognizerOptions"]
