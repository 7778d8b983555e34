"""What the user asks to compare, and the comparison that answers it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from granite_live.app.comparison.candidates import Candidate, find_candidates, find_models
from granite_live.app.comparison.recordings import (
    KnownRecording,
    corrected_lines,
    folder_recordings,
    sample_recordings,
)
from granite_live.app.comparison.results import ComparedModel, ComparisonTask
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.messages.models import ComparisonMessage


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """Which models are compared on which recordings.

    Attributes:
        folder: Recordings with their texts; None for none.
        is_corrected: Also the lines that the user corrected. Without both, the samples.
        bundles: Folders of bundles; empty for the installed ones.
        tier: Only this tier; None for all.
        provider: See `app.models.all_models`.
        editing_passes: The numbers of editor passes.
    """

    folder: Path | None = None
    is_corrected: bool = False
    bundles: tuple[Path, ...] = ()
    tier: str | None = None
    provider: str = "cpu"
    editing_passes: tuple[int, ...] = (1,)

    def recordings(self) -> list[KnownRecording]:
        """Return the recordings.

        Raises:
            GraniteError: There are none, or they cannot be read.
        """
        from granite_live.app.library_sync import open_library

        found: list[KnownRecording] = []
        if self.folder is not None:
            found += folder_recordings(self.folder)
        if self.is_corrected:
            with open_library()[0] as library:
                found += corrected_lines(library)
        return found or sample_recordings()

    def candidates(self) -> list[Candidate]:
        """Return the forms to compare.

        Raises:
            BundleError: A bundle is unusable, or there is no such tier.
        """
        models = find_models(self.bundles, self.tier, self.provider)
        return find_candidates(models, self.editing_passes)


class Comparison:
    """Finds and compares what was asked for. `run` blocks; call `stop` from any thread."""

    def __init__(self, request: ComparisonRequest) -> None:
        self._request = request
        self._lock = threading.Lock()
        self._task: ComparisonTask | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """End without a result. Returns at once."""
        with self._lock:
            self._is_stopped = True
            if self._task is not None:
                self._task.stop()

    def run(self, on_progress: Callable[[Candidate, float], None]) -> list[ComparedModel]:
        """Return a row for each form; see `ComparisonTask.run`.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: The recordings or a model cannot be used.
        """
        task = ComparisonTask(self._request.candidates(), self._request.recordings())
        with self._lock:
            if self._is_stopped:
                raise TaskStoppedError(ComparisonMessage.STOPPED())
            self._task = task
        return task.run(on_progress)
