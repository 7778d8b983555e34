"""Plays stretches of recorded sound on the computer's usual output."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.capture_stream import Stream
from granite_live.audio.journal.stored import StoredSound, open_sound
from granite_live.errors import AudioError, GraniteError
from granite_live.samples import as_float
from granite_live.threads import ReportingThread

_log = logging.getLogger(__name__)

# Sound is read in blocks, and so many of them are ready before they are wanted.
_BLOCK_S = 0.1
_BLOCKS_AHEAD = 10
# An output that hangs is left behind after so long.
_STOP_S = 1.0

Fill = Callable[[NDArray[np.float32]], bool]
"""Fills a block [shape=(frames,)] for the output; returns False if that was the last of it."""


class Output(Protocol):
    """What opens an output: `capture.PortAudio`, or a fake in tests. Every call may hang."""

    def output_rate_hz(self) -> int:
        """Return the rate that the usual output works at.

        Raises:
            AudioError: There is no output.
        """

    def open_output(self, sample_rate_hz: int, fill: Fill, finished: Callable[[], None]) -> Stream:
        """Open it, one channel; `finished` is called when the last of it has been played.

        Raises:
            AudioError: It does not open.
        """


class Player:
    """Plays one stretch at a time. For one thread, which it never keeps waiting for long."""

    def __init__(self, output: Callable[[], Output] | None = None) -> None:
        """Prepare; `output` gives what to play on, usually this computer's PortAudio."""
        self._output = output or _portaudio
        self._play: _Play | None = None

    @property
    def position_s(self) -> float | None:
        """Where in the recording the output is, to some tenths; None if nothing is played."""
        play = self._play
        return play.position_s if play is not None and play.thread.is_alive() else None

    def play(
        self, folder: Path, start_s: float, end_s: float, finished: Callable[[str], None]
    ) -> None:
        """Play seconds start..end of the session in `folder`; what was playing ends first.

        Args:
            folder: The session's journal.
            start_s: From the recording's start.
            end_s: Cut at the recording's end.
            finished: Called once, from another thread, when it is over for whatever reason:
                with a sentence for the user if it could not be played, else with "".
        """
        self.stop()
        self._play = _Play(self._output, folder, (start_s, end_s), finished)
        self._play.thread.start()

    def stop(self) -> bool:
        """End what is being played; return False if the output hangs and was left behind."""
        play, self._play = self._play, None
        return play is None or play.stop()


class _Play:
    """One stretch, in a thread that opens the output, reads ahead, and closes it."""

    def __init__(
        self,
        output: Callable[[], Output],
        folder: Path,
        stretch_s: tuple[float, float],
        finished: Callable[[str], None],
    ) -> None:
        self._output = output
        self._folder = folder
        self._start_s, self._end_s = stretch_s
        self._finished = finished
        self._ahead = _Ahead()
        self._rate_hz = 0
        self._stream: Stream | None = None
        self.thread = ReportingThread(self._run, name="playback", daemon=True)

    @property
    def position_s(self) -> float:
        return self._start_s + (self._ahead.given / self._rate_hz if self._rate_hz else 0.0)

    def stop(self) -> bool:
        self._ahead.close()
        self.thread.join(_STOP_S)
        if not self.thread.is_alive():
            return True
        if (stream := self._stream) is not None:
            stream.forsake()
        return False

    def _run(self) -> None:
        error = ""
        try:
            with open_sound(self._folder) as sound:
                self._play(sound)
        except GraniteError as failure:
            error = str(failure)
        except Exception:
            # Whatever a sound system throws must not end the program.
            _log.exception("playback failed")
            error = "The sound cannot be played; the log file says more."
        finally:
            self._finished(error)

    def _play(self, sound: StoredSound) -> None:
        output = self._output()
        self._rate_hz = output.output_rate_hz()
        self._stream = output.open_output(self._rate_hz, self._ahead.fill, self._ahead.close)
        try:
            self._feed(self._stream, sound)
            self._ahead.wait_closed()
        finally:
            self._stream.close()
        if self._ahead.late:
            _log.warning("the disk was late %d times while sound was played", self._ahead.late)

    def _feed(self, stream: Stream, sound: StoredSound) -> None:
        """Put all of the sound, and start the output as soon as enough of it is there."""
        is_started = False
        for block in self._blocks(sound):
            if self._ahead.is_full and not is_started:
                stream.start()
                is_started = True
            if not self._ahead.put(block):
                return
        self._ahead.end()
        if not is_started:
            stream.start()

    def _blocks(self, sound: StoredSound) -> Iterator[NDArray[np.float32]]:
        from granite_live.audio.resample import Resampler

        rate_hz = sound.sample_rate_hz
        resampler = Resampler(self._rate_hz)
        start = max(0, round(self._start_s * rate_hz))
        stop = min(sound.samples, round(self._end_s * rate_hz))
        step = round(_BLOCK_S * rate_hz)
        for at in range(start, stop, step):
            samples = as_float(sound.read(at, min(at + step, stop)))
            yield resampler.feed(samples, rate_hz)
        yield resampler.flush()


class _Ahead:
    """Sound that is ready to be played: one thread puts, the output's callback takes.

    Attributes:
        given: How many samples the callback has got.
        late: How often it would have liked some and there was none.
    """

    def __init__(self) -> None:
        self.given = self.late = 0
        self._changed = threading.Condition()
        self._blocks: deque[NDArray[np.float32]] = deque()
        self._is_whole = self._is_closed = False

    def put(self, block: NDArray[np.float32]) -> bool:
        """Add a block when there is room for it; return False if nobody wants more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._blocks) < _BLOCKS_AHEAD or self._is_closed)
            if len(block):
                self._blocks.append(block)
            return not self._is_closed

    @property
    def is_full(self) -> bool:
        """Whether `put` would wait."""
        return len(self._blocks) >= _BLOCKS_AHEAD

    def end(self) -> None:
        """Say that nothing more is put."""
        with self._changed:
            self._is_whole = True

    def fill(self, block: NDArray[np.float32]) -> bool:
        """See `Fill`. Never waits: what is not there is silence."""
        with self._changed:
            filled = 0
            while filled < len(block) and self._blocks:
                piece = self._blocks[0][: len(block) - filled]
                block[filled : filled + len(piece)] = piece
                filled += len(piece)
                rest = self._blocks.popleft()[len(piece) :]
                if len(rest):
                    self._blocks.appendleft(rest)
            block[filled:] = 0.0
            self.given += filled
            is_last = self._is_whole and not self._blocks
            self.late += filled < len(block) and not is_last
            self._changed.notify_all()
            return not is_last and not self._is_closed

    def close(self) -> None:
        """Nobody wants more: it was stopped, or the last of it has been played."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def wait_closed(self) -> None:
        """Wait for `close`."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed)


def _portaudio() -> Output:
    # Loads a library that little else needs.
    from granite_live.audio.capture import PortAudio

    try:
        return PortAudio.shared()
    except AudioError as error:
        raise AudioError(
            "Playing sound needs the PortAudio library, which is not installed; on Debian or "
            "Ubuntu: sudo apt install libportaudio2 libasound2-plugins"
        ) from error
