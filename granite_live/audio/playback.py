"""Play a range of a recording, also faster or slower at the same pitch."""

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
from granite_live.audio.journal.peaks import open_session_mix
from granite_live.audio.journal.sound import SampleReader
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
        track: int | None = None,
    ) -> None:
        """Play seconds start..end of the session in `folder`; a current playback ends first.

        Args:
            folder: The session's journal.
            start_s: Seconds from the start of the recording.
            end_s: Limited to the end of the recording.
            finished: Called once from another thread when playback has ended, with a sentence
                for the user if it failed, else with "".
            speed: 2.0 plays twice as fast, at the same pitch.
            track: The only track to play, None for all tracks mixed.
        """
        self.stop()
        stretch_s = start_s, end_s
        self._playback = _Playback(self._output, folder, stretch_s, finished, speed, track)
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
        track: int | None,
    ) -> None:
        self._output, self._speed = output, speed
        self._folder, self._track = folder, track
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
            with open_session_mix(self._folder, self._track) as sound:
                self._play(sound)
        except GraniteError as failure:
            error = str(failure)
        except Exception:
            # No error of the sound system may end the program.
            _log.exception("Playback failed.")
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
                "Playback ran out of data %d times because the disk was too slow.",
                self._buffer.underruns,
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


_SEGMENT_S = 0.03
"""About two periods of a low voice, so that each segment keeps the pitch."""
_SEARCH_S = 0.012
"""How far a segment may move, in each direction, to continue the one before: one period."""
_STEP = 2
"""Offsets are compared in steps of this many samples, which halves the work."""


class TimeStretcher:
    """Stretches a stream of mono samples.

    Takes overlapping segments from the input at `speed` times the pace at which it joins them in
    the output (waveform similarity overlap-add, Verhelst and Roelands, 1993). Each segment moves
    within a search range to where it continues the previous one best, so that no period is cut.
    """

    def __init__(self, sample_rate_hz: int, speed: float) -> None:
        """Start a stream.

        Args:
            sample_rate_hz: The sample rate of the stream.
            speed: 2.0 is twice as fast; at 1.0 samples pass unchanged.

        Raises:
            ValueError: The speed is not positive.
        """
        if speed <= 0:
            raise ValueError(f"a speed must be positive, not {speed}")
        self._speed = speed
        self._hop = round(_SEGMENT_S * sample_rate_hz / 2)
        self._search = round(_SEARCH_S * sample_rate_hz)
        self._fade_in = (
            0.5 - 0.5 * np.cos(np.pi * (np.arange(self._hop) + 0.5) / self._hop)
        ).astype(np.float32)
        self._input = np.zeros(0, np.float32)
        self._dropped = 0  # input samples before `_input`
        self._segments = 0
        self._continuation = 0  # where the input continues the last segment's first half

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add samples and return those that are ready [shape=(samples,), float32]."""
        if self._speed == 1.0:
            return samples
        self._input = np.concatenate((self._input, samples))
        pieces = []
        while self._needed_end() <= self._dropped + len(self._input):
            pieces.append(self._next())
        self._drop_used()
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def flush(self) -> NDArray[np.float32]:
        """Return the rest [shape=(samples,), float32]. The stream has ended then."""
        if self._speed == 1.0 or not len(self._input):
            return np.zeros(0, np.float32)
        end = self._dropped + len(self._input)
        rest = []
        while self._target() < end:
            missing = max(0, self._needed_end() - self._dropped - len(self._input))
            self._input = np.concatenate((self._input, np.zeros(missing, np.float32)))
            rest.append(self._next())
        return np.concatenate(rest) if rest else np.zeros(0, np.float32)

    def _target(self) -> int:
        return round(self._segments * self._hop * self._speed)

    def _needed_end(self) -> int:
        """Return the end of the input that the next segment needs."""
        return max(self._target() + self._search, self._continuation) + 2 * self._hop

    def _next(self) -> NDArray[np.float32]:
        """Join the next segment; return `_hop` samples."""
        hop = self._hop
        if not self._segments:
            start = 0
            joined = self._at(0, hop)
        else:
            before = self._at(self._continuation, hop)
            start = self._best_start(before)
            fade = self._fade_in
            joined = before * (1 - fade) + self._at(start, hop) * fade
        self._segments += 1
        self._continuation = start + hop
        return joined

    def _best_start(self, before: NDArray[np.float32]) -> int:
        """Return where near the target the input is most similar to `before`."""
        first = max(0, self._target() - self._search, self._dropped)
        span = self._at(first, self._target() + self._search - first + self._hop)
        products = np.correlate(span[::_STEP], before[::_STEP], mode="valid")
        energies = np.cumsum(np.concatenate((np.zeros(1), span[::_STEP].astype(np.float64) ** 2)))
        size = len(before[::_STEP])
        loudness = np.sqrt(energies[size:] - energies[:-size] + 1e-9)
        return first + _STEP * int(np.argmax(products / loudness))

    def _at(self, start: int, count: int) -> NDArray[np.float32]:
        return self._input[start - self._dropped : start - self._dropped + count]

    def _drop_used(self) -> None:
        used = min(self._continuation, max(0, self._target() - self._search)) - self._dropped
        if used > 0:
            self._input = self._input[used:]
            self._dropped += used
