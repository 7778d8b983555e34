"""Finds a recording's checkpoint by its audio, model and options."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, fields
from pathlib import Path

from granite_live import __version__
from granite_live.cli.loading import RecognizerLike
from granite_live.cli.notes import Notes
from granite_live.cli.recordings import Recording
from granite_live.cli.request import TranscribeRequest
from granite_live.transcript.checkpoint import (
    Checkpoint,
    delete_old_checkpoints,
    fingerprint,
    folder_contents,
)
from granite_live.transcript.export.timestamps import clock
from granite_live.transcript.model import Transcript

# Options that do not change the model's text, or that the model's description covers. Any other
# option, also a future one, changes the key.
_WITHOUT_EFFECT = frozenset(
    (
        *("files", "recursive", "format_name", "output", "output_dir", "overwrite"),
        *("skip_existing", "restart", "quiet", "polish", "threads"),
        *("bundle", "is_wish", "tier", "provider"),
    )
)


def open_checkpoint(
    recording: Recording, recognizer: RecognizerLike, request: TranscribeRequest, notes: Notes
) -> AbstractContextManager[Checkpoint | None]:
    """Open the recording's checkpoint; report if an earlier run left texts.

    Gives None if nothing can be stored: the audio comes from standard input, another process
    transcribes the recording, or the disk cannot be written.
    """
    if recording.is_standard_input:
        return nullcontext()
    try:
        delete_old_checkpoints()
        key = checkpoint_key(recording.path, recognizer, request)
        checkpoint = Checkpoint.open(key, restart=request.restart)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        notes.warn(f"Finished texts of {recording} are not kept for an interruption ({reason}).")
        return nullcontext()
    if checkpoint is None:
        return nullcontext()
    if checkpoint.kept_s:
        notes.say(
            f"{recording} goes on at {clock(checkpoint.kept_s)}, where an earlier run ended; "
            f"--restart begins anew."
        )
    return checkpoint


class CheckpointWriter:
    """Reads and writes a checkpoint; gives up the checkpoint if the disk fails."""

    def __init__(self, checkpoint: Checkpoint, notes: Notes) -> None:
        self._checkpoint: Checkpoint | None = checkpoint
        self._notes = notes

    def take(self, starts: Sequence[int], digest: str) -> Sequence[Transcript] | None:
        """Return the texts of the next passage if an earlier run stored them."""
        return None if self._checkpoint is None else self._checkpoint.take(starts, digest)

    def append(self, starts: Sequence[int], digest: str, transcripts: Sequence[Transcript]) -> None:
        """Store the texts; report the first failure."""
        if self._checkpoint is None:
            return
        try:
            self._checkpoint.append(starts, digest, transcripts)
        except OSError as error:
            self._checkpoint = None
            reason = (error.strerror or str(error)).lower()
            self._notes.warn(
                f"Finished texts are no longer kept for an interruption ({reason}); the work goes "
                f"on."
            )


def checkpoint_key(path: Path, recognizer: RecognizerLike, request: TranscribeRequest) -> str:
    """Return a file name derived from the recording and all that affects its text.

    Post-processing (spelling, format) and segmentation do not count: stored texts are raw, and each
    has a digest of its audio.

    Raises:
        OSError: The recording or the model's folder cannot be read.
    """
    facts = [
        __version__,
        fingerprint(path),
        asdict(recognizer.model_info),
        folder_contents(Path(recognizer.model_info.path)),
        recognizer.gather_s,
        {
            option.name: getattr(request, option.name)
            for option in fields(request)
            if option.name not in _WITHOUT_EFFECT
        },
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
