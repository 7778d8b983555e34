"""Align a text with a recording in a process of its own, for the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.file_transcription import FileListener, FileTranscriber, open_recording
from granite_live.app.text_alignment import (
    AlignedText,
    UnspokenText,
    UnwrittenSpeech,
    align_text,
    read_text,
)
from granite_live.transcript.model import ModelInfo, RecordingTranscript, Transcript, Word
from granite_live.transcript.subtitle_files import SUBTITLE_SUFFIXES

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TEXT_SUFFIXES = frozenset((".txt", ".md", ".text")) | SUBTITLE_SUFFIXES
"""The usual endings of texts that may be aligned with a recording."""


def recording_and_text(files: Sequence[Path]) -> tuple[Path, Path] | None:
    """Return a recording and its text if these are two such files, in any order; else None."""
    texts = [one for one in files if one.suffix.lower() in TEXT_SUFFIXES]
    others = [one for one in files if one not in texts]
    return (others[0], texts[0]) if len(texts) == len(others) == 1 else None


class AlignmentTask:
    """The alignment of one text. `run` blocks and belongs in a thread; `stop` is for any."""

    def __init__(self, recording: Path, text: Path) -> None:
        from granite_live.app.subprocess_task import SubprocessTask

        self._task = SubprocessTask(
            serve_alignment, (str(recording), str(text)), "granite-alignment"
        )

    def stop(self) -> None:
        """End the alignment without a result. Returns at once."""
        self._task.stop()

    def run(self, on_progress: Callable[[float], None]) -> AlignedText:
        """Align; `on_progress` is called in this thread with the share that is done, 0..1.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: The recording, the text or the model cannot be used.
        """
        return _unpacked(self._task.run(on_progress))


def serve_alignment(connection: Connection, recording: str, text: str) -> None:
    """Align with the model of the settings. Called in the spawned process."""
    from granite_live.app.subprocess_task import serve_task

    def work(progress: Callable[[object], None]) -> object:
        from granite_live.app.factory import SessionSettings, make_segmenter, open_selected
        from granite_live.app.models import select_stored_model
        from granite_live.settings import load_settings

        wanted = read_text(Path(text))
        with open_recording(Path(recording)) as audio:
            duration_s = audio.duration_s or 0.0
        chosen = SessionSettings.of(load_settings())
        with open_selected(select_stored_model(), live=True) as recognizer:
            transcriber = FileTranscriber(recognizer, lambda: make_segmenter(chosen))
            share = _Share(duration_s, progress)
            return _packed(
                align_text(Path(recording), wanted, transcriber, None, share, share.aligned)
            )

    serve_task(connection, work)


class _Share(FileListener):
    """Reports the share of the work: the transcript is one half, the alignment the other."""

    def __init__(self, duration_s: float, report: Callable[[object], None]) -> None:
        self._duration_s, self._report = duration_s, report

    def progress(self, done_s: float) -> None:
        if self._duration_s:
            self._report(min(1.0, done_s / self._duration_s) / 2)

    def aligned(self, done_s: float) -> None:
        """Report the share after seconds that are aligned."""
        if self._duration_s:
            self._report(0.5 + min(1.0, done_s / self._duration_s) / 2)


def _packed(aligned: AlignedText) -> dict[str, Any]:
    """Return a result as JSON takes it."""
    transcript = aligned.transcript
    return {
        "audio_path": transcript.audio_path,
        "duration_s": transcript.duration_s,
        "model": asdict(transcript.model),
        "lines": [
            [[word.text, word.start_s, word.end_s, word.confidence] for word in line.words]
            for line in transcript.utterances
        ],
        "unspoken": [[one.after_s, one.text] for one in aligned.unspoken],
        "unwritten": [[one.start_s, one.end_s, one.text] for one in aligned.unwritten],
    }


def _unpacked(told: dict[str, Any]) -> AlignedText:
    lines = [[Word(*word) for word in line] for line in told["lines"]]
    transcript = RecordingTranscript(
        audio_path=told["audio_path"],
        duration_s=told["duration_s"],
        utterances=tuple(map(Transcript.of_words, lines)),
        model=ModelInfo(**told["model"]),
    )
    return AlignedText(
        transcript,
        tuple(UnspokenText(*one) for one in told["unspoken"]),
        tuple(UnwrittenSpeech(*one) for one in told["unwritten"]),
    )
