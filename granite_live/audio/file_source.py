"""An audio file as a source, in real time or at full speed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.messages import joined
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import ReportingThread, log_failure, summarize_error

# In real time a file comes in pieces of a microphone's size. At full speed the pieces are larger,
# but a full queue, which is bounded in pieces, must not hold too much.
_REALTIME_PIECE_S = 0.02
_FULL_SPEED_PIECE_S = 0.1
# Less than the second that `stop` may take.
_STOP_S = 0.9


class FileSource:
    """Plays a file into a queue; nothing is ever dropped.

    Args:
        path: Any audio or video file.
        realtime: Deliver every sample when a microphone would; otherwise at full speed.
        sample_rate_hz: The rate of the blocks, which are mono.
        audio_track: Which of several tracks to play, see `open_audio`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        realtime: bool = False,
        sample_rate_hz: int = 16_000,
        audio_track: int | str | None = None,
    ) -> None:
        self._path = Path(path)
        self._realtime = realtime
        self._sample_rate_hz = sample_rate_hz
        self._audio_track = audio_track
        self._sink: AudioQueue | None = None
        self._stop = threading.Event()
        self._ending = threading.Lock()
        self._thread: ReportingThread | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def origin(self) -> Origin:
        """The file with its absolute path."""
        number = self._audio_track if isinstance(self._audio_track, int) else None
        return Origin(OriginKind.FILE, str(self._path.absolute()), number)

    def start(self, sink: AudioQueue) -> None:
        """Start filling `sink`; return at once. A source is started once."""
        assert self._thread is None
        self._sink = sink
        self._thread = ReportingThread(lambda: self._run(sink), name="file source", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop at once, or within a second if reading the file hangs."""
        sink, thread = self._sink, self._thread
        if sink is None or thread is None:
            return
        self._stop.set()
        sink.wake()
        thread.join(_STOP_S)
        self._end(RecordingMessage.NOT_CLOSED(name=self.name))

    def _run(self, sink: AudioQueue) -> None:
        # Imported here because the decoder takes longer to load than a microphone to open.
        from granite_live.audio.files import open_audio

        detail, is_whole = "", False
        try:
            with open_audio(self._path, audio_track=self._audio_track) as audio:
                is_whole = self._play(audio.blocks(self._sample_rate_hz), sink)
                detail = joined((*audio.warnings, *audio.notes))
        except AudioError as error:
            detail = str(error)
            self._tell(NoticeKind.LOST, detail)
        except Exception as error:
            log_failure(f"Reading {self.name}", error)
            detail = RecordingMessage.READING_DEFECT(name=self.name, reason=summarize_error(error))
            self._tell(NoticeKind.LOST, detail)
        finally:
            self._end(detail, is_whole=is_whole)

    def _play(self, blocks: Iterator[NDArray[np.float32]], sink: AudioQueue) -> bool:
        """Put all blocks into `sink`; return whether none is left."""
        start_s = time.monotonic()
        played = 0
        for piece in self._pieces(blocks):
            played += len(piece)
            if self._realtime:
                # A microphone delivers a piece when its last sample was spoken.
                due_s = start_s + played / self._sample_rate_hz
                self._stop.wait(max(0.0, due_s - time.monotonic()))
            if self._stop.is_set():
                return False
            if played == len(piece):
                self._tell(NoticeKind.ACTIVE)
            if not sink.put(piece, self._sample_rate_hz, self._stop):
                return False
        return True

    def _pieces(self, blocks: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
        """Yield pieces [shape=(frames, 1)] of a length that suits the speed."""
        piece_s = _REALTIME_PIECE_S if self._realtime else _FULL_SPEED_PIECE_S
        length = int(self._sample_rate_hz * piece_s)
        for block in blocks:
            for start in range(0, len(block), length):
                yield block[start : start + length, np.newaxis]

    def _tell(self, news: NoticeKind, detail: str = "") -> None:
        with self._ending:
            if self._sink is not None:
                self._sink.notify(Notice(news, self.name, detail))

    def _end(self, detail: str, *, is_whole: bool = False) -> None:
        """Send ENDED once; later notices are discarded."""
        with self._ending:
            if self._sink is not None:
                sink, self._sink = self._sink, None
                ended = Notice(NoticeKind.ENDED, self.name, detail, is_whole=is_whole)
                sink.notify(ended)
