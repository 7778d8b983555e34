"""Optimizes an installed model for this machine, in a subprocess: it takes minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.subprocess_task import (
    ProcessDiedError,
    SendProgress,
    SubprocessTask,
    TaskStoppedError,
    serve_task,
)
from granite_live.messages.models import ModelMessage
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


@dataclass(frozen=True, slots=True)
class PreparationResult:
    """The result of a preparation. Without `is_ready` the model runs as published.

    `sentence` says why it is not ready, "" if nothing had to be done or the user stopped it.
    """

    is_ready: bool
    sentence: str = ""
    was_stopped: bool = False


class ModelPreparation:
    """One preparation. `on_progress` is called in the thread of `run`; call `stop` from any."""

    def __init__(
        self,
        path: Path,
        tier: str,
        provider: str,
        on_progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Store the arguments; `run` does the work.

        Args:
            path: The bundle's folder.
            tier: One of its tiers.
            provider: The target: "cpu", "cuda" or "coreml".
            on_progress: Receives sentences about the progress.
        """
        self._tier, self._provider, self._on_progress = tier, provider, on_progress
        self._task = SubprocessTask(run_preparation, (str(path), tier, provider), "granite-prepare")

    def run(self) -> PreparationResult:
        """Create the optimized graphs unless they exist. On any error the model stays usable."""
        from granite_live.asr.providers import first_provider
        from granite_live.models.optimize import can_prepare, remove_stale_prepared

        if not can_prepare(self._tier, first_provider(self._provider, self._tier)):
            return PreparationResult(is_ready=False)
        try:
            self._task.run(self._on_progress)
        except TaskStoppedError:
            outcome = PreparationResult(is_ready=False, was_stopped=True)
        except ProcessDiedError:
            outcome = PreparationResult(False, ModelMessage.PREPARING_CRASHED())
        except BundleError as error:
            outcome = PreparationResult(False, str(error))
        else:
            return PreparationResult(is_ready=True)
        finally:
            # Remove the rest of a stopped preparation, also on Ctrl-C.
            remove_stale_prepared()
        return outcome

    def stop(self) -> None:
        """Stop soon, or as soon as it starts; returns at once."""
        self._task.stop()


def run_preparation(connection: Connection, path: str, tier: str, provider: str) -> None:
    """Prepare a tier and report through `connection`. The entry point of the spawned process."""
    serve_task(connection, lambda tell: _prepare(Path(path), tier, provider, tell))


def _prepare(path: Path, tier: str, provider: str, tell: SendProgress) -> None:
    from granite_live.asr.providers import first_provider
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    prepare_tier(open_bundle(path, tier), first_provider(provider, tier), tell)
