"""Play stretches of a recording on the default output."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.capture_stream import DeviceStream
from granite_live.audio.journal.sound import SampleReader, open_session_audio
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError, GraniteError
from granite_live.util.lifecycle import ReportingThread
from granite_live.util.pcm import to_float32

_log = logging.getLogger(__name__)

# The recording is read in blocks, and this many of them are buffered.
_BLOCK_S = 0.1
_BLOCKS_AHEAD = 10
# An output that hangs is left behind after this time.
_STOP_S = 1.0

FillBlock = Callable[[NDArray[np.float32]], bool]
"""Fills a block [shape=(frames,)] for the output; returns False after the last samples."""


class PlaybackBackend(Protocol):
    """Opens an output: `capture.PortAudio`, or a fake in tests. Every call may hang."""

    def output_rate_hz(self) -> int:
        """Return the sample rate of the default output.

        Raises:
            AudioError: There is no output.
        """

    def open_output(
        self, sample_rate_hz: int, fill: FillBlock, finished: Callable[[], None]
    ) -> DeviceStream:
        """Open a mono output; `finished` is called when its last samples have been played.

        Raises:
            AudioError: It cannot be opened.
        """


class Player:
    """Plays one stretch at a time. For one thread, which it never blocks for long."""

    def __init__(self, output: Callable[[], PlaybackBackend] | None = None) -> None:
        """Create the player; `output` returns the output, by default this computer's PortAudio."""
        self._output = output or _portaudio
        self._playback: _Playback | None = None

    @property
    def position_s(self) -> float | None:
        """The playing position in the recording, accurate to some tenths; None if stopped."""
        play = self._playback
        return play.position_s if play is not None and play.thread.is_alive() else None

    def play(
        self,
        folder: Path,
        start_s: float,
        end_s: float,
        finished: Callable[[str], None],
        speed: float = 1.0,
    ) -> None:
        """Play seconds start..end of the session in `folder`; a current playback ends first.

        Args:
            folder: The session's journal.
            start_s: Seconds from the start of the recording.
            end_s: Limited to the end of the recording.
            finished: Called once from another thread when playback has ended, with a sentence
                for the user if it failed, else with "".
            speed: 2.0 plays twice as fast, at the same pitch.
        """
        self.stop()
        self._playback = _Playback(self._output, folder, (start_s, end_s), finished, speed)
        self._playback.thread.start()

    def stop(self) -> bool:
        """Stop the playback; return False if the output hangs and was left behind."""
        play, self._playback = self._playback, None
        return play is None or play.stop()


class _Playback:
    """Plays one stretch, in a thread that opens the output, reads ahead, and closes it."""

    def __init__(
        self,
        output: Callable[[], PlaybackBackend],
        folder: Path,
        stretch_s: tuple[float, float],
        finished: Callable[[str], None],
        speed: float,
    ) -> None:
        self._output, self._speed = output, speed
        self._folder = folder
        self._start_s, self._end_s = stretch_s
        self._finished = finished
        self._buffer = _PlaybackBuffer()
        self._rate_hz = 0
        self._stream: DeviceStream | None = None
        self.thread = ReportingThread(self._run, name="playback", daemon=True)

    @property
    def position_s(self) -> float:
        if not self._rate_hz:
            return self._start_s
        return self._start_s + self._speed * self._buffer.samples_played / self._rate_hz

    def stop(self) -> bool:
        self._buffer.close()
        self.thread.join(_STOP_S)
        if not self.thread.is_alive():
            return True
        if (stream := self._stream) is not None:
            stream.abandon()
        return False

    def _run(self) -> None:
        error = ""
        try:
            with open_session_audio(self._folder) as sound:
                self._play(sound)
        except GraniteError as failure:
            error = str(failure)
        except Exception:
            # No error of the sound system may end the program.
            _log.exception("playback failed")
            error = AudioMessage.PLAYBACK_FAILED()
        finally:
            self._finished(error)

    def _play(self, sound: SampleReader) -> None:
        output = self._output()
        self._rate_hz = output.output_rate_hz()
        self._stream = output.open_output(self._rate_hz, self._buffer.fill, self._buffer.close)
        try:
            self._feed(self._stream, sound)
            self._buffer.wait_closed()
        finally:
            self._stream.close()
        if self._buffer.underruns:
            _log.warning(
                "the disk was late %d times while sound was played", self._buffer.underruns
            )

    def _feed(self, stream: DeviceStream, sound: SampleReader) -> None:
        """Enqueue all samples, and start the output when enough of them are buffered."""
        is_started = False
        for block in self._blocks(sound):
            if self._buffer.is_full and not is_started:
                stream.start()
                is_started = True
            if not self._buffer.put(block):
                return
        self._buffer.end()
        if not is_started:
            stream.start()

    def _blocks(self, sound: SampleReader) -> Iterator[NDArray[np.float32]]:
        from granite_live.audio.resampling import Resampler
        from granite_live.audio.time_stretch import TimeStretcher

        rate_hz = sound.sample_rate_hz
        resampler = Resampler(self._rate_hz)
        stretcher = TimeStretcher(self._rate_hz, self._speed)
        start = max(0, round(self._start_s * rate_hz))
        stop = min(sound.samples, round(self._end_s * rate_hz))
        step = round(_BLOCK_S * rate_hz)
        for at in range(start, stop, step):
            samples = to_float32(sound.read(at, min(at + step, stop)))
            yield stretcher.feed(resampler.feed(samples, rate_hz))
        yield stretcher.feed(resampler.flush())
        yield stretcher.flush()


class _PlaybackBuffer:
    """A buffer of samples: one thread puts, the output's callback takes.

    Attributes:
        samples_played: Number of samples that the callback has received.
        underruns: Number of times the buffer was empty when the callback needed samples.
    """

    def __init__(self) -> None:
        self.samples_played = self.underruns = 0
        self._changed = threading.Condition()
        self._blocks: deque[NDArray[np.float32]] = deque()
        self._is_whole = self._is_closed = False

    def put(self, block: NDArray[np.float32]) -> bool:
        """Add a block when there is room; return False after `close`."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._blocks) < _BLOCKS_AHEAD or self._is_closed)
            if len(block):
                self._blocks.append(block)
            return not self._is_closed

    @property
    def is_full(self) -> bool:
        """Whether `put` would block."""
        return len(self._blocks) >= _BLOCKS_AHEAD

    def end(self) -> None:
        """Mark the end of the samples."""
        with self._changed:
            self._is_whole = True

    def fill(self, block: NDArray[np.float32]) -> bool:
        """Fill a block as described at `FillBlock`. Never waits; missing samples become silence."""
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
            self.samples_played += filled
            is_last = self._is_whole and not self._blocks
            self.underruns += filled < len(block) and not is_last
            self._changed.notify_all()
            return not is_last and not self._is_closed

    def close(self) -> None:
        """Release both sides, after a stop or after the last samples were played."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def wait_closed(self) -> None:
        """Wait for `close`."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed)


def _portaudio() -> PlaybackBackend:
    # Imported here because it loads a library that few functions need.
    from granite_live.audio.capture import PortAudio

    try:
        return PortAudio.shared()
    except AudioError as error:
        raise AudioError(AudioMessage.PORTAUDIO_MISSING_FOR_PLAYBACK()) from error
