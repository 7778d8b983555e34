"""Download, check and prepare models; checks and preparations run in processes of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.app.subprocess_task import (
    ProcessDiedError,
    SendProgress,
    SubprocessTask,
    TaskStoppedError,
    serve_task,
)
from granite_live.messages import joined
from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ModelMessage
from granite_live.messages.store import CheckMessage
from granite_live.models.bundle import Form
from granite_live.util import paths
from granite_live.util.errors import BundleError, DownloadError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from granite_live.models.bundle import Bundle
    from granite_live.models.download import DownloadTimeouts
    from granite_live.models.download.control import Event


# Frequent enough to follow, rare enough to be cheap.
_PROGRESS_INTERVAL_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. `is_good` is None for information only."""

    item: str
    is_good: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The result of a verification; `was_stopped` if the user stopped it."""

    checks: tuple[CheckResult, ...]
    was_stopped: bool = False

    @property
    def failed(self) -> int:
        """The number of failed checks."""
        return sum(one.is_good is False for one in self.checks)


class ModelVerification:
    """One verification. `on_progress` is called in the thread of `run`; call `stop` from any."""

    def __init__(self, path: Path, tier: str, on_progress: Callable[[int, int], None]) -> None:
        """Store the arguments. `on_progress` receives the bytes read and the total."""
        self._path, self._tier, self._on_progress = path, tier, on_progress
        self._task = SubprocessTask(run_verification, (str(path), tier), "granite-check")

    def run(self) -> VerificationResult:
        """Verify and record the result: sessions skip a model that failed.

        May take minutes.

        Raises:
            GraniteError: The model cannot be opened or run; the message says why.
        """
        from granite_live.models.store.verification import note_check

        try:
            told = self._task.run(lambda now: self._on_progress(*now))
        except TaskStoppedError:
            return VerificationResult((), was_stopped=True)
        except ProcessDiedError as error:
            note_check(self._path, self._tier, CheckMessage.ENDED_WITHOUT_ANSWER())
            raise BundleError(CheckMessage.MODEL_CHECK_CRASHED(path=self._path)) from error
        checks = tuple(CheckResult(**one) for one in told)
        bad = [joined((one.item, one.detail), ": ") for one in checks if one.is_good is False]
        note_check(self._path, self._tier, joined(bad[:3], "; "))
        return VerificationResult(checks)

    def stop(self) -> None:
        """Stop soon, or as soon as it starts; returns at once."""
        self._task.stop()


def run_verification(connection: Connection, path: str, tier: str) -> None:
    """Check a tier and report through `connection`. The entry point of the spawned process."""

    def work(tell: SendProgress) -> list[dict[str, object]]:
        return [asdict(one) for one in verify_model(Path(path), tier, lambda *now: tell(now))]

    serve_task(connection, work)


def verify_model(path: Path, tier: str, tell: Callable[[int, int], None]) -> list[CheckResult]:
    """Compare every byte with its record, then run the reference inputs; return the results.

    If a file is damaged, the model is not run.

    Raises:
        GraniteError: The bundle cannot be opened, or its graphs cannot be run.
    """
    from granite_live.asr.verify import verify_fixtures
    from granite_live.audio.files import read_audio
    from granite_live.models.opening import open_bundle

    bundle = open_bundle(path, tier)
    checks = _check_bytes(path, tier, tell)
    if any(one.is_good is False for one in checks):
        return checks
    for one in verify_fixtures(bundle, read_audio):
        checks.append(CheckResult(one.item, one.passed, one.detail or _error(one.max_abs_error)))
    return checks


def _check_bytes(path: Path, tier: str, tell: Callable[[int, int], None]) -> list[CheckResult]:
    from granite_live.models.store import check_files
    from granite_live.models.store.store import read_record

    record = read_record(path, tier)
    if record is None:
        return [CheckResult("files", None, CheckMessage.FILES_WITHOUT_RECORD())]
    done = told = 0

    def report(count: int) -> None:
        nonlocal done, told
        done += count
        if done - told >= _PROGRESS_INTERVAL_BYTES or done == record.size_bytes:
            told = done
            tell(done, record.size_bytes)

    problems = check_files(path, record, report=report)
    if problems:
        return [CheckResult(one.path, False, one.fault) for one in problems]
    return [CheckResult("files", True, CheckMessage.FILES_UNCHANGED(count=len(record.files)))]


def _error(largest: float | None) -> str:
    return "" if largest is None else CheckMessage.DIFFERS_BY(largest=largest)


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
        *,
        is_eight_bit: bool = False,
    ) -> None:
        """Store the arguments; `run` does the work.

        Args:
            path: The bundle's folder.
            tier: One of its tiers.
            provider: The target: "cpu", "cuda" or "coreml".
            on_progress: Receives sentences about the progress.
            is_eight_bit: Whether to round the weights of an fp32 or fp16w tier to 8 bits, which
                is for the CPU only.
        """
        self._tier, self._provider, self._on_progress = tier, provider, on_progress
        self._is_eight_bit = is_eight_bit and tier != "int8"
        form = Form.ROW_SCALED.value if self._is_eight_bit else ""
        arguments = (str(path), tier, provider, form)
        self._task = SubprocessTask(run_preparation, arguments, "granite-prepare")

    def run(self) -> PreparationResult:
        """Create the optimized graphs unless they exist. On any error the model stays usable."""
        from granite_live.asr.providers import first_provider
        from granite_live.models.optimize import can_prepare, remove_stale_prepared

        place = first_provider(self._provider, self._tier)
        if not self._is_eight_bit and not can_prepare(self._tier, place):
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


def run_preparation(connection: Connection, path: str, tier: str, provider: str, form: str) -> None:
    """Prepare a tier and report through `connection`. The entry point of the spawned process.

    `form` is a value of `Form`, "" for the best.
    """
    wanted = Form(form) if form else None
    serve_task(connection, lambda tell: _prepare(Path(path), tier, provider, wanted, tell))


def _prepare(path: Path, tier: str, provider: str, form: Form | None, tell: SendProgress) -> None:
    from granite_live.app.model_speed import measure_prepared, speech_features
    from granite_live.asr.providers import first_provider
    from granite_live.messages.models import FormMessage
    from granite_live.models.bundle import CPU
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    bundle = open_bundle(path, tier)
    sounds = partial(speech_features, bundle.front_end)

    def measure(prepared: Bundle) -> float:
        tell(FormMessage.MEASURING())
        return measure_prepared(prepared)

    place = CPU if form is Form.ROW_SCALED else first_provider(provider, tier)
    prepare_tier(bundle, place, tell, form, sounds, measure)


class DownloadPhase(Enum):
    """The state of a download."""

    CONNECTING = "asking"
    DOWNLOADING = "fetching"
    WAITING = "waiting"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class DownloadStatus:
    """The progress of a download. `total_bytes` is 0, rate and time None, while unknown.

    `sentence` describes a temporary problem, "" for none.
    """

    phase: DownloadPhase = DownloadPhase.CONNECTING
    done_bytes: int = 0
    total_bytes: int = 0
    rate_bytes_s: float | None = None
    left_s: float | None = None
    sentence: str = ""


class DownloadStoppedError(DownloadError):
    """The user canceled the download. The downloaded bytes are kept."""


class ModelDownload:
    """One download. `on_progress` is called in the thread of `run`; other methods may use any
    thread."""

    def __init__(
        self,
        model: str,
        tier: str,
        on_progress: Callable[[DownloadStatus], None],
        source: str | None = None,
        timeouts: DownloadTimeouts | None = None,
    ) -> None:
        """Store the arguments; `run` does the work.

        Args:
            model: The model's id in the catalog.
            tier: One of its tiers.
            on_progress: Receives each change of the progress.
            source: A folder or URL to use in place of the hub.
            timeouts: The timeouts and the number of retries.
        """
        from granite_live.models.download.control import DownloadControl

        self.model, self.tier = model, tier
        self._on_progress, self._source, self._timeouts = on_progress, source, timeouts
        self._control = DownloadControl()
        self._status = DownloadStatus()

    def run(self) -> ModelChoice:
        """Download, verify and install the model. May take hours; a later run resumes.

        Raises:
            DownloadStoppedError: The user canceled the download.
            DownloadError: The download failed; the message says why and what to do.
            BundleError: The store cannot be used, or the files are not a bundle.
        """
        from granite_live.models.catalog import find_bundle
        from granite_live.models.download import TierDownload, open_source
        from granite_live.models.download.control import DownloadCanceledError
        from granite_live.models.store import BundleStore

        self._publish(self._status)
        bundle = find_bundle(self.model)
        source = open_source(bundle, self._source, self._timeouts)
        try:
            path = TierDownload(
                BundleStore(paths.models_dir()), bundle, self.tier, source, self._handle_event,
                control=self._control, timeouts=self._timeouts,
            ).run()  # fmt: skip
        except DownloadCanceledError as error:
            raise DownloadStoppedError(str(error)) from error
        finally:
            source.close()
        return choose_model(ModelRequest(path, self.tier))

    def pause(self) -> None:
        """Pause; no connection stays open."""
        self._control.pause()

    def resume(self) -> None:
        """Continue after `pause`."""
        self._control.resume()

    def cancel(self) -> None:
        """Cancel; the downloaded bytes are kept for the next time."""
        self._control.cancel()

    def _handle_event(self, event: Event) -> None:
        from granite_live.models.download import control

        now = replace(self._status, sentence="")
        match event:
            case control.DownloadPlanned():
                now = DownloadStatus(DownloadPhase.DOWNLOADING, event.have_bytes, event.total_bytes)
            case control.DownloadProgress():
                now = DownloadStatus(
                    DownloadPhase.DOWNLOADING, event.done_bytes, event.total_bytes,
                    event.rate_bytes_s, event.left_s,
                )  # fmt: skip
            case control.RetryScheduled():
                sentence = DownloadMessage.RETRYING(reason=event.reason, wait_s=event.wait_s)
                now = replace(now, phase=DownloadPhase.WAITING, left_s=None, sentence=sentence)
            case control.FileRefetched():
                sentence = DownloadMessage.WRONG_FILE_RETRIED(file=event.file, reason=event.reason)
                now = replace(now, phase=DownloadPhase.DOWNLOADING, sentence=sentence)
            case control.DownloadPaused():
                now = replace(now, phase=DownloadPhase.PAUSED, rate_bytes_s=None, left_s=None)
            case control.DownloadResumed():
                now = replace(now, phase=DownloadPhase.DOWNLOADING)
            case control.DownloadFinished():
                now = replace(now, done_bytes=now.total_bytes, left_s=0.0)
        self._publish(now)

    def _publish(self, status: DownloadStatus) -> None:
        self._status = status
        self._on_progress(status)
