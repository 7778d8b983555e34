"""A hint for sound that is too quiet for a recognizer, for files and for live sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Speech whose loudest tenth of a second is below this loses words; 15 dB further down, all.
QUIET_DBFS = -60.0
# Below the last bit of 16: nothing but digital silence, whatever it is called in dB.
_SILENT_DBFS = -100.0
# How long live sound may be quiet before it is worth a word.
_PATIENCE_LEVELS = 100
_WINDOWS_PER_S = 10


class QuietSound:
    """Remembers the loudest tenth of a second of a recording or session."""

    def __init__(self) -> None:
        self._loudest_dbfs = -120.0
        self._levels = 0
        self._is_told = False

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        """Take a block of sound in -1..1 [shape=(samples,)]."""
        import numpy as np

        window = max(1, min(len(samples), sample_rate_hz // _WINDOWS_PER_S))
        whole = samples[: len(samples) // window * window].reshape(-1, window)
        if len(whole):
            power = float(np.einsum("ij,ij->i", whole, whole, dtype=np.float64).max()) / window
            self.feed_level(10.0 * np.log10(max(power, 1e-12)))

    def feed_level(self, rms_dbfs: float) -> None:
        """Take the level of a tenth of a second."""
        self._levels += 1
        self._loudest_dbfs = max(rms_dbfs, self._loudest_dbfs)

    def hint_while_listening(self) -> str:
        """Return the hint once, as soon as sound has been quiet for ten seconds; else ""."""
        is_silent = self._loudest_dbfs < _SILENT_DBFS  # the input itself tells of that
        if self._is_told or is_silent or self._levels < _PATIENCE_LEVELS:
            return ""
        hint = self.hint()
        self._is_told = bool(hint)
        return hint

    def hint(self) -> str:
        """Return a sentence for the user if all of the sound was too quiet, else ""."""
        loudest_dbfs = self._loudest_dbfs
        if self._is_told or not self._levels or loudest_dbfs >= QUIET_DBFS:
            return ""
        if loudest_dbfs < _SILENT_DBFS:
            return "The sound is digital silence: nothing was recorded, or the input is muted."
        return (
            f"The sound is very quiet ({loudest_dbfs:.0f} dBFS at its loudest), so words may be "
            f"missing: raise the level of the input or of the recording."
        )
