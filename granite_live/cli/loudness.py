"""Hint at audio that is too quiet to be transcribed well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Below this peak level (over 0.1 s) words are lost; 15 dB lower, all words.
QUIET_DBFS = -60.0
# Below the lowest 16-bit value: digital silence.
_SILENT_DBFS = -100.0
# How many levels (0.1 s each) may be quiet before the hint.
_HINT_AFTER_LEVELS = 100
_WINDOWS_PER_S = 10


class LoudnessCheck:
    """Tracks the loudest 0.1 s of a recording or session."""

    def __init__(self) -> None:
        self._loudest_dbfs = -120.0
        self._levels = 0
        self._is_told = False

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        """Process a block of audio in -1..1 [shape=(samples,)]."""
        import numpy as np

        window = max(1, min(len(samples), sample_rate_hz // _WINDOWS_PER_S))
        whole = samples[: len(samples) // window * window].reshape(-1, window)
        if len(whole):
            power = float(np.einsum("ij,ij->i", whole, whole, dtype=np.float64).max()) / window
            self.feed_level(10.0 * np.log10(max(power, 1e-12)))

    def feed_level(self, rms_dbfs: float) -> None:
        """Process the level of 0.1 s, in dBFS."""
        self._levels += 1
        self._loudest_dbfs = max(rms_dbfs, self._loudest_dbfs)

    def hint_while_listening(self) -> str:
        """Return the hint once, after ten quiet seconds; else ""."""
        is_silent = self._loudest_dbfs < _SILENT_DBFS  # the input reports silence itself
        if self._is_told or is_silent or self._levels < _HINT_AFTER_LEVELS:
            return ""
        hint = self.hint()
        self._is_told = bool(hint)
        return hint

    def hint(self) -> str:
        """Return a sentence for the user if all audio was too quiet, else ""."""
        loudest_dbfs = self._loudest_dbfs
        if self._is_told or not self._levels or loudest_dbfs >= QUIET_DBFS:
            return ""
        if loudest_dbfs < _SILENT_DBFS:
            return "The sound is digital silence: nothing was recorded, or the input is muted."
        return (
            f"The sound is very quiet ({loudest_dbfs:.0f} dBFS at its loudest), so words may be "
            f"missing: raise the level of the input or of the recording."
        )
